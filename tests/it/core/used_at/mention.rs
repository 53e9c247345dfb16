use jiff::civil::{Date, Time, date, time};
use jiff::{Span, ToSpan};
use misread::domain::used_at::mentioned;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// A Sunday.
const TODAY: Date = date(2026, 11, 22);

type Found = (String, Option<(Date, Option<Time>)>);

fn found(text: &str) -> Vec<Found> {
    let found = mentioned(text, TODAY).into_iter();
    found.map(|it| (text[it.range].nfc().collect(), it.used_at.map(|at| (at.date, at.time)))).collect()
}

fn at(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

#[test]
fn days_and_times_are_found_whole() {
    let friday = date(2026, 11, 20);
    for (text, expression, expected) in [
        (
            "저는 11월 20일 오후 3시 20분쯤 집에 있었어요",
            "11월 20일 오후 3시 20분쯤",
            Some((friday, Some(at(15, 20)))),
        ),
        ("2026-11-20 14:05에 결제된 건", "2026-11-20 14:05", Some((friday, Some(at(14, 5))))),
        ("2026. 11. 20. 14:05 결제", "2026. 11. 20. 14:05", Some((friday, Some(at(14, 5))))),
        ("2026-11-20T05:05:00Z", "2026-11-20T05:05:00Z", Some((friday, Some(at(14, 5))))),
        ("2026년11월20일14시30분 결제", "2026년11월20일14시30분", Some((friday, Some(at(14, 30))))),
        ("26.11.20 결제.", "26.11.20", Some((friday, None))),
        ("2026.11.20.", "2026.11.20", Some((friday, None))),
        ("11/20(금)에", "11/20(금)", Some((friday, None))),
        ("11/20(토)에", "11/20(토)", None),
        ("11.20(금)에", "11.20(금)", Some((friday, None))),
        ("11/20 주차", "11/20", Some((friday, None))),
        ("4/5 오후 3시에", "4/5 오후 3시", Some((date(2026, 4, 5), Some(at(15, 0))))),
        ("11월 20일에 주차", "11월 20일", Some((friday, None))),
        ("11월 20일, 오후 3시", "11월 20일, 오후 3시", Some((friday, Some(at(15, 0))))),
        ("11월 20일 3시쯤", "11월 20일 3시쯤", Some((friday, None))),
        ("11월 20일쯤", "11월 20일쯤", None),
        ("11월 20일 저녁에", "11월 20일 저녁", Some((friday, None))),
        ("11월 20일 14시~16시에", "11월 20일 14시~16시", Some((friday, Some(at(14, 0))))),
        ("11월 20일 14시부터 16시까지", "11월 20일 14시부터 16시", Some((friday, Some(at(14, 0))))),
        ("11월 20일~22일", "11월 20일~22일", None),
        ("11월 20일 오후 2시 반", "11월 20일 오후 2시 반", Some((friday, Some(at(14, 30))))),
        ("11월 20일 2:05 PM에", "11월 20일 2:05 PM", Some((friday, Some(at(14, 5))))),
        ("11월 20일 12가3456", "11월 20일", Some((friday, None))),
        ("11월 20일 3시간 주차", "11월 20일", Some((friday, None))),
        ("11월에 주차한 적", "11월", None),
        ("2월 30일에", "2월 30일", None),
        ("20일에 주차", "20일", None),
        ("20일 차를 세운 적", "20일", None),
        ("3일 전에", "3일 전", None),
        ("20일 오후 3시쯤", "20일 오후 3시쯤", None),
        ("지난달 20일에", "지난달 20일", None),
        ("어제 주차한 적 없어요", "어제", Some((date(2026, 11, 21), None))),
        ("오늘 결제", "오늘", Some((TODAY, None))),
        ("그저께 오후 3시에", "그저께 오후 3시", Some((friday, Some(at(15, 0))))),
        ("그제 밤에", "그제 밤", Some((friday, None))),
        ("엊그제", "엊그제", None),
        ("지난주 금요일에", "지난주 금요일", None),
        ("지난주에", "지난주", None),
        ("금요일 오후 3시", "금요일 오후 3시", None),
        ("오후 3시에", "오후 3시", None),
        ("14:05에 알림", "14:05", None),
        ("14:05 ~ 16:20 사이", "14:05 ~ 16:20", None),
        ("아침 9시에", "아침 9시", None),
        ("1~2시쯤", "1~2시쯤", None),
        ("2시에 알림", "2시", None),
        ("정오에", "정오", None),
        ("１１월　２０일", "１１월　２０일", Some((friday, None))),
        ("12가3456 11월 20일", "11월 20일", Some((friday, None))),
    ] {
        assert_eq!(found(text), [(expression.to_owned(), expected)], "{text}");
        let decomposed: String = text.nfd().collect();
        assert_eq!(found(&decomposed), [(expression.to_owned(), expected)], "{text}, decomposed");
    }
    let two = found("어제 말고 11월 19일이요. 차는 12가3456");
    assert_eq!(two.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["어제", "11월 19일"]);
    assert_eq!(found("11/20, 11/21").len(), 2);
    assert_eq!(found("11월 20일\n14:05").len(), 2);
}

#[test]
fn other_numbers_and_words_are_no_times() {
    for text in [
        "",
        "12가3456",
        "서울12가3456",
        "010-1234-5678",
        "010-1234-56-78",
        "02-123-4567",
        "1577-1234",
        "3,000원",
        "4/5",
        "1/2",
        "2시간",
        "3일간",
        "3~5일",
        "3 ~ 5일 소요",
        "1시간 30분",
        "30분",
        "2일 이내",
        "3일 후",
        "3일 동안",
        "5일 정도 걸려요",
        "1일권",
        "1일 주차권",
        "3시즌",
        "2시장",
        "20일반",
        "1일정",
        "단어제출",
        "언어제한",
        "오늘날",
        "요금일부",
        "24/7",
        "16:9",
        "9/10점",
        "11.20",
        "1.2.3",
        "10.0.0.1",
        "20261120",
        "12345일",
        "100:30",
        "101동 1203호",
        "2026년",
        "밤",
        "점심",
        "수정오류",
        "그제야",
        "3개월",
        "12:345",
        "14:75",
        "11/20/2026",
        "123일",
        "0일",
        "32일",
        "13월",
        "25시",
        "1회 5,000원 결제",
        "월 3만원",
        "일주일",
        "토지",
        "목요",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

proptest! {
    #[test]
    fn any_message_is_searched_without_panic(
        text in "\\PC{0,40}|[0-9년월일시분오전후어제금요지난주~:./,() -]{0,40}|([0-9]{1,4}[-./년월일시:~] ?){0,8}[가-힣ㅏ㏢①]{0,3}",
        decompose in any::<bool>(),
    ) {
        let text: String = if decompose { text.nfd().collect() } else { text };
        let found = mentioned(&text, TODAY);
        prop_assert!(found.iter().all(|it| text.get(it.range.clone()).is_some_and(|part| !part.is_empty())));
        prop_assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        prop_assert!(found.iter().filter_map(|it| it.used_at).all(|at| (1999..=2100).contains(&at.date.year())));
        for today in [Date::MIN, Date::MAX] {
            prop_assert_eq!(mentioned(&text, today).len(), found.len());
        }
    }

    #[test]
    fn what_a_field_reads_a_message_names(days in 0..300_i64, minute in 0..1440_i64) {
        let day = TODAY.checked_sub(days.days()).unwrap();
        let time = Time::midnight().wrapping_add(Span::new().minutes(minute));
        let typed = day.to_datetime(time);
        for format in ["%Y-%m-%d %H:%M", "%Y.%-m.%-d. %H:%M", "%Y-%m-%dT%H:%M:%S+09:00", "%Y년 %-m월 %-d일 %H:%M", "%-m월 %-d일 %H:%M"] {
            let written = typed.strftime(format).to_string();
            prop_assert_eq!(found(&format!("네 {written}에 12가3456")), [(written, Some((day, Some(time))))]);
        }
    }
}
