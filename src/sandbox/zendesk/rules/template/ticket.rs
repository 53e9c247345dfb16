//! Placeholders of the ticket itself.

use serde_json::Value;

use super::Placeholders;

/// The value of the placeholder `ticket.account`.
const ACCOUNT: &str = "sandbox";

impl Placeholders<'_> {
    /// A custom field: its value, or the title of the selected option.
    pub(super) fn of_field(&self, name: &str) -> Option<String> {
        let value = |id: &str| {
            let id = id.parse::<i64>().ok()?;
            Some((id, self.ticket.custom_fields.get(&id)?))
        };
        if let Some(id) = name.strip_prefix("ticket_field_option_title_") {
            let (id, value) = value(id)?;
            let options = &self.state.fields.get(&id)?.options;
            let selected = options.iter().find(|option| Some(option.value.as_str()) == value.as_str());
            return selected.map(|option| option.name.clone());
        }
        let (_, value) = value(name.strip_prefix("ticket_field_")?)?;
        Some(match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    pub(super) fn of_ticket(&self, name: &str) -> Option<String> {
        let (state, ticket) = (self.state, self.ticket);
        let language = state.ticket_switches.language;
        let link = format!("{}/agent/tickets/{}", state.base_url, ticket.id);
        Some(match name {
            "id" => ticket.id.to_string(),
            "title" => ticket.subject.clone(),
            "description" => ticket.description.clone(),
            "status" => language.status(ticket.status).to_owned(),
            "priority" => language.word(ticket.priority.as_ref()?),
            "ticket_type" => language.word(ticket.ticket_type.as_ref()?),
            "via" => language.channel(&ticket.via).to_owned(),
            "tags" => ticket.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
            "external_id" => ticket.external_id.clone()?,
            "created_at" => language.day(ticket.created_at),
            "created_at_with_timestamp" => ticket.created_at.to_string(),
            "updated_at" => language.day(ticket.updated_at),
            "updated_at_with_timestamp" => ticket.updated_at.to_string(),
            "url" => link.split_once("://").map_or(link.as_str(), |(_, rest)| rest).to_owned(),
            "link" | "url_with_protocol" => link,
            "account" => ACCOUNT.to_owned(),
            "group.name" => state.groups.get(&ticket.group_id?)?.name.clone(),
            "brand.name" => state.brands.get(&ticket.placement.brand_id)?.name.clone(),
            "ticket_form" => state.forms.get(&ticket.placement.ticket_form_id)?.name.clone(),
            "cc_names" | "ccs" => {
                let people = ticket.placement.email_cc_ids.iter().filter_map(|id| state.users.get(id));
                people.map(|user| user.name.as_str()).collect::<Vec<_>>().join(", ")
            }
            _ => return None,
        })
    }
}
