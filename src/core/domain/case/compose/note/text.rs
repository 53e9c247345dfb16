//! Builds the text of an internal note (policy, what every internal note carries): what to do and why in its first three lines,
//! then the evidence for and against, then the rest. Agents may see lot and plate.

use std::fmt::{Display, Write as _};

use super::lines::{evidence_lines, row_of, use_lines};
use crate::domain::case::effect::{Effect, WriteKind};
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::record::EffectState;
use crate::domain::parking::{ParkingAction, ParkingUse};
use crate::domain::policy::{Decision, Outcome, Team};
use crate::domain::reply::Placeholder;
use crate::domain::seoul::to_the_minute;
use crate::domain::words::Answer;

/// The number of uses listed if none could be chosen; the rest are counted.
const MOST_CANDIDATES: usize = 5;

pub(super) struct NoteText<'a> {
    pub(super) case: &'a Case,
    pub(super) playbook: &'a Playbook,
    text: String,
}

impl<'a> NoteText<'a> {
    pub(super) fn about(case: &'a Case, playbook: &'a Playbook) -> Self {
        Self { case, playbook, text: String::new() }
    }

    /// The text, and the ticket's page in the console if its address is known.
    pub(super) fn into_text(mut self) -> String {
        if let Some(console) = &self.playbook.routing.console {
            let page = format!("{console}/tickets/{}", self.case.ticket_id);
            self.line("처리 기록", &page);
        }
        self.text
    }

    /// The first two lines: what happened, and what an agent has to do.
    pub(super) fn title(&mut self, title: &str, heading: &str, todo: &str) -> &mut Self {
        let _ = write!(self.text, "[misread] 본인 미사용 {title}\n{heading}: {todo}");
        self
    }

    pub(super) fn line(&mut self, heading: &str, text: &str) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "\n{heading}: {text}");
        self
    }

    /// Omits an empty section; puts a single line beside its heading.
    pub(super) fn section<T: Display>(
        &mut self,
        heading: &str,
        lines: impl IntoIterator<Item = T>,
    ) -> &mut Self {
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

    pub(super) fn text_section(&mut self, heading: &str, text: &str) -> &mut Self {
        let _ = write!(self.text, "\n■ {heading}\n{text}");
        self
    }

    /// The third line: the reason.
    pub(super) fn reason(&mut self) -> &mut Self {
        let case = self.case;
        let stepped_back = case.stepped_back.as_ref().map(ToString::to_string);
        let escalated = || case.escalated.as_ref().map(|escalation| escalation.reason.to_string());
        let decided = || case.decision.as_ref().map(|decision| decision.reason.clone());
        match stepped_back.or_else(escalated).or_else(decided) {
            Some(reason) => self.line("사유", &reason),
            None => self,
        }
    }

    /// The evidence for and against, the answers, and the current state of the use.
    pub(super) fn known(&mut self) -> &mut Self {
        let case = self.case;
        let row =
            case.decision.as_ref().map(|decision| format!(" · {}", row_of(decision))).unwrap_or_default();
        let decided = case.decision.iter().flat_map(evidence_lines);
        let answers = answers(case).into_iter().chain(unread(case));
        self.section(&format!("근거{row}"), decided.chain(answers));
        if let Some(parking_use) = case.parking_use() {
            let [head, details @ ..] = use_lines(parking_use);
            self.section(&head, details);
        }
        self.earlier()
    }

    pub(super) fn candidates(&mut self) -> &mut Self {
        let case = self.case;
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
        let first = listed.into_iter().take(MOST_CANDIDATES).map(ParkingUse::in_one_line);
        self.section(heading, first.chain(others).chain(more))
    }

    pub(super) fn done(&mut self) -> &mut Self {
        let case = self.case;
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
    pub(super) fn would(&mut self) -> &mut Self {
        let case = self.case;
        let outcome = case.decision.iter().map(|decision| decision.outcome.to_string());
        self.section("예정 처리", outcome);
        let todo = case.decision.iter().filter_map(|decision| match &decision.outcome {
            Outcome::HandOver { todo, .. } => Some(todo),
            _ => None,
        });
        self.section("담당자가 할 일", todo)
    }

    /// Everything that was said to the customer, with the disclosed facts of the use (guide, what every note carries).
    pub(super) fn told(&mut self) -> &mut Self {
        let (case, playbook) = (self.case, self.playbook);
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
                format!("{} 공개 답변({name}) · 알린 이용 정보: {facts}", to_the_minute(record.since))
            })
            .collect();
        if lines.is_empty() {
            self.section("고객 안내", ["이 자동 처리에서 고객님께 안내한 내용은 없습니다."])
        } else {
            self.section("고객 안내", lines)
        }
    }

    /// The customer's other questions that were not answered yet.
    pub(super) fn unanswered(&mut self) -> &mut Self {
        let case = self.case;
        self.section(
            "고객님이 함께 물어보신 내용 (아직 답하지 않음)",
            case.talk.wishes.iter().map(|wish| wish.korean()),
        )
    }

    /// Everything known, for the agent who goes on.
    pub(super) fn left(&mut self) -> &mut Self {
        self.known().candidates().done().told().unanswered();
        let case = self.case;
        let reply = case.write(WriteKind::Reply).filter(|_| !case.has_written(WriteKind::Reply));
        if let Some((write, _)) = reply {
            self.text_section("준비했던 답변 (발송되지 않음)", &write.update.body);
        }
        self.guide()
    }

    /// The guide's pages, if relevant.
    pub(super) fn guide(&mut self) -> &mut Self {
        let guide = &self.playbook.routing.guide;
        let row = self.case.decision.as_ref();
        let compensates = row.is_some_and(|decision| {
            let actions = decision.outcome.actions().iter().any(|action| action.compensation().is_some());
            actions || matches!(decision.outcome.hand_over(), Some((Team::Compensation, _)))
        });
        if compensates {
            self.line("참고 · 보상 정책", &guide.compensation);
        }
        if row.is_some_and(Decision::is_of_another_person) {
            self.line("참고 · 상담제한", &guide.restricted_consultation);
        }
        self
    }
}

fn done_line(action: &str, state: &EffectState) -> String {
    match state {
        EffectState::Acted(receipt) => {
            format!("{action}: 완료 (접수번호 {}, {})", receipt.receipt_id, to_the_minute(receipt.done_at))
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
