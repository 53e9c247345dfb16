use misread::domain::words::text::Normaliser;

fn read(text: &str) -> Vec<(String, bool)> {
    let sentences = Normaliser::default().sentences(text);
    sentences.iter().map(|sentence| (sentence.squeezed(), sentence.asks)).collect()
}

#[test]
fn many_spellings_are_one() {
    for typed in
        ["네 맞아요", "네~~맞아요ㅎㅎ", "네ㅠㅠ 맞아요ㅛ", "네😊맞아요!!", "\u{1102}\u{1166} 맞아요..."]
    {
        assert_eq!(read(typed), [("네맞아요".to_owned(), false)], "{typed}");
    }
    assert_eq!(read("ㄴㅔ ㅁㅏ자요ㅠㅠ"), [("네마자요".to_owned(), false)]);
    assert_eq!(read("ㅇㅠㅠ ㅇㅇㅏ ㅋㅏ"), [("ㅇㅇㅇ".to_owned(), false)]);
    assert_eq!(read("ＹＥＳ"), [("yes".to_owned(), false)]);
    assert_eq!(read("ㅇㅇㅇㅇㅇㅋㅋㅋ"), [("ㅇㅇ".to_owned(), false)]);
    assert_eq!(read("ㅇㅋ"), [("ㅇㅋ".to_owned(), false)]);
}

#[test]
fn a_question_mark_belongs_to_what_stands_before_it() {
    assert_eq!(read("네.. ? 맞아요"), [("네".to_owned(), true), ("맞아요".to_owned(), false)]);
    assert_eq!(read("?"), []);
}
