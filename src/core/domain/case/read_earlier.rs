//! Reads what a closed ticket's journal says to the ticket that follows it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::earlier::{Earlier, EarlierAction, Known};
use super::effect::{Effect, Rest};
use super::entry::Entry;
use super::fold::Case;
use super::record::EffectState;
use crate::domain::ids::{Position, TicketId};

impl Earlier {
    /// Reads a closed ticket's journal.
    pub fn of<'a>(ticket_id: TicketId, journal: impl Iterator<Item = (Timestamp, &'a Entry)>) -> Self {
        let (mut case, mut row, mut rows) = (Case::new(ticket_id), None, BTreeMap::<Position, String>::new());
        for (at, entry) in journal {
            case.apply(at, entry);
            match entry {
                Entry::Decided { decision } => row = Some(&decision.row),
                Entry::Intended { .. } => {
                    rows.extend(row.map(|row| (case.last, row.clone())));
                }
                _ => {}
            }
        }
        let known = match (case.last, case.erased) {
            (Position(0), _) => Known::Nothing,
            (_, Some(_)) => Known::Erased,
            _ => Known::Whole,
        };
        let own = case.effects.iter().filter_map(|record| {
            let Effect::Act(action) = &record.effect else { return None };
            let (at, receipt_id) = match &record.state {
                EffectState::Acted(receipt) => (receipt.done_at, Some(receipt.receipt_id.clone())),
                EffectState::Unknown => (record.since, None),
                EffectState::NotDone | EffectState::Written | EffectState::Refused { .. } => return None,
            };
            let row = rows.get(&record.position).cloned();
            Some(EarlierAction {
                ticket_id,
                action: action.action,
                use_id: action.use_id.clone(),
                at,
                receipt_id,
                row,
            })
        });
        let before = case.facts.earlier.iter().flat_map(|earlier| earlier.actions.iter().cloned());
        let actions = before.chain(own).collect();
        let ending = match case.rest {
            Some(Rest::Ended(ending)) => Some(ending),
            _ => None,
        };
        let ticket = case.facts.ticket.as_ref();
        Self {
            ticket_id,
            known,
            ending,
            actions,
            plate: ticket.and_then(|ticket| ticket.plate.clone()),
            used_at: ticket.and_then(|ticket| ticket.used_at.clone()),
        }
    }
}
