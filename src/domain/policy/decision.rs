//! What the policy decided, kept whole in the journal so that it stays readable when the policy changes.

use serde::{Deserialize, Serialize};

use crate::domain::parking::ParkingAction;

/// One decision: the row that fired, its inputs, what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The hash of the policy file that decided.
    pub policy: String,
    /// The row's stable id.
    pub row: String,
    /// The row's reason, in Korean.
    pub reason: String,
    /// Every input that was looked at, with its value and its source.
    pub inputs: Vec<InputValue>,
    /// What follows.
    pub outcome: Outcome,
}

/// One input of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputValue {
    /// The input's name in the policy file.
    pub name: String,
    /// The value's name in the policy file.
    pub value: String,
    /// Where it is known from, in Korean.
    pub source: String,
}

/// What follows from a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Outcome {
    /// The service acts and answers.
    Settle {
        /// What the parking system is asked to do, in this order.
        actions: Vec<ParkingAction>,
        /// The macro that answers the customer.
        reply: String,
    },
    /// A person decides.
    HandOver {
        /// Who.
        team: Team,
        /// What they have to do, in Korean.
        todo: String,
    },
}

/// Who takes over a ticket; each is a Zendesk group in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// General agents.
    Agents,
    /// The desk that calls the airport.
    AirportDesk,
    /// The desk that asks lots.
    LotContact,
    /// The desk that decides on compensation.
    Compensation,
}

impl Team {
    /// Every team.
    pub const ALL: &'static [Self] = &[Self::Agents, Self::AirportDesk, Self::LotContact, Self::Compensation];

    /// The centre's word for it.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Agents => "일반 상담",
            Self::AirportDesk => "공항 담당",
            Self::LotContact => "주차장 확인 담당",
            Self::Compensation => "보상 담당",
        }
    }
}
