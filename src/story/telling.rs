//! Tells a ticket's journal as a story in order of time: messages, look-ups, decisions, actions and replies.

mod effects;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::look::Look;
use super::told::{self, quote};
use super::{minute, words};
use crate::domain::case::{Awaited, Effect, Entry, Occasion, Order, Waiting};
use crate::domain::parking::ParkingUse;
use crate::domain::policy::{Decision, Policy};
use crate::domain::seoul::seoul;
use crate::ports::{DeliveryRequest, Loaded};

/// A paragraph of a story.
#[derive(Debug)]
pub(crate) struct Paragraph {
    pub(crate) at: Timestamp,
    /// What it is: who spoke, or what was done.
    pub(crate) label: String,
    pub(crate) body: String,
    /// The same without a customer's data.
    pub(crate) masked: Masked,
}

/// A paragraph without a customer's data.
#[derive(Debug)]
pub(crate) struct Masked {
    pub(crate) label: String,
    /// The lines that hold no customer's data; `None`: none.
    pub(crate) body: Option<String>,
}

/// The whole story as text: the head, the journal, and the pending deliveries.
pub(crate) fn tell(look: &Look, loaded: &Loaded, policy: Option<&Policy>) -> Result<String, fmt::Error> {
    let mut text = String::new();
    quote(&mut text, &look.head(), "")?;
    for Paragraph { at, label, body, .. } in paragraphs(loaded, policy) {
        quote(&mut text, &format!("{}  {label}", clock(at)), &body)?;
    }
    Ok(text)
}

/// The journal and the pending deliveries, in order.
pub(crate) fn paragraphs(loaded: &Loaded, policy: Option<&Policy>) -> Vec<Paragraph> {
    let mut teller = Teller::new(policy, last_write(loaded));
    for recorded in &loaded.journal {
        teller.entry(recorded.position, recorded.at, &recorded.entry);
    }
    teller.open_ends();
    for delivery in &loaded.deliveries {
        let at = delivery.received_at;
        match &delivery.asks {
            DeliveryRequest::Refresh(_) => {
                teller.say_to_all(at, "접수", "Zendesk에서 알림이 왔습니다. 아직 확인하지 않았습니다.");
            }
            DeliveryRequest::Command(order) => {
                teller.order(at, "접수", order, ". 아직 시작하지 않았습니다.");
            }
        }
    }
    teller.paragraphs
}

/// The position of the last write's intention: the story shows this note in full.
fn last_write(loaded: &Loaded) -> Option<u32> {
    loaded.journal.iter().rev().find_map(|recorded| match &recorded.entry {
        Entry::Written { of, .. } => Some(of.0),
        _ => None,
    })
}

/// The story so far, and the context for the next entries.
struct Teller<'a> {
    paragraphs: Vec<Paragraph>,
    policy: Option<&'a Policy>,
    last_write: Option<u32>,
    /// The newest audit in the story.
    told_up_to: Option<i64>,
    opening: Option<&'a str>,
    requester: &'a str,
    uses: Option<&'a [ParkingUse]>,
    occasion: Occasion,
    /// The last decision, while it is not known whether it will be carried out or only prepared.
    decision: Option<(Timestamp, &'a Decision)>,
    /// Intended effects without a recorded end, by the position of the intention.
    intended: BTreeMap<u32, (Timestamp, &'a Effect)>,
}

impl<'a> Teller<'a> {
    fn new(policy: Option<&'a Policy>, last_write: Option<u32>) -> Self {
        Self {
            paragraphs: Vec::new(),
            policy,
            last_write,
            told_up_to: None,
            opening: None,
            requester: "",
            uses: None,
            occasion: Occasion::Start,
            decision: None,
            intended: BTreeMap::new(),
        }
    }

    /// Adds a paragraph that may hold a customer's data.
    fn say(&mut self, at: Timestamp, label: &str, body: &str) {
        self.say_masked(at, label, body, Masked { label: label.to_owned(), body: None });
    }

    /// Adds a paragraph that holds no customer's data.
    fn say_to_all(&mut self, at: Timestamp, label: &str, body: &str) {
        self.say_masked(at, label, body, Masked { label: label.to_owned(), body: Some(body.to_owned()) });
    }

    /// Adds a paragraph with what of it holds no customer's data.
    fn say_masked(&mut self, at: Timestamp, label: &str, body: &str, masked: Masked) {
        let (label, body) = (label.to_owned(), body.to_owned());
        self.paragraphs.push(Paragraph { at, label, body, masked });
    }

    /// Adds an order. Its reason may name a customer.
    fn order(&mut self, at: Timestamp, label: &str, order: &Order, end: &str) {
        let what = format!("{}: {}", order.by, words::order(order.what));
        let why = order.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let masked = Masked { label: label.to_owned(), body: Some(format!("{what}{end}")) };
        self.say_masked(at, label, &format!("{what}{why}{end}"), masked);
    }

    fn entry(&mut self, position: u32, at: Timestamp, entry: &'a Entry) {
        let goes_on =
            matches!(entry, Entry::Intended { .. } | Entry::Confirmed { .. } | Entry::Restrained { .. });
        if !goes_on {
            self.decided(false);
        }
        match entry {
            Entry::Ordered { order, .. } => {
                self.order(at, "운영 지시", order, "");
            }
            Entry::Erased { entries, ending, by } => {
                let by = by.as_deref().unwrap_or("보관 기간이 지남");
                let what = format!(
                    "기록 {entries}건을 삭제했습니다({by}). 삭제할 때의 상태: {}",
                    words::ending(*ending)
                );
                self.say_to_all(at, "삭제", &what);
            }
            Entry::TicketRead { .. }
            | Entry::TicketGone
            | Entry::ChangesRead { .. }
            | Entry::EarlierRead { .. }
            | Entry::AccountRead { .. }
            | Entry::UsesRead { .. } => self.read(at, entry),
            Entry::Decided { decision } => {
                self.decision = Some((at, decision));
            }
            Entry::Heard(heard) => {
                let said = told::heard(heard);
                // An opening is seldom understood as a whole, and no person must read it for that.
                let must_be_read = !matches!(self.occasion, Occasion::Start);
                if must_be_read {
                    self.say(at, "이해", &told::understood(heard));
                } else {
                    self.some(at, "이해", &said);
                }
            }
            Entry::TurnBegan { occasion, .. } => {
                self.occasion = *occasion;
                self.say_to_all(at, "이어서", words::occasion(*occasion));
            }
            Entry::Waiting(waiting) => self.say_to_all(at, "대기", &waits(waiting)),
            Entry::NothingNew => self.say_to_all(at, "확인", "달라진 것이 없어 더 기다립니다."),
            Entry::Woken { .. } | Entry::Confirmed { .. } | Entry::TimeUp => {}
            Entry::Restrained { reason } => {
                self.say(at, "자동 처리 중지", &format!("{reason} 준비만 하고 상담사의 승인을 기다립니다."));
            }
            Entry::Escalated(escalation) => {
                let what = format!("{}\n할 일: {}", escalation.reason, escalation.todo());
                self.say(at, "상담 이관", &what);
            }
            Entry::SteppedBack { reason } => self.say(at, "중단", &reason.to_string()),
            Entry::Deferred { until, reason, failed } => {
                let (label, then) = if *failed {
                    ("실패", "다시 시도합니다")
                } else {
                    ("잠시 멈춤", "이어 갑니다")
                };
                let what = format!("{}. {}에 {then}.", reason.korean(), minute(*until));
                self.say_to_all(at, label, &what);
            }
            Entry::Ended { ending } => self.say_to_all(at, "끝", words::ended(*ending)),
            Entry::Stuck { reason } => {
                let what = format!("{}.\n사람이 확인해야 합니다.", reason.korean().trim_end_matches('.'));
                self.say_to_all(at, "막힘", &what);
            }
            _ => self.effect(position, at, entry),
        }
    }

    /// Adds a paragraph unless `lines` is empty.
    fn some(&mut self, at: Timestamp, label: &str, lines: &[String]) {
        if !lines.is_empty() {
            self.say(at, label, &lines.join(" · "));
        }
    }

    /// Adds the last decision, if it is not in the story yet; `prepared`: it waits for an agent's release.
    fn decided(&mut self, prepared: bool) {
        let Some((at, decision)) = self.decision.take() else { return };
        let policy = self.policy.filter(|policy| policy.hash() == decision.policy);
        let mut lines = vec![told::decided(decision, prepared, policy.or(self.policy))];
        if policy.is_none() {
            lines.push(format!("(지금과 다른 정책 {}(으)로 판단했습니다)", decision.policy));
        }
        let row = policy.or(self.policy).and_then(|policy| policy.row(&decision.row));
        let outcome = lines[0].lines().next().unwrap_or_default();
        let open = [Some(outcome), row.map(|row| row.sentence.as_str())].into_iter().flatten();
        let masked = Masked { label: "판단".to_owned(), body: Some(open.collect::<Vec<_>>().join("\n")) };
        self.say_masked(at, "판단", &lines.join("\n"), masked);
    }
}

/// The event that a case waits for, and the deadline.
fn waits(waiting: &Waiting) -> String {
    let what = match &waiting.awaited {
        Awaited::Answer { questions } => format!("고객님의 답변을 기다립니다({}).", told::asked(questions)),
        Awaited::Payment => "고객님의 결제를 기다립니다.".to_owned(),
        Awaited::GiveBack => "담당자가 처리하고 돌려주기를 기다립니다.".to_owned(),
        Awaited::Release => "상담사의 승인을 기다립니다.".to_owned(),
    };
    let until = match waiting.until {
        Some(until) if waiting.last => format!(" 기한: {}", minute(until)),
        Some(until) => format!(" 다음 확인: {}", minute(until)),
        None => String::new(),
    };
    what + &until
}

/// Without the year, which the story's head shows.
fn clock(at: Timestamp) -> String {
    seoul(at).strftime("%m-%d %H:%M").to_string()
}
