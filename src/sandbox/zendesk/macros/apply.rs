//! The effect of a macro on a ticket: returned, never applied (facts §4.3).

use serde_json::{Value, json};

use super::Macro;
use super::action::MacroAction;
use crate::zendesk::nullable::Setting;
use crate::zendesk::records::{TicketFields, status_word};
use crate::zendesk::rules::{Escaping, Placeholders, TicketAction};
use crate::zendesk::state::State;
use crate::zendesk::update::{NewComment, Update};
use crate::zendesk::wire;

impl Macro {
    fn effects(&self) -> impl Iterator<Item = MacroAction> {
        self.actions.iter().filter_map(MacroAction::parse)
    }

    /// The update that submits the macro's changes in the agent interface.
    pub(in crate::zendesk) fn update(&self, state: &State, ticket: &TicketFields, actor: i64) -> Update {
        let mut after = ticket.clone();
        let (mut body, mut public) = (None, ticket.is_public);
        let placeholders = Placeholders::new(state, ticket, actor);
        for action in self.effects() {
            match action {
                MacroAction::Ticket(action) => action.apply(state, &mut after, actor),
                MacroAction::CurrentGroup => after.group_id = state.first_group_of(actor),
                MacroAction::Comment { text, .. } => body = Some(placeholders.render(&text, Escaping::Raw)),
                MacroAction::CommentHtml(html) => {
                    body = Some(without_marks(&placeholders.render(&html, Escaping::Raw)));
                }
                MacroAction::Public(wanted) => public = wanted,
                MacroAction::Subject(_) | MacroAction::Aside => {}
            }
        }
        let fields = after.custom_fields.iter();
        let changed = fields.filter(|(id, value)| ticket.custom_fields.get(id) != Some(value));
        Update {
            comment: body.map(|body| NewComment { public: Some(public), ..NewComment::plain(actor, body) }),
            status: (after.status != ticket.status).then_some(after.status),
            priority: if after.priority == ticket.priority { Setting::Keep } else { after.priority.into() },
            tags: (after.tags != ticket.tags).then_some(after.tags),
            group_id: if after.group_id == ticket.group_id { Setting::Keep } else { after.group_id.into() },
            assignee_id: if after.assignee_id == ticket.assignee_id {
                Setting::Keep
            } else {
                after.assignee_id.into()
            },
            custom_fields: changed.map(|(id, value)| (*id, value.clone())).collect(),
            macro_ids: vec![self.id],
            ..Update::default()
        }
    }

    /// The whole ticket as it would be, with the comment, for the user who applies the macro.
    pub(in crate::zendesk) fn on_ticket(&self, state: &State, ticket: &TicketFields, actor: i64) -> Value {
        let mut after = ticket.clone();
        for action in self.effects() {
            match action {
                MacroAction::Ticket(action) => action.apply(state, &mut after, actor),
                MacroAction::CurrentGroup => after.group_id = state.first_group_of(actor),
                MacroAction::Subject(subject) => after.subject = subject,
                _ => {}
            }
        }
        let placeholders = Placeholders::new(state, ticket, actor);
        let render = |text: &str| placeholders.render(text, Escaping::Raw);
        let mut value = wire::ticket(state, &after);
        value["subject"] = json!(render(&after.subject));
        self.show_fields(&mut value);
        self.show_comment(&mut value, ticket.is_public, render);
        value
    }

    /// Only the changes, without a ticket.
    pub(in crate::zendesk) fn changes(&self, state: &State, actor: i64) -> Value {
        let mut value = json!({});
        for action in self.effects() {
            match action {
                MacroAction::Ticket(action) => show_action(state, &action, actor, &mut value),
                MacroAction::CurrentGroup => value["group_id"] = json!(state.first_group_of(actor)),
                MacroAction::Subject(subject) => value["subject"] = json!(subject),
                _ => {}
            }
        }
        self.show_fields(&mut value);
        self.show_comment(&mut value, true, str::to_owned);
        value
    }

    /// The changed custom field, as documented: of several only the last appears (facts §4.3).
    fn show_fields(&self, value: &mut Value) {
        let fields = self.effects().filter_map(|action| match action {
            MacroAction::Ticket(TicketAction::CustomField(id, value)) => Some((id, value)),
            _ => None,
        });
        if let Some((id, changed)) = fields.last() {
            value["fields"] = json!({ "id": id, "value": changed });
        }
    }

    /// The comment, if any. Without a comment mode it is public if the ticket is.
    fn show_comment(&self, value: &mut Value, public: bool, render: impl Fn(&str) -> String) {
        let mut comment = json!({ "public": public });
        let mut written = false;
        for action in self.effects() {
            match action {
                MacroAction::Comment { channel, text } => {
                    let text = render(&text);
                    comment["scoped_body"] = json!([[channel, text]]);
                    comment["body"] = json!(text);
                    written = true;
                }
                MacroAction::CommentHtml(html) => {
                    let html = render(&html);
                    comment["body"] = json!(without_marks(&html));
                    comment["scoped_body"] = json!([["channel:all", without_marks(&html)]]);
                    comment["html_body"] = json!(html);
                    written = true;
                }
                MacroAction::Public(public) => comment["public"] = json!(public),
                _ => {}
            }
        }
        if written {
            value["comment"] = comment;
        }
    }
}

fn show_action(state: &State, action: &TicketAction, actor: i64, value: &mut Value) {
    match action {
        TicketAction::Status(status) => value["status"] = json!(status_word(*status)),
        TicketAction::CustomStatus(id) => {
            let status = state.statuses.get(id);
            value["status"] = json!(status.map(|status| status_word(status.category)));
            value["custom_status_id"] = json!(id);
        }
        TicketAction::Priority(priority) => value["priority"] = json!(priority),
        TicketAction::Type(ticket_type) => value["type"] = json!(ticket_type),
        TicketAction::Group(id) => value["group_id"] = json!(id),
        TicketAction::Assignee(who) => value["assignee_id"] = json!(who.and_then(|who| who.named(actor))),
        TicketAction::AddTags(tags) | TicketAction::SetTags(tags) => value["tags"] = json!(tags),
        TicketAction::Brand(id) => value["brand_id"] = json!(id),
        TicketAction::Form(id) => value["ticket_form_id"] = json!(id),
        TicketAction::RemoveTags(_)
        | TicketAction::CustomField(..)
        | TicketAction::Copy(_)
        | TicketAction::Follower(_) => {}
    }
}

/// HTML as plain text: line ends for breaks and paragraphs, other tags removed.
fn without_marks(html: &str) -> String {
    let mut plain = String::new();
    let broken = html.replace("<br>", "\n").replace("<br/>", "\n").replace("</p>", "\n");
    let mut rest = broken.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
    plain.trim().to_owned()
}

impl State {
    /// The agent's default group.
    fn first_group_of(&self, user_id: i64) -> Option<i64> {
        let groups = self.users.get(&user_id).map(|user| &user.group_ids);
        groups.into_iter().flatten().copied().find(|id| self.groups.takes_tickets(*id))
    }
}
