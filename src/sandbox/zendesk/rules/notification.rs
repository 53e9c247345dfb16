//! Mails by triggers: the fake sends none, but its audits contain their events, as recorded ones do.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Trigger;
use super::action::Recipient;
use crate::zendesk::records::{TicketFields, User};
use crate::zendesk::state::State;

impl State {
    /// The recipients of a notification about a ticket, without unknown ones.
    pub(super) fn recipients(&self, recipient: Recipient, ticket: &TicketFields, author_id: i64) -> Vec<i64> {
        let staff = |works_there: &dyn Fn(&User) -> bool| {
            let staff = self.users.values().filter(|user| user.role.is_staff() && user.profile.has_access());
            staff.filter(|user| works_there(user)).map(|user| user.id).collect::<BTreeSet<_>>()
        };
        let in_group =
            |group_id: Option<i64>| staff(&|user| group_id.is_some_and(|id| user.group_ids.contains(&id)));
        let ids = match recipient {
            Recipient::Requester => BTreeSet::from([ticket.requester_id]),
            Recipient::RequesterAndCopies => {
                let mut ids = ticket.placement.email_cc_ids.clone();
                ids.insert(ticket.requester_id);
                ids
            }
            Recipient::Assignee => ticket.assignee_id.into_iter().collect(),
            Recipient::CurrentUser => BTreeSet::from([author_id]),
            Recipient::AllAgents => staff(&|_| true),
            Recipient::User(id) => BTreeSet::from([id]),
            Recipient::Group(id) => in_group(Some(id)),
            Recipient::AssignedGroup => in_group(ticket.group_id),
        };
        ids.into_iter()
            .filter(|id| self.users.get(id).is_some_and(|user| user.profile.has_access()))
            .collect()
    }

    /// The event of a notification. It contains the trigger's subject and body without rendering, as recorded.
    pub(super) fn notification(
        &mut self,
        trigger: &Trigger,
        recipients: &[i64],
        subject: &str,
        body: &str,
    ) -> Value {
        let revision_id = trigger.revisions.last().map(|revision| revision.id);
        let from = json!({ "deleted": false, "title": trigger.definition.title, "id": trigger.id,
            "revision_id": revision_id });
        json!({
            "id": self.next_id(), "type": "Notification",
            "via": { "channel": "rule", "source": { "from": from, "rel": "trigger" } },
            "subject": subject, "body": body, "recipients": recipients,
        })
    }
}
