//! More tickets than can be answered singly: updates are sent in bulk, and nothing is lost or done twice.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use misread::config::Settings;
use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::{CaseState, Clock as _};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed;
use misread::sandbox::zendesk::{FakeZendesk, JobPace, JobSwitches, RateLimits};

use crate::world::World;
use crate::world::crash_point::CrashPoint;

const STORY: &str = "결제 완료, 소유인증 완료";

/// So few single updates are allowed that nearly every customer waits.
fn few(settings: &mut Settings) {
    settings.zendesk.updates_per_minute = 6;
}

/// Opens this many tickets with the same story, each with an account and a use of its own.
pub(super) fn crowd(world: &World, count: u32) -> Vec<TicketId> {
    let story = world.story(STORY);
    let copies: Vec<_> = (1..=count).map(|number| story.copy(number)).collect();
    seed::load(&world.sandbox.parking, &world.sandbox.zendesk, &copies);
    copies.iter().map(|copy| world.open(copy)).collect()
}

async fn crowded(count: u32) -> (World, Vec<TicketId>) {
    let world = World::with(few).await;
    let ids = crowd(&world, count);
    (world, ids)
}

/// Checks that every customer got one reply, one note after it, and one refund.
pub(super) async fn all_are_settled_once(world: &World, ids: &[TicketId]) {
    for id in ids {
        let written = (world.replies(*id).len(), world.notes(*id).len());
        assert_eq!(written, (1, 1), "ticket {id}: {:#?}", world.journal(*id).await);
        assert_eq!(world.actions(*id), [Refund, Inspection], "ticket {id}");
        let comments = world.ticket(*id).comments;
        let order: Vec<bool> = comments.iter().skip(1).map(|comment| comment.public).collect();
        assert_eq!(order, [true, false], "ticket {id}: the reply comes before the note");
        assert_eq!(world.state(*id).await, CaseState::Ended, "ticket {id}");
    }
    let mut markers = BTreeMap::<String, u32>::new();
    for comment in ids.iter().flat_map(|id| world.ticket(*id).comments) {
        if let Some(marker) = comment.metadata.get("misread") {
            *markers.entry(marker.to_string()).or_default() += 1;
        }
    }
    assert!(markers.values().all(|times| *times == 1), "{markers:?}");
}

/// Lets other tasks run until the condition holds.
async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

async fn together(world: &World, ids: &[TicketId]) -> usize {
    let mut count = 0;
    for id in ids {
        let is_together = |entry: &&Entry| matches!(entry, Entry::Intended { together: true, .. });
        count += world.journal(*id).await.iter().filter(is_together).count();
    }
    count
}

#[tokio::test]
async fn answers_about_many_that_lack_their_list_are_asked_for_again() {
    let (world, ids) = crowded(120).await;
    let answer = Fault::Status { status: 200, retry_after: None, body: "{}".to_owned() };
    for path in ["/tickets/show_many", "/job_statuses/show_many"] {
        world.sandbox.zendesk.faults().inject(FaultRule::once("GET", path, answer.clone()).times(2));
    }
    world.until_idle().await;
    assert_eq!(world.sandbox.zendesk.faults().waiting(), [], "all of them were met");
    all_are_settled_once(&world, &ids).await;
}

#[tokio::test]
async fn a_crowd_is_answered_in_jobs_and_everybody_once() {
    let (world, ids) = crowded(130).await;
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
    let in_jobs = together(&world, &ids).await;
    assert!(in_jobs > 200, "{in_jobs} of 260 updates");
    let jobs = world.sandbox.zendesk.jobs().len();
    assert!((2..30).contains(&jobs), "{jobs} jobs");
}

#[tokio::test]
async fn when_the_crowd_is_gone_updates_are_sent_one_by_one_again() {
    let (world, ids) = crowded(40).await;
    world.until_idle().await;
    assert!(together(&world, &ids).await > 0);
    world.pass(Duration::from_mins(20));
    let before = world.sandbox.zendesk.jobs().len();
    let late: Vec<TicketId> = (100..103).map(|number| world.open(&loaded(&world, number))).collect();
    world.until_idle().await;
    all_are_settled_once(&world, &late).await;
    assert_eq!(together(&world, &late).await, 0);
    assert_eq!(world.sandbox.zendesk.jobs().len(), before);
}

fn loaded(world: &World, number: u32) -> seed::Story {
    let copy = world.story(STORY).copy(number);
    seed::load(&world.sandbox.parking, &world.sandbox.zendesk, std::slice::from_ref(&copy));
    copy
}

#[tokio::test]
async fn where_sending_together_is_switched_off_everybody_waits_their_turn() {
    let alone = |settings: &mut Settings| {
        few(settings);
        settings.zendesk.send_together = false;
    };
    let world = World::with(alone).await;
    let ids = crowd(&world, 12);
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
    assert_eq!(world.sandbox.zendesk.jobs().len(), 0);
}

#[tokio::test]
async fn what_a_job_failed_to_write_is_tried_alone() {
    let (world, ids) = crowded(40).await;
    world.sandbox.zendesk.set_job_switches(JobSwitches { fail_next_items: 7, ..JobSwitches::default() });
    world.until_idle().await;
    assert_eq!(world.sandbox.zendesk.job_switches().fail_next_items, 0, "they failed");
    all_are_settled_once(&world, &ids).await;
}

#[tokio::test]
async fn of_a_job_that_was_killed_half_way_each_ticket_tells_what_was_written() {
    let (world, ids) = crowded(40).await;
    world.sandbox.zendesk.set_job_switches(JobSwitches { kill_next: 2, ..JobSwitches::default() });
    world.until_idle().await;
    assert_eq!(world.sandbox.zendesk.job_switches().kill_next, 0, "they were killed");
    all_are_settled_once(&world, &ids).await;
    let mut found = [0, 0];
    for id in &ids {
        for entry in world.journal(*id).await {
            match entry {
                Entry::Written { found_by_marker: true, .. } => found[0] += 1,
                Entry::NotFound { .. } => found[1] += 1,
                _ => {}
            }
        }
    }
    assert!(found[0] > 0 && found[1] > 0, "there and not there: {found:?}");
}

#[tokio::test]
async fn a_job_whose_number_was_lost_is_waited_for_before_anything_is_sent_again() {
    let (world, ids) = crowded(30).await;
    // Zendesk does not check stamps here: only waiting prevents a second reply.
    world.sandbox.zendesk.set_job_switches(JobSwitches { ignore_stamps: true, ..JobSwitches::default() });
    let slow = JobPace { queued: Duration::from_mins(3), ..JobPace::default() };
    world.sandbox.zendesk.set_job_pace(slow);
    let lost = FaultRule::once("PUT", "/update_many", Fault::AnswerLost).times(2);
    world.sandbox.zendesk.faults().inject(lost);
    world.until_idle().await;
    assert_eq!(world.sandbox.zendesk.faults().struck(), 2);
    all_are_settled_once(&world, &ids).await;
}

#[tokio::test]
async fn while_jobs_are_held_up_at_zendesk_cases_wait_and_then_go_on() {
    let (world, ids) = crowded(30).await;
    world.sandbox.zendesk.set_job_switches(JobSwitches { hold: true, ..JobSwitches::default() });
    let zendesk = world.sandbox.zendesk.clone();
    let clock = world.clock.clone();
    let release_at = world.now() + Duration::from_mins(25);
    let release = async {
        until(|| !zendesk.jobs().is_empty()).await;
        clock.sleep_until(release_at).await;
        zendesk.set_job_switches(JobSwitches::default());
    };
    tokio::join!(world.until_idle(), release);
    all_are_settled_once(&world, &ids).await;
}

#[tokio::test]
async fn a_lease_is_renewed_while_its_case_waits_for_a_job() {
    let (world, ids) = crowded(30).await;
    world.sandbox.zendesk.set_job_pace(JobPace { queued: Duration::from_mins(4), ..JobPace::default() });
    let other = world.replica().await;
    let settled = Cell::new(false);
    let (one, two) = (
        async {
            world.until_idle().await;
            settled.set(true);
        },
        async {
            // Not earlier: this task would advance the clock, and with enough time no job is necessary.
            until(|| !world.sandbox.zendesk.jobs().is_empty()).await;
            while !settled.get() {
                other.service.worker().work_off().await;
                world.clock.sleep_until(world.now() + Duration::from_secs(1)).await;
            }
        },
    );
    tokio::join!(one, two);
    all_are_settled_once(&world, &ids).await;
    assert!(together(&world, &ids).await > 0);
    for id in &ids {
        let journal = world.journal(*id).await;
        let unclear = "still be under way";
        let lost = journal.iter().any(|entry| entry.to_string().contains(unclear));
        assert!(!lost, "nobody took ticket {id} over: {journal:?}");
    }
}

#[tokio::test]
async fn too_many_jobs_of_others_only_hold_it_up() {
    let (world, ids) = crowded(30).await;
    let busy = r#"{"error":"TooManyJobs","description":"Too many jobs are currently queued or running. Try again later."}"#;
    let fault = Fault::Status { status: 429, retry_after: Some(20), body: busy.to_owned() };
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/update_many", fault).times(3));
    world.until_idle().await;
    assert_eq!(world.sandbox.zendesk.faults().struck(), 3);
    all_are_settled_once(&world, &ids).await;
    nothing_failed(&world, &ids).await;
}

#[tokio::test]
async fn what_a_customer_wrote_while_a_job_passed_over_it_is_read_afterwards() {
    let (world, _) = crowded(30).await;
    world.sandbox.zendesk.set_job_switches(JobSwitches { ignore_stamps: true, ..JobSwitches::default() });
    world.sandbox.zendesk.set_job_pace(JobPace { queued: Duration::from_mins(2), ..JobPace::default() });
    let zendesk = world.sandbox.zendesk.clone();
    let says = async {
        let in_a_job = |zendesk: &FakeZendesk| -> Vec<TicketId> {
            zendesk
                .jobs()
                .iter()
                .flat_map(misread::sandbox::zendesk::Job::tickets)
                .map(|id| id.try_into().unwrap())
                .collect()
        };
        until(|| !in_a_job(&zendesk).is_empty()).await;
        let ids = in_a_job(&zendesk);
        for id in &ids {
            // No trigger listens yet: the ticket has not been answered.
            zendesk.customer_comments(*id, "그리고 영수증도 받고 싶어요").unwrap();
        }
        ids
    };
    let ((), overlooked) = tokio::join!(world.until_idle(), says);
    assert!(!overlooked.is_empty());
    for id in overlooked {
        let ending = world.ending(id).await;
        assert!(matches!(ending, Ending::HandedOver), "ticket {id}: {ending:?}");
        assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true), "ticket {id}");
        assert_eq!(world.replies(id).len(), 1, "ticket {id}: the reply had been on its way");
    }
}

#[tokio::test]
async fn killed_while_jobs_are_under_way_nothing_is_written_twice() {
    for steps in [140, 260, 330, 400, 470, 540] {
        let (world, ids) = crowded(20).await;
        let job_pace = JobPace { queued: Duration::from_secs(30), ..JobPace::default() };
        world.sandbox.zendesk.set_job_pace(job_pace);
        world.sandbox.zendesk.set_job_switches(JobSwitches { ignore_stamps: true, ..JobSwitches::default() });
        let crash_point = CrashPoint::after(steps);
        let worker = world.worker_with(|parts| crash_point.into_parts(parts));
        tokio::select! {
            () = world.live_with(&worker) => {}
            () = crash_point.reached() => {}
        }
        world.replica().await.until_idle().await;
        all_are_settled_once(&world, &ids).await;
    }
}

#[tokio::test]
async fn a_sandbox_account_says_how_little_it_allows_and_that_is_kept() {
    let world = World::with(|settings| settings.zendesk.send_together = false).await;
    world.sandbox.zendesk.set_rate_limits(RateLimits::ZENDESK_SANDBOX);
    let ids = crowd(&world, 30);
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
    nothing_failed(&world, &ids).await;
}

#[tokio::test]
async fn who_comes_last_does_not_wait_for_the_whole_crowd() {
    let world = World::with(|settings| {
        settings.zendesk.send_together = false;
        settings.zendesk.updates_per_minute = 12;
    })
    .await;
    let ids = crowd(&world, 60);
    let settled = |ids: &[TicketId]| ids.iter().filter(|id| !world.notes(**id).is_empty()).count();
    let comes_at = world.now() + Duration::from_mins(3);
    let mut latecomer = None;
    while latecomer.is_none_or(|id| settled(&[id]) == 0) {
        world.step().await;
        world.pass(Duration::from_secs(5));
        if latecomer.is_none() && world.now() >= comes_at {
            latecomer = Some(world.open(&world.story(STORY)));
        }
    }
    let before = settled(&ids);
    assert!(before <= 30, "{before} of 60 were done with before the one who came three minutes after them");
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
}

/// The service waits instead of exceeding a limit: no case fails because of one.
pub(super) async fn nothing_failed(world: &World, ids: &[TicketId]) {
    for id in ids {
        for entry in world.journal(*id).await {
            let failed = matches!(entry, Entry::Deferred { failed: true, .. });
            assert!(!failed, "ticket {id} ran into a limit: {entry:?}");
        }
    }
}
