//! What is known of the ticket that a follow-up follows. Zendesk turns an answer to a closed ticket into a new ticket with
//! the closed one's tags and fields. Its case starts anew, but never settles again what the earlier ticket settled.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effect::{Effect, Ending};
use super::entry::Entry;
use super::execute::settles_nothing;
use super::fold::{Case, Rest};
use super::next::{Step, escalate};
use super::record::EffectState;
use crate::domain::ids::{Position, TicketId, UseId};
use crate::domain::parking::ParkingAction;
use crate::domain::policy::Decision;

/// The case of the closed ticket, from its journal. Part of the journal: its serialised form must stay readable for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// The closed ticket.
    pub ticket_id: TicketId,
    /// What the ledger still holds of its case.
    pub known: Known,
    /// How its case ended, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// The actions on it and on the tickets that it followed itself, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deeds: Vec<EarlierAction>,
    /// The text of its plate field; the follow-up inherits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<String>,
    /// The text of its field for the time of parking; the follow-up inherits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<String>,
}

/// What the ledger holds of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The whole journal.
    Whole,
    /// Only that the case existed; its journal is erased.
    Erased,
    /// Nothing: people settled the ticket, or another ledger holds it.
    Nothing,
}

/// An action at the parking system for an earlier ticket; its outcome may be unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierAction {
    /// The ticket it was done for.
    pub ticket_id: TicketId,
    /// The action.
    pub action: ParkingAction,
    /// The use it applied to.
    pub use_id: UseId,
    /// When it was done; when it was intended, if its outcome is unknown.
    pub at: Timestamp,
    /// The receipt's id; `None`: the outcome was never known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_id: Option<String>,
    /// The policy row that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
}

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
        let before = case.facts.earlier.iter().flat_map(|earlier| earlier.deeds.iter().cloned());
        let deeds = before.chain(own).collect();
        let ending = match case.rest {
            Some(Rest::Ended(ending)) => Some(ending),
            _ => None,
        };
        let ticket = case.facts.ticket.as_ref();
        Self {
            ticket_id,
            known,
            ending,
            deeds,
            plate: ticket.and_then(|ticket| ticket.plate.clone()),
            used_at: ticket.and_then(|ticket| ticket.used_at.clone()),
        }
    }
}

/// Hands a follow-up to a person, whatever the policy says of its use: what an earlier ticket has settled, or may have, is
/// not settled again. A use that the writer does not name themself may be the wrong one, since the fields come from the
/// closed ticket.
pub(super) fn for_a_person(case: &Case, decision: &Decision) -> Option<Step> {
    let follows = case.facts.ticket.as_ref()?.follows?;
    if settles_nothing(&decision.outcome) || case.receipts_of_turn().next().is_some() {
        return None;
    }
    let parking_use = case.facts.the_use()?;
    let deeds = case.facts.earlier.iter().flat_map(|earlier| &earlier.deeds);
    if let Some(deed) = deeds.into_iter().find(|deed| deed.use_id == parking_use.id) {
        return Some(escalate(
            format!(
                "이 이용 건은 앞선 문의 #{}에서 이미 처리했거나 처리했을 수 있습니다({}).",
                deed.ticket_id,
                deed.action.korean()
            ),
            "같은 처리를 다시 하지 말고, 앞선 문의의 처리 결과를 확인해 고객님께 안내해 주세요.".into(),
        ));
    }
    if case.facts.is_named(parking_use) {
        return None;
    }
    Some(escalate(
        format!(
            "종료된 문의 #{follows}의 후속 문의인데, 어느 이용 건에 관한 것인지 고객님의 글에 적혀 있지 않습니다."
        ),
        "고객님의 글과 앞선 문의의 처리 내역을 확인하고 이어서 상담해 주세요.".into(),
    ))
}
