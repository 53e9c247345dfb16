//! The CCs and followers in a ticket object.

use serde_json::Value;

use super::values::invalid;
use crate::zendesk::records::optional_id;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State;
use crate::zendesk::update::{CopyChange, CopyKind, Person};

/// Parses one of the keys with people. All of them add; only `email_ccs` and `followers` can remove.
pub(super) fn read(state: &State, key: &str, value: &Value) -> Result<Vec<CopyChange>, Refusal> {
    let kind = if key == "followers" { CopyKind::Follower } else { CopyKind::EmailCc };
    let named = value.as_array().into_iter().flatten();
    let read = named.map(|item| {
        let person = person(state, item).ok_or_else(|| invalid("email_ccs", "is invalid"))?;
        let is_follower = |id| state.users.get(&id).is_some_and(|user| user.role.is_staff());
        match person {
            Person::Known(id) if kind == CopyKind::Follower && !is_follower(id) => {
                Err(invalid("followers", "must be agents"))
            }
            person => Ok(CopyChange { person, kind, wanted: item["action"] != "delete" }),
        }
    });
    read.collect()
}

/// An id, an address, or an object with one of them.
fn person(state: &State, item: &Value) -> Option<Person> {
    let id = if item.is_object() { &item["user_id"] } else { item };
    if let Ok(Some(id)) = optional_id(id) {
        return state.users.contains_key(&id).then_some(Person::Known(id));
    }
    let text = |keys: [&str; 2]| keys.iter().find_map(|key| item[key].as_str()).map(str::to_owned);
    let email = item.as_str().map(str::to_owned).or_else(|| text(["user_email", "email"]))?;
    email.contains('@').then(|| Person::ByEmail { email, name: text(["user_name", "name"]) })
}
