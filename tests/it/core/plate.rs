mod forms;
mod given;

use misread::domain::plate::{GivenPlate, Plate, is_written, last_digits_mentioned, same_text};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn read(text: &str) -> Option<String> {
    Plate::parse(text).map(|plate| plate.to_string())
}

#[test]
fn old_and_new_plates_are_read() {
    for plate in ["12가3456", "123가4567", "서울12가3456", "서울1가2345", "경기70바1234", "68하0001"]
    {
        assert_eq!(read(plate).as_deref(), Some(plate));
    }
}

#[test]
fn what_people_type_is_normalised() {
    let decomposed: String = "서울12가3456".nfd().collect();
    assert_ne!(decomposed, "서울12가3456");
    for (typed, plate) in [
        ("１２가３４５６", "12가3456"),
        (" 12 가 3456\n", "12가3456"),
        ("12가-3456", "12가3456"),
        ("12.가.3456", "12가3456"),
        ("서울\u{3000}12가–3456", "서울12가3456"),
        ("\u{feff}123가\u{200b}4567", "123가4567"),
        (decomposed.as_str(), "서울12가3456"),
    ] {
        assert_eq!(read(typed).as_deref(), Some(plate), "{typed:?}");
    }
}

#[test]
fn nonsense_is_no_plate() {
    for text in [
        "",
        "모름",
        "없음",
        "-",
        "1234",
        "가1234",
        "1가2345",
        "12가345",
        "12가34567",
        "1234가5678",
        "12ㄱ3456",
        "12A3456",
        "서울",
        "서울123가4567",
        "평양12가3456",
        "12가3456 34나5678",
        "12가3456입니다",
        "１２가３４５６７",
        "12가๑๒๓๔",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
    assert_eq!(read(&format!("12가3456{}", " ".repeat(1000))), None);
}

fn mentioned(text: &str) -> Vec<String> {
    Plate::mentioned(text).iter().map(ToString::to_string).collect()
}

#[test]
fn plates_are_found_wherever_they_stand() {
    let decomposed: String = "제 차는 서울12가3456이에요".nfd().collect();
    for (text, plates) in [
        ("네 12가3456 제 차 맞아요", &["12가3456"][..]),
        ("제 차는12가3456입니다.", &["12가3456"]),
        ("12가 3456 / 12 가 3456 / 12가-3456", &["12가3456"]),
        ("서울12가3456", &["서울12가3456"]),
        ("서울 12가 3456", &["서울12가3456"]),
        ("서울 1가 2345 맞아요", &["서울1가2345"]),
        ("서울 123가4567", &["123가4567"]),
        ("부산에서 12가3456", &["12가3456"]),
        ("서울\n12가3456", &["12가3456"]),
        ("12가3456이 아니라 34나5678, 123다4567이요", &["12가3456", "34나5678", "123다4567"]),
        ("12가3456-34나5678", &["12가3456", "34나5678"]),
        ("１２가\u{200b}３４５６", &["12가3456"]),
        ("11월 20일 14시 12가3456", &["12가3456"]),
        (decomposed.as_str(), &["서울12가3456"]),
    ] {
        assert_eq!(mentioned(text), plates, "{text:?}");
    }
}

#[test]
fn other_numbers_are_no_plates() {
    for text in [
        "1234",
        "010-1234-5678",
        "3층 1234호",
        "101동 1203호",
        "오후 12시 3000원",
        "11월 2026년",
        "12월 3000원",
        "30분 1500원",
        "1가2345",
        "12가345",
        "12가34567",
        "12가 345 67890",
        "1234가5678",
        "12가\n3456",
        "12\n가3456",
        "을지로 2가 1234번지",
        "가1234",
    ] {
        assert_eq!(mentioned(text), [""; 0], "{text:?}");
    }
}

#[test]
fn a_long_text_is_searched_to_its_limit() {
    let plates = |count: usize| {
        let plate = |number| format!("{}가{:04}", 10 + number / 10_000, number % 10_000);
        (0..count).map(plate).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(mentioned(&plates(7000)).len(), 7000);
    assert_eq!(mentioned(&plates(20_000)).len(), 65_536 / "12가3456 ".chars().count());
    assert_eq!(mentioned(&format!("{}12가3456", " ".repeat(70_000))), [""; 0]);
}

proptest! {
    #[test]
    fn what_is_found_is_a_plate_once(text in "\\PC{0,40}|[0-9０-９가서울 .\n-]{0,40}|([0-9]{1,3}[가나] ?[0-9]{4} ?){0,4}") {
        let found = Plate::mentioned(&text);
        let read: Vec<_> = found.iter().filter_map(|plate| Plate::parse(plate.as_str())).collect();
        prop_assert_eq!(&read, &found);
        let distinct: std::collections::HashSet<_> = found.iter().collect();
        prop_assert_eq!(distinct.len(), found.len());
    }

    #[test]
    fn any_plate_is_found_between_korean_words(
        before in "([가-힣]{1,5} ){0,4}[가-힣]{0,2}[ ,:(]",
        (front, syllable, back) in ("[0-9]{2,3}", "[가나다라마거너더러머고노도로모구누두루무바사아자배하허호]", "[0-9]{4}"),
        (left, right) in ("[ -]?", "[ -]?"),
        after in "[가-힣 .,)]{0,10}",
        decompose in any::<bool>(),
    ) {
        let text = format!("{before}{front}{left}{syllable}{right}{back}{after}");
        let text = if decompose { text.nfd().collect() } else { text };
        let plate = format!("{front}{syllable}{back}");
        // "광주 12가3456" may be a plate of that area.
        let found = mentioned(&text);
        prop_assert!(found.iter().any(|found| found.ends_with(&plate)), "{:?} in {:?}", found, text);
    }

    #[test]
    fn reading_never_panics_and_a_plate_reads_as_itself(text in "\\PC{0,20}|[0-9０-９ .-]{0,4}[가-힣]?[0-9０-９ .-]{0,6}") {
        if let Some(plate) = Plate::parse(&text) {
            prop_assert_eq!(Plate::parse(plate.as_str()), Some(plate.clone()));
            let decomposed: String = plate.as_str().nfd().collect();
            prop_assert_eq!(Plate::parse(&decomposed), Some(plate));
        }
    }

    #[test]
    fn every_well_formed_plate_is_read_however_it_is_spaced(front in "[0-9]{2,3}", syllable in "[가-힣]", back in "[0-9]{4}") {
        let plate = format!("{front}{syllable}{back}");
        prop_assert_eq!(read(&plate), Some(plate.clone()));
        prop_assert_eq!(read(&format!(" {front} {syllable}-{back}.")), Some(plate));
    }
}
