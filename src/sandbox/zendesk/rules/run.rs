//! Runs triggers on an update, in their order.

use jiff::Timestamp;

use super::occasion::Occasion;
use super::scene::Scene;
use crate::SandboxError;
use crate::zendesk::records::{Audit, TicketFields, Via};
use crate::zendesk::state::State;

impl State {
    /// Runs the triggers on a ticket and returns the audit with their changes.
    ///
    /// After each that fires, the list is checked again from the top; each fires at most once per update. Loops over
    /// webhooks remain possible: a write by a webhook's receiver is a new update.
    pub(in crate::zendesk) fn run_triggers(
        &mut self,
        ticket_id: i64,
        occasion: &Occasion,
        mut audit: Audit,
        now: Timestamp,
    ) -> Result<Audit, SandboxError> {
        let mut waiting = self.triggers.all().to_vec();
        loop {
            let ticket = self.ticket(ticket_id)?.fields.clone();
            let scene = Scene { state: self, ticket: &ticket, occasion, via: &audit.via };
            let Some(at) = waiting.iter().position(|trigger| trigger.fires(&scene)) else {
                break;
            };
            let trigger = waiting.remove(at);
            let (after, told) = self.perform(&trigger, &ticket, occasion, now);
            let title = trigger.definition.title.clone();
            let via = Via::Rule { id: trigger.id, title, rel: "trigger" };
            let known = audit.events.len();
            self.record_differences(&ticket, &after, Some(&via), &mut audit);
            audit.events.extend(told);
            if audit.events.len() > known {
                self.replace_latest_audit(after, &audit, now)?;
            }
        }
        Ok(audit)
    }

    /// The triggers' changes are part of the audit of the update that they ran for.
    fn replace_latest_audit(
        &mut self,
        fields: TicketFields,
        audit: &Audit,
        now: Timestamp,
    ) -> Result<(), SandboxError> {
        let id = fields.id;
        let ticket = self.tickets.get_mut(&id).ok_or_else(|| SandboxError::unknown("ticket", id))?;
        ticket.audits.retain(|known| known.id != audit.id);
        self.commit(fields, audit, now);
        Ok(())
    }
}
