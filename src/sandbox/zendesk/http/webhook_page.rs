//! The form of the webhook endpoints: their pages and errors (facts §1.8).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::paging::{LARGEST_PAGE, List, Parameters};
use crate::zendesk::refusal::{Refusal, listed};

/// Bad requests are reported in the `errors[]` form.
pub(super) fn refused(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::BadRequest(title) => listed(StatusCode::BAD_REQUEST, "InvalidRequest", &title),
        other => other,
    }
}

/// One page in the form of these endpoints: always by cursor, with cursors and links only if they lead to more.
pub(super) fn webhook_page<T>(
    list: List<'_, (String, String), T>,
    query: &Parameters,
    render: impl FnMut(T) -> Value,
) -> Result<Value, Refusal> {
    let mut query = query.clone();
    query.entry("page[size]".to_owned()).or_insert_with(|| LARGEST_PAGE.to_string());
    let backwards = query.contains_key("page[before]");
    let mut answer = list.page(&query, render).map_err(refused)?;
    let more = answer["meta"]["has_more"] == true;
    let (cursor, link) = if backwards { ("before_cursor", "prev") } else { ("after_cursor", "next") };
    let (cursor_value, link_value) = (answer["meta"][cursor].take(), answer["links"][link].take());
    answer["meta"] = json!({ "has_more": more });
    if more {
        answer["meta"][cursor] = cursor_value;
        answer["links"] = json!({ link: link_value });
    } else if let Some(answer) = answer.as_object_mut() {
        answer.remove("links");
    }
    Ok(answer)
}
