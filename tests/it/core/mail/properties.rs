use proptest::prelude::*;

use super::{ANSWERS, ASK, OURS, WRAPPERS, own_words, quoted, text, wrapped};

fn pieces() -> impl Strategy<Value = String> {
    let known = ANSWERS.iter().chain(WRAPPERS).chain(OURS).copied().collect::<Vec<_>>();
    let signs = [
        "\n",
        "\n\n",
        "> ",
        "--\n",
        " ",
        ":",
        "*",
        "다.",
        "작성:",
        "\u{1161}",
        "__________",
        "2026년 11월 29일",
        "7:03 <a@b.c>",
        "홍길동 드림",
        "남편",
    ];
    let piece = prop_oneof![
        proptest::sample::select(known).prop_map(str::to_owned),
        proptest::sample::select(signs.to_vec()).prop_map(str::to_owned),
        proptest::sample::select(ASK.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned),
        "\\PC{0,12}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..12)
        .prop_map(|pieces| pieces.concat().replace("<ours>", ASK).replace("<answer>", "네"))
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().filter(|sign| *sign != '\n').all(|sign| rest.any(|next| next == sign))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn nothing_is_invented(message in pieces()) {
        let left = text(&message);
        prop_assert!(is_subsequence(&left, &message));
        for line in left.lines() {
            prop_assert!(message.contains(line), "{line:?}");
        }
    }

    #[test]
    fn own_words_of_own_words_are_the_same(message in pieces()) {
        let once = own_words(&message, OURS);
        let twice = own_words(&once.text, OURS);
        prop_assert_eq!((once.text, once.automatic), (twice.text, twice.automatic));
    }

    #[test]
    fn any_text_of_ours_leaves_only_the_answer(
        sentences in proptest::collection::vec("[가-힣]{2,6}( [가-힣]{1,6}){3,9}[.?!]", 1..6),
        answer in proptest::sample::select(ANSWERS),
        width in 5_usize..90,
        mark in proptest::sample::select(vec!["", "> ", "＞"]),
    ) {
        let ours = sentences.join(" ");
        prop_assume!(sentences.iter().all(|sentence| sentence.chars().filter(|sign| sign.is_alphanumeric()).count() >= 12));
        let sent = quoted(mark, &wrapped(&ours, width));
        prop_assert_eq!(own_words(&format!("{answer}\n\n{sent}"), &[&ours]).text, answer);
        prop_assert_eq!(own_words(&format!("{sent}\n{answer}"), &[&ours]).text, answer);
    }
}
