//! A policy decision, stored whole in the journal so that it stays readable after the policy changes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Identity, Input as _};
use crate::domain::parking::ParkingAction;
use crate::domain::words::Question;

/// One decision: the row that fired, its inputs and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The hash of the policy file that decided.
    pub policy: String,
    /// The row's stable id.
    pub row: String,
    /// The row's reason, in Korean.
    pub reason: String,
    /// The trust of the rows that fired.
    #[serde(default)]
    pub trust: Trust,
    /// All inputs asked for, with their values and sources.
    pub inputs: Vec<InputValue>,
    /// What the row orders.
    pub outcome: Outcome,
}

impl Decision {
    /// The value of an input by name, if it was asked for.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs.iter().find(|input| input.name == name).map(|input| input.value.as_str())
    }

    /// Whether the writer says that they are not the holder: a case of restricted consultation (guide, page
    /// 29203184881177).
    pub fn is_of_another_person(&self) -> bool {
        self.input(Identity::NAME) == Some(Identity::Denied.code())
    }

    /// Whether the other decision is the same on the same facts, so that a person's release still applies.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let values = |decision: &Self| -> Vec<(String, String)> {
            decision.inputs.iter().map(|input| (input.name.clone(), input.value.clone())).collect()
        };
        self.row == other.row && self.outcome == other.outcome && values(self) == values(other)
    }
}

/// How far the service may carry out a row by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// An internal note says what the service would do and say; nothing else happens.
    Shadow,
    /// Everything is prepared, the note contains the reply, and an agent's tag releases it.
    Assist,
    /// The service carries it out.
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

    /// Its Korean name in the centre.
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
    /// The evidence for the value, in Korean.
    pub source: String,
    /// The evidence against it, in Korean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    /// What was given but not understood, in Korean, with the customer's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
}

impl InputValue {
    /// A value without evidence against it.
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

/// The outcome of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Outcome {
    /// The service acts and answers.
    Settle {
        /// The actions at the parking system, in this order.
        actions: Vec<ParkingAction>,
        /// The macro that answers the customer.
        reply: String,
    },
    /// The customer is asked; their answer resumes the case.
    Ask {
        questions: Vec<Question>,
        /// The macro that asks.
        reply: String,
    },
    /// The customer is asked to pay; the payment resumes the case.
    AwaitPayment {
        /// The macro that asks for the payment.
        reply: String,
    },
    HandOver {
        team: Team,
        /// What the team has to do, in Korean.
        todo: String,
        /// The macro that informs the customer meanwhile. If there is one, the team gives the ticket back after its part,
        /// and the service goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interim: Option<String>,
    },
}

impl Outcome {
    /// The actions at the parking system, in this order.
    pub fn actions(&self) -> &[ParkingAction] {
        match self {
            Self::Settle { actions, .. } => actions,
            Self::Ask { .. } | Self::AwaitPayment { .. } | Self::HandOver { .. } => &[],
        }
    }

    /// The macro sent to the customer, if any.
    pub fn reply(&self) -> Option<&str> {
        match self {
            Self::Settle { reply, .. } | Self::Ask { reply, .. } | Self::AwaitPayment { reply } => {
                Some(reply)
            }
            Self::HandOver { interim, .. } => interim.as_deref(),
        }
    }

    /// Whether the course is the same: actions, questions, reply and team. The wording of a team's task does not count.
    pub fn same_course(&self, other: &Self) -> bool {
        let team = |outcome: &Self| outcome.hand_over().map(|(team, _)| team);
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.actions() == other.actions()
            && self.questions() == other.questions()
            && self.reply() == other.reply()
            && team(self) == team(other)
    }

    /// The questions to the customer.
    pub fn questions(&self) -> &[Question] {
        match self {
            Self::Ask { questions, .. } => questions,
            Self::Settle { .. } | Self::AwaitPayment { .. } | Self::HandOver { .. } => &[],
        }
    }

    /// The team that takes over and its task, if one does.
    pub fn hand_over(&self) -> Option<(Team, &str)> {
        match self {
            Self::HandOver { team, todo, .. } => Some((*team, todo)),
            Self::Settle { .. } | Self::Ask { .. } | Self::AwaitPayment { .. } => None,
        }
    }
}

/// Actions in their order, in Korean.
pub(super) fn in_order(actions: &[ParkingAction]) -> String {
    actions.iter().map(|action| action.korean()).collect::<Vec<_>>().join(" → ")
}

/// In Korean: `결제취소 → 기기 점검 요청, 답변 payment_cancelled`; a team's task is omitted.
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

/// The teams that take over tickets; each is a Zendesk group in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// General agents.
    Agents,
    /// The desk that calls the airport.
    AirportDesk,
    /// The desk that contacts lots.
    LotContact,
    /// The desk that decides on compensation.
    Compensation,
}

impl Team {
    /// All teams.
    pub const ALL: &'static [Self] = &[Self::Agents, Self::AirportDesk, Self::LotContact, Self::Compensation];

    /// Its Korean name in the centre.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Agents => "일반 상담",
            Self::AirportDesk => "공항 담당",
            Self::LotContact => "주차장 확인 담당",
            Self::Compensation => "보상 담당",
        }
    }
}
