//! One life from its first message until nothing is left to happen by itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use misread::config::{Files, load_files};
use misread::domain::case::{Case, ConsultationTypes, GuideLinks, Patience, Playbook, Routing, WhenSilent};
use misread::domain::ids::TicketId;
use misread::domain::policy::Team;
use misread::domain::retry::RetryPolicy;
use misread::ports::{CaseState, Recorded, Store};
use misread::worker::{Current, Options, Parts, Worker};

use super::deeds::{Moment, plan};
use super::desk::{FakeDesk, GROUPS};
use super::dice::Dice;
use super::parking::FakeParking;
use super::situation::{BIRTH, CAP, Situation};
use super::store::MemoryStore;
use super::world::{Event, World};

/// More rounds than this, and something turns in circles.
const MOST_ROUNDS: usize = 3_000;
/// So does whoever is due for so long.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// All that is left of a life.
#[derive(Debug)]
pub(super) struct Lived {
    pub(super) seed: u64,
    pub(super) ticket_id: TicketId,
    pub(super) situation: Situation,
    pub(super) log: Vec<Event>,
    pub(super) complaints: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) journal: Vec<Recorded>,
    pub(super) case: Case,
    pub(super) state: CaseState,
    pub(super) due_at: Option<Timestamp>,
    /// Whether the world came to rest.
    pub(super) rests: bool,
}

/// Lives the life of this seed.
pub(super) async fn live(seed: u64) -> Lived {
    let mut dice = Dice::new(seed);
    let ticket_id = TicketId::try_from(1_000 + i64::try_from(seed % 9_000).unwrap()).unwrap();
    let situation = Situation::random(&mut dice);
    let plan = plan(&mut dice, &situation);
    let playbook = playbook(dice.percent(20));
    let world = Arc::new(World::new(ticket_id, &situation, plan, dice));
    let store = MemoryStore::new(Arc::clone(&world));
    let worker = Arc::new(Worker::new(parts(&world, &store, playbook), options()));
    let rests = until_all_rests(&world, &store, &worker).await;
    let (journal, state, due_at) = store.end(ticket_id);
    let case = Case::fold(ticket_id, journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    let end = world.lock();
    let (log, complaints) = (end.log.clone(), end.complaints.clone());
    let tags = end.desk.ticket.tags.clone();
    Lived { seed, ticket_id, situation, log, complaints, tags, journal, case, state, due_at, rests }
}

/// Whether it came to rest before it was too old.
async fn until_all_rests(world: &Arc<World>, store: &Arc<MemoryStore>, worker: &Arc<Worker>) -> bool {
    let end = BIRTH.parse::<Timestamp>().unwrap() + LONGEST_LIFE;
    for _ in 0..MOST_ROUNDS {
        let arrived = world.lock().arrived();
        for delivery in arrived {
            store.accept(delivery).await.unwrap();
        }
        work(world, worker).await;
        let due = store.next_due().await.unwrap();
        let mut state = world.lock();
        // Nobody is at work whom the next deed could interrupt.
        let amid = state.plan.front().is_some_and(|planned| matches!(planned.moment, Moment::Amid(_)));
        if amid && due.is_none_or(|due| due > state.now + SignedDuration::from_mins(2)) {
            state.do_next();
            continue;
        }
        let Some(next) = due.into_iter().chain(state.next_time()).min() else {
            return true;
        };
        let next = next.max(state.now + SignedDuration::from_millis(1));
        if next > end {
            return false;
        }
        state.advance(next);
    }
    false
}

/// Works what is due. When a hand freezes, its lease runs out and another worker takes over before it goes on.
async fn work(world: &Arc<World>, worker: &Arc<Worker>) {
    let first = worker.work_off();
    tokio::pin!(first);
    loop {
        tokio::select! {
            biased;
            _ = &mut first => return,
            () = world.frozen.notified() => {
                let meanwhile = {
                    let mut state = world.lock();
                    let lease_is_over = state.now + SignedDuration::from_secs(61 + state.dice.between(0, 60));
                    state.advance(lease_is_over);
                    state.dice.percent(50)
                };
                if meanwhile {
                    world.thawed.notify_one();
                }
                worker.work_off().await;
                world.may_freeze_again();
                if !meanwhile {
                    world.thawed.notify_one();
                }
            }
        }
    }
}

fn parts(world: &Arc<World>, store: &Arc<MemoryStore>, playbook: Arc<Current<Playbook>>) -> Parts {
    Parts {
        store: Arc::<MemoryStore>::clone(store),
        desk: Arc::new(FakeDesk(Arc::clone(world))),
        parking: Arc::new(FakeParking(Arc::clone(world))),
        clock: Arc::<World>::clone(world),
        playbook,
    }
}

fn options() -> Options {
    Options {
        concurrency: 4,
        lease: Duration::from_mins(1),
        poll: Duration::from_secs(5),
        retry: RetryPolicy { base: Duration::from_secs(5), max: Duration::from_mins(30), attempts: 24 },
        fruitless_claims: 5,
    }
}

fn playbook(hands_silent_over: bool) -> Arc<Current<Playbook>> {
    static CLOSES: OnceLock<Arc<Current<Playbook>>> = OnceLock::new();
    static HANDS_OVER: OnceLock<Arc<Current<Playbook>>> = OnceLock::new();
    let (once, when_silent) =
        if hands_silent_over { (&HANDS_OVER, WhenSilent::HandOver) } else { (&CLOSES, WhenSilent::Close) };
    Arc::clone(once.get_or_init(|| Arc::new(Current::new(shipped(when_silent)))))
}

/// The shipped policy, macros and words.
fn shipped(when_silent: WhenSilent) -> Playbook {
    let Files { policy, words, macros, .. } = load_files(&BTreeMap::new()).unwrap();
    let hours = SignedDuration::from_hours;
    let text = str::to_owned;
    Playbook {
        policy,
        macros,
        words,
        patience: Patience {
            remind_after: hours(24),
            give_up_after: hours(72),
            when_silent,
            payment_check: hours(6),
            payment_deadline: hours(168),
        },
        compensation_cap: CAP,
        routing: Routing {
            start_tags: vec![text("no_self_use")],
            done_tag: text("misread_done"),
            handed_over_tag: text("misread_handed_over"),
            waiting_tag: text("misread_waiting"),
            prepared_tag: text("misread_prepared"),
            give_back_tag: text("misread_airport_called"),
            release_tag: text("misread_release"),
            groups: Team::ALL.iter().copied().zip(GROUPS).collect(),
            consultation_types: ConsultationTypes {
                linked: text("no_self_use_linked"),
                unlinked: text("no_self_use_unlinked"),
                other: text("no_self_use_other"),
            },
            guide: GuideLinks { compensation: text("/1"), restricted_consultation: text("/2") },
        },
        unknown_settle: SignedDuration::from_secs(10),
    }
}

impl Lived {
    /// The whole story, for whoever has to find out why.
    pub(super) fn story(&self) -> String {
        let mut story = format!("seed {}, ticket {}\n{:#?}\n", self.seed, self.ticket_id, self.situation);
        for (nth, event) in self.log.iter().enumerate() {
            let _ = writeln!(story, "{nth:4} {} {:?} {:?}", event.at, event.hand, event.what);
        }
        for recorded in &self.journal {
            let _ = writeln!(story, "{:4} {} {}", recorded.position, recorded.at, recorded.entry);
        }
        story
    }
}
