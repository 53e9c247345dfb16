//! What several targets need: the shipped playbook, a clock that stands still, a use, situations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::config::load_files;
use misread::domain::case::{
    ConsultationTypes, GuideLinks, Harmless, HarmlessFrom, ManualReply, Playbook, Routing, Timeouts,
    WhenSilent,
};
use misread::domain::ids::{AccountId, LotId, TicketId, UseId};
use misread::domain::limits::{Breaker, Limits, Most, Tally};
use misread::domain::parking::{Linkage, Lot, Operation, ParkingAction, ParkingUse, UseStatus, Vehicle, Won};
use misread::domain::policy::{
    Evidence, Found, Grant, Identity, Input, LotKind, OneUse, Operator, Progress, Request, Situation, Status,
    Team, VehicleMatch,
};
use misread::ports::Clock;

pub(super) const ACTIONS: &[ParkingAction] = &[
    ParkingAction::Refund,
    ParkingAction::Inspection,
    ParkingAction::Coupon,
    ParkingAction::Points,
    ParkingAction::Cancel,
    ParkingAction::WithdrawReceivable,
    ParkingAction::OperatorMakeGood,
];

/// It never opens.
const BREAKER: Breaker = {
    let never = Tally { won: i64::MAX, refusals: i64::MAX, hand_overs: i64::MAX };
    Breaker { factor: 1, at_least: never }
};

/// So wide that only what is wrong with an amount itself is for a person.
const LIMITS: Limits = {
    let most = Most { won: Won(i64::MAX), times: u32::MAX };
    Limits { per_action: Won(100_000), per_account: most, per_lot: most, per_day: most, breaker: BREAKER }
};

/// It is always [`now`].
#[derive(Debug)]
pub(super) struct StandingClock;

#[async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        assert!(at <= now(), "nobody sleeps where time stands still");
    }
}

pub(super) fn now() -> Timestamp {
    time("2026-11-22T03:04:05Z")
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(super) fn ticket_id() -> TicketId {
    TicketId::try_from(5).expect("positive")
}

pub(super) fn parking_use() -> ParkingUse {
    ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acct-1"),
        vehicle: Vehicle { plate: "12가3456".to_owned(), ownership_verified: false },
        lot: Lot {
            id: LotId::new("lot-1"),
            name: "역삼 하늘 주차장".to_owned(),
            region: "서울 강남구 역삼동".to_owned(),
            operation: Operation::Partner,
            linkage: Linkage::Linked,
            closed: false,
            airport: None,
            self_cancel: true,
        },
        status: UseStatus::Completed,
        entered_at: time("2026-11-20T05:05:00Z"),
        exited_at: Some(time("2026-11-20T07:00:00Z")),
        amount: Some(Won(8000)),
        compensation: None,
    }
}

pub(super) fn playbook() -> &'static Playbook {
    static SHIPPED: LazyLock<Playbook> = LazyLock::new(shipped);
    &SHIPPED
}

fn shipped() -> Playbook {
    let files = load_files(&BTreeMap::new()).unwrap_or_else(|report| panic!("{report}"));
    let desk = files.settings.zendesk;
    let hours = SignedDuration::from_hours;
    Playbook {
        policy: files.policy,
        words: files.words,
        openings: files.openings,
        macros: files.macros,
        patience: Timeouts {
            remind_after: hours(24),
            give_up_after: hours(72),
            when_silent: WhenSilent::Close,
            payment_check: hours(6),
            payment_deadline: hours(168),
        },
        compensation_cap: Won(30_000),
        limits: LIMITS,
        routing: Routing {
            start_tags: desk.start_tags,
            done_tag: desk.done_tag,
            handed_over_tag: desk.handed_over_tag,
            waiting_tag: desk.waiting_tag,
            prepared_tag: desk.prepared_tag,
            stuck_tag: desk.stuck_tag,
            give_back_tag: desk.give_back_tag,
            release_tag: desk.release_tag,
            sent_tag: desk.sent_tag,
            brands: Vec::new(),
            forms: Vec::new(),
            by_hand: ManualReply { messaging: true, copies: true },
            harmless: Harmless { from: HarmlessFrom::Nobody, fields: BTreeSet::new() },
            groups: Team::ALL.iter().copied().zip(31..).collect(),
            consultation_types: ConsultationTypes {
                linked: desk.consultation_types.linked,
                unlinked: desk.consultation_types.unlinked,
                other: desk.consultation_types.other,
            },
            guide: GuideLinks { compensation: "/1".to_owned(), restricted_consultation: "/2".to_owned() },
            console: None,
        },
        unknown_settle: SignedDuration::from_secs(10),
    }
}

/// Every situation that a case can come into, but for combinations of what is asked about the use.
pub(super) fn situations() -> Vec<Situation> {
    let mut situations = Vec::new();
    for found in Found::ALL {
        for identity in Identity::ALL {
            for vehicle in VehicleMatch::ALL {
                for request in Request::ALL {
                    let situation = |one| Situation {
                        found: sourced(*found),
                        identity: sourced(*identity),
                        vehicle: sourced(*vehicle),
                        request: sourced(*request),
                        one,
                    };
                    situations.push(situation(None));
                    situations.extend(uses().into_iter().map(|one| situation(Some(one))));
                }
            }
        }
    }
    situations
}

fn uses() -> Vec<OneUse> {
    let statuses = Status::ALL.iter().enumerate();
    let one = |(nth, status): (usize, &Status)| OneUse {
        status: sourced(*status),
        lot: sourced(LotKind::ALL[nth % LotKind::ALL.len()]),
        operation: sourced(Operator::ALL[nth % Operator::ALL.len()]),
        progress: sourced(Progress::ALL[nth % Progress::ALL.len()]),
        amount: sourced(Grant::ALL[nth % Grant::ALL.len()]),
    };
    statuses.map(one).collect()
}

fn sourced<I: Input>(value: I) -> Evidence<I> {
    Evidence::of(value, "시험")
}
