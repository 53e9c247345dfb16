use jiff::civil::date;
use misread::console::screens::figures::spans::Step;

#[test]
fn spans_begin_on_monday_and_on_the_first() {
    assert_eq!(Step::Week.start(date(2026, 11, 29)), date(2026, 11, 23));
    assert_eq!(Step::Week.start(date(2026, 11, 30)), date(2026, 11, 30));
    assert_eq!(Step::Month.start(date(2026, 2, 28)), date(2026, 2, 1));
    assert_eq!(Step::Month.back(date(2026, 1, 1)), date(2025, 12, 1));
}
