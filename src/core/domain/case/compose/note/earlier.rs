//! The part of a note about the closed ticket that a follow-up follows.

use super::text::NoteText;
use crate::domain::case::earlier::{Earlier, EarlierAction, Known};
use crate::domain::seoul::to_the_minute;

impl NoteText<'_> {
    /// The actions on the closed ticket that this one follows.
    pub(super) fn earlier(&mut self) -> &mut Self {
        let Some(earlier) = &self.case.facts.earlier else { return self };
        let heading = format!("앞선 문의 #{} (종료된 문의의 후속 문의)", earlier.ticket_id);
        if earlier.actions.is_empty() {
            return self.section(&heading, [nothing_done(earlier)]);
        }
        self.section(&heading, earlier.actions.iter().map(action_line))
    }
}

/// An action for an earlier ticket, its time, and the decision behind it.
fn action_line(earlier_action: &EarlierAction) -> String {
    let EarlierAction { ticket_id, action, use_id, at, receipt_id, row } = earlier_action;
    let proof = match receipt_id {
        Some(receipt) => format!("완료 (접수번호 {receipt}, {})", to_the_minute(*at)),
        None => format!("결과 미확인 ({})", to_the_minute(*at)),
    };
    let row = row.as_ref().map(|row| format!(" · 정책 행: {row}")).unwrap_or_default();
    format!("{}: {proof} · 이용 건 {use_id} · 문의 #{ticket_id}{row}", action.korean())
}

/// Why no actions are listed.
fn nothing_done(earlier: &Earlier) -> &'static str {
    match earlier.known {
        Known::Whole => "자동 처리에서 처리한 내용 없음",
        Known::Erased => {
            "자동 처리 기록은 보존 기간이 지났거나 요청에 따라 삭제되었습니다. 처리 여부를 확인해 주세요."
        }
        Known::Nothing => "자동 처리 기록 없음",
    }
}
