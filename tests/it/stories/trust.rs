//! Three degrees of trust, by row: in shadow, released by an agent, automatic.

use misread::domain::case::{Ending, Rest};
use misread::domain::parking::UseStatus;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Compensation, Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

/// The shipped policy with one more line in the row that cancels payments.
fn completed_open(trust: &str) -> impl FnOnce(&str) -> String {
    let line = format!("id = \"completed_open\"\ntrust = \"{trust}\"\n");
    move |policy| policy.replacen("id = \"completed_open\"\n", &line, 1)
}

pub(super) fn all(trust: &str) -> impl FnOnce(&str) -> String {
    let line = format!("trust = \"{trust}\"");
    move |policy| policy.replacen("trust = \"auto\"\n", &format!("{line}\n"), 1)
}

#[tokio::test]
async fn a_row_in_shadow_only_notes_what_it_would_do_and_say() {
    let world = World::with_policy(completed_open("shadow")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    for words in ["참관", "결제취소 → 기기 점검 요청", "영업일 3~5일", "발송되지 않음"]
    {
        assert!(note.contains(words), "`{words}` is missing in: {note}");
    }
    let fields = world.ticket(id).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::New, None), "routing stays as it was");
    assert_eq!(world.case(id).await.rest, Some(Rest::Ended(Ending::Shadowed)));
}

#[tokio::test]
async fn one_line_puts_the_whole_policy_into_shadow_hand_overs_and_questions_too() {
    let world = World::with_policy(all("shadow")).await;
    for title in [PAID, "이용 건을 찾지 못함", "본인 확인이 안 된 문의자", "인천공항 결제 완료"]
    {
        let id = world.open(&world.story(title));
        world.until_idle().await;
        assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 0), "{title}");
        let [note] = world.notes(id).try_into().unwrap();
        assert!(note.contains("참관"), "{title}: {note}");
        assert_eq!(world.ticket(id).fields.group_id, None, "{title}");
    }
}

#[tokio::test]
async fn a_row_on_assist_waits_for_an_agents_release_and_then_does_what_the_note_said() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("misread_release") && note.contains("영업일 3~5일"), "{note}");
    assert!(world.stands(id, "misread_prepared").1);
    assert_eq!(world.state(id).await, CaseState::Waiting);

    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let [reply] = world.replies(id).try_into().unwrap();
    assert!(note.contains(&reply.lines().nth(2).unwrap().to_owned()), "what was released is what was sent");
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    let tags = world.ticket(id).fields.tags;
    assert!(!tags.contains("misread_prepared") && !tags.contains("misread_release"), "{tags:?}");
}

#[tokio::test]
async fn a_bare_word_is_prepared_and_nothing_is_told_or_done_before_an_agent_releases_it() {
    let (world, id) = World::opened("차량번호만 아는 사람이").await;
    world.customer_says(id, "네").await;
    assert_eq!(world.actions(id), []);
    let [question] = world.replies(id).try_into().unwrap();
    assert!(!question.contains("무역센터") && !question.contains("9,500원"), "{question}");
    let note = world.notes(id).pop().unwrap();
    for words in
        ["승인 대기", "본인이라는 답변뿐", "연결된 앱 계정이 없음", "misread_release", "영업일 3~5일"]
    {
        assert!(note.contains(words), "`{words}` is missing in: {note}");
    }
    assert_eq!(world.stands(id, "misread_prepared"), (TicketStatus::Open, true));
    assert_eq!(world.state(id).await, CaseState::Waiting);
    for _ in 0..4 {
        world.hours_later(30).await;
    }
    assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 1), "time releases nothing");

    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.ending(id).await), (2, Ending::Settled));
}

#[tokio::test]
async fn a_release_that_no_person_gave_releases_nothing() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let tag = AgentUpdate::tags(&["misread_release"]);
    world.sandbox.zendesk.automation_changes(id, "태그 정리", tag).unwrap();
    world.wake(id, "given_back").await;
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
}

#[tokio::test]
async fn what_has_changed_since_it_was_prepared_is_prepared_anew() {
    let world = World::with_policy(all("assist")).await;
    let id = world.open(&world.story("제휴 주차장 이용 중"));
    world.until_idle().await;
    assert!(world.notes(id)[0].contains("픽 취소"));
    // The car leaves before the agent reads the ticket.
    let use_id = world.story("제휴 주차장 이용 중").uses[0].id.clone();
    world
        .sandbox
        .parking
        .alter_use(&use_id, |parking_use| {
            parking_use.status = misread::domain::parking::UseStatus::Completed;
            parking_use.exited_at = Some(parking_use.entered_at);
            parking_use.amount = Some(misread::domain::parking::Won(3_000));
        })
        .unwrap();
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [], "the release was for something else");
    let notes = world.notes(id);
    assert!(notes.len() == 2 && notes[1].contains("결제취소"), "{notes:?}");
    assert!(!world.stands(id, "misread_release").1, "the old release is taken off");
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.replies(id).len(), 1);
}

#[tokio::test]
async fn an_agent_may_write_to_the_ticket_before_releasing() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "확인했습니다.", false).unwrap();
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn a_release_counts_only_for_the_very_words_that_the_agent_read() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let use_id = world.story(PAID).uses[0].id.clone();
    let dearer = misread::domain::parking::Won(9_900);
    world.sandbox.parking.alter_use(&use_id, |parking_use| parking_use.amount = Some(dearer)).unwrap();
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [], "the agent has released another amount");
    assert!(world.notes(id)[1].contains("9,900원"), "{:?}", world.notes(id));
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert!(world.replies(id)[0].contains("9,900원"));
}

#[tokio::test]
async fn a_release_survives_a_crash_between_its_actions() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let busy = misread::sandbox::faults::Fault::unavailable(Some(60));
    world.sandbox.parking.faults().inject(misread::sandbox::faults::FaultRule::once(
        "POST",
        "/inspections",
        busy,
    ));
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 2));
}

#[tokio::test]
async fn a_question_that_is_asked_again_is_released_in_the_words_that_are_sent() {
    let world = World::with_policy(all("assist")).await;
    let id = world.open(&world.story("본인 확인이 안 된 문의자"));
    world.until_idle().await;
    world.agent_tags(id, "misread_release").await;
    world.customer_says(id, "글쎄요").await;
    let note = world.notes(id).pop().unwrap();
    world.agent_tags(id, "misread_release").await;
    let again = world.replies(id).pop().unwrap();
    assert!(again.contains("다시 한번 여쭙니다") && note.contains(&again), "{again}\n{note}");
}

#[tokio::test]
async fn a_payment_is_looked_for_on_assist_too_and_what_follows_from_it_is_released() {
    let world = World::with_policy(all("assist")).await;
    let story = world.story("폐점한 주차장 미수");
    let id = world.open(&story);
    world.until_idle().await;
    world.agent_tags(id, "misread_release").await;
    assert!(world.replies(id)[0].contains("먼저 결제해 주시면"));
    for _ in 0..3 {
        world.hours_later(6).await;
    }
    assert_eq!(world.notes(id).len(), 2, "there is nothing to release while the payment is awaited");
    world.sandbox.parking.alter_use(&story.uses[0].id, |paid| paid.status = UseStatus::Completed).unwrap();
    world.hours_later(6).await;
    assert!(world.notes(id)[2].contains("misread_release"), "{:?}", world.notes(id));
    assert_eq!(world.actions(id), []);
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Compensation]);
}

#[tokio::test]
async fn what_the_customer_adds_before_any_row_fired_is_only_noted_in_shadow() {
    let world = World::with_policy(completed_open("shadow")).await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.customer_comments(id, "영수증 보내주세요").unwrap();
    world.until_idle().await;
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("참관") && note.contains("고객님이 글을 더 남기셨습니다"), "{note}");
    let fields = world.ticket(id).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::New, None), "routing stays as it was");
    assert_eq!(world.ending(id).await, Ending::Shadowed);
}

#[tokio::test]
async fn a_release_that_comes_before_the_note_is_known_to_be_there_is_not_slept_through() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::AnswerLost));
    world.step().await;
    assert!(world.notes(id)[0].contains("misread_release"));
    world.pass(std::time::Duration::from_secs(3));
    let released = AgentUpdate::tags(&["misread_release"]);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, released).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 2));
}

#[tokio::test]
async fn a_denial_is_passed_over_by_no_release_and_no_give_back() {
    let world = World::with_policy(completed_open("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    world.customer_says(id, "본인 아니에요").await;
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [], "the customer says that the account is not theirs");
    assert_eq!(world.replies(id), [""; 0]);
    assert!(world.notes(id)[1].contains("상담 이관"), "{:?}", world.notes(id));
}
