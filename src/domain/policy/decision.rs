//! What the policy decided, kept whole in the journal so that it stays readable when the policy changes.

use std::fmt;

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

impl Outcome {
    /// What the parking system is asked to do, in this order.
    pub fn actions(&self) -> &[ParkingAction] {
        match self {
            Self::Settle { actions, .. } => actions,
            Self::HandOver { .. } => &[],
        }
    }

    /// The macro that answers the customer, if the service answers.
    pub fn reply(&self) -> Option<&str> {
        match self {
            Self::Settle { reply, .. } => Some(reply),
            Self::HandOver { .. } => None,
        }
    }

    /// Whether the same happens: the same actions, reply and team. What exactly a team has to do is text.
    pub fn same_course(&self, other: &Self) -> bool {
        let team = |outcome: &Self| outcome.hand_over().map(|(team, _)| team);
        self.actions() == other.actions() && self.reply() == other.reply() && team(self) == team(other)
    }

    /// Who takes over and what they have to do, if somebody takes over.
    pub fn hand_over(&self) -> Option<(Team, &str)> {
        match self {
            Self::Settle { .. } => None,
            Self::HandOver { team, todo } => Some((*team, todo)),
        }
    }
}

/// Actions in their order, as the centre says it.
pub(super) fn in_order(actions: &[ParkingAction]) -> String {
    actions.iter().map(|action| action.korean()).collect::<Vec<_>>().join(" → ")
}

/// In Korean: `결제취소 → 기기 점검 요청, 답변 payment_cancelled`; what a team has to do is left out.
impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actions = in_order(self.actions());
        let reply = self.reply().map(|reply| format!("답변 {reply}"));
        let team = self.hand_over().map(|(team, _)| format!("{}으로 이관", team.korean()));
        let parts = [Some(actions).filter(|actions| !actions.is_empty()), reply, team];
        formatter.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
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
