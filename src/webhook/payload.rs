//! Parses a delivery's body: our trigger's template or Zendesk's event envelope (facts §2.1, §2.4).

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::ids::TicketId;
use crate::domain::surrogates;
use crate::ports::DeliveryContent;

/// The prefix of all ticket events' types.
const TICKET_EVENT: &str = "zen:event-type:ticket.";
/// The kind of a trigger's delivery without one.
const UNSPECIFIED: &str = "unspecified";
/// Longer kinds are truncated; Zendesk's longest has about 60 characters.
const LONGEST_KIND: usize = 100;

/// Parses an authentic body. A meaningless one is poison: a retry would bring the same.
///
/// Problem texts never quote the body: an event contains the customer's words.
pub fn read(body: &[u8]) -> DeliveryContent {
    match parse(body) {
        Ok((ticket_id, kind)) => DeliveryContent::Wake { ticket_id, kind: short(kind.as_ref()) },
        Err(problem) => DeliveryContent::Poison { problem },
    }
}

fn parse(body: &[u8]) -> Result<(TicketId, Cow<'static, str>), String> {
    let text =
        str::from_utf8(body).map_err(|error| format!("not UTF-8 from byte {}", error.valid_up_to() + 1))?;
    let mut json = text.as_bytes().to_vec();
    surrogates::mend(&mut json);
    let value: Value = serde_json::from_slice(&json)
        .map_err(|error| format!("not JSON at line {}, column {}", error.line(), error.column()))?;
    let Value::Object(body) = value else {
        return Err("not a JSON object".to_owned());
    };
    if let Some(id) = body.get("ticket_id") {
        let kind = body.get("kind").and_then(Value::as_str).filter(|kind| !kind.trim().is_empty());
        return Ok((
            ticket_id("ticket_id", id)?,
            kind.map_or(UNSPECIFIED.into(), |kind| kind.to_owned().into()),
        ));
    }
    match body.get("type") {
        Some(Value::String(event)) if event.starts_with(TICKET_EVENT) => {
            let id =
                body.get("detail").and_then(Value::as_object).and_then(|detail: &Map<_, _>| detail.get("id"));
            let id = id.ok_or("a ticket event without `detail.id`")?;
            Ok((ticket_id("detail.id", id)?, event.clone().into()))
        }
        Some(_) => Err(format!("an event whose `type` does not begin with `{TICKET_EVENT}`")),
        None => Err("neither `ticket_id` nor an event's `type`".to_owned()),
    }
}

/// Ids come as strings or as numbers.
fn ticket_id(key: &str, id: &Value) -> Result<TicketId, String> {
    let id = match id {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64().and_then(|id| TicketId::try_from(id).ok()),
        _ => None,
    };
    id.ok_or_else(|| format!("`{key}` is not a whole number from 1 up"))
}

fn short(kind: &str) -> String {
    kind.chars().filter(|character| !character.is_control()).take(LONGEST_KIND).collect()
}
