//! Who writes: the levels of policy, "Who writes, and what may be told and done".

use std::collections::BTreeSet;

use crate::domain::case::fold::Case;
use crate::domain::parking::ParkingUse;
use crate::domain::policy::{Evidence, Identity};
use crate::domain::ticket::{Ticket, UserRole, Warning};
use crate::domain::words::{Answer, Question};

/// Whether the writer is identified, so that the owner of the use may be considered. Before that, every writer gets the
/// same answer.
pub(super) fn is_known(identity: Identity) -> bool {
    matches!(identity, Identity::Proven | Identity::AccountTied | Identity::OwnWord)
}

pub(super) fn writer(case: &Case, ticket: &Ticket, one: Option<&ParkingUse>) -> Evidence<Identity> {
    let excluded = excluding(case, ticket);
    if !excluded.is_empty() {
        return Evidence::of(Identity::Excluded, "Zendesk 요청자 정보").against(excluded);
    }
    let answer = case.answer(Question::Identity);
    if answer == Some(Answer::No) {
        return Evidence::of(Identity::Denied, "고객 답변: 계정 본인이 아님");
    }
    let turn = case.turn.heard.as_ref().map(|heard| &heard.warnings);
    let warned: BTreeSet<Warning> = turn.into_iter().flatten().copied().collect();
    let tie = Tie::of(case, ticket, one);
    let doubts = tie.doubts(ticket).into_iter().map(str::to_owned);
    let opening = case.talk.opening_warnings.iter().chain(&warned).collect::<BTreeSet<_>>();
    let warnings = opening.into_iter().map(|warning| format!("경고: {}", warning.korean()));
    let now = case.turn.heard.as_ref().and_then(|heard| heard.reading.answers.get(&Question::Identity));
    let unclear = (now == Some(&Answer::Unclear)).then(|| "본인인지 묻는 말에 분명히 답하지 않음".to_owned());
    let doubts: Vec<String> = doubts.chain(warnings).chain(unclear).collect();
    match answer {
        _ if tie == Tie::Same && doubts.is_empty() => {
            Evidence::of(Identity::Proven, "인증된 작성자의 앱 계정이 이용 건의 계정과 같음")
        }
        Some(Answer::Yes) if warned.is_empty() && tie == Tie::Same => Evidence::of(
            Identity::AccountTied,
            "연결된 앱 계정이 이용 건의 계정과 같고, 고객 답변: 계정 본인",
        )
        .against(doubts),
        Some(Answer::Yes) if warned.is_empty() => {
            Evidence::of(Identity::OwnWord, "고객 답변: 계정 본인").against(doubts)
        }
        _ => Evidence::of(Identity::Unknown, "본인이라는 답변 없음").against(doubts),
    }
}

/// The relation between the requester's account and the use's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// The requester has no account.
    None,
    /// The requester's account is not the use's, or does not exist.
    Another,
    /// It is the use's account. If no single use was found: an account that exists, since uses are looked up by it.
    Same,
}

impl Tie {
    fn of(case: &Case, ticket: &Ticket, one: Option<&ParkingUse>) -> Self {
        let Some(id) = &ticket.requester.external_id else { return Self::None };
        let exists = matches!(case.facts.account, Some(Some(_)));
        match one {
            Some(parking_use) if *id == parking_use.account_id => Self::Same,
            None if exists => Self::Same,
            Some(_) | None => Self::Another,
        }
    }

    /// What weakens the proof that the requester is the holder.
    fn doubts(self, ticket: &Ticket) -> Vec<&'static str> {
        let requester = &ticket.requester;
        let tie = match self {
            Self::None => Some("작성자에게 연결된 앱 계정이 없음"),
            Self::Another => Some("작성자의 앱 계정이 이용 건의 계정과 다름"),
            Self::Same => None,
        };
        let verified = (!requester.verified).then_some("작성자의 신원이 인증되지 않음");
        let role = requester.role.is_none().then_some("작성자가 고객인지 Zendesk가 알려 주지 않음");
        [tie, verified, role].into_iter().flatten().collect()
    }
}

/// Why asking is pointless.
fn excluding(case: &Case, ticket: &Ticket) -> Vec<String> {
    let requester = &ticket.requester;
    let staff = requester.role.is_some_and(|role| role != UserRole::EndUser);
    let changed = case.facts.requester_changed;
    [
        (staff, "요청자가 고객이 아니라 직원임"),
        (requester.suspended, "요청자가 Zendesk에서 정지된 사용자임"),
        (changed, "티켓의 요청자가 바뀜"),
        (ticket.audience.unreachable, "공개 답변이 닿을 주소가 없는 고객임(전화 문의)"),
    ]
    .into_iter()
    .filter(|(is, _)| *is)
    .map(|(_, why)| why.to_owned())
    .collect()
}
