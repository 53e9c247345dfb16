//! Placeholders of a person.

use super::Placeholders;

impl Placeholders<'_> {
    pub(super) fn person(&self, id: i64, name: &str) -> Option<String> {
        let user = self.state.users.get(&id)?;
        let language = self.state.ticket_switches.language;
        let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
        match name {
            "id" => Some(user.id.to_string()),
            "name" => Some(user.name.clone()),
            "first_name" => Some(first.to_owned()),
            "last_name" => Some(last.to_owned()),
            "email" => Some(user.email.clone()),
            "external_id" => user.external_id.clone(),
            "role" => Some(language.role(user.role).to_owned()),
            // All users of the sandbox's accounts have this language.
            "language" => Some("한국어".to_owned()),
            _ => None,
        }
    }
}
