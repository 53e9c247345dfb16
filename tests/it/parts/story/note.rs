use misread::story::told::note::shortened;

#[test]
fn what_the_story_tells_is_only_named_and_the_rest_stays() {
    let note = "[misread] 제목\n할 일: 없음.\n사유: y\n■ 근거 · 정책 행: x\n- 이용 건 = y\n- z\n■ 후보 이용 건: use-1\n■ 처리 내역: z\n";
    insta::assert_snapshot!(shortened(note), @r"
    [misread] 제목
    할 일: 없음.
    사유: y
    ■ 후보 이용 건: use-1
    (그 밖의 항목: 근거, 처리 내역)
    ");
    assert_eq!(shortened("[misread] 제목뿐"), "[misread] 제목뿐");
}
