//! The customer centre's terms for states, entries and reasons in a journal.

use crate::domain::case::{Awaited, Ending, Occasion, OrderKind, WriteKind};
use crate::ports::CaseState;

pub(crate) fn state(state: CaseState) -> &'static str {
    match state {
        CaseState::Active => "처리 중",
        CaseState::Waiting => "대기",
        CaseState::Ended => "끝남",
        CaseState::Stuck => "막힘",
    }
}

/// How a case ended, as a term.
pub fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Settled => "자동 답변",
        Ending::Silent => "무응답 마무리",
        Ending::HandedOver => "상담 이관",
        Ending::Shadowed => "참관 메모",
        Ending::SteppedBack => "상담사가 이어서 처리",
        Ending::TicketClosed => "티켓 종료",
        Ending::TicketGone => "티켓 삭제",
        Ending::AlreadySolved => "이미 해결됨",
        Ending::NotOurs => "대상 아님",
    }
}

/// How a case ended, as a sentence.
pub(crate) fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Settled => "답변하고 티켓을 해결로 두었습니다. 고객님이 다시 글을 남기시면 이어서 봅니다.",
        Ending::Silent => "고객님의 답변이 없어 마무리했습니다. 나중에라도 답하시면 이어서 처리합니다.",
        Ending::HandedOver => "상담 이관을 마쳤습니다. 이후는 상담사가 처리합니다.",
        Ending::Shadowed => "처리하지 않고, 했을 일만 메모로 남겼습니다.",
        Ending::SteppedBack => "다른 담당자가 처리 중이어서 자동 처리를 멈췄습니다.",
        Ending::TicketClosed => "티켓이 종료되어 더 수정할 수 없습니다.",
        Ending::TicketGone => "티켓이 삭제되었습니다.",
        Ending::AlreadySolved => "다른 담당자가 이미 해결한 티켓입니다.",
        Ending::NotOurs => "본인 미사용 문의의 태그가 없어(또는 없어져) 처리하지 않습니다.",
    }
}

/// Why the service continues a case.
pub(crate) fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Start => "새 문의입니다.",
        Occasion::Customer => "고객님이 글을 남기셨습니다.",
        Occasion::CopiedPerson => "참조로 받는 사람이 글을 남겼습니다.",
        Occasion::GivenBack => "담당자가 처리를 마치고 돌려주었습니다.",
        Occasion::Released => "상담사가 준비된 처리를 승인했습니다.",
        Occasion::TimeUp { last: false } => "기다리던 때가 되어 다시 확인합니다.",
        Occasion::TimeUp { last: true } => "기다리는 기한이 끝났습니다.",
        Occasion::Ordered => "운영 지시로 상담사에게 넘깁니다.",
    }
}

pub(crate) fn order(what: OrderKind) -> &'static str {
    match what {
        OrderKind::Retry => "다시 시도",
        OrderKind::HandOver => "일반 상담으로 이관",
    }
}

pub(crate) fn write(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Reply => "공개 답변",
        WriteKind::Reminder => "공개 답변(답변 요청 알림)",
        WriteKind::SilentClose => "공개 답변(무응답 마무리)",
        WriteKind::Note => "내부 메모",
        WriteKind::HandOver => "내부 메모(상담 이관)",
        WriteKind::StepBackNote => "내부 메모(자동 처리 중단)",
        WriteKind::StuckNote => "내부 메모(막힘)",
        WriteKind::Prepared => "내부 메모(승인 대기)",
        WriteKind::ShadowNote => "내부 메모(참관)",
        WriteKind::Restore => "내부 메모(상태 되돌림)",
        WriteKind::TagNote => "내부 메모(태그 확인 요청)",
        WriteKind::Resumed => "내부 메모(막힘 해제)",
    }
}

/// The event that a case waits for, by its name in JSON, which must not change.
pub(crate) fn awaits(awaited: &Awaited) -> &'static str {
    match awaited {
        Awaited::Answer { .. } => "answer",
        Awaited::Payment => "payment",
        Awaited::GiveBack => "give_back",
        Awaited::Release => "release",
    }
}
