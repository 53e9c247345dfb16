use misread::domain::plate::places;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{GivenPlate, Plate, last_digits_mentioned, mentioned, read, same_text};

/// The bytes of the longest plate.
const LONGEST: usize = 31;

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
        let places = places(&text);
        prop_assert!(places.iter().all(|(_, place)| text.get(place.clone()).is_some_and(|part| !part.is_empty())));
        prop_assert!(places.windows(2).all(|pair| pair[0].1.end <= pair[1].1.start));
        if let Some(plate) = read(&text) {
            prop_assert_eq!(read(&plate), Some(plate.clone()));
            prop_assert!(plate.len() <= LONGEST);
        }
    }
}
