//! The comment of a ticket object (facts §3.3).

use serde_json::Value;

use super::values::known_user;
use crate::zendesk::html;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State;
use crate::zendesk::update::NewComment;

/// Parses it; `None` for a comment without a text. `html_body` takes precedence over `body`, whose plain text is then
/// derived from it.
pub(super) fn read(
    state: &State,
    author_id: i64,
    value: Value,
    ignored: &mut Vec<String>,
) -> Result<Option<NewComment>, Refusal> {
    let Value::Object(comment) = value else {
        return Ok(None);
    };
    let mut new = NewComment::plain(author_id, String::new());
    for (key, value) in comment {
        match key.as_str() {
            "body" => value.as_str().unwrap_or_default().clone_into(&mut new.body),
            "html_body" => {
                new.html_body = value.as_str().filter(|html| !html.is_empty()).map(str::to_owned);
            }
            "public" => new.public = value.as_bool(),
            "author_id" if value.is_null() => {}
            "author_id" => new.author_id = known_user("author", &value, state)?,
            other => ignored.push(format!("ticket.comment.{other}")),
        }
    }
    if let Some(html) = &new.html_body {
        new.body = html::plain_text(html);
    }
    Ok((!new.body.is_empty()).then_some(new))
}
