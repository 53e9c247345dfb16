//! Parses the body of `POST /tickets` (facts §3.2, §3.3).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::opening::Opening;
use super::records::{Via, optional_id};
use super::refusal::Refusal;
use super::state::State;
use super::update::{NewComment, Person, Update};
use super::update_request::{self, Form};

/// The new ticket of a request.
#[derive(Debug)]
pub(super) struct CreateRequest {
    pub(super) opening: Opening,
    /// For `x-zendesk-api-warn`, when keys were ignored.
    pub(super) warning: Option<String>,
}

/// Parses a ticket object sent by `caller`. Creates users for unknown addresses.
pub(super) fn read(
    state: &mut State,
    caller: i64,
    mut request: Map<String, Value>,
    now: Timestamp,
) -> Result<CreateRequest, Refusal> {
    let requester = request.remove("requester");
    let submitter_id = match optional_id(&request.remove("submitter_id").unwrap_or(Value::Null)) {
        Ok(Some(id)) if state.users.contains_key(&id) => id,
        Ok(None) => caller,
        _ => return Err(invalid("submitter", "Submitter: is invalid", "InvalidValue")),
    };
    let description = request.remove("description");
    // It has no effect if that ticket is not closed.
    let followed = request.remove("via_followup_source_id").as_ref().and_then(Value::as_i64);
    let follow_up = followed.and_then(|id| state.follow_up_of(id, Via::Api, now));
    let mut fields = follow_up.unwrap_or_else(|| State::blank_ticket(caller, Via::Api, now));
    let mut read = update_request::read(state, &fields, submitter_id, Form::New, request)?;
    let warning = read.warning("create");
    let comment = read.update.comment.take().or_else(|| from_description(submitter_id, description.as_ref()));
    let comment =
        comment.ok_or_else(|| invalid("description", "Description: cannot be blank", "BlankValue"))?;
    if let Some(requester) = requester {
        read.update.requester_id = Some(state.find_or_make(&person(&requester)?));
    }
    let Update { copies, macro_ids, metadata, .. } = read.update.clone();
    state.set(&mut fields, &read.update);
    state.change_copies(&mut fields, &copies);
    fields.submitter_id = submitter_id;
    fields.description.clone_from(&comment.body);
    fields.is_public = comment.public.unwrap_or(true);
    if fields.subject.is_empty() {
        comment.body.lines().next().unwrap_or_default().clone_into(&mut fields.subject);
    }
    let opening = Opening { fields, author_id: caller, comment, metadata, macro_ids };
    Ok(CreateRequest { opening, warning })
}

/// A description alone is a public comment.
fn from_description(author_id: i64, description: Option<&Value>) -> Option<NewComment> {
    let text = description?.as_str().filter(|text| !text.is_empty())?;
    Some(NewComment::plain(author_id, text.to_owned()))
}

/// `{"name":…,"email":…}`, or the address alone.
fn person(requester: &Value) -> Result<Person, Refusal> {
    let email = requester["email"].as_str().or(requester.as_str()).filter(|email| email.contains('@'));
    let email = email.ok_or_else(|| invalid("requester", "Requester: Email is invalid", "InvalidValue"))?;
    Ok(Person::ByEmail { email: email.to_owned(), name: requester["name"].as_str().map(str::to_owned) })
}

fn invalid(field: &'static str, description: &str, error: &'static str) -> Refusal {
    Refusal::Invalid { field, description: description.to_owned(), error }
}
