//! Why a case goes to people, as data. Part of the journal: the serialised form must stay readable for ever. `wording` says it in
//! Korean.

use serde::{Deserialize, Serialize};

use super::halt::StuckCause;
use super::reason::Reason;
use crate::domain::ids::TicketId;
use crate::domain::limits::{Limit, UnfitAmount};
use crate::domain::parking::ParkingAction;

/// Why a decision cannot be carried out, so that general agents take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum EscalationCause {
    /// The reply is no longer the one that an agent released.
    ReplyChanged,
    /// The row was set to shadow after the service had begun.
    TrustLowered,
    /// The amount of the use may not move without a person.
    AmountUnfit {
        /// What is wrong with it.
        problem: UnfitAmount,
    },
    /// The movement would exceed a limit.
    LimitReached {
        /// The limit.
        limit: Limit,
    },
    /// A question was not clearly answered.
    AskedInVain {
        /// How often it was asked.
        times: u32,
    },
    /// The parking system refused an action.
    ActionRefused {
        /// The action.
        action: ParkingAction,
        /// The parking system's reason.
        reason: String,
    },
    /// The use changed between two actions.
    ActionNotDone {
        /// The action that was not done.
        action: ParkingAction,
    },
    /// No single use fits any more.
    UseUnclear,
    /// Zendesk refused the public text.
    ReplyRefused {
        /// Zendesk's reason.
        reason: String,
        /// The titles of the ticket fields that must be filled first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing_fields: Vec<String>,
    },
    /// The macro of the reply is absent or cannot be filled.
    ReplyUnwritable {
        /// The macro.
        macro_name: String,
        /// The problem, in Korean.
        problem: String,
    },
    /// The ticket came by a messaging channel, where a person sends the replies.
    MessagingChannel,
    /// Others would receive the reply.
    CopiedPeople {
        /// The number of CCs.
        copies: usize,
    },
    /// The customer wrote after everything was done.
    WroteAfterSettled,
    /// The requested payment did not arrive in time.
    PaymentOverdue,
    /// The customer wrote while a payment was awaited.
    WroteBeforePayment,
    /// The customer did not answer in time.
    NoAnswer,
    /// A CC of the conversation wrote.
    CopiedPersonWrote {
        /// Their name in Zendesk.
        name: String,
    },
    /// A person outside the conversation wrote.
    OutsiderWrote,
    /// The customer answered and marked the ticket as solved at once.
    SolvedWhileAnswering,
    /// The requester was replaced after the decision.
    RequesterReplaced,
    /// The customer wrote while the case was carried out.
    WroteMeanwhile,
    /// An earlier ticket has settled this use, or may have.
    SettledEarlier {
        /// The earlier ticket.
        ticket_id: TicketId,
        /// What was done for it.
        action: ParkingAction,
    },
    /// A follow-up does not say which use it is about.
    FollowUpNamesNoUse {
        /// The closed ticket that it follows.
        follows: TicketId,
    },
    /// An operator ordered it.
    Ordered {
        /// The operator, as they named themselves.
        by: String,
        /// Why the case was stuck, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stuck: Option<Reason<StuckCause>>,
    },
}

/// Why general agents take a case over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// The cause.
    pub reason: Reason<EscalationCause>,
    /// What the agents have to do, if the reason is prose: a cause has its own words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
    /// The reply that the service may not send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

impl From<EscalationCause> for Escalation {
    fn from(cause: EscalationCause) -> Self {
        Self { reason: cause.into(), todo: None, draft: None }
    }
}

impl Escalation {
    /// What the agents have to do, in Korean.
    pub fn todo(&self) -> String {
        match &self.reason {
            Reason::Known(cause) => cause.todo(),
            Reason::Prose(_) => self.todo.clone().unwrap_or_default(),
        }
    }
}

/// Why the service steps back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum StepBackCause {
    /// The ticket is pending or on hold, though the service did not set it so.
    AlreadyPending,
    /// An agent created the follow-up of a closed ticket.
    FollowUpByAgent,
    /// Another person has already written to the customer.
    AlreadyAnswered,
    /// The ticket holds writes of the service that its journal does not know: the ledger was lost or restored.
    UnknownWrites,
    /// Another person or program changed the ticket.
    ChangedByOthers,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::Entry;
    use crate::domain::limits::{Measure, Trip};
    use crate::domain::parking::Won;

    fn ticket(id: i64) -> TicketId {
        TicketId::try_from(id).unwrap()
    }

    fn causes() -> Vec<EscalationCause> {
        use EscalationCause::*;
        let above = UnfitAmount::AboveLimit { amount: Won(950_000), limit: Won(200_000) };
        vec![
            ReplyChanged,
            TrustLowered,
            AmountUnfit { problem: UnfitAmount::Absent },
            AmountUnfit { problem: UnfitAmount::NotPositive { amount: Won(-8_000) } },
            AmountUnfit { problem: above },
            LimitReached { limit: Limit::Lot },
            AskedInVain { times: 2 },
            ActionRefused { action: ParkingAction::Refund, reason: "use_settled".to_owned() },
            ActionNotDone { action: ParkingAction::Points },
            UseUnclear,
            ReplyRefused { reason: "422".to_owned(), missing_fields: Vec::new() },
            ReplyRefused { reason: "422".to_owned(), missing_fields: vec!["환불 사유".to_owned()] },
            ReplyUnwritable {
                macro_name: "use_cancelled".to_owned(), problem: "매크로가 없음".to_owned()
            },
            MessagingChannel,
            CopiedPeople { copies: 2 },
            WroteAfterSettled,
            PaymentOverdue,
            WroteBeforePayment,
            NoAnswer,
            CopiedPersonWrote { name: "김참조".to_owned() },
            OutsiderWrote,
            SolvedWhileAnswering,
            RequesterReplaced,
            WroteMeanwhile,
            SettledEarlier { ticket_id: ticket(7), action: ParkingAction::Coupon },
            FollowUpNamesNoUse { follows: ticket(7) },
            Ordered { by: "박운영".to_owned(), stuck: None },
            Ordered { by: "박운영".to_owned(), stuck: Some(StuckCause::Claims { times: 6 }.into()) },
        ]
    }

    #[test]
    fn a_cause_in_the_journal_reads_back_as_it_was_written() {
        for cause in causes() {
            let entry = Entry::from(cause);
            let json = serde_json::to_string(&entry).unwrap();
            assert!(json.starts_with(r#"{"entry":"escalated","reason":{"cause":""#), "{json}");
            assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
        }
        let trip = Trip { measure: Measure::Refusals, in_hour: 9, usual: 1, most: 5 };
        for entry in [
            Entry::SteppedBack { reason: StepBackCause::UnknownWrites.into() },
            Entry::Restrained { reason: trip.into() },
        ] {
            let json = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry, "{json}");
        }
    }

    /// Copied from a journal of the version that wrote prose.
    #[test]
    fn the_prose_of_earlier_versions_reads_as_it_did() {
        let read = |json| serde_json::from_str::<Entry>(json).unwrap();
        let json = r#"{"entry":"escalated","reason":"2번 여쭤보았습니다.","todo":"다시 확인해 주세요.","draft":"안녕하세요"}"#;
        let Entry::Escalated(escalation) = read(json) else { panic!("{json}") };
        assert_eq!(escalation.reason.to_string(), "2번 여쭤보았습니다.");
        assert_eq!(escalation.todo(), "다시 확인해 주세요.");
        assert_eq!(escalation.draft.as_deref(), Some("안녕하세요"));
        assert_eq!(serde_json::to_string(&Entry::Escalated(escalation)).unwrap(), json);
        for json in [
            r#"{"entry":"stepped_back","reason":"다른 담당자가 이미 고객님께 답변했습니다."}"#,
            r#"{"entry":"restrained","reason":"최근 한 시간 집계: 거절 9건이 기준 5건을 넘었습니다."}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
        }
    }

    #[test]
    fn every_cause_tells_agents_what_was_found_and_what_to_do_in_whole_sentences() {
        for cause in causes() {
            for text in [cause.to_string(), cause.todo()] {
                assert!(text.ends_with('.') && !text.ends_with(".."), "{cause:?}: {text}");
            }
        }
    }
}
