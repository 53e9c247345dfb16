//! Faults and crashes at any place: the world ends as if nothing had happened.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::{CaseState, Tickets};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, WebhookSwitches};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::long;
use crate::world::World;
use crate::world::crash_point::CrashPoint;

/// Everything that a customer, an agent or the parking system sees in the end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct End {
    actions: Vec<ActionKind>,
    replies: Vec<String>,
    notes: usize,
    status: TicketStatus,
    group: Option<i64>,
    tags: BTreeSet<String>,
    fields: String,
    state: CaseState,
    /// How many of the written texts count as the ticket's first reply.
    first_replies: u64,
}

/// One fault.
#[derive(Clone, Debug)]
enum Trouble {
    Zendesk(FaultRule),
    Parking(FaultRule),
}

/// One customer, and what people do each time the world rests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub(super) story: &'static str,
    pub(super) incidents: &'static [Incident],
}

/// What people do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Incident {
    Says(&'static str),
    Tags(&'static str),
    Pays,
    Nothing { hours: u64 },
}

use Incident::{Nothing, Pays, Says, Tags};

const REFUND: Life = Life { story: "결제 완료, 소유인증 완료", incidents: &[] };
const IN_USE: Life = Life { story: "제휴 주차장 이용 중", incidents: &[] };
const ASKED: Life = Life {
    story: "본인 확인이 안 된 문의자",
    incidents: &[Says("네 맞아요"), Says("감사합니다")],
};

pub(super) const LIVES: &[Life] = &[
    REFUND,
    IN_USE,
    ASKED,
    Life { story: "고객이 이미 앱에서 취소한 건", incidents: &[] },
    Life { story: "일 년 넘은 미수", incidents: &[Says("주차패스 해지하고 싶어요")] },
    Life { story: "이용 건을 찾지 못함", incidents: &[] },
    Life { story: "맞는 이용 건이 여럿", incidents: &[] },
    Life { story: "본인 확인이 안 된 문의자", incidents: &[Says("아니요")] },
    Life {
        story: "본인 확인이 안 된 문의자",
        incidents: &[Says("글쎄요 잘 모르겠네요"), Says("네 본인 맞습니다")],
    },
    Life {
        story: "본인 확인이 안 된 문의자", incidents: &[Nothing { hours: 25 }, Nothing { hours: 49 }]
    },
    Life { story: "폐점한 주차장 결제 완료", incidents: &[Says("네 쿠폰 받을게요")] },
    Life {
        story: "폐점한 주차장 결제 완료",
        incidents: &[Nothing { hours: 25 }, Says("아니요 쿠폰은 필요 없어요")],
    },
    Life {
        story: "폐점한 주차장 미수", incidents: &[Nothing { hours: 7 }, Pays, Nothing { hours: 7 }]
    },
    Life { story: "인천공항 결제 완료", incidents: &[Tags("misread_airport_called")] },
    Life {
        story: "인천공항 미수", incidents: &[Tags("misread_airport_called"), Says("감사합니다")]
    },
];

/// Runs one life with these faults. In each stretch of it, the worker is killed after each of these numbers of steps.
async fn end_of(life: Life, troubles: &[Trouble], crashes: &[u16], duplicate: bool) -> End {
    end_in(&World::new().await, life, troubles, crashes, duplicate).await
}

/// As [`end_of`], in a given world.
async fn end_in(world: &World, life: Life, troubles: &[Trouble], crashes: &[u16], duplicate: bool) -> End {
    let story = world.story(life.story);
    world.sandbox.zendesk.set_webhook_switches(WebhookSwitches { duplicate, ..WebhookSwitches::default() });
    for trouble in troubles {
        match trouble {
            Trouble::Zendesk(rule) => world.sandbox.zendesk.faults().inject(rule.clone()),
            Trouble::Parking(rule) => world.sandbox.parking.faults().inject(rule.clone()),
        }
    }
    let id = world.open(&story);
    live_and_crash(world, crashes).await;
    for incident in life.incidents {
        happen(world, life, id, *incident);
        live_and_crash(world, crashes).await;
    }
    end(world, id).await
}

/// Ten minutes later, a person does this.
pub(super) fn happen(world: &World, life: Life, id: TicketId, incident: Incident) {
    world.pass(Duration::from_mins(10));
    match incident {
        Says(text) => world.sandbox.zendesk.customer_comments(id, text).unwrap(),
        Tags(tag) => {
            let tag = AgentUpdate::tags(&[tag]);
            world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tag).unwrap();
        }
        Pays => world.sandbox.parking.pay(&world.story(life.story).uses[0].id).unwrap(),
        Nothing { hours } => world.pass(Duration::from_hours(hours)),
    }
}

async fn live_and_crash(world: &World, crashes: &[u16]) {
    for steps in crashes {
        let crash_point = CrashPoint::after(*steps);
        let worker = world.worker_with(|parts| crash_point.into_parts(parts));
        tokio::select! {
            () = world.live_with(&worker) => {}
            () = crash_point.reached() => world.clock.advance(Duration::from_secs(61)),
        }
    }
    world.until_idle().await;
}

/// How many of the written texts count as the ticket's first reply, by its journal.
async fn first_replies(world: &World, id: TicketId) -> u64 {
    let journal = world.journal(id).await;
    let is_one = |entry: &&Entry| {
        let Entry::Written { of, .. } = entry else { return false };
        let intention = journal.get(of.0 as usize - 1);
        matches!(intention, Some(Entry::Intended { first_since: Some(_), .. }))
    };
    journal.iter().filter(is_one).count() as u64
}

pub(super) async fn end(world: &World, id: TicketId) -> End {
    let ticket = world.ticket(id).fields;
    // The ledger has counted each of them, and none twice.
    let store = world.service.store();
    let mut of_all = 0;
    for one in store.tickets(Tickets::All, None, usize::MAX).await.unwrap() {
        of_all += first_replies(world, one).await;
    }
    let figures = store.figure_sums().await.unwrap();
    assert_eq!(figures.get("reply.first.count").copied().unwrap_or_default(), of_all);
    End {
        actions: world.actions(id),
        replies: world.replies(id),
        notes: world.notes(id).len(),
        status: ticket.status,
        group: ticket.group_id,
        tags: ticket.tags,
        fields: format!("{:?}", ticket.custom_fields),
        state: world.state(id).await,
        first_replies: first_replies(world, id).await,
    }
}

/// Runs one life in which the first worker freezes after this many steps, loses its claim, and continues after
/// everything is done.
async fn end_of_frozen(life: Life, steps: u16) -> End {
    let world = World::new().await;
    let id = world.open(&world.story(life.story));
    let crash_point = CrashPoint::after(steps);
    let worker = world.worker_with(|parts| crash_point.into_parts(parts));
    let mut frozen = std::pin::pin!(world.live_with(&worker));
    tokio::select! {
        () = &mut frozen => return end(&world, id).await,
        () = crash_point.reached() => world.clock.advance(Duration::from_secs(61)),
    }
    world.until_idle().await;
    crash_point.thaw();
    frozen.await;
    end(&world, id).await
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The end of each life without faults.
pub(super) fn undisturbed() -> &'static [End] {
    static ENDS: OnceLock<Vec<End>> = OnceLock::new();
    ENDS.get_or_init(|| LIVES.iter().map(|life| runtime().block_on(end_of(*life, &[], &[], false))).collect())
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::AnswerLost),
        Just(Fault::TruncatedBody),
        Just(Fault::Reset),
        Just(Fault::bad_gateway_html()),
        Just(Fault::empty_server_error()),
        Just(Fault::unavailable(Some(7))),
        Just(Fault::unavailable(None)),
        Just(Fault::too_many_requests(11)),
        Just(Fault::database_conflict()),
    ]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let zendesk =
        prop_oneof![Just(("GET", "/tickets/")), Just(("PUT", "/tickets/")), Just(("POST", "/oauth/"))];
    let parking = prop_oneof![Just(("GET", "/accounts/")), Just(("GET", "/uses")), Just(("POST", "/v1/"))];
    let rule = |((method, path), fault, skip, times): ((&str, &str), Fault, u32, u32)| {
        FaultRule::once(method, path, fault).skip(skip).times(times)
    };
    // A conflict of the parking system always carries the use; this fault does not, so that it is only Zendesk's.
    let is_parkings = |fault: &Fault| *fault != Fault::database_conflict();
    prop_oneof![
        (zendesk, fault(), 0..4_u32, 1..4_u32).prop_map(rule).prop_map(Trouble::Zendesk),
        (parking, fault().prop_filter("not Zendesk's", is_parkings), 0..4_u32, 1..4_u32)
            .prop_map(rule)
            .prop_map(Trouble::Parking),
    ]
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(long::cases(32, 96)) })]

    #[test]
    fn faults_and_crashes_anywhere_change_nothing_in_the_end(
        life in 0..LIVES.len(),
        troubles in prop::collection::vec(trouble(), 0..5),
        crashes in prop::collection::vec(0..40_u16, 0..4),
        duplicate in any::<bool>(),
    ) {
        let end = runtime().block_on(end_of(LIVES[life], &troubles, &crashes, duplicate));
        prop_assert_eq!(&end, &undisturbed()[life]);
    }
}

#[test]
fn a_crash_at_every_single_step_of_a_refund_changes_nothing_in_the_end() {
    let whole = runtime().block_on(end_of(REFUND, &[], &[], false));
    for steps in (0..60).step_by(long::step(4)) {
        let end = runtime().block_on(end_of(REFUND, &[], &[steps], false));
        assert_eq!(end, whole, "killed after {steps} steps");
    }
}

#[test]
fn a_crash_at_every_single_step_of_each_stretch_of_a_conversation_changes_nothing_in_the_end() {
    let whole = runtime().block_on(end_of(ASKED, &[], &[], false));
    for steps in (0..40).step_by(long::step(4)) {
        let end = runtime().block_on(end_of(ASKED, &[], &[steps], false));
        assert_eq!(end, whole, "killed after {steps} steps");
    }
}

#[test]
fn a_crash_on_postgres_changes_nothing_in_the_end_either() {
    let whole = runtime().block_on(end_of(ASKED, &[], &[], true));
    for steps in (0..40).step_by(5) {
        let end = runtime().block_on(async {
            let world = World::on_postgres().await?;
            Some(end_in(&world, ASKED, &[], &[steps], true).await)
        });
        let Some(end) = end else { return };
        assert_eq!(end, whole, "killed after {steps} steps");
    }
}

#[test]
fn a_worker_that_froze_at_any_step_and_wakes_up_late_does_nothing_twice() {
    let whole = runtime().block_on(end_of(IN_USE, &[], &[], false));
    for steps in (0..60).step_by(long::step(4)) {
        let end = runtime().block_on(end_of_frozen(IN_USE, steps));
        assert_eq!(end, whole, "frozen after {steps} steps");
    }
}
