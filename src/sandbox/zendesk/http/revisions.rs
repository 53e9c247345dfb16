//! `/triggers/{id}/revisions`: former versions of a trigger and their authors.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use serde_json::{Value, json};

use super::IdPath;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rules::{Revision, RuleAction, RuleCondition, TriggerDefinition};
use crate::zendesk::state::State as Account;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/triggers/{id}/revisions", get(list))
}

type Answer = Result<Json<Value>, Refusal>;

/// Newest first, all at once: no trigger of the fake has more than a page's thousand revisions.
async fn list(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let revisions = &state.triggers.find(id)?.revisions;
    let earlier = std::iter::once(None).chain(revisions.iter().map(Some));
    let mut shown: Vec<Value> = revisions
        .iter()
        .zip(earlier)
        .map(|(revision, before)| {
            let mut value = json(&state, id, revision);
            value["diff"] = difference(before, revision);
            value
        })
        .collect();
    shown.reverse();
    Ok(Json(json!({
        "trigger_revisions": shown, "count": shown.len(), "after_url": null, "before_url": null, "after_cursor": null,
        "before_cursor": null,
    })))
}

fn json(state: &Account, trigger_id: i64, revision: &Revision) -> Value {
    let TriggerDefinition { title, active, conditions, actions } = &revision.definition;
    json!({
        "id": revision.id, "author_id": revision.author_id, "created_at": revision.created_at,
        "url": format!("{}/api/v2/triggers/{trigger_id}/revisions/{}.json", state.base_url, revision.id),
        "snapshot": { "title": title, "description": revision.description, "active": active,
            "conditions": conditions, "actions": actions },
    })
}

/// The differences from the previous revision: `-` removed, `+` added.
fn difference(before: Option<&Revision>, after: &Revision) -> Value {
    let old = before.map(|revision| &revision.definition);
    let part = |old: Option<Value>, new: Value| match old {
        Some(old) if old == new => json!([]),
        old => changes(old.as_ref(), &new),
    };
    let new = &after.definition;
    json!({
        "source_id": before.map(|revision| revision.id), "target_id": after.id,
        "title": part(old.map(|old| json!(old.title)), json!(new.title)),
        "description": part(before.map(|before| json!(before.description)), json!(after.description)),
        "active": part(old.map(|old| json!(old.active)), json!(new.active)),
        "actions": actions(old.map_or(&[], |old| old.actions.as_slice()), &new.actions),
        "conditions": {
            "all": conditions(old.map_or(&[], |old| old.conditions.all.as_slice()), &new.conditions.all),
            "any": conditions(old.map_or(&[], |old| old.conditions.any.as_slice()), &new.conditions.any),
        },
    })
}

fn changes(old: Option<&Value>, new: &Value) -> Value {
    let old = old.map(|old| json!({ "change": "-", "content": old }));
    old.into_iter().chain([json!({ "change": "+", "content": new })]).collect()
}

/// Items in only one of two lists, with each part marked.
fn actions(old: &[RuleAction], new: &[RuleAction]) -> Value {
    let marked = |sign: &str, action: &RuleAction| {
        json!({ "field": [{ "change": sign, "content": action.field }],
            "value": [{ "change": sign, "content": action.value }] })
    };
    let gone = old.iter().filter(|action| !new.contains(action)).map(|action| marked("-", action));
    gone.chain(new.iter().filter(|action| !old.contains(action)).map(|action| marked("+", action))).collect()
}

fn conditions(old: &[RuleCondition], new: &[RuleCondition]) -> Value {
    let marked = |sign: &str, condition: &RuleCondition| {
        json!({ "field": [{ "change": sign, "content": condition.field }],
            "operator": [{ "change": sign, "content": condition.operator }],
            "value": [{ "change": sign, "content": condition.value }] })
    };
    let gone =
        old.iter().filter(|condition| !new.contains(condition)).map(|condition| marked("-", condition));
    gone.chain(
        new.iter().filter(|condition| !old.contains(condition)).map(|condition| marked("+", condition)),
    )
    .collect()
}
