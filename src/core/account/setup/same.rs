//! Compares a trigger, macro or view with the required one, allowing for the forms in which Zendesk may return it, and describes
//! differences.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::{Difference, Trigger};
use crate::account::triggers::WantedTrigger;
use crate::domain::rule::{Conditions, RuleAction, RuleCondition};

/// All conditions and actions as text.
pub(super) fn lines(conditions: &Conditions, actions: &[RuleAction]) -> Vec<String> {
    let all = conditions.all.iter().map(|one| format!("all: {}", condition(one)));
    let any = conditions.any.iter().map(|one| format!("any: {}", condition(one)));
    let actions = actions.iter().map(|one| format!("do: {}", action(one)));
    all.chain(any).chain(actions).collect()
}

/// The differences in conditions and actions; the order of actions counts, that of conditions does not.
pub(super) fn differences(
    should: &Conditions,
    wanted: &WantedTrigger,
    there: &Trigger,
    any_webhook: bool,
) -> Vec<Difference> {
    rule_differences((&there.conditions, &there.actions), (should, &wanted.actions), any_webhook)
}

/// The same for any rule: its conditions and actions, and the required ones.
pub(super) fn rule_differences(
    (is, is_done): (&Conditions, &[RuleAction]),
    (should, should_do): (&Conditions, &[RuleAction]),
    any_webhook: bool,
) -> Vec<Difference> {
    let conditions = |list: &[RuleCondition]| list.iter().map(normal_condition).collect::<Vec<_>>();
    let actions =
        |list: &[RuleAction]| list.iter().map(|one| normal_action(one, any_webhook)).collect::<Vec<_>>();
    let mut found = by_part("all", &conditions(&is.all), &conditions(&should.all));
    found.extend(by_part("any", &conditions(&is.any), &conditions(&should.any)));
    let (is, should) = (actions(is_done), actions(should_do));
    let of_actions = by_part("do", &is, &should);
    if of_actions.is_empty() && is != should {
        let order = |list: &[String]| Some(list.join(", then "));
        found.push(Difference { part: "do".to_owned(), is: order(&is), should_be: order(&should) });
    }
    found.extend(of_actions);
    found
}

/// Pairs surplus lines with missing ones.
fn by_part(part: &str, is: &[String], should: &[String]) -> Vec<Difference> {
    let mut surplus = is.iter().filter(|one| !should.contains(one)).cloned();
    let mut missing = should.iter().filter(|one| !is.contains(one)).cloned();
    let mut found = Vec::new();
    loop {
        let (is, should_be) = (surplus.next(), missing.next());
        if is.is_none() && should_be.is_none() {
            return found;
        }
        found.push(Difference { part: part.to_owned(), is, should_be });
    }
}

fn condition(condition: &RuleCondition) -> String {
    let RuleCondition { field, operator, value } = condition;
    format!("{field} {operator} {}", told(field, text(value)))
}

fn action(action: &RuleAction) -> String {
    format!("{} {}", action.field, told(&action.field, text(&action.value)))
}

/// The value for a reader, to whom an empty one would look like a mistake.
fn told(field: &str, value: String) -> String {
    match field {
        _ if !value.is_empty() => value,
        "assignee_id" => "(no assignee)".to_owned(),
        "group_id" => "(no group)".to_owned(),
        _ => "(empty)".to_owned(),
    }
}

fn normal_condition(one: &RuleCondition) -> String {
    let value = text(&one.value);
    let value = if one.field == "current_tags" { words(&value) } else { value };
    format!("{} {} {}", one.field, one.operator, told(&one.field, value))
}

fn normal_action(one: &RuleAction, any_webhook: bool) -> String {
    let value = match &one.value {
        Value::Array(parts) if any_webhook && one.field == "notification_webhook" => {
            text(parts.last().unwrap_or(&Value::Null))
        }
        value => text(value),
    };
    let value = if one.field == "current_tags" { words(&value) } else { value };
    format!("{} {}", one.field, told(&one.field, value))
}

/// The tags in a rule are a set separated by spaces.
fn words(value: &str) -> String {
    value.split_whitespace().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// Numbers and booleans may be returned as text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(parts) => parts.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(formatter, "{}: {} → {}", self.part, shown(&self.is), shown(&self.should_be))
    }
}
