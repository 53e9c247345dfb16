//! `misread macros diff | push | pull`: files and account are synchronised, and no person's changes are lost.

use std::fs;
use std::time::Duration;

use misread::domain::rule::RuleAction;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::zendesk::Macro;
use misread::testbed::sandbox::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET};
use reqwest::Method;
use serde_json::{Value, json};

use super::process::{ACCOUNT_IDS, Ended, Place};
use crate::world::World;
use crate::world::account_macros::from_the_account;

const NAME: &str = "payment_cancelled";
const FILE: &str = "config/macros/payment_cancelled.toml";
const BYE: &str = "카카오 T 고객센터 드림";

/// An account, and a folder of files whose owner may change the account.
struct Helpdesk {
    world: World,
    place: Place,
}

impl Helpdesk {
    async fn set() -> Self {
        let world = World::new().await;
        let mut place = Place::new();
        place.copy_config(ACCOUNT_IDS);
        for (name, value) in [
            ("MISREAD_CONFIG", "config"),
            ("MISREAD_DEVELOPMENT", "1"),
            ("MISREAD_ZENDESK_URL", world.sandbox.zendesk_url.as_str()),
            ("MISREAD_ZENDESK_ADMIN_CLIENT_ID", ADMIN_CLIENT_ID),
            ("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET", ADMIN_CLIENT_SECRET),
        ] {
            place.set(name, value);
        }
        Self { world, place }
    }

    /// The same after a push of everything.
    async fn pushed() -> Self {
        let mut desk = Self::set().await;
        let pushed = desk.macros(&["push", "--yes"]);
        assert_eq!(pushed.code, Some(0), "{pushed:?}");
        desk.world.pass(Duration::from_mins(1));
        desk
    }

    fn macros(&mut self, arguments: &[&str]) -> Ended {
        self.place.run(&[&["macros"], arguments].concat())
    }

    fn file(&self) -> String {
        fs::read_to_string(self.place.path(FILE)).unwrap()
    }

    fn reword_file(&self, to: &str) {
        self.place.replace(FILE, BYE, to);
    }

    fn account_text(&self) -> String {
        let found = self.world.account_macro(NAME).actions.into_iter();
        let comment = found.into_iter().find(|action| action.field.starts_with("comment_value")).unwrap();
        comment.value.as_str().unwrap().to_owned()
    }

    fn all_macros(&self) -> Vec<Macro> {
        self.world.sandbox.zendesk.macros()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_put_into_an_account_after_they_were_shown_and_once() {
    let mut desk = Helpdesk::set().await;
    let others = vec![RuleAction::new("comment_value", "남의 것")];
    desk.world.sandbox.zendesk.add_macro("환불::안내", others).unwrap();
    let before = desk.all_macros();
    let shown = desk.macros(&["push"]);
    assert_eq!((shown.code, desk.all_macros() == before), (Some(3), true), "{shown:?}");
    assert!(shown.out.contains("payment_cancelled: 계정에 없음"), "{}", shown.out);
    assert!(shown.out.ends_with("아무것도 바꾸지 않았습니다.\n"), "{}", shown.out);
    let pushed = desk.macros(&["push", "--yes"]);
    assert_eq!((pushed.code, desk.all_macros().len()), (Some(0), 28), "{pushed:?}");
    assert!(pushed.out.contains("payment_cancelled: 계정에 올렸습니다."), "{}", pushed.out);
    let found = desk.world.account_macro(NAME);
    assert!(found.active && found.description.unwrap().starts_with("본인 미사용::결제취소 완료"));
    assert!(desk.all_macros().contains(&before[0]), "nobody else's macro was touched");

    let all = desk.all_macros();
    let again = desk.macros(&["push", "--yes"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), "계정에 올릴 것이 없습니다.\n"));
    let same = desk.macros(&["diff"]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (Some(0), "글 27개 가운데 27개가 파일과 계정에서 같습니다.\n")
    );
    assert_eq!(desk.all_macros(), all);
    let service = desk.world.replica_with(from_the_account).await;
    assert!(service.read_macros().await);
    let told: Value = service.readiness().await.json().await.unwrap();
    assert_eq!(told["macros"]["warnings"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_in_the_account_is_not_overwritten_and_can_be_pulled() {
    let mut desk = Helpdesk::pushed().await;
    desk.world.reword_macro(NAME, BYE, "고맙습니다.").await;
    let edited = desk.account_text();
    let log = desk.world.admin(Method::GET, "/api/v2/audit_logs", Value::Null).await;
    let who = log["audit_logs"][0]["actor_name"].as_str().unwrap().to_owned();

    let diff = desk.macros(&["diff"]);
    assert_eq!(diff.code, Some(3));
    for line in [
        "payment_cancelled: 계정에서 바뀜\n",
        &format!(", 2026-11-20 14:01 {who} 수정\n"),
        "  - 카카오 T 고객센터 드림\n  + 고맙습니다.\n",
        "글 27개 가운데 26개가",
    ] {
        assert!(diff.out.contains(line), "`{line}` is not in {}", diff.out);
    }
    let refused = desk.macros(&["push", "--yes"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    let reason = "payment_cancelled: 그대로 둡니다. 마지막 push·pull 뒤에 계정에서 바꾸었습니다 (--force";
    assert!(refused.out.contains(reason) && refused.out.contains(&who), "{}", refused.out);
    assert_eq!(desk.account_text(), edited);

    let before = desk.file();
    let asked = desk.macros(&["pull"]);
    assert_eq!((asked.code, desk.file() == before), (Some(3), true), "{asked:?}");
    let pulled = desk.macros(&["pull", "--yes"]);
    assert_eq!(pulled.code, Some(0), "{pulled:?}");
    let (head, _) = before.split_once("[actions]").unwrap();
    assert!(desk.file().starts_with(head), "head and comments stay: {}", desk.file());
    assert!(desk.file().contains("고맙습니다.") && !desk.file().contains(BYE));
    assert_eq!(desk.macros(&["diff"]).code, Some(0));
    assert_eq!(desk.macros(&["pull", "--yes"]).out, "파일로 가져올 것이 없습니다.\n");
    assert_eq!(desk.macros(&["push", "--yes"]).out, "계정에 올릴 것이 없습니다.\n");
    desk.reword_file_from("고맙습니다.", "다시 감사드립니다.");
    let pushed = desk.macros(&["push", NAME, "--yes"]);
    assert_eq!(pushed.code, Some(0), "the pulled text is what the next push begins with: {pushed:?}");
    assert!(desk.account_text().contains("다시 감사드립니다."));
}

impl Helpdesk {
    fn reword_file_from(&self, from: &str, to: &str) {
        self.place.replace(FILE, from, to);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_in_the_file_alone_is_pushed_and_not_pulled_over() {
    let mut desk = Helpdesk::pushed().await;
    desk.reword_file("고맙습니다.");
    let kept = desk.macros(&["pull", "--yes"]);
    assert_eq!(kept.code, Some(3), "{kept:?}");
    assert!(kept.out.contains("그대로 둡니다. 마지막 push·pull 뒤에 파일만 바뀌었습니다"), "{}", kept.out);
    assert!(desk.file().contains("고맙습니다."));
    let pushed = desk.macros(&["push", "--yes"]);
    assert_eq!(pushed.code, Some(0), "{pushed:?}");
    assert!(pushed.out.contains("payment_cancelled: 파일이 바뀜"), "{}", pushed.out);
    assert!(desk.account_text().contains("고맙습니다."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_on_both_sides_is_carried_over_by_force_alone() {
    let mut desk = Helpdesk::pushed().await;
    desk.reword_file("파일에서 감사드립니다.");
    desk.world.reword_macro(NAME, BYE, "계정에서 감사드립니다.").await;
    let refused = desk.macros(&["push", "--yes"]);
    assert_eq!((refused.code, desk.account_text().contains("계정에서")), (Some(3), true), "{refused:?}");
    let forced = desk.macros(&["push", "--yes", "--force"]);
    assert_eq!((forced.code, desk.account_text().contains("파일에서")), (Some(0), true), "{forced:?}");
    // Another person's folder has no record of what was pushed from here.
    fs::remove_file(desk.place.path("config/macros/account.json")).unwrap();
    desk.reword_file_from("파일에서 감사드립니다.", "다른 곳에서 감사드립니다.");
    let unknown = desk.macros(&["push", "--yes"]);
    assert_eq!((unknown.code, desk.account_text().contains("파일에서")), (Some(3), true), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_macro_is_told_and_never_becomes_a_file() {
    let mut desk = Helpdesk::pushed().await;
    desk.world.reword_macro(NAME, "{{ parking.amount }}", "{{ parking.price }}").await;
    let before = desk.file();
    let diff = desk.macros(&["diff", NAME]);
    assert!(
        diff.out.contains("  잘못됨: 글의 15번째 줄: 자리표시자 `parking.price`은(는) 없습니다"),
        "{diff:?}"
    );
    let pulled = desk.macros(&["pull", "--yes", "--force"]);
    assert_eq!((pulled.code, desk.file() == before), (Some(3), true), "{pulled:?}");
    assert!(pulled.out.contains("그대로 둡니다. 계정의 매크로에 잘못된 곳이 있습니다"), "{pulled:?}");
    let forced = desk.macros(&["push", "--yes", "--force"]);
    assert_eq!(forced.code, Some(0), "{forced:?}");
    assert!(!desk.account_text().contains("parking.price"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_the_editor_made_html_of_is_pulled_as_text() {
    let mut desk = Helpdesk::pushed().await;
    let text = desk.account_text();
    let html: Vec<String> =
        text.split("\n\n").map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect();
    desk.world.edit_macro(NAME, "comment_value", Value::Null).await;
    let html = html.concat().replace(BYE, "고맙습니다.");
    desk.world.edit_macro(NAME, "comment_value_html", json!(html)).await;
    let pulled = desk.macros(&["pull", "--yes"]);
    assert_eq!(pulled.code, Some(0), "{pulled:?}");
    assert!(desk.file().contains("고맙습니다.") && !desk.file().contains("<p>"), "{}", desk.file());
    assert_eq!(desk.macros(&["diff"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_or_switched_off_comes_back_by_force_alone() {
    let mut desk = Helpdesk::pushed().await;
    let path = format!("/api/v2/macros/{}", desk.world.account_macro(NAME).id);
    desk.world.change_macro(desk.world.account_macro(NAME).id, json!({ "active": false })).await;
    desk.reword_file("고맙습니다.");
    let refused = desk.macros(&["push", "--yes"]);
    assert!(refused.out.contains("그대로 둡니다. 계정에서 꺼 두었습니다"), "{refused:?}");
    desk.world.admin(Method::DELETE, &path, Value::Null).await;
    let refused = desk.macros(&["push", "--yes"]);
    assert_eq!((refused.code, desk.all_macros().len()), (Some(3), 26), "{refused:?}");
    assert!(refused.out.contains("계정에서 삭제했거나 제목을 바꾸었습니다"), "{}", refused.out);
    let forced = desk.macros(&["push", "--yes", "--force"]);
    assert_eq!((forced.code, desk.all_macros().len()), (Some(0), 27), "{forced:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_that_was_cut_off_is_finished_by_the_next() {
    let mut desk = Helpdesk::set().await;
    // The macro is created, but its response is lost.
    let faults = desk.world.sandbox.zendesk.faults().clone();
    faults.inject(FaultRule::once("POST", "/api/v2/macros", Fault::AnswerLost));
    let cut_off = desk.macros(&["push", "--yes"]);
    assert_eq!((cut_off.code, faults.struck()), (Some(3), 1), "{cut_off:?}");
    assert!(cut_off.out.contains(": 하지 못했습니다. the answer was lost"), "{}", cut_off.out);
    let again = desk.macros(&["push", "--yes"]);
    assert_eq!((again.code, desk.all_macros().len()), (Some(0), 27), "{again:?}");
    assert_eq!(desk.macros(&["diff"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_no_file_is_answered_with_those_that_are() {
    let mut desk = Helpdesk::set().await;
    let unknown = desk.macros(&["push", "refunded"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.err.contains("macros/refunded.toml 파일이 없습니다. 있는 것: airport_interim, "),
        "{unknown:?}"
    );
    desk.place.unset("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET");
    let no_right = desk.macros(&["diff"]);
    assert_eq!(no_right.code, Some(2));
    assert!(no_right.err.contains("the admin credentials for Zendesk are not complete"), "{no_right:?}");
}
