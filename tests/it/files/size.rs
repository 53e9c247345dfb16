//! Files far larger than people write are read or refused quickly, whatever their content.

use std::fmt::Write as _;

use misread::config::{Report, Settings};
use misread::domain::reply::Macros;

/// The bytes after which Zendesk cuts a comment (facts §3.3).
const LONGEST_REPLY: usize = 65_536;

fn macro_with(text: &str) -> Result<Macros, Vec<String>> {
    let head =
        "title = 't'\naudience = 'anyone'\nmust_mention = [{ text = '문의', why = '용건' }]\n[actions]\n";
    let file = format!("{head}comment_mode_is_public = true\ncomment_value = '문의 {text}'\n");
    let told = Macros::parse(&[("test".to_owned(), file)]);
    told.map_err(|problems| problems.into_iter().map(|(_, problem)| problem.what).collect())
}

#[test]
fn a_text_may_nest_as_deep_as_it_may_be_long() {
    let nested = |depth: usize| "{%if ticket.id%}".repeat(depth) + &"{%endif%}".repeat(depth);
    let deepest = (LONGEST_REPLY - 10) / nested(1).len();
    for depth in [1, 50, deepest] {
        let read = macro_with(&nested(depth));
        assert!(read.as_ref().err().is_none_or(|told| told[0].contains("글을 쓸 수 없습니다")), "{read:?}");
    }
}

#[test]
fn a_text_that_is_too_long_is_not_read_any_further() {
    let told = macro_with(&"{{ ticket.id }} {{ x }}".repeat(100_000)).unwrap_err();
    assert_eq!(told, [format!("글이 Zendesk가 받는 {LONGEST_REPLY}바이트보다 깁니다")]);
}

#[test]
fn of_thousands_of_mistakes_a_hundred_are_told() {
    let mut text = "[worker]\n".to_owned();
    for number in 0..5_000 {
        let _ = writeln!(text, "x{number} = {number}");
    }
    let problems = Settings::parse(&text).unwrap_err();
    assert_eq!(problems.len(), 100);
    let mut report = Report::default();
    for name in ["config/a.toml", "config/b.toml"] {
        report.extend_file(name, Some(&text), problems.clone());
    }
    let shown = report.to_string();
    assert!(
        shown.ends_with("잘못된 곳 200개, 그 가운데 앞의 100개만 보임") && !shown.contains("config/b.toml")
    );
}
