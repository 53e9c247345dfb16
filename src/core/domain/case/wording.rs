//! What agents read of a cause: the finding, and what they have to do.

use std::fmt;

use super::cause::{EscalationCause, StepBackCause};

/// The finding, in Korean.
impl fmt::Display for EscalationCause {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReplyChanged => {
                text.write_str("처리하는 동안 내용이 달라져, 고객님께 보낼 답변이 승인된 답변과 다릅니다.")
            }
            Self::TrustLowered => text.write_str(
                "자동 처리가 시작된 뒤에 이 건의 신뢰 단계가 참관으로 바뀌어, 자동으로 이어 가지 않습니다.",
            ),
            Self::AmountUnfit { problem } => text.write_str(&problem.korean()),
            Self::LimitReached { limit } => text.write_str(limit.reason()),
            Self::AskedInVain { times } => {
                write!(text, "{times}번 여쭤보았지만 고객님의 답변을 분명히 알 수 없습니다.")
            }
            Self::ActionRefused { action, reason } => {
                write!(text, "주차 시스템이 {} 요청을 거절했습니다({reason}).", action.korean())
            }
            Self::ActionNotDone { action } => write!(
                text,
                "처리하는 동안 이용 건의 상태가 바뀌어 {} 요청을 하지 못했습니다.",
                action.korean()
            ),
            Self::UseUnclear => text.write_str("이용 건을 더 이상 한 건으로 특정할 수 없습니다."),
            Self::ReplyRefused { reason, missing_fields } if missing_fields.is_empty() => {
                write!(text, "고객님께 보낼 답변을 Zendesk가 받지 않았습니다({reason}).")
            }
            Self::ReplyRefused { missing_fields, .. } => write!(
                text,
                "필수 입력란({})이 비어 있어, 고객님께 보낼 답변을 Zendesk가 받지 않았습니다.",
                missing_fields.join(", ")
            ),
            Self::ReplyUnwritable { macro_name, problem } => {
                write!(text, "답변 매크로 `{macro_name}`를 완성하지 못했습니다({problem}).")
            }
            Self::MessagingChannel => text.write_str(
                "메시징 채널로 들어온 문의여서, 자동으로 남긴 답변이 고객님께 전달되는지 확실하지 않습니다.",
            ),
            Self::CopiedPeople { copies } => write!(
                text,
                "참조(CC)된 사람이 {copies}명 있어, 공개 답변이 고객님이 아닌 사람에게도 전달됩니다."
            ),
            Self::WroteAfterSettled => text.write_str("처리를 마친 뒤 고객님이 글을 더 남기셨습니다."),
            Self::PaymentOverdue => {
                text.write_str("결제를 부탁드렸지만 기한이 지나도록 결제되지 않았습니다.")
            }
            Self::WroteBeforePayment => text.write_str(
                "결제를 기다리는 동안 고객님이 글을 남기셨습니다. 이용 건은 아직 미수 상태입니다.",
            ),
            Self::NoAnswer => text.write_str("여쭤본 내용에 기한이 지나도록 답변이 없습니다."),
            Self::CopiedPersonWrote { name } => {
                write!(text, "고객님이 아니라 참조(CC)된 {name}님이 이 티켓에 공개로 글을 남겼습니다.")
            }
            Self::OutsiderWrote => {
                text.write_str("이 문의의 참여자가 아닌 주소에서 온 글이 비공개로 남았습니다.")
            }
            Self::SolvedWhileAnswering => {
                text.write_str("고객님이 글을 남기시면서 문의를 해결된 것으로 표시하셨습니다.")
            }
            Self::RequesterReplaced => text.write_str("처리하는 동안 티켓의 요청자가 바뀌었습니다."),
            Self::WroteMeanwhile => text.write_str("처리하는 동안 고객님이 글을 더 남기셨습니다."),
            Self::SettledEarlier { ticket_id, action } => write!(
                text,
                "이 이용 건은 앞선 문의 #{ticket_id}에서 이미 처리했거나 처리했을 수 있습니다({}).",
                action.korean()
            ),
            Self::FollowUpNamesNoUse { follows } => write!(
                text,
                "종료된 문의 #{follows}의 후속 문의인데, 어느 이용 건에 관한 것인지 고객님의 글에 적혀 있지 않습니다."
            ),
            Self::Ordered { by, stuck } => {
                write!(text, "운영 담당자({by})가 이 티켓을 상담원에게 넘기도록 했습니다.")?;
                match stuck {
                    Some(why) => write!(text, " 자동 처리는 멈춰 있었습니다({}).", why.korean()),
                    None => Ok(()),
                }
            }
        }
    }
}

impl EscalationCause {
    /// What the agents have to do, in Korean.
    pub fn todo(&self) -> String {
        let todo = match self {
            Self::ReplyChanged => "처리된 내용을 확인하고, 아래 답변이 맞으면 고객님께 직접 보내 주세요.",
            Self::TrustLowered => "지금까지 안내하고 처리한 내용을 확인하고 이어서 상담해 주세요.",
            Self::AmountUnfit { .. } => "이용 건의 금액을 확인하고, 맞으면 가이드대로 직접 처리해 주세요.",
            Self::LimitReached { limit } => limit.todo(),
            Self::AskedInVain { .. } => {
                "고객님의 답변을 읽고 필요한 내용을 다시 확인한 뒤 가이드대로 처리해 주세요."
            }
            Self::ActionRefused { action, .. } => {
                return format!(
                    "이용 건의 현재 상태를 확인하고 {} 이후의 처리를 이어서 해 주세요.",
                    action.korean()
                );
            }
            Self::ActionNotDone { .. } => "이미 처리된 내용을 확인하고 나머지를 이어서 처리해 주세요.",
            Self::UseUnclear => "이용 내역을 확인하고 처리해 주세요.",
            Self::ReplyRefused { missing_fields, .. } if missing_fields.is_empty() => {
                "처리된 내용을 확인하고 고객님께 직접 답변해 주세요."
            }
            Self::ReplyRefused { missing_fields, .. } => {
                return format!(
                    "처리된 내용을 확인하고 입력란({})을 채운 뒤, 준비한 답변을 고객님께 보내 주세요.",
                    missing_fields.join(", ")
                );
            }
            Self::ReplyUnwritable { .. } => {
                "처리 내역을 확인하고, 가이드에 따라 처리한 뒤 고객님께 직접 답변해 주세요."
            }
            Self::MessagingChannel => {
                "아직 처리되지 않은 예정 처리가 있으면 먼저 처리하고, 준비한 답변을 확인해 메시징 대화창에서 고객님께 보내 주세요."
            }
            Self::CopiedPeople { .. } => {
                "참조된 사람이 이용 정보를 함께 보아도 되는지 확인하고, 아직 처리되지 않은 예정 처리가 있으면 먼저 처리한 뒤 준비한 답변을 보내 주세요."
            }
            Self::WroteAfterSettled | Self::WroteMeanwhile => {
                "고객님의 새 글을 확인하고 이어서 상담해 주세요."
            }
            Self::PaymentOverdue => {
                "고객님께 결제 여부를 확인하고, 결제되면 보상 정책에 따라 T포인트로 보상해 주세요."
            }
            Self::WroteBeforePayment => {
                "고객님의 글을 확인하고 이어서 상담해 주세요. 결제가 확인되면 보상 정책에 따라 T포인트로 보상해 주세요."
            }
            Self::NoAnswer => {
                "고객님께 답변을 다시 요청하거나, 지금까지 확인된 내용으로 상담을 마무리해 주세요."
            }
            Self::CopiedPersonWrote { .. } => {
                "누가 쓴 글인지 확인하고, 고객님 본인께 확인한 뒤 이어서 상담해 주세요. 참조된 사람의 답은 본인의 답으로 보지 않았습니다."
            }
            Self::OutsiderWrote => {
                "누가 쓴 글인지 확인해 주세요. 고객님이 다른 주소로 답하신 것이면 본인께 확인한 뒤 이어서 상담해 주세요. 이 글은 고객님의 답으로 보지 않았습니다."
            }
            Self::SolvedWhileAnswering => {
                "고객님의 글을 읽고, 취소를 원하시는지 확인한 뒤 이어서 상담해 주세요. 자동으로는 처리하지 않았습니다."
            }
            Self::RequesterReplaced => "처리된 내용과 요청자가 바뀐 까닭을 확인하고 이어서 상담해 주세요.",
            Self::SettledEarlier { .. } => {
                "같은 처리를 다시 하지 말고, 앞선 문의의 처리 결과를 확인해 고객님께 안내해 주세요."
            }
            Self::FollowUpNamesNoUse { .. } => {
                "고객님의 글과 앞선 문의의 처리 내역을 확인하고 이어서 상담해 주세요."
            }
            Self::Ordered { .. } => {
                "지금까지 확인되고 처리된 내용을 확인하고 가이드대로 이어서 상담해 주세요."
            }
        };
        todo.to_owned()
    }
}

/// The finding, in Korean.
impl fmt::Display for StepBackCause {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str(match self {
            Self::AlreadyPending => {
                "티켓이 이미 대기 또는 보류 상태여서 담당자가 처리 중인 것으로 보입니다."
            }
            Self::FollowUpByAgent => "담당자가 종료된 문의의 후속 문의를 직접 만들었습니다.",
            Self::AlreadyAnswered => "다른 담당자가 이미 고객님께 답변했습니다.",
            Self::UnknownWrites => {
                "이 서비스가 이 티켓에 남긴 기록이 있지만 처리 장부에는 없습니다. 이미 처리된 내용이 있는지 확인이 필요합니다."
            }
            Self::ChangedByOthers => "처리하는 동안 다른 담당자 또는 다른 시스템이 이 티켓을 변경했습니다.",
        })
    }
}
