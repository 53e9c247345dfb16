//! The notes that leave a ticket to people.

use super::Note;
use crate::domain::case::{Case, Playbook, WriteKind};
use crate::domain::policy::Team;

/// The note that says why the service steps back. `assigned`: a person owns the ticket.
pub fn stepped_back(case: &Case, playbook: &Playbook, assigned: bool) -> String {
    let todo = "아래 내용을 확인하고 상담을 이어서 마무리해 주세요. 자동 처리는 더 진행되지 않습니다.";
    let mut note = Note::titled("자동 처리 중단", &whose(assigned), todo);
    note.reason(case);
    note.left(case, playbook)
}

/// The note that says that the service gave up, and why.
pub fn stuck(case: &Case, playbook: &Playbook, reason: &str, assigned: bool) -> String {
    let todo = "자동 처리가 오류로 멈췄습니다. 아래 내용을 확인하고 상담을 이어서 마무리해 주세요. '결과 미확인'으로 적힌 처리가 있으면 먼저 주차 시스템에서 확인해 주세요.";
    let mut note = Note::titled("자동 처리 멈춤", &whose(assigned), todo);
    note.line("사유", reason);
    note.left(case, playbook)
}

/// Who owns the ticket that the service leaves to people.
fn whose(assigned: bool) -> String {
    if assigned {
        "할 일 (현재 담당자)".into()
    } else {
        format!("할 일 ({} 그룹)", Team::Agents.korean())
    }
}

impl Note {
    /// Everything known, for the agent who goes on.
    fn left(mut self, case: &Case, playbook: &Playbook) -> String {
        self.known(case).candidates(case).done(case).told(case, playbook).unanswered(case);
        let reply = case.write(WriteKind::Reply).filter(|_| !case.has_written(WriteKind::Reply));
        if let Some((write, _)) = reply {
            self.text_section("준비했던 답변 (발송되지 않음)", &write.update.body);
        }
        self.finish(case, playbook)
    }
}
