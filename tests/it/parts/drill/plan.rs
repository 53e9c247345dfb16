use std::time::Duration;

use misread::drill::plan::{AHEAD_AT_MOST, Cycle, FORGERIES, Ground, Heals, JobTrouble, Others, Plan, name};

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
