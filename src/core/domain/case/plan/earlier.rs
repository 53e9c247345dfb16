//! Follow-ups of closed tickets: what was settled there is not settled again.

use crate::domain::case::cause::EscalationCause;
use crate::domain::case::fold::Case;
use crate::domain::policy::{Decision, Outcome};

/// Hands a follow-up to a person, whatever the policy says of its use: what an earlier ticket has settled, or may have, is
/// not settled again. A use that the writer does not name themself may be the wrong one, since the fields come from the
/// closed ticket.
pub(super) fn for_a_person(case: &Case, decision: &Decision) -> Option<EscalationCause> {
    let follows = case.facts.ticket.as_ref()?.follows?;
    let settles_nothing = matches!(decision.outcome, Outcome::HandOver { interim: None, .. });
    if settles_nothing || case.receipts_of_turn().next().is_some() {
        return None;
    }
    let parking_use = case.facts.the_use()?;
    let actions = case.facts.earlier.iter().flat_map(|earlier| &earlier.actions);
    if let Some(earlier_action) =
        actions.into_iter().find(|earlier_action| earlier_action.use_id == parking_use.id)
    {
        return Some(EscalationCause::SettledEarlier {
            ticket_id: earlier_action.ticket_id,
            action: earlier_action.action,
        });
    }
    (!case.facts.is_named(parking_use)).then_some(EscalationCause::FollowUpNamesNoUse { follows })
}
