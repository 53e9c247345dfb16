//! The limits on money that moves without a person, what they have used, and the breaker.

use jiff::Timestamp;
use serde::Serialize;

use crate::console::access::Viewer;
use crate::console::address::Address;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::limits::{Counted, Event, Happened, Limit, Limits, Measure, Most, Sum};
use crate::domain::parking::Won;
use crate::domain::person::Role;
use crate::ports::{Act, MovedLately, NewAccess};
use crate::story::{cases, minute};

/// The events of the breaker on the page.
const EVENTS: usize = 20;
/// What stands in the place of an account's id for a person who may not see it.
const MASKED: &str = "가려진 계정";

#[derive(Serialize)]
struct Content {
    per_action: String,
    /// All together, by lot and by account.
    groups: Vec<Group>,
    /// Whether nothing has moved.
    is_empty: bool,
    hour: Vec<Hour>,
    factor: u32,
    open: Option<Open>,
    can_lift: bool,
    events: Vec<Told>,
    done: bool,
}

/// What one limit is about.
#[derive(Serialize)]
struct Group {
    title: &'static str,
    /// Its section in the settings.
    setting: &'static str,
    window: &'static str,
    lines: Vec<Filled>,
}

impl Group {
    fn of(title: &'static str, limit: Limit, lines: Vec<Filled>) -> Self {
        let window = if limit == Limit::Account { "최근 30일" } else { "최근 24시간" };
        Self { title, setting: limit.setting(), window, lines }
    }
}

/// A limit, with what its window holds now.
#[derive(Serialize)]
struct Filled {
    name: String,
    used_won: String,
    most_won: String,
    free_won: String,
    used: String,
    most: String,
    free: String,
    /// Whether nothing more goes out without a person.
    is_full: bool,
}

impl Filled {
    fn of(name: impl Into<String>, used: Sum, most: Most) -> Self {
        let free_won = most.won.0.saturating_sub(used.won).max(0);
        let free = most.times.saturating_sub(used.times);
        Self {
            name: name.into(),
            used_won: Won(used.won).to_string(),
            most_won: most.won.to_string(),
            free_won: Won(free_won).to_string(),
            used: cases(used.times.into()),
            most: cases(most.times.into()),
            free: cases(free.into()),
            is_full: free_won == 0 || free == 0,
        }
    }
}

/// What the breaker compares.
#[derive(Serialize)]
struct Hour {
    measure: &'static str,
    now: String,
    usual: String,
    most: String,
}

#[derive(Serialize)]
struct Open {
    since: String,
    because: String,
    /// The moment, by which a form names this opening and no later one.
    mark: i64,
}

impl Open {
    fn of(latest: &Happened) -> Option<Self> {
        let trip = latest.open()?;
        let mark = latest.at.as_millisecond();
        Some(Self { since: minute(latest.at), because: trip.to_string(), mark })
    }
}

/// An event of the breaker.
#[derive(Serialize)]
struct Told {
    at: String,
    what: &'static str,
    by: Option<String>,
    because: Option<String>,
}

impl Told {
    fn of(happened: Happened) -> Self {
        let at = minute(happened.at);
        match happened.event {
            Event::Tripped(trip) => Self { at, what: "열림", by: None, because: Some(trip.to_string()) },
            Event::Lifted { by, because } => Self { at, what: "해제", by: Some(by), because },
        }
    }
}

pub(super) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let (ledger, now) = (visit.console.parts.ledger.as_ref(), visit.now);
    let limits = visit.console.parts.playbook.playbook().limits;
    let (moved, counted) = (ledger.moved_lately(now).await?, ledger.counted(now).await?);
    let events = ledger.breaker_events(EVENTS).await?;
    let is_masked = viewer.role < Role::Operate;
    if !is_masked && !moved.accounts.is_empty() {
        visit.console.record(&viewer.did(Act::LookedAtLimits, now)).await?;
    }
    let content = Content {
        per_action: limits.per_action.to_string(),
        groups: groups(&limits, &moved, is_masked),
        is_empty: moved.lots.is_empty() && moved.accounts.is_empty(),
        hour: hour(&limits, &counted),
        factor: limits.breaker.factor,
        open: events.first().and_then(Open::of),
        can_lift: viewer.may(Address::LiftForm),
        events: events.into_iter().map(Told::of).collect(),
        done: visit.fields.text("done") == "lift",
    };
    Ok(Reply::page("limits.html", "한도", content))
}

fn groups(limits: &Limits, moved: &MovedLately, is_masked: bool) -> Vec<Group> {
    let all = vec![Filled::of("모두 합해", moved.day, limits.per_day)];
    let lots = moved.lots.iter().map(|(id, sum)| Filled::of(format!("주차장 {id}"), *sum, limits.per_lot));
    let accounts = moved.accounts.iter().map(|(id, sum)| {
        let name = if is_masked { MASKED.to_owned() } else { format!("계정 {id}") };
        Filled::of(name, *sum, limits.per_account)
    });
    let groups = [
        Group::of("하루 전체", Limit::Day, all),
        Group::of("주차장, 금액이 큰 순서로", Limit::Lot, lots.collect()),
        Group::of("계정, 금액이 큰 순서로", Limit::Account, accounts.collect()),
    ];
    groups.into_iter().filter(|group| !group.lines.is_empty()).collect()
}

fn hour(limits: &Limits, counted: &Counted) -> Vec<Hour> {
    let amount = |measure: Measure, amount: i64| match measure {
        Measure::Won => Won(amount).to_string(),
        Measure::Refusals | Measure::HandOvers => cases(amount.unsigned_abs()),
    };
    let hour = |measure: Measure| Hour {
        measure: measure.korean(),
        now: amount(measure, counted.hour.of(measure)),
        usual: amount(measure, counted.usual(measure)),
        most: amount(measure, limits.breaker.most(measure, counted)),
    };
    Measure::ALL.into_iter().map(hour).collect()
}

#[derive(Serialize)]
struct LiftContent {
    open: Open,
    /// The cases that are prepared and go on waiting for a person.
    prepared: u64,
}

const CLOSED: Refused =
    Refused::Form("차단기가 열려 있지 않습니다. 이미 해제되었는지 한도 화면에서 확인해 주세요.");

/// What lifting does, before a person does it.
pub(super) async fn lift_form(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let open = ledger.breaker().await?.as_ref().and_then(Open::of).ok_or(CLOSED)?;
    let prepared = ledger.backlog(visit.now).await?.awaiting.release;
    Ok(Reply::page("lift.html", "차단기 해제", LiftContent { open, prepared }))
}

/// Lifts the breaker in the person's name, as `misread limits lift` does.
pub(super) async fn lift(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let reason = visit.fields.reason().ok_or(Refused::Form(
        "해제해도 되는 까닭을 두 글자 이상, 300자 이하로 적어 주세요. 차단기의 기록과 접근 기록에 남습니다.",
    ))?;
    let ledger = visit.console.parts.ledger.as_ref();
    let latest = ledger.breaker().await?.filter(|latest| latest.open().is_some()).ok_or(CLOSED)?;
    if visit.fields.text("mark") != mark(latest.at) {
        return Err(Refused::Form(
            "보고 계신 동안 차단기가 해제되고 다시 열렸습니다. 새로 열린 까닭을 한도 화면에서 확인해 주세요.",
        ));
    }
    // First the record: no act without one.
    let lifted = NewAccess { reason: Some(reason.clone()), ..viewer.did(Act::Lifted, visit.now) };
    visit.console.record(&lifted).await?;
    let trip = ledger.lift(visit.now, &viewer.name, Some(&reason)).await?.ok_or(CLOSED)?;
    tracing::warn!(measure = trip.measure.code(), "the breaker was lifted in the console");
    Ok(Reply::to("/limits?done=lift".to_owned()))
}

fn mark(at: Timestamp) -> String {
    at.as_millisecond().to_string()
}
