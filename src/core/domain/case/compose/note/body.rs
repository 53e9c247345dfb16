//! What each kind of internal note says.

use super::text::NoteText;
use crate::domain::case::agent_macro::AgentMacro;
use crate::domain::case::cause::Escalation;
use crate::domain::case::conversation::Writer;
use crate::domain::case::effect::{Awaited, Write, WriteKind};
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::{Playbook, WhenSilent};
use crate::domain::case::step::{Note, Todo};
use crate::domain::policy::Team;
use crate::domain::ticket::TicketStatus;
use crate::domain::words::Wish;

/// The text of a note. `reply`: what would be said to the customer. `assigned`: a person owns the ticket.
pub(super) fn body(
    case: &Case,
    playbook: &Playbook,
    note: &Note,
    reply: Option<&str>,
    assigned: bool,
) -> String {
    let mut text = NoteText::about(case, playbook);
    match note {
        Note::After(said) => after(&mut text, said),
        Note::HandOver { team, todo } => hand_over(&mut text, *team, todo),
        Note::HandOverForATime { team, todo } => hand_over_for_a_time(&mut text, *team, todo),
        Note::StepBack { watches } => stepped_back(&mut text, *watches || assigned),
        // Without routing, the owner stays.
        Note::Stuck { reason, routes } => stuck(&mut text, &reason.korean(), !*routes || assigned),
        Note::Shadow => shadow(&mut text, reply),
        Note::Prepared => prepared(&mut text, reply),
        Note::Restore { status } => restored(&mut text, *status),
        Note::Misspelt { tags, awaited } => misspelt(&mut text, tags, awaited),
        Note::Resumed => resumed(&mut text),
    }
    text.into_text()
}

/// The note after a public text: what was done and said, and what the case waits for.
fn after(note: &mut NoteText<'_>, said: &Write) {
    let playbook = note.playbook;
    let silence = || silence(playbook);
    let (title, todo): (&str, String) = match (said.kind, &said.awaits) {
        (WriteKind::Reminder, _) => (
            "답변 요청 알림",
            format!("없음. 고객님이 답하시면 이어서 처리합니다. {}", silence()),
        ),
        (WriteKind::SilentClose, _) => (
            "답변 없음 마무리",
            "없음. 여쭤본 내용에 답변이 없어 문의를 마무리했습니다. 나중에라도 답하시면 이어서 처리합니다.".into(),
        ),
        (_, Some(Awaited::Answer { questions })) => {
            let asked: Vec<&str> = questions.iter().map(|question| question.korean()).collect();
            (
                "고객 확인 중",
                format!("없음. 여쭤본 내용({})의 답변을 기다립니다. {}", asked.join(", "), silence()),
            )
        }
        (_, Some(Awaited::Payment)) => (
            "결제 대기",
            "없음. 고객님의 결제를 기다립니다. 결제되면 T포인트로 보상하고, 기한이 지나면 일반 상담으로 넘깁니다.".into(),
        ),
        (_, Some(Awaited::GiveBack | Awaited::Release) | None) => (
            "자동 처리 완료",
            "없음. 고객님이 다시 글을 남기시면 안내할 수 있는 문의에는 답하고, 그 밖에는 일반 상담으로 넘깁니다.".into(),
        ),
    };
    note.title(title, "할 일", &todo);
    note.reason().known().done().told();
    note.guide();
}

/// The note that hands the ticket to a team for good.
fn hand_over(note: &mut NoteText<'_>, team: Team, todo: &Todo) {
    let todo = match todo {
        Todo::Row(todo) => todo.clone(),
        Todo::Escalated => note.case.escalated.as_ref().map(Escalation::todo).unwrap_or_default(),
        Todo::After(said) => todo_after(note.case, said),
    };
    note.title("상담 이관", &format!("할 일 ({} 그룹)", team.korean()), &todo);
    note.reason().known().candidates().done().told().unanswered();
    if let Some(draft) = note.case.escalated.as_ref().and_then(|escalation| escalation.draft.as_ref()) {
        if note.case.receipts().next().is_none() {
            note.would();
        }
        note.text_section("준비한 답변 (발송되지 않음)", draft);
    }
    note.guide();
}

/// The note that hands the ticket to a team that gives it back.
fn hand_over_for_a_time(note: &mut NoteText<'_>, team: Team, todo: &str) {
    let (tag, title) = (&note.playbook.routing.give_back_tag, AgentMacro::AirportCalled.title());
    let back = format!(
        "마치신 뒤 이 티켓에 매크로 '{title}'를 적용해 주시면(태그 {tag}) 이용 건을 다시 확인해 이어서 처리하고 고객님께 답변합니다. 다른 내용은 바꾸지 않으셔도 됩니다."
    );
    let heading = format!("할 일 ({} 그룹)", team.korean());
    note.title("담당자 처리 요청", &heading, &format!("{todo} {back}"));
    note.reason().known().done().told().unanswered();
    note.guide();
}

/// The note of a row on shadow: what would have been done and said.
fn shadow(note: &mut NoteText<'_>, reply: Option<&str>) {
    let todo = "평소와 같이 상담해 주세요. 자동 처리는 아무것도 하지 않았고, 더 진행되지도 않습니다.";
    note.title("자동 처리 참관 (처리하지 않음)", "할 일", todo);
    note.reason().known().candidates().would();
    if let Some(reply) = reply {
        note.text_section("보냈을 답변 (발송되지 않음)", reply);
    }
    note.guide();
}

/// The note of a row on assist: what will be done and said after release.
fn prepared(note: &mut NoteText<'_>, reply: Option<&str>) {
    let (tag, title) = (&note.playbook.routing.release_tag, AgentMacro::Release.title());
    let warning = match note.case.talk.writer {
        Writer::OwnWord => "먼저 작성자가 이용 건의 계정 본인인지 확인해 주세요. 본인이라는 답변뿐입니다. ",
        Writer::Stranger | Writer::Holder => "",
    };
    let todo = format!(
        "{warning}내용이 맞으면 이 티켓에 매크로 '{title}'를 적용해 주세요(태그 {tag}). 달라진 것이 없으면 아래와 같이 처리하고 답변합니다. 맞지 않으면 적용하지 말고 직접 상담해 주세요."
    );
    note.title("처리 준비 (승인 대기)", "할 일", &todo);
    if let Some(reason) = &note.case.turn.restrained {
        note.line(
            "자동 처리 중지",
            &format!("{reason} 담당자가 확인해 해제할 때까지 자동으로 처리하지 않습니다."),
        );
    }
    note.reason().known().would();
    if let Some(reply) = reply {
        note.text_section("준비한 답변 (아직 발송되지 않음)", reply);
    }
    note.guide();
}

/// The note that restores the status from before the customer's thanks or an automatic message.
fn restored(note: &mut NoteText<'_>, status: TicketStatus) {
    let automatic = note.case.turn.heard.as_ref().is_some_and(|heard| heard.automatic);
    let status = if status == TicketStatus::Solved { "해결" } else { "대기" };
    let (title, what) = if automatic {
        ("자동 회신 확인", "자동으로 보내진 회신이어서 고객님의 답변으로 보지 않았고,")
    } else {
        ("고객 인사 확인", "고객님의 인사 외에 새로운 내용이 없어")
    };
    note.title(title, "할 일", "없음.");
    note.line("사유", &format!("{what} 티켓을 다시 {status} 상태로 두었습니다."));
}

/// The note that tells of tags that a person set and that the service does not know.
fn misspelt(note: &mut NoteText<'_>, tags: &[String], awaited: &Awaited) {
    let routing = &note.playbook.routing;
    let (give_back, release) = (&routing.give_back_tag, &routing.release_tag);
    let (wanted, tag, when) = match awaited {
        Awaited::Release => (AgentMacro::Release, release, "승인하시려면"),
        Awaited::GiveBack | Awaited::Answer { .. } | Awaited::Payment => {
            (AgentMacro::AirportCalled, give_back, "공항 통화를 마치셨으면")
        }
    };
    let title = wanted.title();
    let todo = format!(
        "{when} 이 티켓에 매크로 '{title}'를 적용해 주세요(태그 {tag}). 그때까지 그대로 기다립니다. 다른 뜻으로 추가하신 태그이면 그대로 두셔도 됩니다."
    );
    note.title("태그 확인 요청", "할 일", &todo);
    let seen = tags.join(", ");
    note.line(
        "사유",
        &format!("추가하신 태그({seen})를 misread가 알지 못합니다. 짐작으로 처리하지 않으므로 아무것도 하지 않았습니다."),
    );
    note.line("misread가 아는 태그", &format!("{give_back}(공항 통화 완료), {release}(승인)"));
}

/// The note that the service goes on after a retry.
fn resumed(note: &mut NoteText<'_>) {
    let (todo, reason) =
        ("없음.", "담당자의 지시로 다시 시도해 문제없이 이어졌습니다. 그래서 막힘 표시를 지웠습니다.");
    note.title("자동 처리 재개", "할 일", todo);
    note.line("사유", reason);
}

/// What the team that owns the ticket after a public text has to do, in Korean.
fn todo_after(case: &Case, said: &Write) -> String {
    if said.answers.contains(&Wish::WhoWasIt) {
        return "주차장에 연락해 어떤 차량이 입차했는지 확인하고, 확인되면 고객님께 다시 안내해 주세요. 시간이 걸릴 수 있다고 안내했습니다.".into();
    }
    let left: Vec<&str> = case.talk.wishes.iter().map(|wish| wish.korean()).collect();
    if left.is_empty() {
        "고객님의 글에 자동으로 답하지 못한 내용이 있습니다. 글을 확인하고 이어서 상담해 주세요.".into()
    } else {
        format!("고객님이 함께 물어보신 내용({})에 답해 주세요.", left.join(", "))
    }
}

fn silence(playbook: &Playbook) -> String {
    let hours = playbook.patience.give_up_after.as_hours();
    match playbook.patience.when_silent {
        WhenSilent::Close => format!("{hours}시간 동안 답이 없으면 안내 후 마무리합니다."),
        WhenSilent::HandOver => format!("{hours}시간 동안 답이 없으면 일반 상담으로 넘깁니다."),
    }
}

/// The note that says why the service steps back. `assigned`: a person owns the ticket.
fn stepped_back(note: &mut NoteText<'_>, assigned: bool) {
    let todo = "아래 내용을 확인하고 상담을 이어서 마무리해 주세요. 자동 처리는 더 진행되지 않습니다.";
    note.title("자동 처리 중단", &whose(assigned), todo);
    note.reason();
    note.left();
}

/// The note that says that the service gave up, and why.
fn stuck(note: &mut NoteText<'_>, reason: &str, assigned: bool) {
    let todo = "자동 처리가 오류로 멈췄습니다. 아래 내용을 확인하고 상담을 이어서 마무리해 주세요. '결과 미확인'으로 적힌 처리가 있으면 먼저 주차 시스템에서 확인해 주세요.";
    note.title("자동 처리 멈춤", &whose(assigned), todo);
    note.line("사유", reason);
    note.left();
}

/// Who owns the ticket that the service leaves to people.
fn whose(assigned: bool) -> String {
    if assigned {
        "할 일 (현재 담당자)".into()
    } else {
        format!("할 일 ({} 그룹)", Team::Agents.korean())
    }
}
