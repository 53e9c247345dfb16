//! The playbooks of these runs: the shipped policy, macros and words, with three degrees of trust.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use jiff::SignedDuration;
use misread::config::{Files, load_files};
use misread::domain::case::{
    ConsultationTypes, GuideLinks, Harmless, HarmlessFrom, ManualReply, Playbook, Routing, Timeouts,
    WhenSilent,
};
use misread::domain::limits::{Breaker, Limits, Most, Tally};
use misread::domain::parking::Won;
use misread::domain::policy::{Policy, Team, Trust};
use misread::worker::Reloadable;

use super::desk::GROUPS;
use super::run::SETTLE;
use super::situation::CAP;

/// A breaker that never opens: it has tests of its own.
const BREAKER: Breaker = {
    let never = Tally { won: i64::MAX, refusals: i64::MAX, hand_overs: i64::MAX };
    Breaker { factor: 1, at_least: never }
};
/// Limits that only an amount which is wrong by itself exceeds.
const LIMITS: Limits = {
    let most = Most { won: Won(i64::MAX), times: u32::MAX };
    Limits { per_action: Won(100_000), per_account: most, per_lot: most, per_day: most, breaker: BREAKER }
};

/// Each is parsed and proved once.
static SHIPPED: [OnceLock<Arc<Reloadable<Playbook>>>; 6] = [const { OnceLock::new() }; 6];

/// The playbook with this trust for the whole policy.
pub(super) fn playbook(trust: Trust, when_silent: WhenSilent) -> Arc<Reloadable<Playbook>> {
    let hands_over = usize::from(when_silent == WhenSilent::HandOver);
    let place = match trust {
        Trust::Auto => 0,
        Trust::Assist => 2,
        Trust::Shadow => 4,
    };
    let build = || Arc::new(Reloadable::new(shipped(trust, when_silent)));
    Arc::clone(SHIPPED[place + hands_over].get_or_init(build))
}

fn policy(trust: Trust) -> Policy {
    let text = include_str!("../../../config/policy.toml");
    let line = format!("trust = \"{}\"\n", trust.code());
    let text = text.replacen("trust = \"auto\"\n", &line, 1);
    assert!(text.contains(&line), "the policy's first line of trust has changed");
    Policy::parse(&text).unwrap()
}

fn shipped(trust: Trust, when_silent: WhenSilent) -> Playbook {
    let Files { words, openings, macros, .. } = load_files(&BTreeMap::new()).unwrap();
    let hours = SignedDuration::from_hours;
    let text = str::to_owned;
    Playbook {
        policy: policy(trust),
        macros,
        words,
        openings,
        patience: Timeouts {
            remind_after: hours(24),
            give_up_after: hours(72),
            when_silent,
            payment_check: hours(6),
            payment_deadline: hours(168),
        },
        compensation_cap: CAP,
        limits: LIMITS,
        routing: Routing {
            start_tags: vec![text("no_self_use")],
            done_tag: text("misread_done"),
            handed_over_tag: text("misread_handed_over"),
            waiting_tag: text("misread_waiting"),
            prepared_tag: text("misread_prepared"),
            stuck_tag: text("misread_stuck"),
            give_back_tag: text("misread_airport_called"),
            release_tag: text("misread_release"),
            sent_tag: text("misread_sent"),
            brands: Vec::new(),
            forms: Vec::new(),
            // Otherwise a person would answer before the writer's identity matters.
            by_hand: ManualReply { messaging: true, copies: false },
            harmless: Harmless { from: HarmlessFrom::Nobody, fields: BTreeSet::new() },
            groups: Team::ALL.iter().copied().zip(GROUPS).collect(),
            consultation_types: ConsultationTypes {
                linked: text("no_self_use_linked"),
                unlinked: text("no_self_use_unlinked"),
                other: text("no_self_use_other"),
            },
            guide: GuideLinks { compensation: text("/1"), restricted_consultation: text("/2") },
            console: None,
        },
        unknown_settle: SETTLE,
    }
}
