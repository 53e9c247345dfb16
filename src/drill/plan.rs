//! What is going to happen in a drill, thrown from a seed before anything happens.

use std::time::Duration;

use super::rng::Rng;
use crate::sandbox::faults::{Fault, FaultRule};

/// Longer than a lease, so that a frozen process has lost what it held when it goes on.
const FREEZE: Duration = Duration::from_millis(11_500);
/// The sandbox's clock is never further ahead than what the door forgives, with room for the deliveries' own way.
const AHEAD_AT_MOST: Duration = Duration::from_mins(12);

/// All cycles of one drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) cycles: Vec<Cycle>,
}

/// What happens up to one kill, and the kill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    /// Which stories are told by new customers.
    pub(super) opened: Vec<usize>,
    /// Which stories' tickets get nothing but forged deliveries, and of which kind.
    pub(super) forged: Vec<(usize, Forgery)>,
    /// What goes wrong at Zendesk and at the parking system.
    pub(super) troubles: Vec<Trouble>,
    /// What becomes of the next job of Zendesk's, or of some of its tickets.
    pub(super) job: Option<JobTrouble>,
    /// How far the sandbox's clock jumps.
    pub(super) jump: Option<Duration>,
    /// Whether all access tokens become invalid.
    pub(super) revoke_tokens: bool,
    /// Which replica freezes, and for how long.
    pub(super) freeze: Option<(usize, Duration)>,
    /// Which replica is cut off from the database, once none is frozen.
    pub(super) partition: Option<Partition>,
    /// Who else writes.
    pub(super) others: Vec<Others>,
    /// How the database restarts.
    pub(super) database: Option<Restart>,
    /// How long everything goes on before the kill.
    pub(super) pause: Duration,
    /// Which replica is killed.
    pub(super) victim: usize,
    /// Whether it is killed once more while it starts, and when.
    pub(super) again_after: Option<Duration>,
    /// Whether it logs everything when it is back.
    pub(super) verbose: bool,
}

/// Who writes beside new customers with a story each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// A household: more tickets of one account at once than go out without a person.
    Household,
    /// The customer of a ticket that is over and is closed now.
    FollowUp,
}

/// One process is cut off from the database while all others reach it, and while Zendesk reaches both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    pub(super) replica: usize,
    pub(super) how_long: Duration,
    pub(super) heals: Heals,
}

/// What becomes of connections that were open when a network was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heals {
    /// What was under way arrives late.
    GoesOn,
    /// Both sides are told that they are broken.
    Broken,
    /// Nothing arrives on them any more, and neither side is told: what stood between has forgotten them.
    Silent,
}

/// Something that goes wrong with some requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) at: System,
    pub(super) rule: FaultRule,
}

/// What goes wrong with updates that are sent together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JobTrouble {
    /// The next job is killed half way, and nobody says what was done.
    Killed,
    /// So many of the next tickets are not written, and the job says so.
    ItemsFail(u32),
}

/// Where something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Zendesk,
    Parking,
}

/// How somebody who is not Zendesk tries to wake the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forgery {
    WrongSecret,
    GuessedSignature,
    NoSignature,
    OldTimestamp,
    AnotherBody,
    Oversized,
}

/// How a database is restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    /// Sessions are ended, everything is written.
    Fast,
    /// Killed in the middle of everything.
    Immediate,
}

/// Where a drill takes place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    pub(super) replicas: usize,
    pub(super) stories: usize,
    /// Whether the database's server is ours, to restart it and to cut the way to it.
    pub(super) own_server: bool,
}

impl Plan {
    /// The plan that a seed makes.
    pub(super) fn throw(seed: u64, cycles: u32, ground: Ground) -> Self {
        let mut dice = Rng::new(seed);
        let mut ahead = Duration::ZERO;
        let cycles = (0..cycles).map(|number| {
            // Each cycle throws its own dice: a longer drill begins as a shorter one.
            let mut own = dice.apart();
            let mut cycle = Cycle::throw(&mut own, number, ground);
            cycle.jump = cycle.jump.filter(|jump| ahead + *jump <= AHEAD_AT_MOST);
            ahead += cycle.jump.unwrap_or_default();
            cycle
        });
        Self { cycles: cycles.collect() }
    }
}

impl Cycle {
    fn throw(dice: &mut Rng, number: u32, ground: Ground) -> Self {
        let burst = if dice.per_mille(30) { 6 } else { 0 };
        // More than can be answered one by one.
        let crowd = if number == 1 { 30 } else { 0 };
        let opened = (0..1 + dice.below(3) + burst + crowd).map(|_| dice.below(ground.stories)).collect();
        let forged = dice.per_mille(200).then(|| (dice.below(ground.stories), *dice.pick(&FORGERIES)));
        let troubles = (0..dice.below(4)).map(|_| Trouble::throw(dice)).collect();
        // The rare ones stand early too, so that a short drill has some of each.
        let freezes = number == 2 || dice.per_mille(15);
        let restarts = number == 4 || dice.per_mille(25);
        let job = match dice.below(8) {
            0 => Some(JobTrouble::Killed),
            1 => Some(JobTrouble::ItemsFail(3)),
            _ => None,
        };
        Self {
            opened,
            forged: forged.into_iter().collect(),
            troubles,
            job,
            jump: dice.per_mille(20).then(|| dice.milliseconds(20_000, 150_000)),
            revoke_tokens: dice.per_mille(30),
            freeze: freezes.then(|| (dice.below(ground.replicas), FREEZE)),
            partition: None,
            others: Vec::new(),
            database: (restarts && ground.own_server)
                .then(|| *dice.pick(&[Restart::Fast, Restart::Immediate])),
            // Half of them strike while the tickets of this cycle are being worked.
            pause: if dice.per_mille(500) { dice.milliseconds(2, 90) } else { dice.milliseconds(90, 600) },
            victim: dice.below(ground.replicas),
            again_after: dice.per_mille(100).then(|| dice.milliseconds(0, 120)),
            verbose: dice.per_mille(250),
        }
        .with_more(dice, number, ground)
    }

    fn with_more(mut self, dice: &mut Rng, number: u32, ground: Ground) -> Self {
        let cuts = number == 3 || dice.per_mille(20);
        let partition = Partition {
            replica: dice.below(ground.replicas),
            how_long: if number == 3 || dice.per_mille(500) { FREEZE } else { dice.milliseconds(500, 4000) },
            heals: *dice.pick(&[Heals::GoesOn, Heals::Broken, Heals::Silent]),
        };
        self.partition = (cuts && ground.own_server).then_some(partition);
        let (household, follow_up) = (number == 0 || dice.per_mille(30), dice.per_mille(300));
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
    fn throw(dice: &mut Rng) -> Self {
        let (at, method, path) = *dice.pick(&[
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
        let seconds = 1 + u32::from(dice.per_mille(300));
        let fault = match dice.below(if at == System::Zendesk { 11 } else { 10 }) {
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
            // The parking system's own conflicts carry the use; this is one of Zendesk's.
            _ => Fault::database_conflict(),
        };
        let times = 1 + u32::from(dice.per_mille(300));
        Self { at, rule: FaultRule::once(method, path, fault).times(times) }
    }
}

/// What people call a fault.
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
