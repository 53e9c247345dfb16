//! The first page: what needs whom now, and the day against the same weekday of last week.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;

use crate::console::access::Viewer;
use crate::console::alarms::{self, Alarm};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::Figures;
use crate::domain::parking::Won;
use crate::domain::seoul::seoul;
use crate::ports::{Backlog, CaseFilter, CaseState};
use crate::story::figures::korean;
use crate::story::minute;

/// The most stuck cases whose amounts are added up.
const MOST_SUMMED: usize = 10_000;

#[derive(Serialize)]
struct Content {
    alarms: Vec<Alarm>,
    numbers: Vec<Number>,
    day: String,
    day_before: String,
    endings: Vec<Compared>,
    won: Vec<Compared>,
    as_of: String,
}

/// A number that leads to its cases.
#[derive(Serialize)]
struct Number {
    label: &'static str,
    count: u64,
    href: &'static str,
    /// Whether a person must look.
    is_bad: bool,
    /// Which case has been so for longest.
    oldest: Option<String>,
    /// What is at stake.
    won: Option<String>,
}

/// A figure of today and of the day a week before.
#[derive(Serialize)]
struct Compared {
    label: String,
    today: String,
    before: String,
}

pub(super) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let (parts, now) = (&visit.console.parts, visit.now);
    let today = seoul(now).date();
    let before = today.saturating_sub(7.days());
    let figures = parts.ledger.figures_since(before).await?;
    let backlog = parts.ledger.backlog(now).await?;
    let late = |since: Timestamp| now.duration_since(since) >= parts.late_after;
    let stuck = CaseFilter { state: Some(CaseState::Stuck), ..CaseFilter::default() };
    let at_stake = parts.ledger.case_sum(&stuck, MOST_SUMMED).await?;
    let content = Content {
        alarms: alarms::now(parts, &figures, viewer, now).await?,
        numbers: numbers(&backlog, Won(at_stake.won), late),
        day: day(today),
        day_before: day(before),
        endings: compared(&figures, "ended.", [today, before], |count| format!("{count}건")),
        won: compared(&figures, "won.", [today, before], |won| {
            Won(i64::try_from(won).unwrap_or(i64::MAX)).to_string()
        }),
        as_of: minute(now),
    };
    Ok(Reply::page("today.html", "오늘", content))
}

fn numbers(backlog: &Backlog, at_stake: Won, is_late: impl Fn(Timestamp) -> bool) -> Vec<Number> {
    let Backlog { overdue, active, awaiting, stuck, .. } = backlog;
    let is_late = overdue.oldest.is_some_and(|(_, since)| is_late(since));
    let late = if is_late { overdue.cases } else { 0 };
    let oldest = |group: &crate::ports::Group| {
        group.oldest.map(|(ticket, since)| format!("가장 오래된 건: 티켓 {ticket}, {}부터", minute(since)))
    };
    let number = |label, count, href| Number { label, count, href, is_bad: false, oldest: None, won: None };
    let mut numbers = [
        Number { is_bad: stuck.cases > 0, oldest: oldest(stuck), ..number("막힘", stuck.cases, "/stuck") },
        Number { is_bad: late > 0, ..number("늦어짐", late, "/tickets?state=active") },
        number("사람을 기다림", awaiting.colleague + awaiting.release, "/waiting#people"),
        number("고객을 기다림", awaiting.answer + awaiting.payment, "/waiting#customers"),
        number("처리 중", active.cases + overdue.cases - late, "/tickets?state=active"),
    ];
    if stuck.cases > 0 {
        numbers[0].won = Some(format!("걸린 금액 {at_stake}"));
    }
    if late > 0 {
        numbers[1].oldest = oldest(overdue);
    }
    numbers.into()
}

/// The figures whose names begin so, by their terms.
fn compared(
    figures: &Figures,
    prefix: &str,
    days: [Date; 2],
    shown: impl Fn(u64) -> String,
) -> Vec<Compared> {
    let on = |day: Date, name: &str| figures.get(&(day, name.to_owned())).copied().unwrap_or_default();
    let names: BTreeSet<&str> = figures
        .keys()
        .filter(|(day, name)| days.contains(day) && name.starts_with(prefix))
        .map(|(_, name)| name.as_str())
        .collect();
    let compared = |name: &str| {
        let term = korean(name);
        let label = term.split_once(": ").map_or(term.as_str(), |(_, term)| term).to_owned();
        let [today, before] = days.map(|day| shown(on(day, name)));
        Compared { label, today, before }
    };
    names.into_iter().map(compared).collect()
}

/// `11월 30일(월)`
pub fn day(day: Date) -> String {
    let weekday = ["월", "화", "수", "목", "금", "토", "일"];
    let place = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    format!("{}월 {}일({})", day.month(), day.day(), weekday.get(place).copied().unwrap_or_default())
}
