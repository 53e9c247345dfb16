//! `misread macros preview`: every text as customers would read it.

use std::collections::BTreeMap;

use misread::domain::policy::{Identity, Input as _, Status};
use misread::domain::reply::Audience;

use super::process::Place;

/// The names of the shipped files in `config/macros/`.
fn names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/macros");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The preview's section on this macro or paragraph.
fn section<'a>(preview: &'a str, name: &str) -> &'a str {
    let start =
        preview.find(&format!("\n{name}  ")).unwrap_or_else(|| panic!("{name} is not in the preview"));
    let rest = &preview[start + 1..];
    // A rule is above and below the head of each section.
    rest.match_indices("\n────").nth(1).map_or(rest, |(end, _)| &rest[..end])
}

/// The labels under which texts are shown.
fn labels(section: &str) -> Vec<&str> {
    let lines = section.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    lines.flat_map(|line| line.split(" | ")).collect()
}

fn shipped() -> misread::config::Files {
    misread::config::load_files(&BTreeMap::new()).unwrap()
}

#[test]
fn the_preview_has_every_row_in_every_state_and_for_everybody_who_may_read_it() {
    let preview = Place::new().run(&["macros", "preview"]);
    assert_eq!(preview.code, Some(0), "{}", preview.err);
    let files = shipped();
    let texts: Vec<&str> = preview.out.lines().filter(|line| line.starts_with("  │")).collect();
    assert!(texts.iter().all(|line| !line.contains("{{") && !line.contains("{%")), "a text is not rendered");
    assert!(!preview.out.contains("확인된 본인에게만 보냅니다"), "a text is not rendered");
    for row in files.policy.rows() {
        let Some(name) = row.reply() else { continue };
        let section = section(&preview.out, name);
        let rows = section.lines().find(|line| line.starts_with("티켓 상태 ")).unwrap();
        assert!(rows.split([' ', ',']).any(|word| word == row.id), "{}: {rows}", row.id);
        let wanted: Vec<String> = match files.macros.get(name).unwrap().wording.audience {
            Audience::Anyone => {
                let readers =
                    [(Identity::Denied, "작성자: 본인 아님"), (Identity::Unknown, "작성자: 확인 안 됨")];
                let readers = readers.iter().filter(|(identity, _)| row.allows(*identity));
                readers.map(|(_, word)| format!("{} · {word}", row.id)).collect()
            }
            Audience::Holder => {
                [Status::InUse, Status::Completed, Status::Unpaid, Status::CancelledByCustomer]
                    .into_iter()
                    .filter(|status| row.allows(*status))
                    .flat_map(|status| {
                        ["소유인증 안 됨", "소유인증 완료"].map(|ownership| (status.korean(), ownership))
                    })
                    .map(|(status, ownership)| format!("{} · {status} · {ownership}", row.id))
                    .collect()
            }
        };
        assert!(!wanted.is_empty(), "{}", row.id);
        for label in wanted {
            for setting in ["첫 글", "답변에 이어", "기다린 뒤", "첫 글, 메시징", "답변에 이어, 메시징"]
            {
                let label = format!("{label} · {setting}");
                assert!(labels(section).contains(&label.as_str()), "{label} is not in\n{section}");
            }
        }
    }
}

#[test]
fn the_preview_has_what_the_service_itself_sends_and_every_paragraph() {
    let preview = Place::new().run(&["macros", "preview"]);
    for (name, status, when) in [
        ("ask_again", "대기", "고객의 답변이 분명하지 않을 때"),
        ("reminder", "대기", "고객의 답변이 늦어질 때"),
        ("closed_silent", "해결", "끝내 답변이 없을 때"),
        ("follow_up", "해결", "처리가 끝난 뒤 고객이 다른 것을 물을 때"),
    ] {
        let section = section(&preview.out, name);
        assert!(section.contains(&format!("\n티켓 상태 {status} · {when} 보냅니다\n")), "{section}");
        assert!(section.contains("  │ 안녕하세요"), "{section}");
    }
    let files = shipped();
    for (name, _) in files.macros.paragraphs() {
        let own = section(&preview.out, name);
        if name.starts_with("question_") {
            assert!(own.contains("\n문단 · 질문: ") && !labels(own).is_empty(), "{own}");
            continue;
        }
        assert!(own.contains("\n문단 · 답하는 문의: ") && !own.contains("서비스가 쓰지 않음"), "{own}");
        assert!(labels(own).contains(&"작성자: 확인 안 됨 · 첫 글"), "{name}");
        let with = format!("작성자: 확인 안 됨 · 첫 글 + {name}");
        assert!(labels(section(&preview.out, "follow_up")).contains(&with.as_str()), "{with}");
    }
    // A reply with a place for paragraphs is shown without one and with one.
    for (name, found) in files.macros.iter().filter(|(name, _)| *name != "follow_up") {
        let with = labels(section(&preview.out, name)).iter().filter(|label| label.contains(" + ")).count();
        assert_eq!(with, usize::from(found.wording.takes_paragraphs()), "{name}");
    }
    for name in names() {
        assert!(section(&preview.out, &name).contains("  │ "), "{name} has no text in the preview");
    }
    assert!(preview.out.contains("영업일 3~5일 (카드사 반영 기간)"));
}

#[test]
fn a_closed_lot_and_the_airport_are_shown_where_their_rows_answer() {
    for (name, named, hidden) in [
        ("offer_coupon", "신촌 명물거리 주차장에 ", "서울 서대문구 창천동의 한 주차장에 "),
        ("airport_interim", "인천공항 제1여객터미널에 ", "인천 중구 운서동의 한 주차장에 "),
    ] {
        let preview = Place::new().run(&["macros", "preview", name]);
        for (ownership, place) in [("소유인증 안 됨", hidden), ("소유인증 완료", named)] {
            let (_, text) = preview.out.split_once(&format!("{ownership} · 첫 글]")).unwrap();
            assert!(text.split("\n[").next().unwrap().contains(place), "{ownership}: {}", preview.out);
        }
    }
}

#[test]
fn the_preview_of_one_macro_shows_the_lots_name_only_to_a_verified_owner() {
    let preview = Place::new().run(&["macros", "preview", "use_cancelled"]);
    assert_eq!(preview.out.matches("────────\n").count(), 2, "only one macro is shown: {}", preview.out);
    let (hidden, named) = preview.out.split_once("소유인증 완료").unwrap();
    assert!(
        hidden.contains("서울 강남구 역삼동의 한 주차장에 ") && !hidden.contains("강남 센트럴타워 주차장"),
        "{hidden}"
    );
    assert!(named.contains("강남 센트럴타워 주차장에 "), "{named}");
}

#[test]
fn a_macro_that_does_not_exist_is_answered_with_those_that_do() {
    let preview = Place::new().run(&["macros", "preview", "refunded"]);
    assert_eq!(preview.code, Some(2));
    for name in names() {
        assert!(preview.err.contains(&name), "{}", preview.err);
    }
}
