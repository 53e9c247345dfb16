//! The comparison must notice whatever happens twice, not at all, or to somebody else.

use std::collections::BTreeMap;

use super::differences;
use crate::app::demo::Demo;
use crate::config;
use crate::domain::ids::UseId;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_twice_or_not_at_all_or_to_somebody_else_is_told_with_its_ticket() {
    let mut demo = Demo::play(config::load_files(&BTreeMap::new()).unwrap()).await.unwrap();
    assert_eq!(demo.differences(), Vec::<String>::new());
    // The first customer had cancelled: one inspection, nothing else.
    let ticket = demo.tales[0].case.ticket_id;
    let mut actions = demo.sandbox.parking.actions();
    actions.sort_by_key(|action| action.ticket_id != ticket.to_string());
    let receipts = format!("티켓 {ticket}: 기록의 접수번호와 주차 시스템의 접수번호가 다름");

    let twice = [&actions[..], &actions[..1]].concat();
    let told =
        format!("티켓 {ticket}: 처리는 [기기 점검 요청]이어야 하는데 [기기 점검 요청, 기기 점검 요청]");
    assert_eq!(differences(&demo.tales, &twice), [told, receipts.clone()]);

    let told = format!("티켓 {ticket}: 처리는 [기기 점검 요청]이어야 하는데 []");
    assert_eq!(differences(&demo.tales, &actions[1..]), [told, receipts]);

    let mut elsewhere = actions.clone();
    elsewhere[0].use_id = UseId::new("use-9999".to_owned());
    let told = format!("티켓 {ticket}: 다른 고객의 이용 건 use-9999을 처리함");
    assert_eq!(differences(&demo.tales, &elsewhere), [told]);

    let mut stranger = twice;
    stranger.last_mut().unwrap().ticket_id = "99999".to_owned();
    let told = "티켓 99999: 데모에 없는 티켓인데 [기기 점검 요청]";
    assert_eq!(differences(&demo.tales, &stranger), [told]);

    let reply = demo.tales[0].replies[0].clone();
    demo.tales[0].replies.push(reply);
    demo.tales[0].notes.clear();
    let told = [
        format!("티켓 {ticket}: 공개 답변 1건이어야 하는데 2건"),
        format!("티켓 {ticket}: 내부 메모 1건이어야 하는데 0건"),
    ];
    assert_eq!(demo.differences(), told);
    demo.end().await;
}
