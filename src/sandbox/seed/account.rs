//! The Zendesk account with the service's requirements: groups, agents, fields, and the triggers that wake the service.

use std::collections::BTreeSet;

use crate::SandboxError;
use crate::account::setup::OPTION_NAMES;
use crate::account::triggers::{self, Marks, WantedTrigger};
use crate::domain::policy::Team;
use crate::zendesk::{
    FakeZendesk, FieldKind, FieldOption, Group, Profile, Role, SERVICE_USER, TicketField, TriggerDefinition,
    User,
};

/// The ids of the sample account, for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLayout {
    /// 상담유형, a drop-down.
    pub consultation_type_field: i64,
    /// The plate, a text field.
    pub plate_field: i64,
    /// The time of parking, a text field that usually contains a date.
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
    /// The webhook that all triggers notify. [`FakeZendesk::add_webhook`] sets its URL.
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

/// Sets up an empty fake account according to [`ACCOUNT`], with the triggers that `misread zendesk apply` would create for
/// these marks. The webhook's URL is set separately, by [`FakeZendesk::add_webhook`].
///
/// # Errors
/// If the fake's rule engine does not support a part of a trigger.
pub fn provision(zendesk: &FakeZendesk, marks: &Marks) -> Result<(), SandboxError> {
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
    zendesk.add_ticket_field(consultation_type(marks));
    for WantedTrigger { title, conditions, actions, .. } in
        triggers::wanted(marks, ACCOUNT.webhook_id, SERVICE_USER)
    {
        zendesk.add_trigger(TriggerDefinition { title, active: true, conditions, actions })?;
    }
    Ok(())
}

fn text_field(id: i64, title: &str) -> TicketField {
    TicketField::new(id, FieldKind::Text, title)
}

fn consultation_type(marks: &Marks) -> TicketField {
    let options = OPTION_NAMES.iter().zip(&marks.consultation_types);
    TicketField {
        options: options.map(|(name, value)| FieldOption::new(name, value)).collect(),
        ..TicketField::new(ACCOUNT.consultation_type_field, FieldKind::Tagger, "상담유형")
    }
}
