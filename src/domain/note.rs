//! The internal note: what an agent must know (policy, what every internal note carries). Agents may see lot and plate.

mod lines;

use std::fmt::{self, Display, Write as _};

use super::case::{Awaited, Case, Effect, EffectState, Playbook, WhenSilent, Write, WriteKind};
use super::parking::ParkingAction;
use super::policy::{Outcome, Team};
use super::reply::Placeholder;
use super::ticket::TicketStatus;
use super::words::Answer;
use lines::{decision_lines, time, use_line, use_lines};

/// The note after a public text: what was done and said, and what the case waits for.
pub fn after(case: &Case, playbook: &Playbook, said: &Write) -> String {
    let routing = &playbook.routing;
    let (title, todo, next): (&str, String, String) = match (said.kind, &said.awaits) {
        (WriteKind::Reminder, _) => (
            "본인 미사용 답변 요청 알림",
            "없음. 고객님의 답변을 기다립니다.".into(),
            format!("고객님이 답하시면 이어서 처리합니다. {}", silence(playbook)),
        ),
        (WriteKind::SilentClose, _) => (
            "본인 미사용 답변 없음 마무리",
            "없음. 여쭤본 내용에 답변이 없어 문의를 마무리했습니다.".into(),
            "고객님이 나중에라도 답하시면 이어서 처리합니다.".into(),
        ),
        (_, Some(Awaited::Answer { questions })) => {
            let asked: Vec<&str> = questions.iter().map(|question| question.korean()).collect();
            (
                "본인 미사용 고객 확인 중",
                format!("없음. 고객님께 여쭤본 내용({})의 답변을 기다립니다.", asked.join(", ")),
                format!("고객님이 답하시면(태그 {}) 이어서 처리합니다. {}", routing.waiting_tag, silence(playbook)),
            )
        }
        (_, Some(Awaited::Payment)) => (
            "본인 미사용 결제 대기",
            "없음. 고객님의 결제를 기다립니다.".into(),
            "결제되었는지 정해진 간격으로 확인하고, 결제되면 T포인트로 보상합니다. 기한이 지나면 일반 상담으로 넘깁니다.".into(),
        ),
        (_, Some(Awaited::GiveBack | Awaited::Release) | None) => (
            "본인 미사용 자동 처리 완료",
            "없음.".into(),
            "고객님이 다시 글을 남기시면 감사 인사는 그대로 두고, 안내할 수 있는 문의에는 답하고, 그 밖에는 일반 상담으로 넘깁니다.".into(),
        ),
    };
    let mut note = Note::titled(title);
    note.known(case).done(case).told(case, playbook);
    note.section("남은 일", [todo]).section("이후 자동 처리", [next]);
    note.finish(playbook)
}

/// The note that hands the ticket to a team for good.
pub fn hand_over(case: &Case, playbook: &Playbook, team: Team, todo: &str) -> String {
    let mut note = Note::titled("본인 미사용 상담 이관");
    note.section("이관 사유", case.escalated.iter().map(|escalation| &escalation.reason));
    note.known(case).candidates(case).done(case).told(case, playbook).unanswered(case);
    if let Some(draft) = case.escalated.as_ref().and_then(|escalation| escalation.draft.as_ref()) {
        if case.receipts().next().is_none() {
            note.would(case);
        }
        note.section("준비한 답변 (발송되지 않음)", [draft]);
    }
    note.section(&format!("남은 일 ({} 그룹)", team.korean()), [todo]);
    note.section("이후 자동 처리", ["없음. 이 티켓은 상담사가 마무리합니다."]);
    note.finish(playbook)
}

/// The note that hands the ticket to a team that gives it back.
pub fn hand_over_for_a_time(case: &Case, playbook: &Playbook, team: Team, todo: &str) -> String {
    let mut note = Note::titled("본인 미사용 담당자 처리 요청");
    note.known(case).done(case).told(case, playbook).unanswered(case);
    note.section(&format!("남은 일 ({} 그룹)", team.korean()), [todo]);
    let tag = &playbook.routing.give_back_tag;
    note.section(
        "이후 자동 처리",
        [format!("마치신 뒤 이 티켓에 태그를 추가해 주시면({tag}) 이용 건을 다시 확인하고 이어서 처리한 뒤 고객님께 답변합니다. 다른 내용은 바꾸지 않으셔도 됩니다.")],
    );
    note.finish(playbook)
}

/// The note that says why the service steps back.
pub fn stepped_back(case: &Case, playbook: &Playbook) -> String {
    let mut note = Note::titled("본인 미사용 자동 처리 중단");
    note.section("중단 사유", case.stepped_back.iter());
    note.known(case).candidates(case).done(case).told(case, playbook).unanswered(case);
    note.section(
        "남은 일 (현재 담당자)",
        ["위 내용을 확인하고 상담을 이어서 마무리해 주세요. 자동 처리는 더 진행되지 않습니다."],
    );
    if let Some((write, _)) = case.write(WriteKind::Reply) {
        note.section("준비했던 답변 (발송되지 않음)", [&write.update.body]);
    }
    note.finish(playbook)
}

/// The note of a row that is only watched: what would have been done and said.
pub fn shadow(case: &Case, playbook: &Playbook, reply: Option<&str>) -> String {
    let mut note = Note::titled("본인 미사용 자동 처리 참관 (처리하지 않음)");
    note.section("상담원에게 넘겼을 사유", case.escalated.iter().map(|escalation| &escalation.reason));
    note.known(case).candidates(case).would(case).section("보냈을 답변 (발송되지 않음)", reply);
    note.section(
        "남은 일",
        ["평소와 같이 상담해 주세요. 자동 처리는 아무것도 하지 않았고, 더 진행되지도 않습니다."],
    );
    note.finish(playbook)
}

/// The note of a row that an agent releases: what will be done and said.
pub fn prepared(case: &Case, playbook: &Playbook, reply: Option<&str>) -> String {
    let mut note = Note::titled("본인 미사용 처리 준비 (승인 대기)");
    note.known(case).would(case).section("준비한 답변 (아직 발송되지 않음)", reply);
    let tag = &playbook.routing.release_tag;
    note.section("남은 일", [
        format!("내용이 맞으면 이 티켓에 태그를 추가해 주세요({tag}). 이용 건을 다시 확인하고, 달라진 것이 없으면 위와 같이 처리하고 답변합니다."),
        "맞지 않으면 태그를 추가하지 말고 직접 상담해 주세요.".to_owned(),
    ]);
    note.finish(playbook)
}

/// The note that puts a ticket back into its status after the customer's thanks.
pub fn thanks(playbook: &Playbook, status: TicketStatus) -> String {
    let mut note = Note::titled("본인 미사용 고객 인사 확인");
    let status = if status == TicketStatus::Solved { "해결" } else { "대기" };
    note.section(
        "처리 내역",
        [format!("고객님의 인사 외에 새로운 내용이 없어 티켓을 다시 {status} 상태로 두었습니다.")],
    );
    note.section("남은 일", ["없음."]);
    note.finish(playbook)
}

fn silence(playbook: &Playbook) -> String {
    let hours = playbook.patience.give_up_after.as_hours();
    match playbook.patience.when_silent {
        WhenSilent::Close => format!("여쭤본 때부터 {hours}시간 동안 답이 없으면 안내 후 마무리합니다."),
        WhenSilent::HandOver => format!("여쭤본 때부터 {hours}시간 동안 답이 없으면 일반 상담으로 넘깁니다."),
    }
}

struct Note {
    text: String,
}

impl Note {
    fn titled(title: &str) -> Self {
        Self { text: format!("[misread] {title}") }
    }

    fn section<T: Display>(&mut self, heading: &str, lines: impl IntoIterator<Item = T>) -> &mut Self {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.line(format_args!("\n■ {heading}"));
            for line in lines {
                self.line(format_args!("- {line}"));
            }
        }
        self
    }

    fn line(&mut self, line: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "\n{line}");
    }

    /// The decision, the customer's answers and the use.
    fn known(&mut self, case: &Case) -> &mut Self {
        self.section("판단", case.decision.iter().flat_map(decision_lines));
        let heard = case.turn.heard.iter().flat_map(|heard| &heard.reading.answers);
        let answers = heard.map(|(question, answer)| {
            let answer = match answer {
                Answer::Yes => "네",
                Answer::No => "아니요",
                Answer::Unclear => "분명하지 않음",
            };
            format!("{}: {answer}", question.korean())
        });
        self.section("고객 답변", answers);
        self.section("이용 건", case.parking_use().iter().flat_map(|parking_use| use_lines(parking_use)))
    }

    fn candidates(&mut self, case: &Case) -> &mut Self {
        let (Some(found), None) = (&case.facts.uses, case.parking_use()) else {
            return self;
        };
        let fitting = case.facts.candidates();
        let more = found.has_more.then(|| "조회 한도를 넘는 이용 건이 더 있습니다.".to_owned());
        if fitting.is_empty() {
            let all = found.uses.iter().map(use_line).chain(more);
            return self.section("조건에 맞는 이용 건 없음 (조회된 전체)", all);
        }
        self.section("후보 이용 건", fitting.into_iter().map(use_line).chain(more))
    }

    fn done(&mut self, case: &Case) -> &mut Self {
        let lines: Vec<String> = case
            .effects
            .iter()
            .filter_map(|record| match &record.effect {
                Effect::Act(action) => Some((action.action.korean(), &record.state)),
                Effect::Write(_) => None,
            })
            .map(|(action, state)| match state {
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
            })
            .collect();
        if lines.is_empty() {
            return self.section("처리 내역", ["처리한 내용 없음"]);
        }
        let filed = |wanted: ParkingAction| {
            let filed = case.receipts().any(|(action, _)| action == wanted);
            format!("{} {}", wanted.korean(), if filed { "접수함" } else { "접수하지 않음" })
        };
        let both = [ParkingAction::OperatorMakeGood, ParkingAction::Inspection].map(filed).join(" · ");
        self.section("처리 내역", lines.into_iter().chain([both]))
    }

    /// What a decision would do.
    fn would(&mut self, case: &Case) -> &mut Self {
        let outcome = case.decision.iter().map(|decision| decision.outcome.to_string());
        self.section("예정 처리", outcome);
        let todo = case.decision.iter().filter_map(|decision| match &decision.outcome {
            Outcome::HandOver { todo, .. } => Some(todo),
            _ => None,
        });
        self.section("담당자가 할 일", todo)
    }

    /// Everything that the customer was told, with the facts of the use that were disclosed (guide, what every note carries).
    fn told(&mut self, case: &Case, playbook: &Playbook) -> &mut Self {
        let verified = case.parking_use().is_some_and(|parking_use| parking_use.vehicle.ownership_verified);
        let public = case
            .writes()
            .filter(|(write, record)| write.kind.is_public() && record.state == EffectState::Written);
        let lines: Vec<String> = public
            .map(|(write, record)| {
                let name = write.macro_name.as_deref().unwrap_or_default();
                let disclosed = playbook.macros.get(name).map(|found| found.wording.facts_of_the_use());
                let disclosed: Vec<&str> =
                    disclosed.into_iter().flatten().map(|fact| fact_word(fact, verified)).collect();
                let facts = if disclosed.is_empty() { "없음".to_owned() } else { disclosed.join(", ") };
                format!("{} 공개 답변(매크로 {name}) · 알린 이용 정보: {facts}", time(record.since))
            })
            .collect();
        if lines.is_empty() {
            self.section("고객 안내", ["이 자동 처리에서 고객님께 안내한 내용은 없습니다."])
        } else {
            self.section("고객 안내", lines)
        }
    }

    /// What the customer also asked and has not been told.
    fn unanswered(&mut self, case: &Case) -> &mut Self {
        self.section(
            "고객님이 함께 물어보신 내용 (아직 답하지 않음)",
            case.talk.wishes.iter().map(|wish| wish.korean()),
        )
    }

    fn finish(mut self, playbook: &Playbook) -> String {
        let guide = &playbook.routing.guide;
        let pages = [("보상 정책", &guide.compensation), ("상담제한", &guide.restricted_consultation)];
        self.section("참고", pages.map(|(page, link)| format!("{page}: {link}")));
        self.text
    }
}

fn fact_word(fact: Placeholder, verified: bool) -> &'static str {
    match fact {
        Placeholder::EnteredAt => "입차 시각",
        Placeholder::ExitedAt => "출차 시각",
        Placeholder::Amount => "금액",
        Placeholder::Plate => "차량번호",
        Placeholder::Place if verified => "주차장 이름(소유인증 완료)",
        Placeholder::Place | Placeholder::Region => "지역(시·동)까지만, 주차장 이름은 비공개",
        Placeholder::TicketId | Placeholder::RequesterName | Placeholder::Paragraphs => "없음",
    }
}
