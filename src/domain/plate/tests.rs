use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{GivenPlate, Plate, is_written, last_digits_mentioned, same_text};

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
    fn whatever_is_found_is_a_plate_once(text in "\\PC{0,40}|[0-9０-９가서울 .\n-]{0,40}|([0-9]{1,3}[가나] ?[0-9]{4} ?){0,4}") {
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
        // "광주 12가3456" may well be a plate of that area.
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

#[test]
fn plates_of_every_form_are_read() {
    for (typed, plate) in [
        ("외교 123-456", "외교123456"),
        ("영사005003", "영사005003"),
        ("준외 001-001", "준외001001"),
        ("준영 001 001", "준영001001"),
        ("국기 001-001", "국기001001"),
        ("협정 001-001", "협정001001"),
        ("대표 001-001", "대표001001"),
        ("임시 1234", "임시1234"),
        ("임시운행 123456", "임시123456"),
        ("임시운행허가 12345", "임시12345"),
        ("서울 임시 1234", "서울임시1234"),
        ("임시 서울 1234", "서울임시1234"),
        ("경기도 임시운행 1234", "경기임시1234"),
        ("서울 강남 가 1234", "서울강남가1234"),
        ("서울 강남구 가 1234", "서울강남가1234"),
        ("서울특별시 강남구 가-1234", "서울강남가1234"),
        ("서울 강남 구 1234", "서울강남구1234"),
        ("대구 중구 나 1234", "대구중구나1234"),
        ("경기 성남 분당 가 1234", "경기성남분당가1234"),
        ("경기도 수원시 가 1234", "경기수원가1234"),
        ("인천 미추홀 바 0001", "인천미추홀바0001"),
        ("경남 창원 마산합포 가 1234", "경남창원마산합포가1234"),
        ("세종 가 1234", "세종가1234"),
        ("제주 서귀포 다 1234", "제주서귀포다1234"),
        ("서울02-1234", "서울021234"),
        ("경기 02 가 1234", "경기02가1234"),
        ("23육1234", "23육1234"),
    ] {
        assert_eq!(read(typed).as_deref(), Some(plate), "{typed}");
        assert_eq!(read(plate).as_deref(), Some(plate), "{plate}");
        assert_eq!(read(&typed.nfd().collect::<String>()).as_deref(), Some(plate), "{typed}, decomposed");
        assert_eq!(mentioned(plate), [plate], "{plate}");
        assert_eq!(mentioned(&format!("제 차는 {plate}이에요")), [plate], "{plate}");
    }
    for text in [
        "외교12345",
        "외교1234567",
        "외무123456",
        "임시123",
        "임시1234567",
        "육 12345",
        "육123456",
        "서울강남1234",
        "서울판교가1234",
        "강남가1234",
        "서울강남뷁1234",
        "서울99-1234",
        "서울28-1234",
        "서울 강남 가 123",
        "세종1234",
        "평양02-1234",
        "외교서울123456",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn the_further_forms_are_found_in_messages() {
    for (text, plates) in [
        ("제 차는 외교123-456이에요", &["외교123456"][..]),
        ("차량12가3456이요", &["12가3456"]),
        ("(12가3456)", &["12가3456"]),
        ("번호판:12가3456임", &["12가3456"]),
        ("외교 123-456 12가3456", &["외교123456", "12가3456"]),
        ("12가3456, 서울 강남 가 1234 둘 다요", &["12가3456", "서울강남가1234"]),
        ("임시번호판 임시운행 1234 입니다", &["임시1234"]),
        ("서울02-1234 굴삭기", &["서울021234"]),
    ] {
        assert_eq!(mentioned(text), plates, "{text}");
    }
    for text in [
        "대표 02-123-4567",
        "대표 010-123-456",
        "대표 1577-1234",
        "대표번호 123456",
        "외교 123-4567",
        "외교 123-456-789",
        "외교\n123-456",
        "임시 3000원",
        "임시 2026년",
        "임시 12,000원",
        "서울 02-1234-5678",
        "서울 201120",
        "부산 가고 3000원",
        "서울 강남 가서 1234",
        "서울 강남 가 3000원",
        "서울 강남 가\n1234",
        "육 12345",
    ] {
        assert_eq!(mentioned(text), [""; 0], "{text}");
    }
}

#[test]
fn a_plate_of_any_form_is_a_noun() {
    for text in ["12가3456", "외교123456", "서울임시운행123456", "서울강남가1234", "경기성남분당가1234"]
    {
        assert!(is_written(text), "{text}");
    }
    for text in ["12뷁3456", "서울021234", "1234", "서울", "", "외교12345", "12가3456은"] {
        assert!(!is_written(text), "{text}");
    }
}

fn given(text: &str) -> GivenPlate {
    GivenPlate::read(Some(text))
}

fn plate(text: &str) -> Plate {
    Plate::parse(text).unwrap()
}

#[test]
fn a_field_that_gives_nothing_is_absent() {
    assert_eq!(GivenPlate::read(None), GivenPlate::Absent);
    for text in [
        "",
        "  \n",
        "-",
        "--",
        ".",
        "?",
        "??",
        "모름",
        "모름.",
        "모름요",
        "모르겠어요",
        "모르겠습니다",
        "잘 모르겠어요",
        "몰라요",
        "모릅니다",
        "기억 안 남",
        "기억안남",
        "기억이 안나요",
        "기억이 잘 안 나요",
        "기억나지 않습니다",
        "기억 못함",
        "없음",
        "없어요",
        "없습니다",
        "해당없음",
        "해당 없음",
        "해당사항 없음",
        "해당사항이 없습니다",
        "n/a",
        "N/A",
        "x",
        "X",
        "차량번호 모름",
        "차량번호를 모르겠어요",
        "번호는 모르겠습니다",
        "알 수 없음",
        "미상",
        "확인불가",
        "ｎ／ａ",
    ] {
        assert_eq!(given(text), GivenPlate::Absent, "{text:?}");
        assert_eq!(given(&text.nfd().collect::<String>()), GivenPlate::Absent, "{text:?} decomposed");
    }
    let blanks = " ".repeat(5000);
    assert_eq!(given(&blanks), GivenPlate::Absent);
}

#[test]
fn the_one_plate_of_a_field_is_read() {
    for text in [
        "34나5678",
        "34나5678입니다",
        "제 차는 34나5678",
        "차량번호 : 34 나 5678 (쏘나타)",
        "34나5678 / 34나5678",
        "34나5678 (뒷자리 5678)",
        "차량34나5678이요",
    ] {
        assert_eq!(given(text), GivenPlate::Read(plate("34나5678")), "{text}");
    }
    assert_eq!(given("제 차는 외교 123-456"), GivenPlate::Read(plate("외교123456")));
    for text in ["12가3456, 34나5678", "12가3456 아니고 34나5678"] {
        assert_eq!(given(text), GivenPlate::Several(vec![plate("12가3456"), plate("34나5678")]), "{text}");
    }
    for text in [
        "5678",
        "뒷자리 5678",
        "5678번입니다",
        "차량번호 뒤 4자리 5678",
        "끝번호 5678이요",
        "제 차 5678",
        "５６７８",
        "**5678",
    ] {
        assert_eq!(given(text), GivenPlate::LastDigits("5678".to_owned()), "{text}");
    }
    for text in [
        "육 12345",
        "육12345",
        "제 차 아니에요",
        "차 없음",
        "차량 없음",
        "차량번호 없음",
        "모르는 차",
        "34나5678 아님",
        "34나5678은 제 차가 아닙니다",
        "12가3456 또는 5678",
        "12가3456 육12345",
        "34나5678인가?",
        "010-1234-5678",
        "12345",
        "567",
        "56-78",
        "쏘나타 5678",
        "가5678",
        "2026-11-20",
        "5678 1234",
        "외교 12-345",
        "abc",
        "5,678",
    ] {
        assert_eq!(given(text), GivenPlate::Unread(text.to_owned()), "{text}");
    }
}

#[test]
fn the_same_text_is_the_same_plate() {
    for (left, right) in [
        ("외교123-456", "외교 123456"),
        ("육 12345", "육12345"),
        ("임시운행 1234", "임시1234"),
        ("１２가３４５６", "12가3456"),
    ] {
        assert!(same_text(left, right), "{left} {right}");
    }
    for (left, right) in [
        ("", ""),
        ("-", "-"),
        ("미인식", "미인식"),
        ("모름", "모름"),
        ("육12345", "육12346"),
        ("12가3456", "2가3456"),
    ] {
        assert!(!same_text(left, right), "{left} {right}");
    }
}

#[test]
fn last_digits_are_found_where_they_name_a_car() {
    for (text, digits) in [
        ("뒷번호 5678 차예요", &["5678"][..]),
        ("뒷자리 5678", &["5678"]),
        ("끝번호는 5678이에요", &["5678"]),
        ("끝자리가 5678인데요", &["5678"]),
        ("뒤 네자리 5678", &["5678"]),
        ("뒤 4자리: 5678", &["5678"]),
        ("차량번호는 5678입니다", &["5678"]),
        ("번호판 5678", &["5678"]),
        ("차번호(5678)", &["5678"]),
        ("넘버 5678", &["5678"]),
        ("5678 차량은 그날 집에 있었어요", &["5678"]),
        ("5678번 차 맞아요", &["5678"]),
        ("5678차는 제 차예요", &["5678"]),
        ("제 차는 5678이에요", &["5678"]),
        ("차량번호 뒷자리는 5678이고 다른 차는 뒷번호 1234예요. 5678 차량", &["5678", "1234"]),
        ("２０２６ 차량번호 ５６７８", &["5678"]),
        ("차량번호 2026", &["2026"]),
        ("2026번 차", &["2026"]),
    ] {
        assert_eq!(last_digits_mentioned(text), digits, "{text}");
        assert_eq!(last_digits_mentioned(&text.nfd().collect::<String>()), digits, "{text}, decomposed");
    }
    for text in [
        "5678",
        "차량번호 12가3456",
        "12가3456 차량",
        "차량번호 010-1234-5678",
        "전화번호 뒷자리 5678",
        "핸드폰 뒷번호는 5678",
        "카드 끝자리 5678",
        "카드 끝번호 5678",
        "차량 3000원",
        "주차 5000원",
        "5000원 차감",
        "3000 차감",
        "차량 2026년",
        "차량 2026-11-20",
        "차량 2026. 11. 20",
        "2026 차량",
        "차량 12345",
        "차량 1234분",
        "1,234 차량",
        "1577-1234 차량",
        "주차 2026",
        "차량번호\n5678",
        "1234-5678 차량",
        "1203호 차량",
        "차량 2026.11.20 14:05",
    ] {
        assert_eq!(last_digits_mentioned(text), [""; 0], "{text}");
    }
}

proptest! {
    #[test]
    fn fields_are_read_without_panic(
        text in "\\PC{0,30}|[0-9가나서울임시외교뒷자리차모름없음 .,:()-]{0,30}|(서울|경기도|세종)? ?(강남|중구|성남시)? ?(임시|외교|가)? ?[0-9]{2,3}-?[0-9]{2,4}[가-힣 ]{0,4}",
    ) {
        match given(&text) {
            GivenPlate::Read(read) => prop_assert!(Plate::parse(&text) == Some(read.clone()) || mentioned(&text) == [read.as_str()]),
            GivenPlate::Several(plates) => prop_assert!(plates.len() > 1),
            GivenPlate::LastDigits(digits) => prop_assert_eq!(digits.len(), 4),
            GivenPlate::Unread(unread) => prop_assert_eq!(unread, text.clone()),
            GivenPlate::Absent => prop_assert!(mentioned(&text).is_empty()),
        }
        for digits in last_digits_mentioned(&text) {
            prop_assert!(digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        }
        for found in mentioned(&text) {
            prop_assert_eq!(read(&found), Some(found.clone()));
            prop_assert_eq!(mentioned(&found), std::slice::from_ref(&found));
            prop_assert!(same_text(&found, &found));
        }
        let places = super::places(&text);
        prop_assert!(places.iter().all(|(_, place)| text.get(place.clone()).is_some_and(|part| !part.is_empty())));
        prop_assert!(places.windows(2).all(|pair| pair[0].1.end <= pair[1].1.start));
        if let Some(plate) = read(&text) {
            prop_assert_eq!(read(&plate), Some(plate.clone()));
            prop_assert!(plate.len() <= super::LONGEST);
        }
    }
}
