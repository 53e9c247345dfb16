//! A configuration that becomes active while cases are worked on.

use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::domain::policy::Policy;
use misread::domain::reply::Macros;
use misread::domain::words::{Answer, Asked, Question, Words};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;

use crate::world::World;
use crate::world::crash_point::CrashPoint;

const PAID: &str = "결제 완료, 소유인증 완료";
const POLICY: &str = include_str!("../../../config/policy.toml");

/// A policy with the decisions of the shipped one under another hash.
fn edited() -> Policy {
    Policy::parse(&format!("{POLICY}\n# edited\n")).unwrap()
}

/// The hashes of the policies of a ticket's decisions, in order.
async fn decided_by(world: &World, id: TicketId) -> Vec<String> {
    let decided = |entry| match entry {
        Entry::Decided { decision } => Some(decision.policy),
        _ => None,
    };
    world.journal(id).await.into_iter().filter_map(decided).collect()
}

#[tokio::test]
async fn a_case_under_way_keeps_its_policy_and_the_next_has_the_new_one() {
    let world = World::new().await;
    let crash_point = CrashPoint::after(5);
    let worker = world.worker_with(|parts| crash_point.into_parts(parts));
    let under_way = world.open(&world.story(PAID));
    world.sandbox.zendesk.deliver_webhooks().await;
    let working = tokio::spawn({
        let worker = worker.clone();
        async move { worker.work_off().await }
    });
    crash_point.reached().await;
    let activated = world.reload(|files| files.policy = edited());
    assert_ne!(activated.policy, activated.policy_before);
    crash_point.thaw();
    working.await.unwrap();
    assert_eq!(decided_by(&world, under_way).await, [activated.policy_before]);
    assert_eq!(world.actions(under_way), [Refund, Inspection]);

    let next = world.open(&world.story("결제 완료, 번호판을 적지 않음"));
    world.live_with(&worker).await;
    assert_eq!(decided_by(&world, next).await, [activated.policy]);
}

#[tokio::test]
async fn macros_tags_and_words_are_the_new_ones_and_groups_the_old() {
    let world = World::new().await;
    let activated = world.reload(|files| {
        let mut macros = shipped_macros();
        for (_, text) in &mut macros {
            *text = text.replace("감사합니다.", "고맙습니다.");
        }
        files.macros = Macros::parse(&macros).unwrap();
        files.settings.zendesk.done_tag = "answered_by_misread".to_owned();
        files.settings.zendesk.groups.agents = Some(1);
        let words = include_str!("../../../config/words.toml");
        let words = words.replacen("\"네\", \"넵\"", "\"네\", \"누가봐도그러하오\", \"넵\"", 1);
        files.words = Words::parse(&words).unwrap();
    });
    assert_eq!(activated.policy, activated.policy_before);
    assert_eq!(activated.needs_restart, [""; 0]);
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let [reply] = world.replies(id).try_into().unwrap();
    assert!(reply.contains("고맙습니다.") && !reply.contains("감사합니다."), "{reply}");
    assert!(world.ticket(id).fields.tags.contains("answered_by_misread"));
    let playbook = world.service.worker().parts().playbook.get();
    let reading = playbook.words.read(&Asked::of(&[Question::Identity]), "누가봐도그러하오");
    assert_eq!(reading.answers[&Question::Identity], Answer::Yes);
    let handed_over = world.open(&world.story("이용 건을 찾지 못함"));
    world.until_idle().await;
    assert_eq!(world.ticket(handed_over).fields.group_id, Some(ACCOUNT.agents_group));
}

fn shipped_macros() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/macros");
    let read = |entry: std::fs::DirEntry| {
        let stem = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
        (stem, std::fs::read_to_string(entry.path()).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}
