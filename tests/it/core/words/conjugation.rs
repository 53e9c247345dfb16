use misread::domain::words::conjugation::{joined, stems};

#[test]
fn verbs_are_conjugated_as_they_are_written() {
    for (verb, [plain, open, infinitive, past]) in [
        ("자다", ["자", "자", "자", "잤"]),
        ("먹다", ["먹", "먹으", "먹어", "먹었"]),
        ("보다", ["보", "보", "봐", "봤"]),
        ("재우다", ["재우", "재우", "재워", "재웠"]),
        ("마시다", ["마시", "마시", "마셔", "마셨"]),
        ("바쁘다", ["바쁘", "바쁘", "바빠", "바빴"]),
        ("쓰다", ["쓰", "쓰", "써", "썼"]),
        ("황당하다", ["황당하", "황당하", "황당해", "황당했"]),
        ("모르다", ["모르", "모르", "몰라", "몰랐"]),
        ("들르다", ["들르", "들르", "들러", "들렀"]),
        ("고맙다", ["고맙", "고마우", "고마워", "고마웠"]),
        ("잡다", ["잡", "잡으", "잡아", "잡았"]),
        ("듣다", ["듣", "들으", "들어", "들었"]),
        ("낫다", ["낫", "나으", "나아", "나았"]),
        ("살다", ["살", "살", "살아", "살았"]),
        ("쉬다", ["쉬", "쉬", "쉬어", "쉬었"]),
        ("되다", ["되", "되", "돼", "됐"]),
    ] {
        let found = stems(verb).unwrap();
        let found = [found.plain, found.open, found.infinitive, found.past];
        assert_eq!(found, [plain, open, infinitive, past], "{verb}");
    }
    assert_eq!(stems("자"), None);
    assert_eq!(stems("다"), None);
}

#[test]
fn endings_that_begin_with_a_consonant_become_the_final_of_the_stem() {
    assert_eq!(joined("자", "ㄴ다고요"), "잔다고요");
    assert_eq!(joined("먹으", "ㄹ게요"), "먹을게요");
    assert_eq!(joined("살", "ㅂ니다"), "삽니다");
    assert_eq!(joined("살", "는데"), "사는데");
    assert_eq!(joined("살", "고"), "살고");
    assert_eq!(joined("먹", "ㄴ"), "먹ㄴ");
}
