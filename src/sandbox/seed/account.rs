//! The Zendesk account as the service needs it: groups, agents, fields, and the start trigger with its nullifying tag.

use std::collections::BTreeSet;

use serde_json::json;

use crate::domain::policy::Team;
use crate::sandbox::SandboxError;
use crate::sandbox::zendesk::{
    Condition, Conditions, FakeZendesk, FieldKind, FieldOption, Group, Role, RuleAction, SERVICE_USER,
    TicketField, TriggerDefinition, User,
};

/// The ids of the sample account, for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLayout {
    /// 상담유형, a drop-down.
    pub consultation_type_field: i64,
    /// The plate, a text field.
    pub plate_field: i64,
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
    /// The webhook that the start trigger notifies. [`FakeZendesk::add_webhook`] says where it goes.
    pub webhook_id: &'static str,
}

/// The ids of the sample account.
pub const ACCOUNT: AccountLayout = AccountLayout {
    consultation_type_field: 6_150_000_000_101,
    plate_field: 6_150_000_000_102,
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

/// Sets up an empty fake account as [`ACCOUNT`] describes it. Where webhooks go is told apart, by [`FakeZendesk::add_webhook`].
///
/// # Errors
/// When the fake's rule engine does not know a part of the start trigger.
pub fn provision(zendesk: &FakeZendesk) -> Result<(), SandboxError> {
    let groups: BTreeSet<i64> = Team::ALL.iter().map(|team| ACCOUNT.group(*team)).collect();
    for team in Team::ALL {
        zendesk.add_group(Group { id: ACCOUNT.group(*team), name: team.korean().to_owned() });
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
    });
    zendesk.add_ticket_field(TicketField {
        id: ACCOUNT.plate_field,
        kind: FieldKind::Text,
        title: "차량번호".to_owned(),
        options: Vec::new(),
    });
    zendesk.add_ticket_field(consultation_type());
    zendesk.add_trigger(start_trigger()).map(drop)
}

fn consultation_type() -> TicketField {
    let option = |(value, last): (&str, &str)| FieldOption {
        id: 0,
        name: format!("주차_고객::결제::본인 미사용::{last}"),
        value: value.to_owned(),
    };
    let options =
        [("no_self_use_linked", "연동"), ("no_self_use_unlinked", "비연동"), ("no_self_use_other", "기타")];
    TicketField {
        id: ACCOUNT.consultation_type_field,
        kind: FieldKind::Tagger,
        title: "상담유형".to_owned(),
        options: options.map(option).to_vec(),
    }
}

fn start_trigger() -> TriggerDefinition {
    let condition = |field: &str, operator: &str, value: &str| Condition {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: json!(value),
    };
    let action = |field: &str, value| RuleAction { field: field.to_owned(), value };
    TriggerDefinition {
        title: "[misread] 본인 미사용 접수".to_owned(),
        active: true,
        conditions: Conditions {
            all: vec![
                condition("status", "less_than", "solved"),
                condition("current_tags", "includes", "no_self_use 본인_미사용"),
                condition("current_tags", "not_includes", "misread_sent"),
            ],
            any: Vec::new(),
        },
        actions: vec![
            action("notification_webhook", json!([ACCOUNT.webhook_id, START_TRIGGER_BODY])),
            action("current_tags", json!("misread_sent")),
        ],
    }
}
