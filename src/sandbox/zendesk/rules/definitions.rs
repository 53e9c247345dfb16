//! The available conditions and actions of triggers and macros, for the account's editor.

use serde_json::{Value, json};

use super::operator::Operator;
use super::subject::{PRIORITIES, SUBJECTS, Subject, TYPES};
use crate::zendesk::state::State;

/// The actions of both triggers and macros with their values; an empty list means free text.
const ACTIONS: [(&str, &str, &[&str]); 13] = [
    ("status", "Status", &["open", "pending", "hold", "solved"]),
    ("custom_status_id", "Ticket status", &[]),
    ("priority", "Priority", &PRIORITIES),
    ("type", "Type", &TYPES),
    ("group_id", "Group", &[]),
    ("assignee_id", "Assignee", &["current_user"]),
    ("set_tags", "Set tags", &[]),
    ("current_tags", "Add tags", &[]),
    ("remove_tags", "Remove tags", &[]),
    ("brand_id", "Brand", &[]),
    ("ticket_form_id", "Form", &[]),
    ("cc", "Add CC", &[]),
    ("follower", "Add follower", &[]),
];

/// Actions only of triggers.
const NOTIFICATIONS: [(&str, &str, &[&str]); 3] = [
    (
        "notification_user",
        "Email user",
        &["requester_id", "requester_and_ccs", "assignee_id", "current_user", "all_agents"],
    ),
    ("notification_group", "Email group", &["group_id"]),
    ("notification_webhook", "Notify active webhook", &[]),
];

/// Actions only of macros.
const COMMENTS: [(&str, &str, &[&str]); 4] = [
    ("subject", "Set subject", &[]),
    ("comment_value", "Comment/description", &[]),
    ("comment_value_html", "Comment/description", &[]),
    ("comment_mode_is_public", "Comment mode", &["true", "false"]),
];

/// All conditions of triggers, in the form of `/triggers/definitions`.
pub(in crate::zendesk) fn condition_definitions(state: &State) -> Value {
    let definition = |word: String, title: &str, operators: &[Operator], choices: &[&str]| {
        let operator = |operator: &Operator| json!({ "value": operator.word(), "title": operator.title(), "terminal": operator.is_terminal() });
        json!({
            "title": title, "subject": word, "type": kind(choices), "group": "ticket", "nullable": choices.is_empty(),
            "repeatable": false, "operators": operators.iter().map(operator).collect::<Value>(),
            "values": values(choices),
        })
    };
    let known = SUBJECTS.iter().map(|(subject, word, title)| {
        definition((*word).to_owned(), title, subject.operators(), subject.choices())
    });
    let fields = state.fields.values().map(|field| {
        let offered: Vec<&str> = field.options.iter().map(|option| option.value.as_str()).collect();
        let operators = Subject::CustomField(field.id).operators();
        definition(format!("custom_fields_{}", field.id), &field.title, operators, &offered)
    });
    known.chain(fields).collect()
}

/// All actions of triggers or macros, in the form of `/triggers/definitions` and `/macros/definitions`.
pub(in crate::zendesk) fn action_definitions(state: &State, of_macros: bool) -> Value {
    let definition = |(word, title, choices): (String, String, Vec<&str>)| {
        json!({
            "title": title, "subject": word, "type": kind(&choices), "group": "ticket", "nullable": choices.is_empty(),
            "repeatable": false, "values": values(&choices),
        })
    };
    actions(state, of_macros).into_iter().map(definition).collect()
}

/// All actions of macros in the form of `/macros/actions`.
pub(in crate::zendesk) fn macro_actions(state: &State) -> Value {
    let action = |(word, title, choices): (String, String, Vec<&str>)| {
        json!({
            "title": title, "title_for_field": title, "value": word, "group": "ticket", "output_key": null,
            "target": null, "operators": [{ "title": "Is", "value": "is" }],
            "values": { "type": kind(&choices), "list": values(&choices) },
        })
    };
    actions(state, true).into_iter().map(action).collect()
}

fn actions(state: &State, of_macros: bool) -> Vec<(String, String, Vec<&str>)> {
    let own: &[(&str, &str, &[&str])] = if of_macros { &COMMENTS } else { &NOTIFICATIONS };
    let known = ACTIONS.iter().chain(own);
    let known =
        known.map(|(word, title, choices)| ((*word).to_owned(), (*title).to_owned(), choices.to_vec()));
    let fields = state.fields.values().map(|field| {
        let offered = field.options.iter().map(|option| option.value.as_str()).collect();
        (format!("custom_fields_{}", field.id), field.title.clone(), offered)
    });
    known.chain(fields).collect()
}

fn kind(choices: &[&str]) -> &'static str {
    if choices.is_empty() { "text" } else { "list" }
}

fn values(choices: &[&str]) -> Value {
    choices.iter().map(|choice| json!({ "value": choice, "title": choice, "enabled": true })).collect()
}
