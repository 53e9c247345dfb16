use misread::domain::surrogates::mend;

#[test]
fn half_a_character_is_replaced_and_nothing_else_is_touched() {
    for (json, expected) in [
        (r#""네 \ud83d""#, "네 \u{fffd}"),
        (r#""\ud83d네""#, "\u{fffd}네"),
        (r#""\uDE00네""#, "\u{fffd}네"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ude00 \uc608""#, "😀 예"),
        (r#""\\ud83d""#, r"\ud83d"),
        (r#""\\\ud83d""#, "\\\u{fffd}"),
        (r#""\"\\""#, "\"\\"),
    ] {
        let mut bytes = json.as_bytes().to_vec();
        mend(&mut bytes);
        assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), expected, "{json}");
    }
}

#[test]
fn what_is_no_json_stays_as_it_is() {
    for text in ["", "\\", "\\u", r"\ud83", r"\ud8zz", r"\u+d83", "<html>\\</html>", "\\\\"] {
        let mut bytes = text.as_bytes().to_vec();
        mend(&mut bytes);
        assert_eq!(bytes, text.as_bytes());
    }
}
