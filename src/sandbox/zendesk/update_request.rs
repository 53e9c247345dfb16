//! Parses a ticket object like Zendesk: known keys are checked, unknown ones are ignored with a warning
//! (facts §3.2, §3.3, §3.4, §3.5, §3.6).

mod comment;
mod copies;
mod values;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::fields::{check_forms, check_required};
use super::records::TicketFields;
use super::refusal::Refusal;
use super::state::State;
use super::update::Update;
pub(super) use values::{Form, tags};
use values::{any_text, custom_fields, invalid, known, known_macro, known_user, status};

/// A parsed ticket object.
#[derive(Debug)]
pub(super) struct UpdateRequest {
    pub(super) update: Update,
    /// Keys that were ignored, for `x-zendesk-api-warn`.
    pub(super) ignored: Vec<String>,
}

/// Parses a body that is an object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::BadRequest("The body must be an object".to_owned())),
        Err(problem) => Err(Refusal::BadRequest(problem.to_string())),
    }
}

/// The `ticket` object of a body.
pub(super) fn ticket_object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match object(body)?.remove("ticket") {
        Some(Value::Object(ticket)) => Ok(ticket),
        _ => Err(Refusal::BadRequest("Missing parameter: ticket".to_owned())),
    }
}

/// Rejects an update whose stamp is not the ticket's. Only the key counts: `false` acts as `true` (facts §3.6).
pub(super) fn check_stamp(request: &mut Map<String, Value>, updated_at: Timestamp) -> Result<(), Refusal> {
    let asked = request.remove("safe_update").is_some();
    let stamp = request.remove("updated_stamp");
    let stamp = stamp.as_ref().and_then(Value::as_str).and_then(|stamp| stamp.parse::<Timestamp>().ok());
    if asked && stamp != Some(updated_at) { Err(Refusal::OutdatedStamp) } else { Ok(()) }
}

/// Parses a ticket object for a ticket in its current state.
pub(super) fn read(
    state: &State,
    ticket: &TicketFields,
    author_id: i64,
    form: Form,
    request: Map<String, Value>,
) -> Result<UpdateRequest, Refusal> {
    let mut read = UpdateRequest { update: Update::default(), ignored: Vec::new() };
    for (key, value) in request {
        read.take(state, author_id, form, &key, value)?;
    }
    let is_light = state.users.get(&author_id).is_some_and(|author| author.profile.light);
    if let Some(comment) = read.update.comment.as_mut().filter(|_| is_light) {
        comment.public = Some(false);
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
    state.statuses.settle(&mut read.update, ticket)?;
    check_forms(&state.fields, &read.update.custom_fields)?;
    check_required(state, ticket, &read.update)?;
    if form != Form::New {
        check_reachable(state, ticket, &read.update)?;
    }
    Ok(read)
}

/// Rejects a public comment to a suspended requester.
fn check_reachable(state: &State, ticket: &TicketFields, update: &Update) -> Result<(), Refusal> {
    let requester = state.users.get(&update.requester_id.unwrap_or(ticket.requester_id));
    let public = update.comment.as_ref().is_some_and(|comment| comment.public.unwrap_or(ticket.is_public));
    match requester.filter(|user| public && user.profile.suspended) {
        Some(user) => Err(Refusal::Invalid {
            field: "requester",
            description: format!("Requester: {} is suspended.", user.name),
            error: "UserSuspended",
        }),
        None => Ok(()),
    }
}

impl UpdateRequest {
    fn take(
        &mut self,
        state: &State,
        author_id: i64,
        form: Form,
        key: &str,
        value: Value,
    ) -> Result<(), Refusal> {
        let update = &mut self.update;
        match key {
            "comment" => update.comment = comment::read(state, author_id, value, &mut self.ignored)?,
            "subject" => update.subject = value.as_str().map(str::to_owned),
            "status" => update.status = Some(status(&value, form)?),
            "priority" => update.priority = any_text(&value).into(),
            "type" => update.ticket_type = any_text(&value).into(),
            "external_id" => update.external_id = any_text(&value).into(),
            "requester_id" => update.requester_id = Some(known_user("requester", &value, state)?),
            "assignee_id" => {
                let staff = |id| state.users.get(&id).is_some_and(|user| user.role.is_staff());
                update.assignee_id = known("assignee", &value, staff)?.into();
            }
            "group_id" => {
                update.group_id = known("group", &value, |id| state.groups.takes_tickets(id))?.into();
            }
            "brand_id" => {
                update.brand_id = known("brand", &value, |id| state.brands.contains_key(&id))?;
            }
            "ticket_form_id" => {
                update.ticket_form_id = known("ticket_form", &value, |id| state.forms.contains_key(&id))?;
            }
            "custom_status_id" => {
                let exists = |id| state.statuses.contains_key(&id);
                update.custom_status_id = known("custom_status_id", &value, exists)?.into();
            }
            "tags" => update.tags = Some(tags(state, &value)?),
            "additional_tags" if form == Form::Bulk => update.added_tags = tags(state, &value)?,
            "remove_tags" if form == Form::Bulk => update.removed_tags = tags(state, &value)?,
            "custom_fields" | "fields" => update.custom_fields = custom_fields(&value),
            "email_ccs" | "followers" | "additional_collaborators" | "collaborators" | "collaborator_ids" => {
                update.copies.extend(copies::read(state, key, &value)?);
            }
            "macro_ids" => {
                for id in value.as_array().into_iter().flatten() {
                    update.macro_ids.extend(known_macro(id, state)?);
                }
            }
            "macro_id" => update.macro_ids.extend(known_macro(&value, state)?),
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

    /// The text of `x-zendesk-api-warn`, in the recorded form.
    pub(super) fn warning(&self, action: &str) -> Option<String> {
        let keys = format!(":unpermitted_keys=>{:?}, :invalid_values=>[]", self.ignored);
        let text =
            format!(r#"{{:allowed_parameters=>{{:controller=>"tickets", :action=>"{action}", {keys}}}}}"#);
        (!self.ignored.is_empty()).then_some(text)
    }
}
