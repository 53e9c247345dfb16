//! What is known of the ticket that a follow-up follows. Zendesk turns an answer to a closed ticket into a new ticket with
//! the closed one's tags and fields. Its case starts anew, but never settles again what the earlier ticket settled.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effect::Ending;
use crate::domain::ids::{TicketId, UseId};
use crate::domain::parking::ParkingAction;

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
    #[serde(rename = "deeds", default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<EarlierAction>,
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
    /// What was ordered then.
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
