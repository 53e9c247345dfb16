//! The journal as text, one entry per line, for operators.

use std::fmt;

use jiff::Timestamp;

use super::conversation::Heard;
use super::effect::{Awaited, Effect, Ending, Occasion, Order, OrderKind, Waiting, WriteKind};
use super::entry::Entry;
use crate::domain::policy::Outcome;
use crate::domain::seoul::seoul;
use crate::domain::ticket::{ChangeAuthor, TicketChange};

impl fmt::Display for Entry {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Woken { delivery, kind, .. } => write!(line, "woken by delivery {delivery} ({kind})"),
            Self::Ordered { delivery, order } => write!(line, "{order}, delivery {delivery}"),
            Self::Erased { entries, ending, by } => {
                let by = by.as_deref().unwrap_or("the retention time");
                write!(line, "{entries} entries erased by {by}; the case had ended: {ending}")
            }
            Self::TicketRead { ticket } => write!(
                line,
                "ticket read: {:?}, last changed {}, tags [{}]",
                ticket.status,
                time(ticket.updated_at),
                ticket.tags.join(" ")
            ),
            Self::TicketGone => line.write_str("the ticket does not exist any more"),
            Self::ChangesRead { changes, .. } => history(changes, line),
            Self::Confirmed { audit_id } => write!(line, "nothing has been changed since audit {audit_id}"),
            Self::EarlierRead { earlier } => write!(
                line,
                "follows ticket {}; the ledger has {:?} of it: {} done there",
                earlier.ticket_id,
                earlier.known,
                earlier.actions.len()
            ),
            Self::AccountRead { id, account: None } => write!(line, "account {id} does not exist"),
            Self::AccountRead { id, account: Some(account) } => {
                write!(line, "account {id} read: {} registered vehicles", account.vehicles.len())
            }
            Self::UsesRead { uses, has_more } => {
                let ids: Vec<_> = uses.iter().map(|parking_use| parking_use.id.as_str()).collect();
                write!(line, "uses found: [{}]{}", ids.join(" "), if *has_more { " and more" } else { "" })
            }
            Self::Decided { decision } => {
                write!(line, "decided by row {} (policy {}): ", decision.row, decision.policy)?;
                outcome(&decision.outcome, line)?;
                let inputs = decision.inputs.iter().map(|input| format!("{}={}", input.name, input.value));
                write!(line, " [{}]", inputs.collect::<Vec<_>>().join(" "))
            }
            Self::Heard(heard) => heard.fmt(line),
            Self::TurnBegan { occasion, audit_id: None } => write!(line, "goes on: {occasion}"),
            Self::TurnBegan { occasion, audit_id: Some(audit_id) } => {
                write!(line, "goes on: {occasion}, audit {audit_id}")
            }
            Self::Waiting(waiting) => waiting.fmt(line),
            Self::TimeUp => line.write_str("the time until which it rested has come"),
            Self::NothingNew => line.write_str("nothing new: rests on"),
            Self::Intended { effect: Effect::Act(action), .. } => {
                write!(
                    line,
                    "intends {} ({}) on use {}",
                    verb(action.action),
                    action.action.korean(),
                    action.use_id
                )
            }
            Self::Intended { effect: Effect::Write(write), together, .. } => {
                let how = if *together { ", together with others" } else { "" };
                write!(line, "intends {}{how}", write.kind)
            }
            Self::Acted { of, receipt } => {
                let replayed = if receipt.replayed { ", answered again under the same key" } else { "" };
                write!(line, "done (of {of}): receipt {}{replayed}", receipt.receipt_id)
            }
            Self::ActionConflict { of, error, parking_use } => {
                write!(line, "not done (of {of}): {error}, the use is now {:?}", parking_use.status)
            }
            Self::Written { of, audit_id, found_by_marker, crossed, .. } => {
                let audit = audit_id.map_or("in a job".to_owned(), |audit_id| format!("audit {audit_id}"));
                let found = if *found_by_marker { ", found by its marker" } else { "" };
                let crossed = if *crossed { "; something else may have been written, too" } else { "" };
                write!(line, "written (of {of}): {audit}{found}{crossed}")
            }
            Self::Recalled { write, audit_id, .. } => {
                write!(
                    line,
                    "the ticket holds {} of this service that the journal did not know: audit {audit_id}",
                    write.kind
                )
            }
            Self::WriteConflict { of } => {
                write!(line, "not written (of {of}): the ticket has changed since it was read")
            }
            Self::Refused { of, reason, .. } => write!(line, "refused (of {of}): {reason}"),
            Self::OutcomeUnknown { of, reason } => write!(line, "outcome unknown (of {of}): {reason}"),
            Self::NotFound { of } => write!(line, "looked up (of {of}): it was not done"),
            Self::Restrained { reason } => write!(line, "only prepared, for an agent to release: {reason}"),
            Self::Escalated(escalation) => {
                write!(line, "handed to general agents: {}", escalation.reason)
            }
            Self::SteppedBack { reason } => write!(line, "steps back: {reason}"),
            Self::Deferred { until, reason, failed: true } => {
                write!(line, "failed, pauses until {}: {reason}", time(*until))
            }
            Self::Deferred { until, reason, .. } => write!(line, "waits until {}: {reason}", time(*until)),
            Self::Ended { ending } => write!(line, "ended: {ending}"),
            Self::Stuck { reason } => write!(line, "STUCK, a person must look: {reason}"),
        }
    }
}

fn history(changes: &[TicketChange], line: &mut fmt::Formatter<'_>) -> fmt::Result {
    let by =
        |wanted: fn(&ChangeAuthor) -> bool| changes.iter().filter(|change| wanted(&change.author)).count();
    write!(
        line,
        "its history: {} changes, {} by this service, {} by the customer, {} by others",
        changes.len(),
        by(|author| *author == ChangeAuthor::Service),
        by(|author| *author == ChangeAuthor::Requester),
        by(|author| matches!(author, ChangeAuthor::Other { .. })),
    )
}

/// In Asia/Seoul, like all times shown to people here.
fn time(at: Timestamp) -> impl fmt::Display {
    seoul(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn outcome(outcome: &Outcome, line: &mut fmt::Formatter<'_>) -> fmt::Result {
    match outcome {
        Outcome::Settle { actions, reply } => {
            let actions: Vec<_> = actions.iter().map(|action| verb(*action)).collect();
            write!(
                line,
                "{}, reply `{reply}`",
                if actions.is_empty() { "no action".into() } else { actions.join(", ") }
            )
        }
        Outcome::Ask { questions, reply } => write!(line, "ask {questions:?}, reply `{reply}`"),
        Outcome::AwaitPayment { reply } => write!(line, "await the payment, reply `{reply}`"),
        Outcome::HandOver { team, interim: None, .. } => write!(line, "hand over to {team:?}"),
        Outcome::HandOver { team, interim: Some(reply), .. } => {
            write!(line, "hand over to {team:?} until it is given back, meanwhile `{reply}`")
        }
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { audits, reading, understood, automatic, warnings, .. } = self;
        let answers = reading.answers.iter().map(|(question, answer)| format!("{question:?}={answer:?}"));
        let said: Vec<String> = answers
            .chain(reading.wishes.iter().map(|wish| format!("wish {wish:?}")))
            .chain(reading.against.iter().map(|against| format!("against {against:?}")))
            .chain(warnings.iter().map(|warning| format!("warning {warning:?}")))
            .collect();
        let rest = match (reading.only_thanks, understood) {
            _ if *automatic => ", written by a machine",
            (true, _) => ", only thanks",
            (false, true) => "",
            (false, false) => ", a person must read it",
        };
        write!(line, "heard {} messages of the customer: [{}]{rest}", audits.len(), said.join(" "))
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.awaited {
            Awaited::Answer { questions } => {
                write!(line, "waits for the customer's answer to {questions:?}")?;
            }
            Awaited::Payment => line.write_str("waits for the payment")?,
            Awaited::GiveBack => line.write_str("waits for a colleague to give it back")?,
            Awaited::Release => line.write_str("waits for an agent's release")?,
        }
        match self.until {
            Some(until) if self.last => write!(line, ", at most until {}", time(until)),
            Some(until) => write!(line, ", looks after it at {}", time(until)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Occasion {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        line.write_str(match self {
            Self::Start => "the ticket is new",
            Self::Customer => "the customer wrote",
            Self::CopiedPerson => "somebody who gets copies wrote",
            Self::GivenBack => "a colleague gave it back",
            Self::Released => "an agent released what was prepared",
            Self::TimeUp { last: false } => "it is time to look after it",
            Self::TimeUp { last: true } => "patience ends",
            Self::Ordered => "operations hand it over",
        })
    }
}

impl fmt::Display for Order {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            OrderKind::Retry => "try again",
            OrderKind::HandOver => "hand over to general agents",
        };
        write!(line, "ordered by {}: {what}", self.by)?;
        self.reason.iter().try_for_each(|reason| write!(line, " ({reason})"))
    }
}

fn verb(action: crate::domain::parking::ParkingAction) -> &'static str {
    use crate::domain::parking::ParkingAction as Action;
    match action {
        Action::Cancel => "cancel the use",
        Action::Refund => "refund",
        Action::WithdrawReceivable => "withdraw the receivable",
        Action::OperatorMakeGood => "operator make-good",
        Action::Inspection => "device inspection",
        Action::Coupon => "grant a coupon",
        Action::Points => "grant T points",
    }
}

impl fmt::Display for WriteKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Reply => "the public reply with routing",
            Self::Note => "the internal note",
            Self::HandOver => "the hand-over: internal note with routing",
            Self::StepBackNote => "the internal note that it steps back",
            Self::StuckNote => "the internal note that it gave up",
            Self::Reminder => "the reminder to the customer",
            Self::SilentClose => "the goodbye to a customer who never answered",
            Self::Prepared => "the internal note with what an agent may release",
            Self::ShadowNote => "the internal note of what it would do",
            Self::Restore => "the internal note that puts the status back after thanks or a machine's answer",
            Self::TagNote => "the internal note that tells of a misspelt tag",
            Self::Resumed => "the internal note that it goes on after a retry",
        })
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Settled => "answered and solved",
            Self::Silent => "closed because the customer never answered",
            Self::HandedOver => "handed over to a team",
            Self::Shadowed => "only noted what it would do",
            Self::SteppedBack => "left to the colleague who works on it",
            Self::TicketClosed => "the ticket is closed and takes no more updates",
            Self::TicketGone => "the ticket was deleted",
            Self::AlreadySolved => "somebody else solved the ticket",
            Self::NotOurs => "the ticket does not carry (any more) what makes it ours",
        })
    }
}
