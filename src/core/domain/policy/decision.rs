//! What the policy decided, kept whole in the journal so that it stays readable when the policy changes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Identity, Input as _};
use crate::domain::parking::ParkingAction;
use crate::domain::words::Question;

/// One decision: the row that fired, its inputs, what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The hash of the policy file that decided.
    pub policy: String,
    /// The row's stable id.
    pub row: String,
    /// The row's reason, in Korean.
    pub reason: String,
    /// How far the rows that fired are trusted.
    #[serde(default)]
    pub trust: Trust,
    /// Every input that was looked at, with its value and its source.
    pub inputs: Vec<InputValue>,
    /// What follows.
    pub outcome: Outcome,
}

impl Decision {
    /// The value of an input by its name, if it was looked at.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs.iter().find(|input| input.name == name).map(|input| input.value.as_str())
    }

    /// Whether the writer is not the holder by their own word: a matter of restricted consultation (guide, page 29203184881177).
    pub fn is_of_somebody_else(&self) -> bool {
        self.input(Identity::NAME) == Some(Identity::Denied.code())
    }

    /// Whether the other decision says the same about the same facts, so that what a person released still stands.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let values = |decision: &Self| -> Vec<(String, String)> {
            decision.inputs.iter().map(|input| (input.name.clone(), input.value.clone())).collect()
        };
        self.row == other.row && self.outcome == other.outcome && values(self) == values(other)
    }
}

/// How far the service is trusted to carry out a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// An internal note says what would be done and said; nothing else happens.
    Shadow,
    /// Everything is prepared, the note carries the reply, and an agent's tag releases it.
    Assist,
    /// It is done.
    #[default]
    Auto,
}

impl Trust {
    /// The name in the policy file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Shadow => "shadow",
            Self::Assist => "assist",
            Self::Auto => "auto",
        }
    }

    /// The centre's word for it.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Shadow => "참관(메모만)",
            Self::Assist => "보조(상담사 승인 후 처리)",
            Self::Auto => "자동",
        }
    }
}

/// One input of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputValue {
    /// The input's name in the policy file.
    pub name: String,
    /// The value's name in the policy file.
    pub value: String,
    /// What speaks for the value, in Korean.
    pub source: String,
    /// What speaks against it, in Korean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    /// What was given and not understood, in Korean, with the customer's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
}

impl InputValue {
    /// A value that nothing speaks against.
    pub fn of(name: &str, value: &str, source: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            source: source.to_owned(),
            against: Vec::new(),
            not_understood: Vec::new(),
        }
    }
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
    /// The customer is asked, and their answer goes on.
    Ask {
        /// What is asked.
        questions: Vec<Question>,
        /// The macro that asks.
        reply: String,
    },
    /// The customer is asked to pay, and the payment goes on.
    AwaitPayment {
        /// The macro that asks for the payment.
        reply: String,
    },
    /// A person decides.
    HandOver {
        /// Who.
        team: Team,
        /// What they have to do, in Korean.
        todo: String,
        /// The macro that tells the customer meanwhile. Where there is one, the team gives the ticket back when it has done
        /// its part, and the service goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interim: Option<String>,
    },
}

impl Outcome {
    /// What the parking system is asked to do, in this order.
    pub fn actions(&self) -> &[ParkingAction] {
        match self {
            Self::Settle { actions, .. } => actions,
            Self::Ask { .. } | Self::AwaitPayment { .. } | Self::HandOver { .. } => &[],
        }
    }

    /// The macro that the customer reads, if there is one.
    pub fn reply(&self) -> Option<&str> {
        match self {
            Self::Settle { reply, .. } | Self::Ask { reply, .. } | Self::AwaitPayment { reply } => {
                Some(reply)
            }
            Self::HandOver { interim, .. } => interim.as_deref(),
        }
    }

    /// Whether the same happens: the same actions, questions, reply and team. What exactly a team has to do is text.
    pub fn same_course(&self, other: &Self) -> bool {
        let team = |outcome: &Self| outcome.hand_over().map(|(team, _)| team);
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.actions() == other.actions()
            && self.questions() == other.questions()
            && self.reply() == other.reply()
            && team(self) == team(other)
    }

    /// What the customer is asked.
    pub fn questions(&self) -> &[Question] {
        match self {
            Self::Ask { questions, .. } => questions,
            Self::Settle { .. } | Self::AwaitPayment { .. } | Self::HandOver { .. } => &[],
        }
    }

    /// Who takes over and what they have to do, if somebody takes over.
    pub fn hand_over(&self) -> Option<(Team, &str)> {
        match self {
            Self::HandOver { team, todo, .. } => Some((*team, todo)),
            Self::Settle { .. } | Self::Ask { .. } | Self::AwaitPayment { .. } => None,
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
        let questions: Vec<&str> = self.questions().iter().map(|question| question.korean()).collect();
        let asked = (!questions.is_empty()).then(|| format!("고객에게 질문({})", questions.join(", ")));
        let payment = matches!(self, Self::AwaitPayment { .. }).then(|| "고객의 결제를 기다림".to_owned());
        let reply = self.reply().map(|reply| match self {
            Self::HandOver { .. } => format!("중간 안내 {reply}"),
            _ => format!("답변 {reply}"),
        });
        let team = self.hand_over().map(|(team, _)| format!("{}으로 이관", team.korean()));
        let back = matches!(self, Self::HandOver { interim: Some(_), .. })
            .then(|| "돌려주면 이어서 처리".to_owned());
        let parts = [Some(actions).filter(|actions| !actions.is_empty()), asked, payment, reply, team, back];
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
