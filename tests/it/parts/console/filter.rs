use jiff::Timestamp;
use misread::console::screens::filter::{ENDINGS, day, query, won};
use misread::story::words;

#[test]
fn amounts_and_days_are_read_as_people_write_them_or_not_at_all() {
    for (text, amount) in
        [("12000", Some(12_000)), ("12,000원", Some(12_000)), ("만원", None), ("-1", None), ("1.5", None)]
    {
        assert_eq!(won(text), amount, "{text}");
    }
    let seoul = |text: &str| text.parse::<Timestamp>().ok();
    assert_eq!(day("2026-11-30", 0), seoul("2026-11-29T15:00:00Z"));
    assert_eq!(day("2026-11-30", 1), seoul("2026-11-30T15:00:00Z"));
    assert_eq!(day("어제", 0), None);
}

#[test]
fn a_query_holds_any_text() {
    assert_eq!(query([]), "");
    assert_eq!(query([("lot", "가 &=#"), ("row", "a_b")]), "?lot=%EA%B0%80%20%26%3D%23&row=a_b");
}

#[test]
fn every_ending_has_its_choice() {
    let names: std::collections::BTreeSet<String> =
        ENDINGS.iter().map(|ending| words::ending(*ending).to_owned()).collect();
    assert_eq!(names.len(), ENDINGS.len());
}
