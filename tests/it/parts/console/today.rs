use jiff::civil::date;
use misread::console::screens::today::day;

#[test]
fn a_day_is_told_with_its_weekday() {
    assert_eq!(day(date(2026, 11, 30)), "11월 30일(월)");
    assert_eq!(day(date(2026, 12, 6)), "12월 6일(일)");
}
