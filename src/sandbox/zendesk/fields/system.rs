//! The fields that every ticket has and that cannot be deleted.

use serde_json::{Value, json};

use crate::zendesk::records::TicketFields;
use crate::zendesk::statuses::CustomStatus;
use crate::zendesk::table::Table;

/// A field of every ticket, as `/ticket_fields` lists it.
#[derive(Debug)]
pub(in crate::zendesk) struct SystemField {
    pub(in crate::zendesk) id: i64,
    pub(in crate::zendesk) kind: &'static str,
    /// Its name in error details.
    pub(in crate::zendesk) class: &'static str,
    /// In the account's language.
    pub(in crate::zendesk) title: &'static str,
}

/// In the order of their positions, which begin at 1.
pub(in crate::zendesk) const SYSTEM_FIELDS: [SystemField; 8] = [
    system(6_130_830_350_001, "subject", "FieldSubject", "제목"),
    system(6_130_830_350_002, "description", "FieldDescription", "설명"),
    system(6_130_830_350_003, "status", "FieldStatus", "상태"),
    system(6_130_830_350_004, "tickettype", "FieldTicketType", "유형"),
    system(6_130_830_350_005, "priority", "FieldPriority", "우선 순위"),
    system(6_130_830_350_006, "group", "FieldGroup", "그룹"),
    system(6_130_830_350_007, "assignee", "FieldAssignee", "담당자"),
    system(6_130_830_350_008, "custom_status", "FieldCustomStatus", "티켓 상태"),
];

const fn system(id: i64, kind: &'static str, class: &'static str, title: &'static str) -> SystemField {
    SystemField { id, kind, class, title }
}

impl SystemField {
    /// Whether the ticket has a value in it.
    pub(super) fn is_filled(&self, ticket: &TicketFields) -> bool {
        match self.kind {
            "tickettype" => ticket.ticket_type.is_some(),
            "priority" => ticket.priority.is_some(),
            "group" => ticket.group_id.is_some(),
            "assignee" => ticket.assignee_id.is_some(),
            "subject" => !ticket.subject.is_empty(),
            _ => true,
        }
    }

    /// The properties of only some system fields, in Zendesk's form.
    pub(in crate::zendesk) fn particulars(&self, statuses: &Table<CustomStatus>) -> Value {
        let options = |pairs: &[(&str, &str)]| {
            let option = |(name, value): &(&str, &str)| json!({ "name": name, "value": value });
            pairs.iter().map(option).collect::<Value>()
        };
        match self.kind {
            "status" => json!({ "sub_type_id": 1, "system_field_options": options(&[
                ("열림", "open"), ("대기 중", "pending"), ("보류 중", "hold"), ("해결됨", "solved"),
            ]) }),
            "tickettype" => json!({ "system_field_options": options(&[
                ("질문", "question"), ("사고", "incident"), ("문제", "problem"), ("작업", "task"),
            ]) }),
            "priority" => json!({ "sub_type_id": 0, "system_field_options": options(&[
                ("낮음", "low"), ("보통", "normal"), ("높음", "high"), ("긴급", "urgent"),
            ]) }),
            "custom_status" => {
                json!({ "custom_statuses": statuses.values().map(CustomStatus::brief).collect::<Value>() })
            }
            _ => json!({}),
        }
    }
}
