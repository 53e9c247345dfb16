//! The Zendesk account as the service needs it: groups, agents, fields, and the triggers that wake the service.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::policy::Team;
use crate::sandbox::SandboxError;
use crate::sandbox::zendesk::{
    Condition, Conditions, FakeZendesk, FieldKind, FieldOption, Group, Profile, Role, RuleAction,
    SERVICE_USER, TicketField, TriggerDefinition, User,
};

/// The ids of the sample account, for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLayout {
    /// 상담유형, a drop-down.
    pub consultation_type_field: i64,
    /// The plate, a text field.
    pub plate_field: i64,
    /// When the car is said to have parked, a text field that usually holds a date.
    pub used_at_field: i64,
    /// 일반 상담
    pub agents_group: i64,
    /// 공항 담당
    pub airport_desk_group: i64,
    /// 주차장 확인 담당
    pub lot_contact_group: i64,
    /// 보상 담당
    pub compensation_group: i64,
    /// An agent who works in every group.
    pub agent: i64,
    /// The webhook that every trigger notifies. [`FakeZendesk::add_webhook`] says where it goes.
    pub webhook_id: &'static str,
}

/// The ids of the sample account.
pub const ACCOUNT: AccountLayout = AccountLayout {
    consultation_type_field: 6_150_000_000_101,
    plate_field: 6_150_000_000_102,
    used_at_field: 6_150_000_000_103,
    agents_group: 6_150_000_000_201,
    airport_desk_group: 6_150_000_000_202,
    lot_contact_group: 6_150_000_000_203,
    compensation_group: 6_150_000_000_204,
    agent: 6_150_000_000_301,
    webhook_id: "01JMSREAD0START0TR1GGER000",
};

impl AccountLayout {
    /// The group of a team.
    pub fn group(&self, team: Team) -> i64 {
        match team {
            Team::Agents => self.agents_group,
            Team::AirportDesk => self.airport_desk_group,
            Team::LotContact => self.lot_contact_group,
            Team::Compensation => self.compensation_group,
        }
    }
}

/// What the start trigger sends: ids and a time, nothing that a customer typed (Zendesk facts §2.3).
pub const START_TRIGGER_BODY: &str =
    r#"{"ticket_id":"{{ticket.id}}","kind":"start","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// What the trigger sends when a customer answers or writes again.
pub const CUSTOMER_ANSWERED_TRIGGER_BODY: &str = r#"{"ticket_id":"{{ticket.id}}","kind":"customer_answered","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// What the trigger sends when an agent gives a ticket back.
pub const GIVEN_BACK_TRIGGER_BODY: &str = r#"{"ticket_id":"{{ticket.id}}","kind":"given_back","updated_at":"{{ticket.updated_at_with_timestamp}}"}"#;

/// Sets up an empty fake account as [`ACCOUNT`] describes it. Where webhooks go is told apart, by [`FakeZendesk::add_webhook`].
///
/// # Errors
/// When the fake's rule engine does not know a part of a trigger.
pub fn provision(zendesk: &FakeZendesk) -> Result<(), SandboxError> {
    let groups: BTreeSet<i64> = Team::ALL.iter().map(|team| ACCOUNT.group(*team)).collect();
    for team in Team::ALL {
        zendesk.add_group(Group::new(ACCOUNT.group(*team), team.korean()));
    }
    zendesk.alter_user(SERVICE_USER, |user| user.group_ids.clone_from(&groups))?;
    zendesk.add_user(User {
        id: ACCOUNT.agent,
        name: "상담사 한지민".to_owned(),
        email: "agent@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: groups,
        profile: Profile::default(),
    });
    zendesk.add_ticket_field(text_field(ACCOUNT.plate_field, "차량번호"));
    zendesk.add_ticket_field(text_field(ACCOUNT.used_at_field, "이용 일시"));
    zendesk.add_ticket_field(consultation_type());
    for trigger in [start_trigger(), customer_answered_trigger(), given_back_trigger()] {
        zendesk.add_trigger(trigger)?;
    }
    Ok(())
}

fn text_field(id: i64, title: &str) -> TicketField {
    TicketField::new(id, FieldKind::Text, title)
}

fn consultation_type() -> TicketField {
    let options =
        [("no_self_use_linked", "연동"), ("no_self_use_unlinked", "비연동"), ("no_self_use_other", "기타")];
    let option = |(value, last): (&str, &str)| {
        FieldOption::new(&format!("주차_고객::결제::본인 미사용::{last}"), value)
    };
    TicketField {
        options: options.map(option).to_vec(),
        ..TicketField::new(ACCOUNT.consultation_type_field, FieldKind::Tagger, "상담유형")
    }
}

/// Fires once for a ticket: its last action is the nullifying tag.
fn start_trigger() -> TriggerDefinition {
    let mut trigger = notifying(
        "[misread] 본인 미사용 접수",
        START_TRIGGER_BODY,
        vec![
            condition("status", "less_than", "solved"),
            condition("current_tags", "includes", "no_self_use 본인_미사용"),
            condition("current_tags", "not_includes", "misread_sent"),
        ],
    );
    trigger.actions.push(RuleAction { field: "current_tags".to_owned(), value: json!("misread_sent") });
    trigger
}

/// Fires on every public comment of a customer whose ticket waits for them or was answered. The service writes as an agent.
fn customer_answered_trigger() -> TriggerDefinition {
    notifying(
        "[misread] 고객 답변",
        CUSTOMER_ANSWERED_TRIGGER_BODY,
        vec![
            condition("update_type", "is", "Change"),
            condition("comment_is_public", "is", true),
            condition("role", "is", "end_user"),
            condition("current_tags", "includes", "misread_waiting misread_done"),
        ],
    )
}

/// Fires on every update of such a ticket that is not the service's own; else its own writes would wake it, round and round.
fn given_back_trigger() -> TriggerDefinition {
    notifying(
        "[misread] 상담사가 돌려줌",
        GIVEN_BACK_TRIGGER_BODY,
        vec![
            condition("update_type", "is", "Change"),
            condition("current_tags", "includes", "misread_airport_called misread_release"),
            condition("role", "is_not", SERVICE_USER.to_string()),
        ],
    )
}

/// A trigger that posts `body` to the service's webhook when all conditions hold.
fn notifying(title: &str, body: &str, all: Vec<Condition>) -> TriggerDefinition {
    TriggerDefinition {
        title: title.to_owned(),
        active: true,
        conditions: Conditions { all, any: Vec::new() },
        actions: vec![RuleAction {
            field: "notification_webhook".to_owned(),
            value: json!([ACCOUNT.webhook_id, body]),
        }],
    }
}

fn condition(field: &str, operator: &str, value: impl Into<Value>) -> Condition {
    Condition { field: field.to_owned(), operator: operator.to_owned(), value: value.into() }
}
