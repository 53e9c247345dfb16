//! The titles shown to people for words and numbers, in the account's language (facts §2.2).

use jiff::Timestamp;

use super::records::{Role, Via};
use super::ticket_switches::Language;
use crate::domain::seoul::seoul;
use crate::domain::ticket::TicketStatus;

impl Language {
    fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }

    pub(super) fn status(self, status: TicketStatus) -> &'static str {
        match status {
            TicketStatus::New => self.pick("New", "신규"),
            TicketStatus::Open | TicketStatus::Unknown => self.pick("Open", "열림"),
            TicketStatus::Pending => self.pick("Pending", "대기 중"),
            TicketStatus::Hold => self.pick("On-hold", "보류 중"),
            TicketStatus::Solved => self.pick("Solved", "해결됨"),
            TicketStatus::Closed => self.pick("Closed", "종료됨"),
        }
    }

    /// The title of a priority or a type; an unknown word stays as it is.
    pub(super) fn word(self, word: &str) -> String {
        let title = match word {
            "low" => self.pick("Low", "낮음"),
            "normal" => self.pick("Normal", "보통"),
            "high" => self.pick("High", "높음"),
            "urgent" => self.pick("Urgent", "긴급"),
            "question" => self.pick("Question", "질문"),
            "incident" => self.pick("Incident", "인시던트"),
            "problem" => self.pick("Problem", "문제"),
            "task" => self.pick("Task", "작업"),
            other => other,
        };
        title.to_owned()
    }

    pub(super) fn channel(self, via: &Via) -> &'static str {
        match via {
            Via::Web => self.pick("Web form", "웹 양식"),
            Via::Email => self.pick("Email", "이메일"),
            Via::Messaging => self.pick("Messaging", "메시징"),
            Via::Voice => self.pick("Voice", "전화"),
            Via::Api => self.pick("Web service (API)", "웹 서비스(API)"),
            Via::Rule { .. } => self.pick("Rule", "규칙"),
        }
    }

    pub(super) fn role(self, role: Role) -> &'static str {
        match role {
            Role::EndUser => self.pick("End-user", "최종 사용자"),
            Role::Agent => self.pick("Agent", "상담사"),
            Role::Admin => self.pick("Administrator", "관리자"),
        }
    }

    /// The date in Seoul, where the account is.
    pub(super) fn day(self, at: Timestamp) -> String {
        seoul(at).strftime(self.pick("%B %-d, %Y", "%Y년 %-m월 %-d일")).to_string()
    }

    /// The date and the time of day in Seoul.
    pub(super) fn day_and_time(self, at: Timestamp) -> String {
        format!("{} {}", self.day(at), seoul(at).strftime("%H:%M"))
    }
}
