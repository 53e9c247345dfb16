use misread::cli::demo::overview::{fit, table};

#[test]
fn columns_line_up_where_hangul_takes_two_and_latin_one() {
    let line = |title: &str, row: &str| ["1", title, "-", "2", row, "-", "-", "open"].map(str::to_owned);
    let mut text = String::new();
    table(&mut text, &[line("인천공항 결제 완료", "completed"), line("row 2", "인천")]).unwrap();
    insta::assert_snapshot!(text.lines().skip(3).collect::<Vec<_>>().join("\n"), @r"
    1  인천공항 결제 완료  -  2  completed  -  -  open
    1  row 2               -  2  인천       -  -  open
    ");
}

#[test]
fn what_is_too_wide_is_cut_and_never_wider_than_its_column() {
    assert_eq!(fit("주차장", 6), "주차장");
    assert_eq!(fit("주차장 이용", 6), "주차…");
    assert_eq!(fit("주차장 이용", 7), "주차장…");
}
