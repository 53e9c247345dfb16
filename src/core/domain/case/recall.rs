//! A ledger that was put back to an earlier state: what the service has written since stands in the ticket, under its own seal, and is
//! taken up from there as far as that is certain.
//!
//! Certain is a text that the case would write now to the letter, asks the customer something, and moved no money: only then does the
//! course that is lost agree with the one that the journal leads to. Everything else is left to people.

use super::effect::{Awaited, Effect, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::guards::FORGOTTEN;
use super::next::Step;
use crate::domain::marker;
use crate::domain::ticket::TicketChange;

impl Case {
    /// The first change of the service's own of which the journal knows nothing: proven by its seal, or a public text with a marker of
    /// an earlier version, which can only be left to people.
    pub(super) fn first_forgotten(&self) -> Option<&TicketChange> {
        self.changes.iter().flatten().find(|change| {
            // By time, since nothing is left of an erased case that could name an audit: it had ended, and all that had come was taken in.
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

    /// Whether a change is to be heard now: what came after something forgotten is heard once that is taken up.
    pub(super) fn is_due(&self, change: &TicketChange) -> bool {
        let forgotten = self.first_forgotten();
        self.is_new(change) && forgotten.is_none_or(|forgotten| change.audit_id < forgotten.audit_id)
    }
}

/// The step, or what takes its place where the ticket holds something of the service's that its journal does not know: what was done since
/// then is not known either, so nothing is done before it is taken up.
pub(super) fn recall(case: &Case, step: Step) -> Step {
    let works = case.rest.is_none() && case.stepped_back.is_none();
    let Some(forgotten) = case.first_forgotten().filter(|_| works) else { return step };
    let step_back = || Step::Record(Entry::SteppedBack { reason: FORGOTTEN.into() });
    match step {
        Step::Intend(Effect::Write(write)) if is_it(forgotten, &write) => Step::Record(Entry::Recalled {
            write: Box::new(write),
            audit_id: forgotten.audit_id,
            written_at: forgotten.at,
        }),
        Step::Intend(_) | Step::Repeat { .. } | Step::Confirm | Step::Record(Entry::Escalated { .. }) => {
            step_back()
        }
        step => step,
    }
}

/// Whether a change is this write: a public text word for word; the note after it by changing nothing that a note which hands the ticket
/// to people would change. Such a note tells when things were done, and so is never written twice alike.
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
