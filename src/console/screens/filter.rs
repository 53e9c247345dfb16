//! A filter of tickets, in an address and in a form. What cannot be read is refused: to leave it out would select more.

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::console::dispatch::{Refused, Visit};
use crate::console::session::hexadecimal;
use crate::domain::case::{Ending, Reason, StuckCause};
use crate::domain::parking::Won;
use crate::domain::seoul::start_of_day;
use crate::ports::{CaseFilter, CaseState, Lane, Ledger, StoreError, StuckGroup};
use crate::story::words;

/// The most reasons of stuck tickets that are told apart.
pub(super) const MOST_GROUPS: usize = 50;
/// The fields of a filter, in the order in which an address names them.
const FIELDS: [&str; 10] =
    ["state", "waits", "ending", "row", "lot", "won_from", "won_to", "from", "to", "because"];
/// The most characters of a field.
const LONGEST: usize = 100;

/// A filter as given, and what it selects.
#[derive(Debug, Default)]
pub(super) struct Filter {
    given: Vec<(&'static str, String)>,
    pub(super) wanted: CaseFilter,
}

/// A field of a filter, for forms.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    name: &'static str,
    value: String,
}

impl Filter {
    /// That of the address or the form.
    pub(super) async fn of(visit: &Visit<'_>) -> Result<Self, Refused> {
        let mut filter = Self::default();
        for name in FIELDS {
            let value = visit.fields.text(name);
            if value.is_empty() {
                continue;
            }
            if value.chars().count() > LONGEST {
                return Err(unreadable());
            }
            filter.given.push((name, value.to_owned()));
            let wanted = &mut filter.wanted;
            match name {
                "state" => wanted.state = Some(state(value).ok_or_else(unreadable)?),
                "waits" => wanted.awaits = Some(lane(value).ok_or_else(unreadable)?),
                "ending" => wanted.ending = Some(word(value).ok_or_else(unreadable)?),
                "row" => wanted.row = Some(value.to_owned()),
                "lot" => wanted.lot = Some(value.to_owned()),
                "won_from" => wanted.won_from = Some(won(value).ok_or_else(unreadable)?),
                "won_to" => wanted.won_to = Some(won(value).ok_or_else(unreadable)?),
                "from" => wanted.since = Some(day(value, 0).ok_or_else(unreadable)?),
                "to" => wanted.before = Some(day(value, 1).ok_or_else(unreadable)?),
                _ => {
                    let groups = groups_of(visit.console.parts.ledger.as_ref()).await?;
                    let group = groups.into_iter().find(|group| because(group) == value);
                    // No ticket is stuck for it any more: nothing fits, since no reason is empty.
                    wanted.stuck = Some(group.and_then(|group| group.text).unwrap_or_default());
                }
            }
        }
        filter.settle()
    }

    /// What waits is in the state of waiting, and so on; a contradiction is refused.
    fn settle(mut self) -> Result<Self, Refused> {
        let wanted = &mut self.wanted;
        for (is_given, state) in [
            (wanted.awaits.is_some(), CaseState::Waiting),
            (wanted.ending.is_some(), CaseState::Ended),
            (wanted.stuck.is_some(), CaseState::Stuck),
        ] {
            if is_given && wanted.state.replace(state).is_some_and(|other| other != state) {
                return Err(Refused::Form("상태와 다른 조건이 서로 맞지 않습니다. 조건을 다시 골라 주세요."));
            }
        }
        Ok(self)
    }

    /// Its query; empty if nothing is given.
    pub(super) fn query(&self) -> String {
        query(self.given.iter().map(|(name, value)| (*name, value.as_str())))
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        self.given.iter().map(|(name, value)| Field { name, value: value.clone() }).collect()
    }

    /// The value of a field as given.
    pub(super) fn value(&self, name: &str) -> &str {
        self.given.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Whether more than the state is given.
    pub(super) fn is_detailed(&self) -> bool {
        self.given.iter().any(|(name, _)| *name != "state")
    }

    /// What it selects, in words.
    pub(super) fn words(&self) -> String {
        let CaseFilter { state, awaits, ending, row, lot, won_from, won_to, stuck, .. } = &self.wanted;
        let parts = [
            state.map(|state| format!("상태 {}", words::state(state))),
            awaits.map(|lane| format!("기다리는 것 {}", lane_words(lane))),
            ending.map(|ending| format!("끝 {}", words::ending(ending))),
            row.as_ref().map(|row| format!("정책 행 {row}")),
            lot.as_ref().map(|lot| format!("주차장 {lot}")),
            won_from.map(|won| format!("{} 이상", Won(won))),
            won_to.map(|won| format!("{} 이하", Won(won))),
            Some(self.value("from")).filter(|day| !day.is_empty()).map(|day| format!("{day}부터")),
            Some(self.value("to")).filter(|day| !day.is_empty()).map(|day| format!("{day}까지")),
            stuck.as_ref().map(|text| format!("까닭 {}", reason_words(text))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "모든 티켓".to_owned() } else { parts.join(" · ") }
    }
}

fn unreadable() -> Refused {
    Refused::Form("조건을 읽을 수 없습니다. 날짜는 2026-11-30처럼, 금액은 숫자로 적어 주세요.")
}

/// The stuck tickets by their reasons.
pub(super) async fn groups_of(ledger: &dyn Ledger) -> Result<Vec<StuckGroup>, StoreError> {
    ledger.stuck_groups(MOST_GROUPS).await
}

/// The name of a reason's group in an address: it tells nothing, and is short.
pub(super) fn because(group: &StuckGroup) -> String {
    let text = group.text.as_deref().unwrap_or_default();
    hexadecimal(&Sha256::digest(text)).chars().take(12).collect()
}

/// A reason in words.
pub(super) fn reason_of(group: &StuckGroup) -> String {
    group.reason.as_ref().map_or_else(|| "까닭을 읽을 수 없음".to_owned(), Reason::<StuckCause>::korean)
}

fn reason_words(text: &str) -> String {
    let reason: Option<Reason<StuckCause>> = serde_json::from_str(text).ok();
    reason.map_or_else(|| "지금은 없음".to_owned(), |reason| reason.korean())
}

pub(super) fn state_name(state: CaseState) -> &'static str {
    match state {
        CaseState::Active => "active",
        CaseState::Waiting => "waiting",
        CaseState::Ended => "ended",
        CaseState::Stuck => "stuck",
    }
}

pub(super) const STATES: [CaseState; 4] =
    [CaseState::Active, CaseState::Waiting, CaseState::Stuck, CaseState::Ended];

fn state(text: &str) -> Option<CaseState> {
    STATES.into_iter().find(|state| state_name(*state) == text)
}

pub(super) fn lane_name(lane: Lane) -> &'static str {
    match lane {
        Lane::Answer => "answer",
        Lane::Payment => "payment",
        Lane::Colleague => "colleague",
        Lane::Release => "release",
    }
}

pub(super) fn lane_words(lane: Lane) -> &'static str {
    match lane {
        Lane::Answer => "고객의 답변",
        Lane::Payment => "고객의 결제",
        Lane::Colleague => "공항·담당자",
        Lane::Release => "승인",
    }
}

fn lane(text: &str) -> Option<Lane> {
    Lane::ALL.into_iter().find(|lane| lane_name(*lane) == text)
}

/// All endings, for a choice.
pub const ENDINGS: [Ending; 9] = [
    Ending::Settled,
    Ending::Silent,
    Ending::HandedOver,
    Ending::Shadowed,
    Ending::SteppedBack,
    Ending::TicketClosed,
    Ending::TicketGone,
    Ending::AlreadySolved,
    Ending::NotOurs,
];

/// The value with this name in the journal.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

/// An amount as people write it: `12000`, `12,000`, `12,000원`.
pub fn won(text: &str) -> Option<i64> {
    let digits: String =
        text.trim_end_matches('원').chars().filter(|sign| !matches!(sign, ',' | ' ')).collect();
    digits.parse().ok().filter(|won| *won >= 0)
}

/// The start of a day in Seoul, or of one so many days later.
pub fn day(text: &str, later: i64) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    start_of_day(day.checked_add(later.days()).ok()?).ok()
}

/// The query of these pairs, with a question mark; empty if there are none.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                query.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(query, "%{byte:02X}");
            }
        }
    }
    query
}
