//! Lost webhooks: a search finds their tickets, which end as if the webhooks had come.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use misread::account::missed::{MissedQuery, StatusRange};
use misread::domain::case::{Entry, Occasion};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::{CallError, CaseState, FoundPage, Search};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, OperatorMakeGood, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{
    AgentUpdate, Chances, Conditions, InvocationStatus, RuleAction, RuleCondition, TicketSwitches,
    TriggerDefinition, WebhookSwitches,
};
use misread::worker::upkeep::{SweepParts, Sweeper};
use serde_json::json;

use super::authorship::over_the_api;
use super::crashes::{LIVES, Life, end, happen, runtime, undisturbed};
use crate::clock::ManualClock;
use crate::long;
use crate::world::World;

const STORY: &str = "결제 완료, 소유인증 완료";
/// The customer is asked for their identity.
const STRANGER: &str = "본인 확인이 안 된 문의자";

/// Runs the world until it rests, including sweeps; returns the number of cases that these woke.
async fn heal(world: &World) -> usize {
    let mut woken = 0;
    world.until_idle().await;
    loop {
        world.pass(Duration::from_mins(11));
        let found = world.sweep().await;
        world.until_idle().await;
        if found == 0 {
            return woken;
        }
        woken += found;
    }
}

async fn lived(world: &World, life: Life) -> (TicketId, usize) {
    let id = world.open(&world.story(life.story));
    let mut woken = heal(world).await;
    for incident in life.incidents {
        happen(world, life, id, *incident);
        woken += heal(world).await;
    }
    (id, woken)
}

fn drop_next(world: &World, drop_next: u32) {
    world.sandbox.zendesk.set_webhook_switches(WebhookSwitches { drop_next, ..WebhookSwitches::default() });
}

#[test]
fn with_every_fifth_webhook_lost_all_lives_end_as_if_none_were() {
    let (mut sent, mut lost) = (0, 0);
    let rounds = long::cases(2, 4);
    for (seed, (life, whole)) in (0..).zip(LIVES.iter().zip(undisturbed()).cycle().take(rounds * LIVES.len()))
    {
        runtime().block_on(async {
            let world = World::new().await;
            let chances = Chances { seed, drop_percent: 20, ..Chances::default() };
            world.sandbox.zendesk.set_webhook_switches(WebhookSwitches { chances, ..Default::default() });
            let (id, _) = lived(&world, *life).await;
            assert_eq!(&end(&world, id).await, whole, "seed {seed}, {life:?}");
            let invocations = world.sandbox.zendesk.invocations();
            sent += invocations.len();
            lost += invocations.iter().filter(|sent| sent.status == InvocationStatus::Dropped).count();
        });
    }
    assert!(lost * 100 > sent * 12, "{lost} of {sent} were lost");
}

#[test]
fn where_no_webhook_is_lost_a_sweep_wakes_no_case() {
    for (life, whole) in LIVES.iter().zip(undisturbed()) {
        runtime().block_on(async {
            let world = World::new().await;
            let (id, woken) = lived(&world, *life).await;
            assert_eq!((woken, &end(&world, id).await), (0, whole), "{life:?}");
        });
    }
}

#[tokio::test]
async fn a_ticket_is_looked_for_when_its_webhook_had_its_time_and_the_search_knows_of_it() {
    let world = World::new().await;
    let lag = TicketSwitches { search_lag: Duration::from_mins(12), ..TicketSwitches::default() };
    world.sandbox.zendesk.set_ticket_switches(lag);
    drop_next(&world, 1);
    let id = world.open(&world.story(STORY));
    world.until_idle().await;
    let mut woken = Vec::new();
    for _ in 0..4 {
        woken.push(world.sweep().await);
        world.pass(Duration::from_mins(10));
    }
    assert_eq!(woken, [0, 0, 1, 0]);
    world.until_idle().await;
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
}

#[tokio::test]
async fn a_give_back_in_the_second_of_the_services_last_write_is_found_when_its_webhook_is_lost() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    drop_next(&world, 1);
    let tag = AgentUpdate::tags(&["misread_airport_called"]);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tag).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    world.pass(Duration::from_mins(6));
    assert_eq!(world.sweep().await, 0, "it looks to be sure");
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    world.pass(Duration::from_mins(11));
    assert_eq!(world.sweep().await, 0);
}

#[tokio::test]
async fn a_webhook_that_comes_after_all_changes_nothing() {
    let world = World::new().await;
    let delay = WebhookSwitches { delay_seconds: 1_200, ..WebhookSwitches::default() };
    world.sandbox.zendesk.set_webhook_switches(delay);
    let id = world.open(&world.story(STORY));
    world.pass(Duration::from_mins(6));
    assert_eq!(world.sweep().await, 1);
    world.until_idle().await;
    let journal = world.journal(id).await.into_iter();
    let kinds =
        journal.filter_map(|entry| if let Entry::Woken { kind, .. } = entry { Some(kind) } else { None });
    assert_eq!(kinds.collect::<Vec<_>>(), ["sweep", "start"]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
}

#[tokio::test]
async fn one_of_several_services_sweeps_for_all() {
    let Some(world) = World::on_postgres().await else { return };
    let replica = world.replica().await;
    drop_next(&world, 1);
    let id = world.open(&world.story(STORY));
    world.pass(Duration::from_mins(6));
    // The service that took the turn fails; the other one does not search in its place.
    let fault = FaultRule::once("GET", "/search/export", Fault::bad_gateway_html());
    world.sandbox.zendesk.faults().inject(fault);
    assert_eq!([world.sweep().await, replica.sweep().await], [0, 0]);
    world.pass(Duration::from_mins(10));
    assert_eq!([replica.sweep().await, world.sweep().await], [1, 0]);
    replica.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_search_that_fails_is_tried_the_next_time() {
    let world = World::new().await;
    drop_next(&world, 1);
    let id = world.open(&world.story(STORY));
    world.pass(Duration::from_mins(6));
    let fault = FaultRule::once("GET", "/search/export", Fault::bad_gateway_html());
    world.sandbox.zendesk.faults().inject(fault);
    assert_eq!(world.sweep().await, 0);
    world.pass(Duration::from_mins(9));
    assert_eq!(world.sweep().await, 0, "it is not due yet");
    world.pass(Duration::from_mins(1));
    assert_eq!(world.sweep().await, 1);
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn of_many_lost_tickets_none_is_passed_over_and_each_is_settled_once() {
    let world = World::new().await;
    drop_next(&world, 250);
    let ids = super::crowds::crowd(&world, 250);
    world.pass(Duration::from_mins(6));
    assert_eq!(world.sweep().await, 250);
    world.until_idle().await;
    super::crowds::all_are_settled_once(&world, &ids).await;
    world.pass(Duration::from_mins(11));
    assert_eq!(world.sweep().await, 0);
}

#[tokio::test]
async fn a_case_that_is_stuck_is_left_to_people_who_have_its_ticket() {
    let world = World::new().await;
    let broken = FaultRule::once(
        "GET",
        "/uses",
        Fault::Status { status: 400, retry_after: None, body: "{}".to_owned() },
    );
    world.sandbox.parking.faults().inject(broken.times(7));
    let id = world.open(&world.story(STORY));
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
    world.pass(Duration::from_mins(11));
    assert_eq!(world.sweep().await, 0);
    world.sandbox.zendesk.customer_comments(id, "아직인가요?").unwrap();
    world.pass(Duration::from_mins(11));
    assert_eq!(world.sweep().await, 0, "the agents read it");
}

/// A rule of the account sets a ticket that the customer's message reopened back to pending; no person acts.
fn puts_back_to_pending(world: &World) {
    let condition = |field: &str, operator: &str, value: &str| RuleCondition {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: json!(value),
    };
    let all = vec![
        condition("update_type", "is", "Change"),
        condition("role", "is", "end_user"),
        condition("status", "is", "open"),
    ];
    let definition = TriggerDefinition {
        title: "대기로 되돌리기".to_owned(),
        active: true,
        conditions: Conditions { all, any: Vec::new() },
        actions: vec![RuleAction { field: "status".to_owned(), value: json!("pending") }],
    };
    world.sandbox.zendesk.add_trigger(definition).unwrap();
}

#[tokio::test]
async fn an_answer_in_a_ticket_that_a_rule_puts_back_to_pending_is_found_and_read() {
    let (world, id) = World::opened(STRANGER).await;
    puts_back_to_pending(&world);
    drop_next(&world, 1);
    world.customer_says(id, "네 맞아요").await;
    assert_eq!(world.sandbox.zendesk.invocations().last().unwrap().status, InvocationStatus::Dropped);
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    assert_eq!(world.sweep().await, 0, "its webhook may be on its way");
    world.pass(Duration::from_mins(10));
    assert_eq!(world.sweep().await, 1);
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    world.pass(Duration::from_mins(10));
    assert_eq!(world.sweep().await, 0);
}

#[tokio::test]
async fn what_is_written_to_a_settled_ticket_that_is_pending_all_the_same_is_found_too() {
    let (world, id) = World::opened(STORY).await;
    puts_back_to_pending(&world);
    drop_next(&world, 1);
    world.customer_says(id, "그런데 또 결제됐어요. 확인해 주세요").await;
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Pending, true));
    world.pass(Duration::from_mins(6));
    assert_eq!(world.sweep().await, 1);
    world.until_idle().await;
    let began = |entry: &Entry| matches!(entry, Entry::TurnBegan { occasion: Occasion::Customer, .. });
    assert!(world.journal(id).await.iter().any(began));
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
}

#[tokio::test]
async fn a_comment_that_a_program_adds_to_a_ticket_and_leaves_it_pending_is_found_when_its_webhook_is_lost() {
    let (world, id) = World::opened(STRANGER).await;
    drop_next(&world, 1);
    world.pass(Duration::from_mins(10));
    let requester = world.ticket(id).fields.requester_id;
    let comment = json!({ "body": "네, 맞아요", "public": true, "author_id": requester });
    over_the_api(&world, id, json!({ "comment": comment, "status": "pending" })).await;
    world.until_idle().await;
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    assert_eq!(world.replies(id).len(), 1);
    world.pass(Duration::from_mins(6));
    assert_eq!(world.sweep().await, 1);
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 2, "a program's words answer nothing: it is asked again");
}

#[tokio::test]
async fn an_answer_of_the_next_second_is_found_though_zendesks_clock_is_behind_ours() {
    let world = World::new().await;
    let ahead = world.with_another_clock(ManualClock::at("2026-11-20T05:00:20Z")).await;
    let id = world.open(&world.story(STRANGER));
    ahead.wake(id, "start").await;
    ahead.step().await;
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    world.pass(Duration::from_secs(5));
    world.sandbox.zendesk.customer_comments(id, "네 맞아요").unwrap();
    // The webhook goes to the other world: this service never receives it.
    for minutes in [2, 4] {
        world.pass(Duration::from_mins(minutes));
        ahead.pass(Duration::from_mins(minutes));
    }
    let known = ahead.service.store().cases(&[id]).await.unwrap()[0].updated_at;
    assert!(known > world.ticket(id).fields.updated_at, "by the clocks alone it would be old news");
    assert_eq!(ahead.sweep().await, 1);
    ahead.step().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

/// Records the queries; fails if the test says so.
#[derive(Debug, Default)]
struct Asked {
    told: Mutex<Vec<MissedQuery>>,
    fails: Mutex<bool>,
}

#[async_trait]
impl Search for Asked {
    async fn find(&self, told: &MissedQuery, _from: Option<&str>) -> Result<FoundPage, CallError> {
        self.told.lock().unwrap().push(told.clone());
        if *self.fails.lock().unwrap() && told.standing == StatusRange::Pending {
            return Err(CallError::Retry { after: None, reason: "502".to_owned() });
        }
        Ok(FoundPage { tickets: Vec::new(), next: None })
    }
}

#[tokio::test]
async fn of_pending_tickets_only_those_are_listed_that_changed_since_the_last_sweep_that_was_whole() {
    let world = World::new().await;
    let asked = Arc::new(Asked::default());
    let sweeper = Sweeper::new(SweepParts {
        ledger: world.service.store().clone(),
        search: asked.clone(),
        clock: world.clock.clone(),
        playbook: world.service.worker().parts().playbook.clone(),
        every: SignedDuration::from_mins(10),
    });
    let (begun, hour) = (world.now(), SignedDuration::from_hours(1));
    let mut bounds = Vec::new();
    for fails in [true, false, true, true, false, false] {
        *asked.fails.lock().unwrap() = fails;
        sweeper.look().await;
        let last = asked.told.lock().unwrap().pop().unwrap();
        assert_eq!(last.standing, StatusRange::Pending, "it comes last");
        bounds.push(last.changed_since.map(|since| (since + hour).duration_since(begun).as_mins()));
        world.pass(Duration::from_mins(10));
    }
    // The first complete sweep began after ten minutes, the next one after forty.
    assert_eq!(bounds, [None, None, Some(10), Some(10), Some(10), Some(40)]);
    let others = asked.told.lock().unwrap();
    assert!(others.iter().all(|told| told.only_waiting || told.changed_since.is_none()));
    // The same holds for tickets that wait for an agent.
    let of_agents = others.iter().filter(|told| told.only_waiting);
    let of_agents =
        of_agents.map(|told| told.changed_since.map(|since| (since + hour).duration_since(begun).as_mins()));
    assert_eq!(of_agents.collect::<Vec<_>>(), bounds);
}
