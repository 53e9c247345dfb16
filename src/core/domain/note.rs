//! The internal note (policy, what every internal note carries): what to do and why in its first three lines, then the
//! evidence for and against, then the rest. Agents may see lot and plate.

mod earlier;
mod left;
mod lines;

use std::fmt::{Display, Write as _};

use super::case::{Awaited, Case, Effect, EffectState, Playbook, WhenSilent, Write, WriteKind, Writer};
use super::parking::ParkingAction;
use super::policy::{Decision, Outcome, Team};
use super::reply::Placeholder;
use super::ticket::TicketStatus;
use super::words::Answer;
pub use left::{stepped_back, stuck};
use lines::{evidence_lines, row_of, time, use_lines};
pub use lines::{status, use_line};

/// The number of uses listed if none could be chosen; the rest are counted.
const MOST_CANDIDATES: usize = 5;

/// The note after a public text: what was done and said, and what the case waits for.
pub fn after(case: &Case, playbook: &Playbook, said: &Write) -> String {
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
    let mut note = Note::titled(title, "할 일", &todo);
    note.reason(case).known(case).done(case).told(case, playbook);
    note.finish(case, playbook)
}

/// The note that hands the ticket to a team for good.
pub fn hand_over(case: &Case, playbook: &Playbook, team: Team, todo: &str) -> String {
    let mut note = Note::titled("상담 이관", &format!("할 일 ({} 그룹)", team.korean()), todo);
    note.reason(case).known(case).candidates(case).done(case).told(case, playbook).unanswered(case);
    if let Some(draft) = case.escalated.as_ref().and_then(|escalation| escalation.draft.as_ref()) {
        if case.receipts().next().is_none() {
            note.would(case);
        }
        note.text_section("준비한 답변 (발송되지 않음)", draft);
    }
    note.finish(case, playbook)
}

/// The note that hands the ticket to a team that gives it back.
pub fn hand_over_for_a_time(case: &Case, playbook: &Playbook, team: Team, todo: &str) -> String {
    let tag = &playbook.routing.give_back_tag;
    let back = format!(
        "마치신 뒤 이 티켓에 태그를 추가해 주시면({tag}) 이용 건을 다시 확인해 이어서 처리하고 고객님께 답변합니다. 다른 내용은 바꾸지 않으셔도 됩니다."
    );
    let heading = format!("할 일 ({} 그룹)", team.korean());
    let mut note = Note::titled("담당자 처리 요청", &heading, &format!("{todo} {back}"));
    note.reason(case).known(case).done(case).told(case, playbook).unanswered(case);
    note.finish(case, playbook)
}

/// The note of a row on shadow: what would have been done and said.
pub fn shadow(case: &Case, playbook: &Playbook, reply: Option<&str>) -> String {
    let todo = "평소와 같이 상담해 주세요. 자동 처리는 아무것도 하지 않았고, 더 진행되지도 않습니다.";
    let mut note = Note::titled("자동 처리 참관 (처리하지 않음)", "할 일", todo);
    note.reason(case).known(case).candidates(case).would(case);
    if let Some(reply) = reply {
        note.text_section("보냈을 답변 (발송되지 않음)", reply);
    }
    note.finish(case, playbook)
}

/// The note of a row on assist: what will be done and said after release.
pub fn prepared(case: &Case, playbook: &Playbook, reply: Option<&str>) -> String {
    let tag = &playbook.routing.release_tag;
    let warning = match case.talk.writer {
        Writer::OwnWord => "먼저 작성자가 이용 건의 계정 본인인지 확인해 주세요. 본인이라는 답변뿐입니다. ",
        Writer::Stranger | Writer::Holder => "",
    };
    let todo = format!(
        "{warning}내용이 맞으면 이 티켓에 태그를 추가해 주세요({tag}). 달라진 것이 없으면 아래와 같이 처리하고 답변합니다. 맞지 않으면 태그를 추가하지 말고 직접 상담해 주세요."
    );
    let mut note = Note::titled("처리 준비 (승인 대기)", "할 일", &todo);
    if let Some(reason) = &case.turn.restrained {
        note.line(
            "자동 처리 중지",
            &format!("{reason} 담당자가 확인해 해제할 때까지 자동으로 처리하지 않습니다."),
        );
    }
    note.reason(case).known(case).would(case);
    if let Some(reply) = reply {
        note.text_section("준비한 답변 (아직 발송되지 않음)", reply);
    }
    note.finish(case, playbook)
}

/// The note that restores the status from before the customer's thanks or an automatic message.
pub fn restored(case: &Case, status: TicketStatus) -> String {
    let automatic = case.turn.heard.as_ref().is_some_and(|heard| heard.automatic);
    let status = if status == TicketStatus::Solved { "해결" } else { "대기" };
    let (title, what) = if automatic {
        ("자동 회신 확인", "자동으로 보내진 회신이어서 고객님의 답변으로 보지 않았고,")
    } else {
        ("고객 인사 확인", "고객님의 인사 외에 새로운 내용이 없어")
    };
    let mut note = Note::titled(title, "할 일", "없음.");
    note.line("사유", &format!("{what} 티켓을 다시 {status} 상태로 두었습니다."));
    note.text
}

fn silence(playbook: &Playbook) -> String {
    let hours = playbook.patience.give_up_after.as_hours();
    match playbook.patience.when_silent {
        WhenSilent::Close => format!("{hours}시간 동안 답이 없으면 안내 후 마무리합니다."),
        WhenSilent::HandOver => format!("{hours}시간 동안 답이 없으면 일반 상담으로 넘깁니다."),
    }
}

struct Note {
    text: String,
}

impl Note {
    /// The first two lines: what happened, and what an agent has to do.
    fn titled(title: &str, heading: &str, todo: &str) -> Self {
        Self { text: format!("[misread] 본인 미사용 {title}\n{heading}: {todo}") }
    }

    fn line(&mut self, heading: &str, text: &str) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "\n{heading}: {text}");
        self
    }

    /// Omits an empty section; puts a single line beside its heading.
    fn section<T: Display>(&mut self, heading: &str, lines: impl IntoIterator<Item = T>) -> &mut Self {
        let mut lines = lines.into_iter();
        match (lines.next(), lines.next()) {
            (None, _) => {}
            (Some(only), None) => {
                let _ = write!(self.text, "\n■ {heading}: {only}");
            }
            (Some(first), Some(second)) => {
                let _ = write!(self.text, "\n■ {heading}\n- {first}\n- {second}");
                for line in lines {
                    let _ = write!(self.text, "\n- {line}");
                }
            }
        }
        self
    }

    fn text_section(&mut self, heading: &str, text: &str) -> &mut Self {
        let _ = write!(self.text, "\n■ {heading}\n{text}");
        self
    }

    /// The third line: the reason.
    fn reason(&mut self, case: &Case) -> &mut Self {
        let escalated = case.escalated.as_ref().map(|escalation| escalation.reason.as_str());
        let decided = case.decision.as_ref().map(|decision| decision.reason.as_str());
        match case.stepped_back.as_deref().or(escalated).or(decided) {
            Some(reason) => self.line("사유", reason),
            None => self,
        }
    }

    /// The evidence for and against, the answers, and the current state of the use.
    fn known(&mut self, case: &Case) -> &mut Self {
        let row =
            case.decision.as_ref().map(|decision| format!(" · {}", row_of(decision))).unwrap_or_default();
        let decided = case.decision.iter().flat_map(evidence_lines);
        let answers = answers(case).into_iter().chain(unread(case));
        self.section(&format!("근거{row}"), decided.chain(answers));
        if let Some(parking_use) = case.parking_use() {
            let [head, details @ ..] = use_lines(parking_use);
            self.section(&head, details);
        }
        self.earlier(case)
    }

    fn candidates(&mut self, case: &Case) -> &mut Self {
        let (Some(found), None) = (&case.facts.uses, case.parking_use()) else {
            return self;
        };
        let fitting = case.facts.candidates();
        let (heading, listed) = if fitting.is_empty() {
            ("조건에 맞는 이용 건 없음 (조회된 전체)", found.uses.iter().collect())
        } else {
            ("후보 이용 건", fitting)
        };
        let unlisted = listed.len().saturating_sub(MOST_CANDIDATES);
        let others = (unlisted > 0).then(|| format!("그 밖에 {unlisted}건"));
        let more = found.has_more.then(|| "조회 한도를 넘는 이용 건이 더 있습니다.".to_owned());
        let first = listed.into_iter().take(MOST_CANDIDATES).map(use_line);
        self.section(heading, first.chain(others).chain(more))
    }

    fn done(&mut self, case: &Case) -> &mut Self {
        let actions = case.effects.iter().filter_map(|record| match &record.effect {
            Effect::Act(action) => Some((action.action.korean(), &record.state)),
            Effect::Write(_) => None,
        });
        let done: Vec<String> = actions.map(|(action, state)| done_line(action, state)).collect();
        if done.is_empty() {
            return self.section("처리 내역", ["처리한 내용 없음"]);
        }
        let missing = |wanted: &ParkingAction| !case.receipts().any(|(action, _)| action == *wanted);
        let missing: Vec<&str> = [ParkingAction::OperatorMakeGood, ParkingAction::Inspection]
            .iter()
            .filter(|wanted| missing(wanted))
            .map(|wanted| wanted.korean())
            .collect();
        let missing = (!missing.is_empty()).then(|| format!("접수하지 않음: {}", missing.join(", ")));
        self.section("처리 내역", [done.into_iter().chain(missing).collect::<Vec<_>>().join(" · ")])
    }

    /// The course that a decision would take.
    fn would(&mut self, case: &Case) -> &mut Self {
        let outcome = case.decision.iter().map(|decision| decision.outcome.to_string());
        self.section("예정 처리", outcome);
        let todo = case.decision.iter().filter_map(|decision| match &decision.outcome {
            Outcome::HandOver { todo, .. } => Some(todo),
            _ => None,
        });
        self.section("담당자가 할 일", todo)
    }

    /// Everything that was said to the customer, with the disclosed facts of the use (guide, what every note carries).
    fn told(&mut self, case: &Case, playbook: &Playbook) -> &mut Self {
        let verified = case.parking_use().is_some_and(|parking_use| parking_use.vehicle.ownership_verified);
        let public = case
            .writes()
            .filter(|(write, record)| write.kind.is_public() && record.state == EffectState::Written);
        let lines: Vec<String> = public
            .map(|(write, record)| {
                let name = write.macro_name.as_deref().unwrap_or_default();
                let reminds = write.kind == WriteKind::Reminder;
                let questions = if reminds { &case.talk.asked } else { write.asks() };
                let disclosed = playbook.macros.facts_of_the_use(name, questions);
                let facts: Vec<&str> = disclosed.into_iter().map(|fact| fact_word(fact, verified)).collect();
                let facts = if facts.is_empty() { "없음".to_owned() } else { facts.join(", ") };
                format!("{} 공개 답변({name}) · 알린 이용 정보: {facts}", time(record.since))
            })
            .collect();
        if lines.is_empty() {
            self.section("고객 안내", ["이 자동 처리에서 고객님께 안내한 내용은 없습니다."])
        } else {
            self.section("고객 안내", lines)
        }
    }

    /// The customer's other questions that were not answered yet.
    fn unanswered(&mut self, case: &Case) -> &mut Self {
        self.section(
            "고객님이 함께 물어보신 내용 (아직 답하지 않음)",
            case.talk.wishes.iter().map(|wish| wish.korean()),
        )
    }

    /// Appends the guide's pages, if relevant.
    fn finish(mut self, case: &Case, playbook: &Playbook) -> String {
        let guide = &playbook.routing.guide;
        let row = case.decision.as_ref();
        let compensates = row.is_some_and(|decision| {
            let actions = decision.outcome.actions().iter().any(|action| action.compensation().is_some());
            actions || matches!(decision.outcome.hand_over(), Some((Team::Compensation, _)))
        });
        if compensates {
            self.line("참고 · 보상 정책", &guide.compensation);
        }
        let is_denied = row.is_some_and(Decision::is_of_somebody_else);
        if is_denied {
            self.line("참고 · 상담제한", &guide.restricted_consultation);
        }
        self.text
    }
}

fn done_line(action: &str, state: &EffectState) -> String {
    match state {
        EffectState::Acted(receipt) => {
            format!("{action}: 완료 (접수번호 {}, {})", receipt.receipt_id, time(receipt.done_at))
        }
        EffectState::Refused { reason, .. } => format!("{action}: 거절됨 ({reason})"),
        EffectState::Unknown => {
            format!("{action}: 결과 미확인. 주차 시스템에서 처리 여부를 꼭 확인해 주세요.")
        }
        EffectState::NotDone | EffectState::Written => {
            format!("{action}: 처리되지 않음 (이용 건 상태가 바뀜)")
        }
    }
}

/// The answers of this turn, in one line.
fn answers(case: &Case) -> Option<String> {
    let answers = &case.turn.heard.as_ref()?.reading.answers;
    let said = answers.iter().map(|(question, answer)| {
        let answer = match answer {
            Answer::Yes => "네",
            Answer::No => "아니요",
            Answer::Unclear => "분명하지 않음",
        };
        format!("{} {answer}", question.korean())
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| format!("고객 답변: {}", said.join(" · ")))
}

/// The parts of the turn's messages that were not understood, quoted, if no decision names them.
fn unread(case: &Case) -> Option<String> {
    let quoted = case.not_understood();
    let named = case.decision.iter().flat_map(|decision| &decision.inputs);
    let is_named = named.into_iter().any(|input| !input.not_understood.is_empty());
    (!quoted.is_empty() && !is_named).then(|| format!("이해하지 못한 말: {}", quoted.join(", ")))
}

fn fact_word(fact: Placeholder, verified: bool) -> &'static str {
    match fact {
        Placeholder::EnteredAt => "입차 시각",
        Placeholder::ExitedAt => "출차 시각",
        Placeholder::Amount => "금액",
        Placeholder::Plate => "차량번호",
        Placeholder::Place if verified => "주차장 이름(소유인증 완료)",
        Placeholder::Place | Placeholder::Region => "지역(시·동)까지만, 주차장 이름은 비공개",
        _ => "없음",
    }
}
