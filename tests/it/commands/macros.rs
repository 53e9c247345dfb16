//! `misread macros preview`: every text as customers would read it.

use super::process::Place;

/// The names of the shipped files in `config/macros/`.
fn names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/macros");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn the_preview_has_every_macro_and_paragraph_in_every_row_and_variant() {
    let preview = Place::new().run(&["macros", "preview"]);
    assert_eq!(preview.code, Some(0), "{}", preview.err);
    for name in names() {
        assert!(preview.out.contains(&format!("\n{name}  ")), "{name} is not in the preview");
    }
    let texts: Vec<&str> = preview.out.lines().filter(|line| line.starts_with("  │")).collect();
    assert!(texts.iter().all(|line| !line.contains("{{") && !line.contains("{%")), "a text is not rendered");
    for label in [
        "[cancelled_by_customer · 고객 취소 · 소유인증 안 됨]",
        "[in_use_partner · 이용 중 · 소유인증 완료 | in_use_direct · 이용 중 · 소유인증 완료]",
        "[completed_open · 이용완료(결제완료) · 소유인증 안 됨]",
        "[unpaid_open_partner · 미수 · 소유인증 안 됨 | unpaid_open_direct · 미수 · 소유인증 안 됨]",
        "[본인 확인 안 됨 + ",
    ] {
        assert!(preview.out.contains(label), "{label} is not in the preview");
    }
    assert!(preview.out.contains("영업일 3~5일 (카드사 반영 기간)"));
}

#[test]
fn the_preview_of_one_macro_shows_the_lots_name_only_to_a_verified_owner() {
    let preview = Place::new().run(&["macros", "preview", "use_cancelled"]);
    assert_eq!(preview.out.matches("────────\n").count(), 2, "only one macro is shown: {}", preview.out);
    let (hidden, named) = preview.out.split_once("소유인증 완료").unwrap();
    assert!(
        hidden.contains("서울 강남구 역삼동에서") && !hidden.contains("강남 센트럴타워 주차장"),
        "{hidden}"
    );
    assert!(named.contains("강남 센트럴타워 주차장에서"), "{named}");
}

#[test]
fn a_macro_that_does_not_exist_is_answered_with_those_that_do() {
    let preview = Place::new().run(&["macros", "preview", "refunded"]);
    assert_eq!(preview.code, Some(1));
    for name in names() {
        assert!(preview.err.contains(&name), "{}", preview.err);
    }
}
