mod mention;

use jiff::civil::{Date, Time, date, time};
use jiff::{Span, Timestamp, ToSpan};
use misread::domain::used_at::{GivenTime, UsedAt};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const TODAY: Date = date(2026, 11, 22);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(text: &str) -> Option<(Date, Option<Time>)> {
    UsedAt::parse(text, TODAY).map(|read| (read.date, read.time))
}

fn day(date: Date) -> UsedAt {
    UsedAt { date, time: None }
}

#[test]
fn days_are_read_as_people_write_them() {
    let expected = Some((date(2026, 11, 20), None));
    for text in [
        "2026-11-20",
        "2026.11.20",
        "2026. 11. 20.",
        "2026/11/20",
        "26.11.20",
        "26-11-20",
        "2026년 11월 20일",
        "26년11월20일",
        "11월 20일",
        "11월20일",
        "11/20",
        " 11 / 20 \n",
        "２０２６－１１－２０",
        "2026\u{3000}.11.20",
    ] {
        assert_eq!(read(text), expected, "{text:?}");
        assert_eq!(read(&text.nfd().collect::<String>()), expected, "{text:?} decomposed");
    }
}

#[test]
fn a_day_without_a_year_is_the_latest_that_was() {
    for (text, today, expected) in [
        ("11/22", TODAY, date(2026, 11, 22)),
        ("11/23", TODAY, date(2025, 11, 23)),
        ("12월 31일", date(2027, 1, 1), date(2026, 12, 31)),
        ("1월 1일", date(2027, 1, 1), date(2027, 1, 1)),
        ("2/29", TODAY, date(2024, 2, 29)),
        ("2/29", date(2104, 2, 28), date(2096, 2, 29)),
    ] {
        assert_eq!(UsedAt::parse(text, today), Some(day(expected)), "{text}");
    }
}

#[test]
fn times_are_read_as_people_write_them() {
    for (text, expected) in [
        ("14:05", time(14, 5, 0, 0)),
        ("14:05:30", time(14, 5, 30, 0)),
        ("02:05", time(2, 5, 0, 0)),
        ("00:00", time(0, 0, 0, 0)),
        ("0시", time(0, 0, 0, 0)),
        ("14시", time(14, 0, 0, 0)),
        ("14시 5분", time(14, 5, 0, 0)),
        ("14시05분", time(14, 5, 0, 0)),
        ("오후 2시 5분", time(14, 5, 0, 0)),
        ("오후2시", time(14, 0, 0, 0)),
        ("오후 2:05", time(14, 5, 0, 0)),
        ("오후 14:05", time(14, 5, 0, 0)),
        ("오후 12시 30분", time(12, 30, 0, 0)),
        ("오전 12시 30분", time(0, 30, 0, 0)),
        ("오전 9시", time(9, 0, 0, 0)),
        ("PM 2:05", time(14, 5, 0, 0)),
        ("１４：０５", time(14, 5, 0, 0)),
    ] {
        for day in ["2026-11-20", "11월 20일", "26.11.20", "11/20"] {
            let text = format!("{day} {text}");
            assert_eq!(read(&text), Some((date(2026, 11, 20), Some(expected))), "{text:?}");
            assert_eq!(read(&text.nfd().collect::<String>()), read(&text), "{text:?} decomposed");
        }
    }
}

#[test]
fn offsets_are_moved_to_seoul() {
    for (text, expected) in [
        ("2026-11-20T14:05", "2026-11-20T14:05"),
        ("2026-11-20T14:05+09:00", "2026-11-20T14:05"),
        ("2026-11-20T05:05Z", "2026-11-20T14:05"),
        ("2026-11-20t05:05:30.123z", "2026-11-20T14:05:30"),
        ("2026-11-19T20:05-0400", "2026-11-20T09:05"),
        ("2026-11-19T23:30Z", "2026-11-20T08:30"),
        ("2026-11-19T16:00Z", "2026-11-20T01:00"),
    ] {
        let expected: jiff::civil::DateTime = expected.parse().unwrap();
        assert_eq!(read(text), Some((expected.date(), Some(expected.time()))), "{text}");
    }
}

#[test]
fn what_is_not_understood_as_a_whole_is_nothing() {
    for text in [
        "",
        "모름",
        "어제",
        "20일",
        "11월",
        "11-20",
        "11.20",
        "2026-11",
        "2026/11",
        "2026-13-01",
        "2026-02-29",
        "13/01",
        "2/30",
        "1999-12-31",
        "2100-01-01",
        "20261120",
        "126.11.20",
        "2026-11.20",
        "2026-11-200",
        "11/20/2026",
        "2026-11-20쯤",
        "2026-11-20 저녁",
        "2026-11-20, 2026-11-21",
        "11월 20일 ~ 21일",
        "2026-11-20 14",
        "2026-11-20 14:5",
        "2026-11-20 14: 05",
        "2026-11-20 24:00",
        "2026-11-20 14:60",
        "2026-11-20 2시",
        "2026-11-20 12시",
        "2026-11-20 2:05",
        "2026-11-20 오전 13시",
        "2026-11-20 오후 2시 반",
        "2026-11-20 14:05 ~ ?",
        "2026-11-20 14:05 ~ 15",
        "11월 20일 2시~4시",
        "11월 20일 2시에",
        "11월 20일 ~ 14시",
        "11월 20일(토)",
        "11월 20일(금",
        "11월 20일 금",
        "11월 20일쯤",
        "2026-11-20 저녁 12시",
        "2026-11-20 새벽 12시",
        "2026-11-20T14:05-15:00",
        "2026-11-20T14:05+09",
        "2026-11-20T14:05:30.",
        "2026-11-2014:05",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
    assert_eq!(read(&format!("2026-11-20{}", " ".repeat(300))), None);
}

#[test]
fn what_people_add_to_a_time_is_passed_over() {
    for (text, expected) in [
        ("2026.11.20 14:05 ~ 16:20", Some(time(14, 5, 0, 0))),
        ("2026-11-20 14:05-15:00", Some(time(14, 5, 0, 0))),
        ("2026-11-20 14:05～15:00", Some(time(14, 5, 0, 0))),
        ("11월 20일 14시~16시", Some(time(14, 0, 0, 0))),
        ("11월 20일 오후 2시~4시", Some(time(14, 0, 0, 0))),
        ("11월 20일 14시부터 16시까지", Some(time(14, 0, 0, 0))),
        ("11월 20일 14시 ~ 11월 21일 02시", Some(time(14, 0, 0, 0))),
        ("11월 20일 14시부터", Some(time(14, 0, 0, 0))),
        ("11월 20일 오후 3시 20분쯤", Some(time(15, 20, 0, 0))),
        ("11월 20일 14:05경입니다", Some(time(14, 5, 0, 0))),
        ("11월 20일 14시 정도에", Some(time(14, 0, 0, 0))),
        ("11월 20일 아침 9시", Some(time(9, 0, 0, 0))),
        ("11월 20일 저녁 7시", Some(time(19, 0, 0, 0))),
        ("11월 20일(금)", None),
        ("11월 20일 (금요일) 14:05", Some(time(14, 5, 0, 0))),
        ("2026-11-20 금요일 14:05", Some(time(14, 5, 0, 0))),
        ("11/20[금], 14:05", Some(time(14, 5, 0, 0))),
        ("11월 20일입니다", None),
        ("11월 20일이요", None),
        ("2026년11월20일14시30분", Some(time(14, 30, 0, 0))),
    ] {
        assert_eq!(read(text), Some((date(2026, 11, 20), expected)), "{text:?}");
        assert_eq!(read(&text.nfd().collect::<String>()), read(text), "{text:?} decomposed");
    }
}

#[test]
fn an_unread_time_is_not_an_absent_one() {
    assert_eq!(GivenTime::read(None, TODAY), GivenTime::Absent);
    for text in [
        "",
        " ",
        "-",
        "모름",
        "기억 안 남",
        "기억이 나지 않습니다",
        "기억이 잘 안나요",
        "정확한 시간은 모르겠어요",
        "이용일시 모름",
    ] {
        assert_eq!(GivenTime::read(Some(text), TODAY), GivenTime::Absent, "{text:?}");
    }
    for text in ["20일", "어제", "11월", "2시", "주차한 적 없음", "이용 안 함", "안 함"] {
        assert_eq!(GivenTime::read(Some(text), TODAY), GivenTime::Unread(text.to_owned()), "{text:?}");
    }
    let expected = UsedAt { date: date(2026, 11, 20), time: Some(time(14, 5, 0, 0)) };
    assert_eq!(GivenTime::read(Some("2026.11.20 14:05 ~ 16:20"), TODAY), GivenTime::Read(expected));
}

/// Entered on 20 November at 23:00 and left on the 21st at 01:00, in Seoul time.
#[test]
fn a_stay_fits_by_day_or_by_time() {
    let (entry, exit) = (at("2026-11-20T14:00:00Z"), at("2026-11-20T16:00:00Z"));
    for (text, parked, inside) in [
        ("2026-11-19", false, false),
        ("2026-11-20", true, true),
        ("2026-11-21", true, true),
        ("2026-11-22", false, true),
        ("2026-11-20 22:29", false, false),
        ("2026-11-20 22:30", true, true),
        ("2026-11-21 00:10", true, true),
        ("2026-11-21 01:30", true, true),
        ("2026-11-21 01:31", false, true),
    ] {
        let used_at = UsedAt::parse(text, TODAY).unwrap();
        assert_eq!(used_at.fits(entry, Some(exit)), parked, "{text}");
        assert_eq!(used_at.fits(entry, None), inside, "{text}, still inside");
    }
}

#[test]
fn entries_are_looked_for_a_month_back() {
    for text in ["2026-11-20", "2026-11-20 14:05"] {
        let window = UsedAt::parse(text, TODAY).unwrap().entry_window();
        assert_eq!(window, (at("2026-10-19T15:00:00Z"), at("2026-11-20T15:30:00Z")), "{text}");
    }
}

#[test]
fn days_at_the_ends_of_time_have_a_window() {
    for end in [Date::MIN, Date::MAX] {
        let (from, to) = UsedAt { date: end, time: Some(Time::MAX) }.entry_window();
        assert!(from <= to);
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..36_000_i32).prop_map(|days| date(2000, 1, 1).checked_add(days.days()).unwrap())
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(
        text in "\\PC{0,40}|[0-9]{1,4}[-./년월]? ?[0-9]{1,2}[-./월일]? ?[0-9]{0,2}일? ?(T|오전|오후)? ?[0-9]{0,3}[:시]?[0-9]{0,3}[분Z+:-]?[0-9:]{0,6}",
        today in any_day(),
    ) {
        if let Some(read) = UsedAt::parse(&text, today) {
            prop_assert!((1999..=2100).contains(&read.date.year()));
        }
    }

    #[test]
    fn every_day_and_minute_reads_as_itself(day in any_day(), minute in 0..1440_i64) {
        let time = Time::midnight().wrapping_add(Span::new().minutes(minute));
        let typed = day.to_datetime(time);
        let expected = Some(UsedAt { date: day, time: Some(time) });
        for format in ["%Y-%m-%d %H:%M", "%Y.%-m.%-d. %H:%M", "%Y-%m-%dT%H:%M:%S+09:00"] {
            prop_assert_eq!(UsedAt::parse(&typed.strftime(format).to_string(), TODAY), expected);
        }
        let half = if time.hour() < 12 { "오전" } else { "오후" };
        let korean = format!("{} {half} {}", day.strftime("%Y년 %-m월 %-d일"), typed.strftime("%-I시 %-M분"));
        prop_assert_eq!(UsedAt::parse(&korean, TODAY), expected);
    }

    #[test]
    fn a_day_without_a_year_is_never_after_today(today in any_day(), back in 0..365_i32) {
        prop_assume!(today.year() > 2001);
        let meant = today.checked_sub(back.days()).unwrap();
        let read = UsedAt::parse(&format!("{}/{}", meant.month(), meant.day()), today);
        prop_assert_eq!(read, Some(day(meant)));
    }

    #[test]
    fn every_time_that_fits_is_looked_for(
        day in any_day(),
        minute in prop::option::of(0..1440_i64),
        entry in 0..(33 * 1440_i64),
        stay in 0..(29 * 1440_i64),
    ) {
        let time = minute.map(|minute| Time::midnight().wrapping_add(Span::new().minutes(minute)));
        let used_at = UsedAt { date: day, time };
        let (from, to) = used_at.entry_window();
        let entered_at = from.checked_add(Span::new().minutes(entry - 60)).unwrap();
        let exited_at = entered_at.checked_add(Span::new().minutes(stay)).unwrap();
        if used_at.fits(entered_at, Some(exited_at)) {
            prop_assert!(from <= entered_at && entered_at <= to);
        }
    }
}
