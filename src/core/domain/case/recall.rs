//! Recovery after the ledger was restored to an earlier state: the ticket holds what the service has written since, under
//! its own seal, and the case goes on from there as far as that is certain.
//!
//! Certain is a text that the case would write now word for word, that asks the customer something, and that moved no
//! money: only then does the lost course agree with the one that the journal leads to. Everything else is left to people.

use super::cause::StepBackCause;
use super::effect::{Awaited, Effect, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::step::Step;
use crate::domain::marker;
use crate::domain::ticket::TicketChange;

impl Case {
    /// The first of the service's own changes that the journal does not know: proven by its seal, or a public text with a
    /// marker of an earlier version, which can only be left to people.
    pub(super) fn first_forgotten(&self) -> Option<&TicketChange> {
        self.changes.iter().flatten().find(|change| {
            // By time: an erased case keeps no audit id. It had ended and had taken in everything before.
            let later = self.erased.is_none_or(|erased| change.at > erased);
            let is_ours = change.sealed.is_some() || (change.spoke_publicly && change.marker.is_some());
            later && is_ours && !self.is_known(change)
        })
    }

    fn is_known(&self, change: &TicketChange) -> bool {
        self.writes().any(|(write, record)| {
            let key = self.key(record.position);
            let is_named = change.marker.as_deref() == Some(key.as_str());
            let is_its_text =
                || change.sealed.as_ref().is_none_or(|sealed| *sealed == marker::digest(&write.update));
            record.audit_id == Some(change.audit_id) || (is_named && is_its_text())
        })
    }

    /// Whether a change is to be heard now: what came after a forgotten write is heard once that write is recovered.
    pub(super) fn is_due(&self, change: &TicketChange) -> bool {
        let forgotten = self.first_forgotten();
        self.is_new(change) && forgotten.is_none_or(|forgotten| change.audit_id < forgotten.audit_id)
    }
}

/// The step, or its replacement if the ticket holds a write that the journal does not know. What was done since then is
/// unknown too, so nothing is done before that write is recovered.
pub(super) fn recall(case: &Case, step: Step) -> Step {
    let works = case.rest.is_none() && case.stepped_back.is_none();
    let Some(forgotten) = case.first_forgotten().filter(|_| works) else { return step };
    let step_back = || Step::Record(Entry::SteppedBack { reason: StepBackCause::UnknownWrites.into() });
    match step {
        Step::Intend(Effect::Write(write)) if is_it(forgotten, &write) => Step::Record(Entry::Recalled {
            write: Box::new(write),
            audit_id: forgotten.audit_id,
            written_at: forgotten.at,
        }),
        Step::Intend(_) | Step::Repeat { .. } | Step::Confirm | Step::Record(Entry::Escalated(_)) => {
            step_back()
        }
        step => step,
    }
}

/// Whether a change is this write. A public text must match word for word; a note after it must change nothing that a
/// hand-over note would change. Such a note contains times, so its text never repeats exactly.
fn is_it(forgotten: &TicketChange, write: &Write) -> bool {
    match write.kind {
        WriteKind::Reply => {
            matches!(write.awaits, Some(Awaited::Answer { .. })) && is_to_the_letter(forgotten, write)
        }
        WriteKind::Reminder => is_to_the_letter(forgotten, write),
        WriteKind::Note | WriteKind::Restore => {
            !forgotten.spoke_publicly && forgotten.added_tags.is_empty() && forgotten.removed_tags.is_empty()
        }
        _ => false,
    }
}

fn is_to_the_letter(forgotten: &TicketChange, write: &Write) -> bool {
    forgotten.spoke_publicly && forgotten.sealed.as_deref() == Some(marker::digest(&write.update).as_str())
}
