//! A summary of a case: a line of a list, the head of its story, and the JSON of both.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{minute, words};
use crate::domain::case::{Awaited, Case, Ending, Entry, Reason, Rest, StuckCause};
use crate::domain::ids::TicketId;
use crate::domain::parking::Won;
use crate::domain::policy::{Decision, Team};
use crate::ports::{CaseState, CaseSummary, Loaded};

/// A summary of a case. Programs read it as JSON: the names must not change.
#[derive(Debug, Serialize)]
pub(crate) struct Look {
    pub(crate) ticket_id: TicketId,
    #[serde(serialize_with = "state_name")]
    pub(crate) state: CaseState,
    /// The party that the case waits for.
    waits_for: Option<Party>,
    /// The event that the case waits for: `answer`, `payment`, `give_back`, `release` or `retry`.
    awaits: Option<&'static str>,
    pub(crate) waits_until: Option<Timestamp>,
    ending: Option<Ending>,
    /// The team that has the ticket after a hand-over.
    handed_to: Option<Team>,
    /// The policy row of the last decision.
    pub(crate) row: Option<String>,
    /// The charge of the use in KRW.
    pub(crate) won: Option<Won>,
    /// The time from which the case is in this state.
    pub(crate) since: Timestamp,
    due_at: Option<Timestamp>,
    changed_at: Timestamp,
    stuck_reason: Option<StuckReason>,
}

/// The party that a case waits for; `Time` is the end of a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Party {
    Customer,
    Agent,
    Airport,
    Time,
}

impl Party {
    fn korean(self) -> &'static str {
        match self {
            Self::Customer => "고객",
            Self::Agent => "상담사",
            Self::Airport => "공항",
            Self::Time => "시간",
        }
    }
}

/// The columns of a list.
pub(crate) const COLUMNS: [&str; 7] = ["티켓", "상태", "기다리는 대상", "끝", "정책 행", "금액", "언제부터"];

impl Look {
    pub(crate) fn of(summary: &CaseSummary, loaded: &Loaded) -> Self {
        let journal = || loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
        let case = Case::fold(summary.ticket_id, journal());
        let decision = loaded.journal.iter().rev().find_map(|recorded| match &recorded.entry {
            Entry::Decided { decision } => Some(decision.as_ref()),
            _ => None,
        });
        let paused = loaded.journal.last().and_then(|recorded| match &recorded.entry {
            Entry::Deferred { until, .. } if loaded.deliveries.is_empty() => Some(*until),
            _ => None,
        });
        let mut look = Self {
            ticket_id: summary.ticket_id,
            state: summary.state,
            waits_for: None,
            awaits: None,
            waits_until: None,
            ending: None,
            handed_to: None,
            row: decision.map(|decision| decision.row.clone()),
            won: case.parking_use().and_then(|parking_use| parking_use.amount),
            since: since(summary, loaded),
            due_at: summary.due_at,
            changed_at: summary.updated_at,
            stuck_reason: None,
        };
        look.stand(&case, decision, paused);
        look
    }

    /// Sets the details of the state by the journal. If the journal does not show that state (yet), there are none.
    fn stand(&mut self, case: &Case, decision: Option<&Decision>, paused: Option<Timestamp>) {
        match (self.state, &case.rest) {
            (CaseState::Waiting, Some(Rest::Waiting(waiting))) => {
                self.awaits = Some(words::awaits(&waiting.awaited));
                self.waits_for = Some(party(&waiting.awaited, decision));
                self.waits_until = waiting.until;
            }
            (CaseState::Ended, Some(Rest::Ended(ending))) => {
                self.ending = Some(*ending);
                let team = || case.writes().rev().find_map(|(write, _)| write.hands_to);
                self.handed_to =
                    Some(*ending).filter(|ending| *ending == Ending::HandedOver).and_then(|_| team());
            }
            (CaseState::Stuck, Some(Rest::Stuck(reason))) => {
                self.waits_for = Some(Party::Agent);
                self.stuck_reason = Some(StuckReason(reason.clone()));
            }
            (CaseState::Active, _) if paused.is_some() => {
                self.waits_for = Some(Party::Time);
                self.awaits = Some("retry");
                self.waits_until = paused;
            }
            _ => {}
        }
    }

    /// The cells of a list's line; the reason of a stuck case follows as an additional cell.
    pub(crate) fn cells(&self) -> Vec<String> {
        let none = || "-".to_owned();
        let mut cells = vec![
            self.ticket_id.to_string(),
            words::state(self.state).to_owned(),
            self.waits().unwrap_or_else(none),
            self.end().unwrap_or_else(none),
            self.row.clone().unwrap_or_else(none),
            self.won.map_or_else(none, |won| won.to_string()),
            minute(self.since),
        ];
        cells.extend(self.stuck_because());
        cells
    }

    /// The party that it waits for, and for what.
    pub(crate) fn waits(&self) -> Option<String> {
        let party = self.waits_for?.korean();
        let what = match self.awaits {
            Some("answer") => "(답변)",
            Some("payment") => "(결제)",
            Some("release") => "(승인)",
            Some("retry") => return Some(format!("{party}({}까지)", self.waits_until.map(minute)?)),
            _ => "",
        };
        Some(format!("{party}{what}"))
    }

    /// How it ended, in Korean, with the team that it was handed to; `None` if it has not ended.
    pub(crate) fn end(&self) -> Option<String> {
        let end = words::ending(self.ending?);
        Some(self.handed_to.map_or_else(|| end.to_owned(), |team| format!("{end}({})", team.korean())))
    }

    /// Why it is stuck, for people.
    pub(crate) fn stuck_because(&self) -> Option<String> {
        self.stuck_reason.as_ref().map(|StuckReason(reason)| reason.korean())
    }

    pub(crate) fn head(&self) -> String {
        let state = format!("티켓 {} · {}", self.ticket_id, words::state(self.state));
        let waits = self.waits().map(|whom| format!("기다리는 대상: {whom}"));
        let since = format!("{}부터", minute(self.since));
        let parts = [Some(state), waits, self.end(), Some(since)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

fn party(awaited: &Awaited, decision: Option<&Decision>) -> Party {
    let team = || decision.and_then(|decision| decision.outcome.hand_over()).map(|(team, _)| team);
    match awaited {
        Awaited::Answer { .. } | Awaited::Payment => Party::Customer,
        Awaited::GiveBack if team() == Some(Team::AirportDesk) => Party::Airport,
        Awaited::GiveBack | Awaited::Release => Party::Agent,
    }
}

/// The time when the case came to rest. For an active case: the time of its first entry after the last rest, or of the
/// first delivery if there is no such entry.
fn since(summary: &CaseSummary, loaded: &Loaded) -> Timestamp {
    let rested = |entry: &Entry| {
        matches!(entry, Entry::Waiting(_) | Entry::Ended { .. } | Entry::Stuck { .. } | Entry::Erased { .. })
    };
    let rest = loaded.journal.iter().rposition(|recorded| rested(&recorded.entry));
    let came = || loaded.deliveries.first().map(|delivery| delivery.received_at);
    let since = match (summary.state, rest) {
        (CaseState::Active, None) => loaded.journal.first().map(|recorded| recorded.at).or_else(came),
        (CaseState::Active, Some(rest)) => {
            loaded.journal.get(rest + 1).map(|recorded| recorded.at).or_else(came)
        }
        (_, Some(rest)) => Some(loaded.journal[rest].at),
        (_, None) => None,
    };
    since.unwrap_or(summary.updated_at)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes by reference")]
fn state_name<S: serde::Serializer>(state: &CaseState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match state {
        CaseState::Active => "active",
        CaseState::Waiting => "waiting",
        CaseState::Ended => "ended",
        CaseState::Stuck => "stuck",
    })
}

/// Why a case is stuck; machines get the English text, as in the log.
#[derive(Debug)]
struct StuckReason(Reason<StuckCause>);

impl Serialize for StuckReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
