//! The triggers that wake the service: what they match, what they send, and why they cannot loop.
//!
//! - *Start* fires once per ticket: its last action adds the nullifying tag that its conditions exclude. It also excludes
//!   every tag by which the service marks a case's state, so that no write of the service fires it.
//! - *Follow-up* fires when a ticket is created with a tag that only the service sets: only a follow-up of a closed ticket
//!   has it then, by inheritance, and a ticket is created once. The tag of the start trigger is excluded, or both would
//!   fire for each new ticket; a ticket that inherited only that tag is found by the search.
//! - *Customer answered* fires on comments, public or not, by any author except the service's own user: an integration that
//!   posts a customer's words does so as its own user, and only the comment is the customer's. An agent's comment wakes the
//!   service for nothing. If the account does not accept a user in this condition, it fires on comments by customers.
//! - *Given back* fires on updates by any author except the service's own user. Whether every account accepts a user there
//!   is uncertain (facts §5.1); if not, it fires on updates by agents. The service removes the tags that this trigger
//!   matches, so its own writes at most wake it for nothing, and never in a loop.
//!
//! Conditions and actions have Zendesk's form (facts §5.1); tags in a condition are separated by spaces, and one of them
//! suffices.

use serde_json::{Value, json};

use crate::domain::rule::{Conditions, RuleAction, RuleCondition};

/// The body of the start trigger: ids and a time, nothing that a customer typed (facts §2.3).
pub const START_BODY: &str =
    r#"{"ticket_id":"{{ticket.id}}","kind":"start","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// The body for a ticket that is created with our own tags: it follows a closed one.
pub const FOLLOW_UP_BODY: &str =
    r#"{"ticket_id":"{{ticket.id}}","kind":"follow_up","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// The body for a customer's answer or later message.
pub const CUSTOMER_ANSWERED_BODY: &str = r#"{"ticket_id":"{{ticket.id}}","kind":"customer_answered","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// The body for a ticket that an agent gives back.
pub const GIVEN_BACK_BODY: &str = r#"{"ticket_id":"{{ticket.id}}","kind":"given_back","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// A trigger as the account must have it. The set-up makes it, and repairs it where it differs.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct WantedTrigger {
    /// Its role, the same in every account. It is part of the description and identifies the trigger.
    pub role: String,
    /// Its title, for admins.
    pub title: String,
    /// Its purpose, for admins.
    pub purpose: &'static str,
    pub conditions: Conditions,
    /// The conditions for an account that does not accept the first ones.
    pub else_conditions: Option<Conditions>,
    pub actions: Vec<RuleAction>,
}

/// The tags, options, brands and forms that identify our tickets and mark their state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// A ticket with one of these is ours; for a tag with spaces, also a ticket with each of its words as a tag.
    pub start_tags: Vec<String>,
    /// The option values of 상담유형 that make a ticket ours: 연동, 비연동, 기타.
    pub consultation_types: [String; 3],
    /// Set by the start trigger.
    pub sent_tag: String,
    /// Marks an answered ticket.
    pub done_tag: String,
    /// Marks a ticket handed to a team.
    pub handed_over_tag: String,
    /// Marks a ticket that waits for the customer.
    pub waiting_tag: String,
    /// Marks a ticket with a prepared reply that waits for release.
    pub prepared_tag: String,
    /// Marks, beside the tag of a hand-over, a ticket that the service gave up on.
    pub stuck_tag: String,
    /// Set by an agent who gives the ticket back.
    pub give_back_tag: String,
    /// Set by an agent who releases what is prepared.
    pub release_tag: String,
    /// Only tickets of these brands are ours; empty: all brands.
    pub brands: Vec<i64>,
    /// Only tickets of these forms are ours; empty: all forms.
    pub forms: Vec<i64>,
}

/// All required triggers in execution order. They notify this webhook; `service_user` is the service's own Zendesk user.
pub fn wanted(marks: &Marks, webhook_id: &str, service_user: i64) -> Vec<WantedTrigger> {
    let notify = |body: &str| RuleAction {
        field: "notification_webhook".to_owned(),
        value: json!([webhook_id, body]),
    };
    let (plain, parted): (Vec<&String>, Vec<&String>) =
        marks.start_tags.iter().partition(|tag| !tag.contains(' '));
    let words: Vec<&str> = plain.into_iter().chain(&marks.consultation_types).map(String::as_str).collect();
    let start = |role: String, title: String, tags: Vec<RuleCondition>| {
        let mut conditions =
            Conditions { all: vec![condition("status", "less_than", "solved")], any: Vec::new() };
        conditions.all.extend(tags);
        conditions.all.push(condition("current_tags", "not_includes", marks.own().join(" ")));
        marks.confine(&mut conditions);
        WantedTrigger {
            role,
            title,
            purpose: "본인 미사용 문의가 들어오면 misread에 알립니다. 티켓마다 한 번만 실행됩니다.",
            conditions,
            else_conditions: None,
            actions: vec![notify(START_BODY), add_tag(&marks.sent_tag)],
        }
    };
    let mut triggers = vec![start(
        "start".to_owned(),
        "[misread] 본인 미사용 접수".to_owned(),
        vec![condition("current_tags", "includes", words.join(" "))],
    )];
    triggers.extend(parted.into_iter().map(|tag| {
        let each = tag.split(' ').map(|word| condition("current_tags", "includes", word)).collect();
        start(format!("start:{}", tag.replace(' ', "+")), format!("[misread] 본인 미사용 접수: {tag}"), each)
    }));
    let mut inherited = Conditions {
        all: vec![
            condition("update_type", "is", "Create"),
            condition("status", "less_than", "solved"),
            condition("current_tags", "includes", marks.own()[1..].join(" ")),
        ],
        any: Vec::new(),
    };
    marks.confine(&mut inherited);
    triggers.push(WantedTrigger {
        role: "follow_up".to_owned(),
        title: "[misread] 후속 문의 접수".to_owned(),
        purpose: "misread가 처리한 문의가 종료된 뒤 고객이 답하면 새로 생기는 후속 문의를 misread에 알립니다. 이어받은 태그 때문에 접수 트리거는 실행되지 않습니다.",
        conditions: inherited,
        else_conditions: None,
        actions: vec![notify(FOLLOW_UP_BODY), add_tag(&marks.sent_tag)],
    });
    let answered = |who: RuleCondition| Conditions {
        all: vec![
            condition("update_type", "is", "Change"),
            condition("comment_is_public", "is", "not_relevant"),
            who,
            condition("current_tags", "includes", format!("{} {}", marks.waiting_tag, marks.done_tag)),
        ],
        any: Vec::new(),
    };
    triggers.push(WantedTrigger {
        role: "customer_answered".to_owned(),
        title: "[misread] 고객 답변".to_owned(),
        purpose: "답변을 기다리거나 이미 처리한 티켓에 고객이 글을 쓰면 misread에 알립니다.",
        conditions: answered(condition("role", "is_not", service_user.to_string())),
        else_conditions: Some(answered(condition("role", "is", "end_user"))),
        actions: vec![notify(CUSTOMER_ANSWERED_BODY)],
    });
    let given_back = |who: RuleCondition| Conditions {
        all: vec![
            condition("update_type", "is", "Change"),
            condition("current_tags", "includes", format!("{} {}", marks.give_back_tag, marks.release_tag)),
            who,
        ],
        any: Vec::new(),
    };
    triggers.push(WantedTrigger {
        role: "given_back".to_owned(),
        title: "[misread] 상담사가 돌려줌".to_owned(),
        purpose: "상담사가 태그로 티켓을 돌려주면 misread에 알립니다. misread 자신의 변경에는 실행되지 않습니다.",
        conditions: given_back(condition("role", "is_not", service_user.to_string())),
        else_conditions: Some(given_back(condition("role", "is", "agent"))),
        actions: vec![notify(GIVEN_BACK_BODY)],
    });
    triggers
}

impl Marks {
    /// The tags that only the service and its triggers set: a ticket with one is already known. The first is the start
    /// trigger's. The tag of stuck tickets never stands alone.
    pub fn own(&self) -> [&str; 5] {
        [&self.sent_tag, &self.done_tag, &self.handed_over_tag, &self.waiting_tag, &self.prepared_tag]
            .map(String::as_str)
    }

    /// Excludes tickets of foreign brands and forms as far as conditions can express it: there is only one list of
    /// alternatives. The service also checks brand and form itself.
    fn confine(&self, conditions: &mut Conditions) {
        for (field, ids) in [("brand_id", &self.brands), ("ticket_form_id", &self.forms)] {
            let alternatives: Vec<_> = ids.iter().map(|id| condition(field, "is", id.to_string())).collect();
            match alternatives.len() {
                0 => {}
                1 => conditions.all.extend(alternatives),
                _ if conditions.any.is_empty() => conditions.any = alternatives,
                _ => {}
            }
        }
    }
}

pub(super) fn condition(field: &str, operator: &str, value: impl Into<Value>) -> RuleCondition {
    RuleCondition { field: field.to_owned(), operator: operator.to_owned(), value: value.into() }
}

fn add_tag(tag: &str) -> RuleAction {
    RuleAction { field: "current_tags".to_owned(), value: json!(tag) }
}
