//! Whatever goes wrong on the way, and wherever the process dies: the world ends as if nothing had happened.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind;
use misread::sandbox::zendesk::WebhookSwitches;
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::world::World;
use crate::world::fuse::Fuse;

/// Everything that a customer, an agent or the parking system can see in the end.
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
}

/// One thing that goes wrong.
#[derive(Clone, Debug)]
enum Trouble {
    Zendesk(FaultRule),
    Parking(FaultRule),
}

/// Lives through one story with these troubles, killing the worker after each of these numbers of steps.
async fn end_of(story: usize, troubles: &[Trouble], crashes: &[u16], duplicate: bool) -> End {
    end_in(&World::new().await, story, troubles, crashes, duplicate).await
}

/// As [`end_of`], in a world of the caller's.
async fn end_in(world: &World, story: usize, troubles: &[Trouble], crashes: &[u16], duplicate: bool) -> End {
    let story = world.sandbox.stories[story].clone();
    world.sandbox.zendesk.set_webhook_switches(WebhookSwitches { duplicate, ..WebhookSwitches::default() });
    for trouble in troubles {
        match trouble {
            Trouble::Zendesk(rule) => world.sandbox.zendesk.faults().inject(rule.clone()),
            Trouble::Parking(rule) => world.sandbox.parking.faults().inject(rule.clone()),
        }
    }
    let id = world.open(&story);
    for steps in crashes {
        let fuse = Fuse::after(*steps);
        let worker = world.worker_with(|parts| fuse.into_parts(parts));
        tokio::select! {
            () = world.live_with(&worker) => {}
            () = fuse.blown() => world.clock.advance(Duration::from_secs(61)),
        }
    }
    world.live().await;
    end(world, id).await
}

pub(super) async fn end(world: &World, id: TicketId) -> End {
    let ticket = world.ticket(id).fields;
    End {
        actions: world.actions(id),
        replies: world.replies(id),
        notes: world.notes(id).len(),
        status: ticket.status,
        group: ticket.group_id,
        tags: ticket.tags,
        fields: format!("{:?}", ticket.custom_fields),
        state: world.state(id).await,
    }
}

/// Lives through one story while the first worker freezes after so many steps, loses its claim, and wakes up when all is done.
async fn end_of_frozen(story: usize, steps: u16) -> End {
    let world = World::new().await;
    let id = world.open(&world.sandbox.stories[story].clone());
    let fuse = Fuse::after(steps);
    let worker = world.worker_with(|parts| fuse.into_parts(parts));
    let mut frozen = std::pin::pin!(world.live_with(&worker));
    tokio::select! {
        () = &mut frozen => return end(&world, id).await,
        () = fuse.blown() => world.clock.advance(Duration::from_secs(61)),
    }
    world.live().await;
    fuse.thaw();
    frozen.await;
    end(&world, id).await
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// How each story ends when nothing goes wrong.
fn undisturbed() -> &'static [End] {
    static ENDS: OnceLock<Vec<End>> = OnceLock::new();
    ENDS.get_or_init(|| {
        let stories = runtime().block_on(World::new()).sandbox.stories.len();
        (0..stories).map(|story| runtime().block_on(end_of(story, &[], &[], false))).collect()
    })
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
    // A conflict of the parking system always carries the use; the fault's does not, and is Zendesk's own.
    let is_parkings = |fault: &Fault| *fault != Fault::database_conflict();
    prop_oneof![
        (zendesk, fault(), 0..4_u32, 1..4_u32).prop_map(rule).prop_map(Trouble::Zendesk),
        (parking, fault().prop_filter("not Zendesk's", is_parkings), 0..4_u32, 1..4_u32)
            .prop_map(rule)
            .prop_map(Trouble::Parking),
    ]
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(96) })]

    #[test]
    fn faults_and_crashes_anywhere_change_nothing_in_the_end(
        story in 0..undisturbed().len(),
        troubles in prop::collection::vec(trouble(), 0..5),
        crashes in prop::collection::vec(0..40_u16, 0..5),
        duplicate in any::<bool>(),
    ) {
        let end = runtime().block_on(end_of(story, &troubles, &crashes, duplicate));
        prop_assert_eq!(&end, &undisturbed()[story]);
    }
}

#[test]
fn a_crash_at_every_single_step_of_a_refund_changes_nothing_in_the_end() {
    let refund = 4;
    for steps in 0..60 {
        let end = runtime().block_on(end_of(refund, &[], &[steps], false));
        assert_eq!(end, undisturbed()[refund], "killed after {steps} steps");
    }
}

#[test]
fn a_crash_on_postgres_changes_nothing_in_the_end_either() {
    let refund = 4;
    for steps in (0..60).step_by(5) {
        let end = runtime().block_on(async {
            let world = World::on_postgres().await?;
            Some(end_in(&world, refund, &[], &[steps], true).await)
        });
        let Some(end) = end else { return };
        assert_eq!(end, undisturbed()[refund], "killed after {steps} steps");
    }
}

#[test]
fn a_worker_that_froze_at_any_step_and_wakes_up_late_does_nothing_twice() {
    let in_use = 1;
    for steps in 0..60 {
        let end = runtime().block_on(end_of_frozen(in_use, steps));
        assert_eq!(end, undisturbed()[in_use], "frozen after {steps} steps");
    }
}
