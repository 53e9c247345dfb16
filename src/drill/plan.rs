//! The plan of a drill, generated from a seed beforehand.

use std::time::Duration;

use super::rng::Rng;
use crate::sandbox::faults::{Fault, FaultRule};

/// Longer than a lease, so that a frozen process has lost its leases when it continues.
const FREEZE: Duration = Duration::from_millis(11_500);
/// The sandbox's clock is never further ahead than the endpoint accepts, with room for the deliveries' transit time.
const AHEAD_AT_MOST: Duration = Duration::from_mins(12);

/// All cycles of one drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) cycles: Vec<Cycle>,
}

/// The faults before one kill, and the kill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    /// The stories of new customers.
    pub(super) opened: Vec<usize>,
    /// The stories whose tickets get only forged deliveries, and the kind of forgery.
    pub(super) forged: Vec<(usize, Forgery)>,
    /// The faults of Zendesk and the parking system.
    pub(super) troubles: Vec<Trouble>,
    /// The fault of Zendesk's next job, or of some of its tickets.
    pub(super) job: Option<JobTrouble>,
    /// The jump of the sandbox's clock.
    pub(super) jump: Option<Duration>,
    /// Whether all access tokens become invalid.
    pub(super) revoke_tokens: bool,
    /// The replica that freezes, and for how long.
    pub(super) freeze: Option<(usize, Duration)>,
    /// The replica that is cut off from the database, once none is frozen.
    pub(super) partition: Option<Partition>,
    pub(super) others: Vec<Others>,
    /// The kind of database restart.
    pub(super) database: Option<Restart>,
    /// The time before the kill.
    pub(super) pause: Duration,
    /// The replica that is killed.
    pub(super) victim: usize,
    /// Whether it is killed again during its start, and when.
    pub(super) again_after: Option<Duration>,
    /// Whether it logs everything after its restart.
    pub(super) verbose: bool,
}

/// Writers other than new customers with a story each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// A household: more tickets of one account at once than may go out without a person.
    Household,
    /// The customer of a finished ticket that is closed now.
    FollowUp,
}

/// A partition of one process from the database, while the others reach it and Zendesk reaches both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    pub(super) replica: usize,
    pub(super) how_long: Duration,
    pub(super) heals: Heals,
}

/// What happens to open connections after a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heals {
    /// Data in flight arrives late.
    GoesOn,
    /// Both sides see a reset.
    Broken,
    /// No data arrives on them any more, without notice: an intermediary has lost their state.
    Silent,
}

/// A fault of some requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) at: System,
    pub(super) rule: FaultRule,
}

/// A fault of bulk updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JobTrouble {
    /// The next job is killed half way, without a report.
    Killed,
    /// This many of the next tickets are not written, and the job reports it.
    ItemsFail(u32),
}

/// The system with the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Zendesk,
    Parking,
}

/// The kinds of forged deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forgery {
    WrongSecret,
    GuessedSignature,
    NoSignature,
    OldTimestamp,
    AnotherBody,
    Oversized,
}

/// The kinds of database restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    /// Sessions are ended and all data is written.
    Fast,
    /// Killed at any moment.
    Immediate,
}

/// The conditions of a drill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    pub(super) replicas: usize,
    pub(super) stories: usize,
    /// Whether we control the database server, to restart it and to cut its connections.
    pub(super) own_server: bool,
}

impl Plan {
    /// The plan of a seed.
    pub(super) fn throw(seed: u64, cycles: u32, ground: Ground) -> Self {
        let mut rng = Rng::new(seed);
        let mut ahead = Duration::ZERO;
        let cycles = (0..cycles).map(|number| {
            // Each cycle has its own random stream: a longer drill begins like a shorter one.
            let mut own = rng.apart();
            let mut cycle = Cycle::throw(&mut own, number, ground);
            cycle.jump = cycle.jump.filter(|jump| ahead + *jump <= AHEAD_AT_MOST);
            ahead += cycle.jump.unwrap_or_default();
            cycle
        });
        Self { cycles: cycles.collect() }
    }
}

impl Cycle {
    fn throw(rng: &mut Rng, number: u32, ground: Ground) -> Self {
        let burst = if rng.per_mille(30) { 6 } else { 0 };
        // More than can be answered singly.
        let crowd = if number == 1 { 30 } else { 0 };
        let opened = (0..1 + rng.below(3) + burst + crowd).map(|_| rng.below(ground.stories)).collect();
        let forged = rng.per_mille(200).then(|| (rng.below(ground.stories), *rng.pick(&FORGERIES)));
        let troubles = (0..rng.below(4)).map(|_| Trouble::throw(rng)).collect();
        // Rare faults also occur early, so that a short drill has some of each.
        let freezes = number == 2 || rng.per_mille(15);
        let restarts = number == 4 || rng.per_mille(25);
        let job = match rng.below(8) {
            0 => Some(JobTrouble::Killed),
            1 => Some(JobTrouble::ItemsFail(3)),
            _ => None,
        };
        Self {
            opened,
            forged: forged.into_iter().collect(),
            troubles,
            job,
            jump: rng.per_mille(20).then(|| rng.milliseconds(20_000, 150_000)),
            revoke_tokens: rng.per_mille(30),
            freeze: freezes.then(|| (rng.below(ground.replicas), FREEZE)),
            partition: None,
            others: Vec::new(),
            database: (restarts && ground.own_server)
                .then(|| *rng.pick(&[Restart::Fast, Restart::Immediate])),
            // Half of the kills occur while the tickets of this cycle are being worked.
            pause: if rng.per_mille(500) { rng.milliseconds(2, 90) } else { rng.milliseconds(90, 600) },
            victim: rng.below(ground.replicas),
            again_after: rng.per_mille(100).then(|| rng.milliseconds(0, 120)),
            verbose: rng.per_mille(250),
        }
        .with_more(rng, number, ground)
    }

    fn with_more(mut self, rng: &mut Rng, number: u32, ground: Ground) -> Self {
        let cuts = number == 3 || rng.per_mille(20);
        let partition = Partition {
            replica: rng.below(ground.replicas),
            how_long: if number == 3 || rng.per_mille(500) { FREEZE } else { rng.milliseconds(500, 4000) },
            heals: *rng.pick(&[Heals::GoesOn, Heals::Broken, Heals::Silent]),
        };
        self.partition = (cuts && ground.own_server).then_some(partition);
        let (household, follow_up) = (number == 0 || rng.per_mille(30), rng.per_mille(300));
        self.others.extend(household.then_some(Others::Household));
        self.others.extend(follow_up.then_some(Others::FollowUp));
        self
    }
}

const FORGERIES: [Forgery; 6] = [
    Forgery::WrongSecret,
    Forgery::GuessedSignature,
    Forgery::NoSignature,
    Forgery::OldTimestamp,
    Forgery::AnotherBody,
    Forgery::Oversized,
];

impl Trouble {
    fn throw(rng: &mut Rng) -> Self {
        let (at, method, path) = *rng.pick(&[
            (System::Zendesk, "GET", "/tickets/"),
            (System::Zendesk, "PUT", "/tickets/"),
            (System::Zendesk, "PUT", "/tickets/"),
            (System::Zendesk, "PUT", "/update_many"),
            (System::Zendesk, "GET", "/job_statuses"),
            (System::Zendesk, "POST", "/oauth/"),
            (System::Parking, "GET", "/accounts/"),
            (System::Parking, "GET", "/uses"),
            (System::Parking, "POST", "/v1/"),
            (System::Parking, "POST", "/v1/"),
        ]);
        let seconds = 1 + u32::from(rng.per_mille(300));
        let fault = match rng.below(if at == System::Zendesk { 11 } else { 10 }) {
            0 => Fault::AnswerLost,
            1 => Fault::NoAnswerAfterWrite,
            2 => Fault::TruncatedBody,
            3 => Fault::Reset,
            4 => Fault::too_many_requests(seconds),
            5 => Fault::unavailable(Some(seconds)),
            6 => Fault::unavailable(None),
            7 => Fault::bad_gateway_html(),
            8 => Fault::empty_server_error(),
            9 => Fault::Latency { milliseconds: 100 + 700 * u64::from(seconds) },
            // The parking system's own conflicts contain the use; this is one of Zendesk's.
            _ => Fault::database_conflict(),
        };
        let times = 1 + u32::from(rng.per_mille(300));
        Self { at, rule: FaultRule::once(method, path, fault).times(times) }
    }
}

/// The name of a fault for people.
pub(super) fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::Latency { .. } => "slow answer",
        Fault::Status { status: 409, .. } => "409",
        Fault::Status { status: 429, .. } => "429 with Retry-After",
        Fault::Status { status: 500, .. } => "500",
        Fault::Status { status: 502, .. } => "502",
        Fault::Status { retry_after: None, .. } => "503",
        Fault::Status { retry_after: Some(_), .. } => "503 with Retry-After",
        Fault::Reset => "reset",
        Fault::AnswerLost => "answer lost after the work",
        Fault::TruncatedBody => "answer cut off after the work",
        Fault::NoAnswerAfterWrite => "no answer after the work",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUND: Ground = Ground { replicas: 2, stories: 29, own_server: true };

    #[test]
    fn the_same_seed_makes_the_same_plan_and_another_another() {
        assert_eq!(Plan::throw(7, 50, GROUND), Plan::throw(7, 50, GROUND));
        assert_ne!(Plan::throw(7, 50, GROUND), Plan::throw(8, 50, GROUND));
    }

    #[test]
    fn a_longer_drill_begins_as_a_shorter_one() {
        let (short, long) = (Plan::throw(7, 50, GROUND), Plan::throw(7, 200, GROUND));
        assert_eq!(short.cycles, long.cycles[..50]);
    }

    #[test]
    fn a_short_drill_has_a_freeze_and_a_restart_and_a_long_one_everything() {
        let short = Plan::throw(1, 5, GROUND);
        assert!(short.cycles.iter().any(|cycle| cycle.freeze.is_some()));
        assert!(short.cycles.iter().any(|cycle| cycle.database.is_some()));
        assert!(short.cycles.iter().any(|cycle| cycle.partition.is_some()));
        assert!(short.cycles.iter().any(|cycle| cycle.others.contains(&Others::Household)));
        let long = Plan::throw(1, 1000, GROUND);
        for victim in 0..2 {
            assert!(long.cycles.iter().any(|cycle| cycle.victim == victim));
        }
        for heals in [Heals::GoesOn, Heals::Broken, Heals::Silent] {
            let cut = |cycle: &Cycle| cycle.partition.is_some_and(|partition| partition.heals == heals);
            assert!(long.cycles.iter().any(cut), "{heals:?}");
        }
        for others in [Others::Household, Others::FollowUp] {
            assert!(long.cycles.iter().any(|cycle| cycle.others.contains(&others)), "{others:?}");
        }
        let names: std::collections::BTreeSet<_> = long
            .cycles
            .iter()
            .flat_map(|cycle| &cycle.troubles)
            .map(|trouble| name(&trouble.rule.fault))
            .collect();
        assert_eq!(names.len(), 11);
        for job in [JobTrouble::Killed, JobTrouble::ItemsFail(3)] {
            assert!(long.cycles.iter().any(|cycle| cycle.job == Some(job)));
        }
        for forgery in FORGERIES {
            assert!(long.cycles.iter().flat_map(|cycle| &cycle.forged).any(|(_, kind)| *kind == forgery));
        }
        let ahead: Duration = long.cycles.iter().filter_map(|cycle| cycle.jump).sum();
        assert!(ahead > Duration::ZERO && ahead <= AHEAD_AT_MOST);
    }

    #[test]
    fn a_ground_without_restarts_has_none() {
        let plan = Plan::throw(1, 200, Ground { own_server: false, ..GROUND });
        assert!(plan.cycles.iter().all(|cycle| cycle.database.is_none() && cycle.partition.is_none()));
    }
}
