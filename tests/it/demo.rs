//! The demo's comparison must detect anything that happens twice, not at all, in the wrong turn, to another customer, or with
//! another end.

use std::collections::BTreeMap;

use misread::config;
use misread::demo::{Demo, Tale, differences};
use misread::domain::case::WriteKind;
use misread::domain::ids::UseId;
use misread::domain::parking::CompensationKind;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::parking::DoneAction;
use misread::sandbox::seed::ACCOUNT;

async fn played() -> Demo {
    let demo = Demo::play(config::load_files(&BTreeMap::new()).unwrap()).await.unwrap();
    assert!(demo.as_told, "the files are the built-in ones");
    assert_eq!(demo.differences(), Vec::<String>::new());
    demo
}

/// The differences of a ticket, without its number.
fn told(demo: &Demo, actions: &[DoneAction], place: usize) -> Vec<String> {
    let ticket = format!("티켓 {}: ", demo.tales[place].case.ticket_id);
    let all = differences(&demo.tales, actions, true);
    all.iter().map(|one| one.strip_prefix(&ticket).expect("it is about this ticket").to_owned()).collect()
}

/// The index of the story with this prefix of the title.
fn place(demo: &Demo, title: &str) -> usize {
    demo.tales.iter().position(|tale| tale.story.title.starts_with(title)).unwrap()
}

fn of_ticket(demo: &Demo, place: usize) -> (Vec<DoneAction>, Vec<DoneAction>) {
    let ticket = demo.tales[place].case.ticket_id.to_string();
    demo.sandbox.parking.actions().into_iter().partition(|action| action.ticket_id == ticket)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actions_that_happened_twice_or_not_at_all_or_to_another_customer_are_told_with_ticket_and_turn() {
    let demo = played().await;
    // The first customer had cancelled: one inspection, nothing else.
    let (own, others) = of_ticket(&demo, 0);
    assert_eq!(own.len(), 1);
    let with = |own: &[DoneAction]| [&others[..], own].concat();
    let receipts = "차례 1: 기록의 접수번호와 주차 시스템의 접수번호가 다름";

    let twice = [&own[..], &own[..]].concat();
    assert_eq!(
        told(&demo, &with(&twice), 0),
        [
            "차례 1: 처리는 [기기 점검 요청]이어야 하는데 [기기 점검 요청, 기기 점검 요청]",
            receipts,
            "이야기에서 처리는 [기기 점검 요청]인데 [기기 점검 요청, 기기 점검 요청]"
        ]
    );
    assert_eq!(
        told(&demo, &with(&[]), 0),
        [
            "차례 1: 처리는 [기기 점검 요청]이어야 하는데 []",
            receipts,
            "이야기에서 처리는 [기기 점검 요청]인데 []"
        ]
    );
    let mut elsewhere = own.clone();
    elsewhere[0].use_id = UseId::new("use-9999");
    assert_eq!(told(&demo, &with(&elsewhere), 0), ["다른 고객의 이용 건 use-9999을 처리함"]);
    let mut again = own.clone();
    again[0].key = "another key".to_owned();
    let unknown = told(&demo, &with(&[&own[..], &again].concat()), 0);
    assert_eq!(unknown[0], "기록에 없는 처리 [기기 점검 요청]");

    let mut stranger = own.clone();
    stranger[0].ticket_id = "99999".to_owned();
    let all = differences(&demo.tales, &[with(&own), stranger].concat(), true);
    assert_eq!(all, ["티켓 99999: 데모에 없는 티켓인데 [기기 점검 요청]"]);
    demo.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_conversation_the_turn_counts_and_points_are_no_coupon() {
    let mut demo = played().await;
    let airport = place(&demo, "인천공항 결제 완료");
    let actions = demo.sandbox.parking.actions();
    // A refund before the call to the airport.
    let [first, second] = demo.tales[airport].turns.as_mut_slice() else { panic!("two turns") };
    first.actions.append(&mut second.actions);
    let early = told(&demo, &actions, airport);
    assert_eq!(early[0], "차례 1: 처리는 []이어야 하는데 [결제취소, 보전처리, 기기 점검 요청]");
    assert_eq!(early[1], "차례 2: 처리는 [결제취소, 보전처리, 기기 점검 요청]이어야 하는데 []");
    let [first, second] = demo.tales[airport].turns.as_mut_slice() else { panic!("two turns") };
    second.actions.append(&mut first.actions);

    let coupon = place(&demo, "폐점한 주차장 결제 완료");
    let (mut own, others) = of_ticket(&demo, coupon);
    own[0].compensation.as_mut().unwrap().kind = CompensationKind::Points;
    assert_eq!(
        told(&demo, &[others, own].concat(), coupon),
        [
            "차례 2: 처리는 [쿠폰 지급]이어야 하는데 [T포인트 지급]",
            "이야기에서 처리는 [쿠폰 지급]인데 [T포인트 지급]"
        ]
    );
    demo.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_and_notes_are_counted_by_turn_and_the_end_is_the_storys() {
    let mut demo = played().await;
    let actions = demo.sandbox.parking.actions();
    let with = |demo: &mut Demo, change: fn(&mut Tale)| {
        change(&mut demo.tales[0]);
        told(demo, &actions, 0)
    };
    let twice = with(&mut demo, |tale| tale.replies.push(tale.replies[0].clone()));
    assert_eq!(twice, ["공개 답변 1건이어야 하는데 2건", "이야기에서 공개 답변은 1건인데 2건"]);
    demo.tales[0].replies.pop();
    let silent = with(&mut demo, |tale| tale.notes.clear());
    assert_eq!(silent, ["내부 메모 1건이어야 하는데 0건"]);
    // Journal and ticket agree on two notes, but one turn wrote both.
    let spoken_twice = with(&mut demo, |tale| {
        tale.notes.extend(tale.replies.iter().cloned().cycle().take(2));
        let note = tale.turns[0].writes.iter().find(|written| written.kind == WriteKind::Note).cloned();
        tale.turns[0].writes.extend(note);
    });
    assert_eq!(spoken_twice, ["차례 1: 내부 메모 2건"]);
    demo.tales[0].notes.pop();
    demo.tales[0].turns[0].writes.pop();
    assert_eq!(told(&demo, &actions, 0), [""; 0]);

    let unsaid = with(&mut demo, |tale| tale.replies[0].body = "안내해 드렸습니다.".to_owned());
    assert_eq!(unsaid, ["이야기에서 1번째 공개 답변은 ‘앱에서 이미 취소’을(를) 알려야 하는데 그 말이 없음"]);
    demo.tales[0].replies[0].body = "앱에서 이미 취소하셨습니다.".to_owned();

    let ended = with(&mut demo, |tale| {
        tale.ticket.fields.status = TicketStatus::Open;
        tale.ticket.fields.group_id = Some(ACCOUNT.agents_group);
    });
    assert_eq!(ended, ["이야기에서 상태는 Solved인데 Open", "이야기에서 그룹은 없음인데 일반 상담"]);
    assert_eq!(
        differences(&demo.tales, &actions, false),
        [""; 0],
        "under another policy it may end otherwise"
    );
    demo.end().await;
}
