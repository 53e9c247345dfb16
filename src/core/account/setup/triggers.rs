//! Our triggers and their category.

use serde_json::{Map, Value, json};

use super::{
    Account, Difference, Item, Kind, NAME, Step, Trigger, Verdict, Wanted, by_hand, good, is_marked, marker,
    missing, our_webhook, same,
};
use crate::account::triggers::{WantedTrigger, wanted as wanted_triggers};
use crate::domain::rule::Conditions;

/// Stands for the webhook's id until it exists.
const NOT_YET: &str = "(the webhook)";

pub(super) fn items(wanted: &Wanted, account: &Account) -> Vec<Item> {
    let webhook = our_webhook(wanted, account).map(|webhook| webhook.id.as_str());
    if !account.triggers.is_read() {
        return Vec::new();
    }
    let triggers = wanted_triggers(&wanted.marks, webhook.unwrap_or(NOT_YET), wanted.service_user);
    let place = place(account);
    let all_there = triggers.iter().all(|trigger| find(trigger, account).is_some());
    let mut items: Vec<Item> = category(&place, all_there).into_iter().collect();
    for trigger in &triggers {
        let what = format!("trigger {}", trigger.title);
        items.push(match find(trigger, account) {
            Some(there) => compared(trigger, there, webhook, what, account),
            None => create(trigger, webhook.is_some(), &place, what),
        });
    }
    let ours: Vec<i64> =
        triggers.iter().filter_map(|trigger| find(trigger, account)).map(|found| found.id).collect();
    let roles: Vec<String> = triggers.iter().map(|trigger| marker(&trigger.role)).collect();
    let others =
        account.triggers.known().iter().filter(|trigger| trigger.active && !ours.contains(&trigger.id));
    items.extend(others.filter_map(|trigger| {
        let description = trigger.description.as_deref().unwrap_or_default();
        let is_old =
            description.contains("[misread:") && !roles.iter().any(|role| description.contains(role));
        if is_old { Some(switch_off(trigger)) } else { doubled(trigger, webhook) }
    }));
    items
}

/// The trigger with the marker, an active one before an inactive copy; otherwise one that a person created under our title.
pub(super) fn find<'a>(wanted: &WantedTrigger, account: &'a Account) -> Option<&'a Trigger> {
    let all = || account.triggers.known().iter();
    let is_ours = |trigger: &&Trigger| is_marked(trigger.description.as_deref(), &wanted.role);
    let running = all().filter(is_ours).find(|trigger| trigger.active);
    running.or_else(|| all().find(is_ours)).or_else(|| all().find(|trigger| trigger.title == wanted.title))
}

/// The category for new triggers.
enum Place<'a> {
    Category(&'a str),
    /// The category is not created yet.
    NotYet,
    /// The account has no categories.
    Nowhere,
    Unknown,
}

fn place(account: &Account) -> Place<'_> {
    let Some(categories) = &account.categories else { return Place::Nowhere };
    match categories.known().iter().find(|category| category.name == NAME) {
        Some(category) => Place::Category(&category.id),
        None if categories.is_read() => Place::NotYet,
        None => Place::Unknown,
    }
}

/// The category; `None` if it is unknown, or if all triggers exist without it.
fn category(place: &Place<'_>, all_there: bool) -> Option<Item> {
    let what = format!("trigger category {NAME}");
    match place {
        Place::Category(id) => Some(good(what, format!("#{id}"))),
        Place::NotYet if !all_there => {
            let step = Step::Create { kind: Kind::Category, body: json!({ "name": NAME }), or: None };
            Some(missing(what, Vec::new(), Some(step)))
        }
        Place::Nowhere => {
            Some(good(what, "the account has no categories, its triggers do without".to_owned()))
        }
        Place::NotYet | Place::Unknown => None,
    }
}

/// Its references must exist first: the webhook, and the category if the account supports them.
fn create(wanted: &WantedTrigger, has_webhook: bool, place: &Place<'_>, what: String) -> Item {
    let lines = same::lines(&wanted.conditions, &wanted.actions);
    let is_ready = has_webhook && matches!(place, Place::Category(_) | Place::Nowhere);
    let step = is_ready.then(|| {
        let body = |conditions: &Conditions| {
            let mut body = json!({
                "title": wanted.title,
                "description": format!("{} {}", wanted.purpose, marker(&wanted.role)),
                "active": true,
                "conditions": conditions,
                "actions": wanted.actions,
            });
            if let Place::Category(category) = place {
                body["category_id"] = json!(category);
            }
            body
        };
        let or = wanted.else_conditions.as_ref().map(body);
        Step::Create { kind: Kind::Trigger, body: body(&wanted.conditions), or }
    });
    missing(what, lines, step)
}

fn compared(
    wanted: &WantedTrigger,
    there: &Trigger,
    webhook: Option<&str>,
    what: String,
    account: &Account,
) -> Item {
    let is_ours = is_marked(there.description.as_deref(), &wanted.role);
    // Without access to webhooks, their ids are unknown.
    let any_webhook = webhook.is_none() && !account.webhooks.is_read();
    let differing = |conditions: &Conditions| same::differences(conditions, wanted, there, any_webhook);
    let otherwise = wanted.else_conditions.as_ref();
    let rules = match otherwise {
        Some(conditions) if differing(conditions).is_empty() => Vec::new(),
        _ => differing(&wanted.conditions),
    };
    let mut body = Map::new();
    let mut differences = Vec::new();
    if !there.active {
        body.insert("active".to_owned(), json!(true));
        let (is, should_be) = (Some("false".to_owned()), Some("true".to_owned()));
        differences.push(Difference { part: "active".to_owned(), is, should_be });
    }
    if !rules.is_empty() {
        // An update of one of these replaces all of them (facts §5.1).
        body.insert("conditions".to_owned(), json!(wanted.conditions));
        body.insert("actions".to_owned(), json!(wanted.actions));
    }
    differences.extend(rules);
    let place = there.position.map(|position| format!(", position {position}")).unwrap_or_default();
    if differences.is_empty() {
        let whose = if is_ours { "" } else { ", made by hand" };
        return good(what, format!("#{}{place}{whose}", there.id));
    }
    if !is_ours {
        let parts = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        return by_hand(
            what,
            format!("#{} has this title, was made by hand and differs: {parts}", there.id),
            format!(
                "correct it in the Admin Centre, or write {} into its description: then it is ours to correct",
                marker(&wanted.role)
            ),
        );
    }
    let needs_webhook = body.contains_key("actions") && webhook.is_none();
    let or = otherwise.filter(|_| body.contains_key("conditions")).map(|conditions| {
        let mut body = body.clone();
        body.insert("conditions".to_owned(), json!(conditions));
        Value::Object(body)
    });
    let step = Step::Change { kind: Kind::Trigger, id: there.id.to_string(), body: Value::Object(body), or };
    Item { what, verdict: Verdict::Differs { differences }, step: (!needs_webhook).then_some(step) }
}

/// A copy of our trigger, or one set up by hand under another title, would send every delivery twice.
fn doubled(trigger: &Trigger, webhook: Option<&str>) -> Option<Item> {
    let mut notified = trigger.actions.iter().filter(|action| action.field == "notification_webhook");
    let doubles = notified.any(|action| action.value[0].as_str().is_some_and(|id| Some(id) == webhook));
    doubles.then(|| {
        by_hand(
            format!("trigger {}", trigger.title),
            format!("#{} notifies our webhook as well", trigger.id),
            "switch it off in the Admin Centre: ours tell what it told",
        )
    })
}

/// One of our triggers that the settings no longer require.
fn switch_off(trigger: &Trigger) -> Item {
    let differences = vec![Difference {
        part: "active".to_owned(),
        is: Some("true".to_owned()),
        should_be: Some("false".to_owned()),
    }];
    let (id, body) = (trigger.id.to_string(), json!({ "active": false }));
    Item {
        what: format!("trigger {}, which is no longer wanted", trigger.title),
        verdict: Verdict::Differs { differences },
        step: Some(Step::Change { kind: Kind::Trigger, id, body, or: None }),
    }
}
