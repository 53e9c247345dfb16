//! Reading the body of `PUT /tickets/{id}` as Zendesk does: what it knows is checked, what it does not know is ignored with a
//! warning (facts §3.2–3.6).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::change::{NewComment, Update};
use super::fields::{check_forms, check_required};
use super::placement::PlacementChange;
use super::records::{TicketFields, optional_id, parse_status, split_tags};
use super::refusal::Refusal;
use super::state::State;
use crate::domain::ticket::TicketStatus;

/// A body that was understood.
#[derive(Debug)]
pub(super) struct UpdateRequest {
    pub(super) update: Update,
    /// Keys that were ignored, for `x-zendesk-api-warn`.
    pub(super) ignored: Vec<String>,
}

/// Finds the `ticket` object of a body.
pub(super) fn ticket_object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let value: Value =
        serde_json::from_slice(body).map_err(|problem| Refusal::BadRequest(problem.to_string()))?;
    match value {
        Value::Object(mut body) => match body.remove("ticket") {
            Some(Value::Object(ticket)) => Ok(ticket),
            _ => Err(Refusal::BadRequest("Missing parameter: ticket".to_owned())),
        },
        _ => Err(Refusal::BadRequest("The body must be an object".to_owned())),
    }
}

/// Refuses an update whose stamp is not the ticket's. The key alone counts: `false` acts as `true` (§3.6).
pub(super) fn check_stamp(request: &mut Map<String, Value>, updated_at: Timestamp) -> Result<(), Refusal> {
    let asked = request.remove("safe_update").is_some();
    let stamp = request.remove("updated_stamp");
    let stamp = stamp.as_ref().and_then(Value::as_str).and_then(|stamp| stamp.parse::<Timestamp>().ok());
    if asked && stamp != Some(updated_at) { Err(Refusal::OutdatedStamp) } else { Ok(()) }
}

/// Reads a ticket object for a ticket as it is now.
pub(super) fn read(
    state: &State,
    ticket: &TicketFields,
    author_id: i64,
    request: Map<String, Value>,
) -> Result<UpdateRequest, Refusal> {
    let mut read = UpdateRequest { update: Update::default(), ignored: Vec::new() };
    for (key, value) in request {
        read.take(state, author_id, &key, value)?;
    }
    let update = &read.update;
    let group_id = update.group_id.applied(ticket.group_id);
    let assignee_id = update.assignee_id.applied(ticket.assignee_id);
    if let (Some(group_id), Some(assignee_id)) = (group_id, assignee_id) {
        let belongs = state.users.get(&assignee_id).is_some_and(|user| user.group_ids.contains(&group_id));
        if !belongs {
            return Err(invalid("assignee", "is not a member of the group"));
        }
    }
    PlacementChange::settle(&mut read.update, state, ticket)?;
    check_forms(state, &read.update.custom_fields)?;
    check_required(state, ticket, &read.update)?;
    Ok(read)
}

impl UpdateRequest {
    fn take(&mut self, state: &State, author_id: i64, key: &str, value: Value) -> Result<(), Refusal> {
        if key == "comment" {
            self.update.comment = self.comment(state, author_id, value)?;
            return Ok(());
        }
        let update = &mut self.update;
        if update.placement.take(state, key, &value)? {
            return Ok(());
        }
        match key {
            "subject" => update.subject = value.as_str().map(str::to_owned),
            "status" => update.status = Some(status(&value)?),
            "priority" => update.priority = value.as_str().map(str::to_owned).into(),
            "type" => update.ticket_type = value.as_str().map(str::to_owned).into(),
            "requester_id" => update.requester_id = Some(known_user("requester", &value, state)?),
            "assignee_id" => {
                let staff = |id| state.users.get(&id).is_some_and(|user| user.role.is_staff());
                update.assignee_id = known("assignee", &value, staff)?.into();
            }
            "group_id" => {
                update.group_id = known("group", &value, |id| state.has_group(id))?.into();
            }
            "tags" => update.tags = Some(tags(&value)),
            "custom_fields" => update.custom_fields = custom_fields(&value),
            "macro_ids" => update.macro_ids = macros(state, value.as_array().into_iter().flatten())?,
            "macro_id" => update.macro_ids = macros(state, std::iter::once(&value))?,
            "metadata" => {
                let Value::Object(metadata) = value else {
                    return Err(Refusal::BadRequest("metadata must be an object".to_owned()));
                };
                update.metadata = metadata;
            }
            other => self.ignored.push(format!("ticket.{other}")),
        }
        Ok(())
    }

    /// The fake takes plain text only: `html_body` is among the keys that are ignored with a warning.
    fn comment(
        &mut self,
        state: &State,
        author_id: i64,
        value: Value,
    ) -> Result<Option<NewComment>, Refusal> {
        let Value::Object(comment) = value else {
            return Ok(None);
        };
        let mut new = NewComment { author_id, body: String::new(), public: None };
        for (key, value) in comment {
            match key.as_str() {
                "body" => value.as_str().unwrap_or_default().clone_into(&mut new.body),
                "public" => new.public = value.as_bool(),
                "author_id" => new.author_id = known_user("author", &value, state)?,
                other => self.ignored.push(format!("ticket.comment.{other}")),
            }
        }
        Ok((!new.body.is_empty()).then_some(new))
    }

    /// The text of `x-zendesk-api-warn`, in the form that was recorded.
    pub(super) fn warning(&self) -> Option<String> {
        let keys = format!(":unpermitted_keys=>{:?}, :invalid_values=>[]", self.ignored);
        let text =
            format!(r#"{{:allowed_parameters=>{{:controller=>"tickets", :action=>"update", {keys}}}}}"#);
        (!self.ignored.is_empty()).then_some(text)
    }
}

fn invalid(field: &'static str, description: &str) -> Refusal {
    Refusal::Invalid {
        field,
        description: format!("{}{}: {description}", field[..1].to_uppercase(), &field[1..]),
        error: "InvalidValue",
    }
}

fn status(value: &Value) -> Result<TicketStatus, Refusal> {
    match value.as_str().and_then(parse_status) {
        Some(TicketStatus::New) | None => Err(invalid("status", "is not included in the list")),
        Some(status) => Ok(status),
    }
}

/// Reads an id that must name something; null and empty text are nothing.
fn known(
    field: &'static str,
    value: &Value,
    exists: impl FnOnce(i64) -> bool,
) -> Result<Option<i64>, Refusal> {
    match optional_id(value) {
        Ok(Some(id)) if exists(id) => Ok(Some(id)),
        Ok(None) => Ok(None),
        _ => Err(invalid(field, "is invalid")),
    }
}

fn known_user(field: &'static str, value: &Value, state: &State) -> Result<i64, Refusal> {
    let user = known(field, value, |id| state.users.contains_key(&id))?;
    user.ok_or_else(|| invalid(field, "cannot be blank"))
}

/// The macros that are named; each must exist.
fn macros<'a>(state: &State, named: impl Iterator<Item = &'a Value>) -> Result<Vec<i64>, Refusal> {
    let exists = |id| state.configuration.macros.contains_key(&id);
    let ids = named.map(|value| known("macro_ids", value, exists)).collect::<Result<Vec<_>, _>>()?;
    Ok(ids.into_iter().flatten().collect())
}

pub(super) fn tags<C: FromIterator<String>>(value: &Value) -> C {
    match value {
        Value::String(text) => split_tags(text).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).flat_map(split_tags).collect(),
        _ => std::iter::empty().collect(),
    }
}

fn custom_fields(value: &Value) -> Vec<(i64, Value)> {
    let pairs = value.as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some((optional_id(pair.get("id")?).ok()??, pair.get("value")?.clone()))).collect()
}
