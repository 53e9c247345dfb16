//! Why the work on a case pauses or is given up, as data. Part of the journal: the serialised form must stay readable for
//! ever. Logs say it in English, notes and operators' commands in Korean.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::reason::Reason;

/// Why the work pauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum PauseCause {
    /// A write whose response was lost may still be in flight.
    WriteInFlight,
    /// A bulk job that may hold a write of the case is not finished.
    JobInFlight,
    /// The account's updates of a minute are used up.
    AccountUpdates,
    /// The ticket's updates of ten minutes are used up.
    TicketUpdates,
    /// The account's requests are used up.
    AccountRequests,
    /// The service stops while a write is under way.
    Stopping,
    /// Another writer changed the ticket or the use several times in a row.
    Conflicts,
    /// Zendesk does not know the ticket: reads can lag behind the trigger.
    TicketMissing,
    /// An upstream did not do what was asked; a retry may help.
    Failed {
        /// The error, without customer data.
        error: String,
    },
}

/// Why the service gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum StuckCause {
    /// Too many failures in a row.
    Failures { times: u32, last: PauseCause },
    /// A call can never succeed.
    Permanent {
        /// The upstream's error, without customer data.
        error: String,
    },
    /// It was claimed again and again without a recorded step: it may be what ends the process.
    Claims { times: u32 },
    /// The case does not come to rest.
    Circles {
        /// The number of steps in one go.
        steps: u32,
    },
    /// Zendesk refused an internal note.
    NoteRefused {
        /// Zendesk's reason.
        error: String,
    },
    /// Money has moved, and the ticket accepts no updates any more.
    CustomerNotInformed,
    /// A turn was closed without a public text: a fault of the service.
    NothingSaid,
    /// A write was planned before the ticket was read: a fault of the service.
    WriteBeforeRead,
}

/// In English, for logs.
impl fmt::Display for PauseCause {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str(match self {
            Self::WriteInFlight => "a write whose answer was lost may still be under way",
            Self::JobInFlight => "a job that may hold a write of ours is still under way",
            Self::AccountUpdates => "the budget of ticket updates is used up",
            Self::TicketUpdates => "the budget of updates of this ticket is used up",
            Self::AccountRequests => "the account's budget of requests is used up",
            Self::Stopping => "the service stops while a write is under way",
            Self::Conflicts => "conflicts in a row: somebody else keeps changing the same thing",
            Self::TicketMissing => "the ticket is not there, or not yet",
            Self::Failed { error } => error,
        })
    }
}

impl PauseCause {
    /// In Korean, without a full stop. The errors of other systems stay as they are.
    pub fn korean(&self) -> &str {
        match self {
            Self::WriteInFlight => "응답을 받지 못한 쓰기가 아직 진행 중일 수 있습니다",
            Self::JobInFlight => "글을 담은 Zendesk 작업이 아직 끝나지 않았습니다",
            Self::AccountUpdates => "티켓 수정 한도를 다 썼습니다",
            Self::TicketUpdates => "이 티켓의 수정 한도를 다 썼습니다",
            Self::AccountRequests => "Zendesk 요청 한도를 다 썼습니다",
            Self::Stopping => "쓰는 도중에 서비스가 멈췄습니다",
            Self::Conflicts => "다른 사람이 같은 것을 계속 바꾸고 있습니다",
            Self::TicketMissing => "Zendesk에 티켓이 없거나 아직 보이지 않습니다",
            Self::Failed { error } => error,
        }
    }
}

/// In English, for logs.
impl fmt::Display for StuckCause {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failures { times, last } => {
                write!(text, "gave up after {times} failures in a row; the last: {last}")
            }
            Self::Permanent { error } => text.write_str(error),
            Self::Claims { times } => write!(text, "claimed {times} times without a recorded step"),
            Self::Circles { steps } => write!(text, "no end after {steps} steps: the case turns in circles"),
            Self::NoteRefused { error } => write!(text, "Zendesk refused the internal note: {error}"),
            Self::CustomerNotInformed => text
                .write_str("the ticket takes no more updates, and the customer was not told what was done"),
            Self::NothingSaid => text.write_str("a turn was closed before anything was said"),
            Self::WriteBeforeRead => text.write_str("a write before the ticket was read"),
        }
    }
}

impl StuckCause {
    /// In Korean, without a full stop. The errors of other systems stay as they are.
    pub fn korean(&self) -> String {
        match self {
            Self::Failures { times, last } => {
                format!("{times}번 이어서 실패해 멈췄습니다. 마지막 오류: {}", last.korean())
            }
            Self::Permanent { error } => error.clone(),
            Self::Claims { times } => format!("{times}번 시작했으나 아무것도 기록하지 못했습니다"),
            Self::Circles { steps } => format!("{steps}단계를 거쳐도 끝나지 않습니다"),
            Self::NoteRefused { error } => format!("Zendesk가 내부 메모를 받지 않았습니다: {error}"),
            Self::CustomerNotInformed => {
                "티켓을 더 수정할 수 없는데, 고객님께 처리 결과를 알리지 못했습니다".to_owned()
            }
            Self::NothingSaid => "고객님께 답변하기 전에 처리가 끝났습니다(서비스 오류)".to_owned(),
            Self::WriteBeforeRead => "티켓을 읽기 전에 쓰려고 했습니다(서비스 오류)".to_owned(),
        }
    }
}

impl Reason<PauseCause> {
    /// In Korean. What an earlier version wrote stays as it is.
    pub fn korean(&self) -> &str {
        match self {
            Self::Known(cause) => cause.korean(),
            Self::Prose(prose) => prose,
        }
    }
}

impl Reason<StuckCause> {
    /// In Korean. What an earlier version wrote stays as it is.
    pub fn korean(&self) -> String {
        match self {
            Self::Known(cause) => cause.korean(),
            Self::Prose(prose) => prose.clone(),
        }
    }
}
