use misread::domain::words::spelling::Spelling;

fn spelling() -> Spelling {
    let mut spelling = Spelling::default();
    for written in ["^지가 본인 = 제가 본인", "심더$ = 습니다", "댕기 = 다니"] {
        assert!(spelling.add(written), "{written}");
    }
    spelling
}

#[test]
fn dialect_is_read_in_standard_spelling() {
    let standard = |text: &str| spelling().standard(text);
    assert_eq!(
        standard("지가 본인이고 댕기는 차 맞심더.").as_deref(),
        Some("제가 본인이고 다니는 차 맞습니다.")
    );
    for other in ["아버지가 몰아요", "심더덕 좋아요", "네 맞습니다", "ㅇㅇ", "ㄴㄴ 아님", "네ㅋㅋ"]
    {
        assert_eq!(standard(other), None, "{other}");
    }
}

#[test]
fn consonants_that_slipped_out_go_back() {
    for (typed, meant) in
        [("마ㅈ습니다", "맞습니다"), ("네 ㅂ본인 맞아요", "네 본인 맞아요"), ("쿠포ㄴ으로", "쿠폰으로")]
    {
        assert_eq!(spelling().standard(typed).as_deref(), Some(meant), "{typed}");
    }
}

#[test]
fn what_is_no_correction_is_refused() {
    for written in ["지가", "= 제가", "지가 =", "제가 = 제가", "^ = 제가"] {
        assert!(!Spelling::default().add(written), "{written}");
    }
}
