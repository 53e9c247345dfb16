//! A trigger's view of an update, and whether its conditions hold in it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::condition::Check;
use super::occasion::{Occasion, UpdateType};
use super::operator::Operator;
use super::subject::{PRIORITIES, Subject};
use super::trigger::Trigger;
use super::{Conditions, RuleCondition};
use crate::zendesk::fields::FieldKind;
use crate::zendesk::records::{TicketFields, Via, parse_status, status_rank, status_word};
use crate::zendesk::state::State;
use crate::zendesk::wire;

/// The context of conditions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) state: &'a State,
    /// Its current state, after earlier triggers.
    pub(super) ticket: &'a TicketFields,
    pub(super) occasion: &'a Occasion,
    /// The channel of the update.
    pub(super) via: &'a Via,
}

impl Scene<'_> {
    /// The values of a subject in the ticket or the update; empty if none.
    fn now(&self, subject: Subject) -> BTreeSet<String> {
        let comment = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match subject {
            Subject::UpdateType => one(match self.occasion.update_type {
                UpdateType::Create => "Create",
                UpdateType::Change => "Change",
            }),
            Subject::CurrentUser => {
                let author = self.occasion.author_id;
                let role = if self.author_is_staff() { "agent" } else { "end_user" };
                BTreeSet::from([role.to_owned(), author.to_string()])
            }
            Subject::CommentIsPublic => match self.occasion.comment_public {
                None => BTreeSet::new(),
                Some(true) => comment(&["true", "not_relevant", "requester_can_see_comment"]),
                Some(false) => comment(&["false", "not_relevant"]),
            },
            Subject::Via => {
                let audits = self.state.tickets.get(&self.ticket.id).map(|ticket| &ticket.audits);
                channel(audits.and_then(|audits| audits.first()).map_or(self.via, |first| &first.via))
            }
            Subject::UpdateVia => channel(self.via),
            _ => self.of_ticket(subject, self.ticket),
        }
    }

    /// The same before the update. A new ticket has no former values: each of its values counts as changed, except that it
    /// is new.
    fn before(&self, subject: Subject) -> BTreeSet<String> {
        match (self.occasion.update_type, subject) {
            (UpdateType::Change, _) => self.of_ticket(subject, &self.occasion.before),
            (UpdateType::Create, Subject::Status) => one("new"),
            (UpdateType::Create, Subject::CustomStatus) if one("new") == self.now(Subject::Status) => {
                self.now(subject)
            }
            (UpdateType::Create, _) => BTreeSet::new(),
        }
    }

    fn of_ticket(&self, subject: Subject, ticket: &TicketFields) -> BTreeSet<String> {
        let id = |id: Option<i64>| id.map(|id| id.to_string()).into_iter().collect();
        match subject {
            Subject::Status => one(status_word(ticket.status)),
            Subject::CustomStatus => id(self.state.statuses.of(ticket)),
            Subject::Priority => ticket.priority.clone().into_iter().collect(),
            Subject::Type => ticket.ticket_type.clone().into_iter().collect(),
            Subject::Assignee => id(ticket.assignee_id),
            Subject::Group => id(ticket.group_id),
            Subject::Requester => id(Some(ticket.requester_id)),
            Subject::Organization => id(self.state.organization_of(ticket)),
            Subject::Brand => id(Some(ticket.placement.brand_id)),
            Subject::Form => id(Some(ticket.placement.ticket_form_id)),
            Subject::Tags => ticket.tags.clone(),
            Subject::TicketIsPublic => one(if ticket.is_public { "public" } else { "private" }),
            Subject::CustomField(field) => self.of_field(field, ticket),
            _ => BTreeSet::new(),
        }
    }

    fn of_field(&self, id: i64, ticket: &TicketFields) -> BTreeSet<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match ticket.custom_fields.get(&id) {
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            Some(value) => BTreeSet::from([text(value)]),
            None => {
                let kind = self.state.fields.get(&id).map(|field| field.kind);
                if kind == Some(FieldKind::Checkbox) { one("false") } else { BTreeSet::new() }
            }
        }
    }

    /// The meaning of a condition's text: some texts name a person by their role in the update. `None` if there is none.
    fn meant(&self, subject: Subject, text: &str) -> Option<String> {
        match (subject, text) {
            (_, "") => None,
            (Subject::Assignee | Subject::Requester, "current_user") => {
                Some(self.occasion.author_id.to_string())
            }
            (Subject::Assignee, "requester_id") => Some(self.ticket.requester_id.to_string()),
            (Subject::Requester, "assignee_id") => self.ticket.assignee_id.map(|id| id.to_string()),
            _ => Some(text.to_owned()),
        }
    }

    fn author_is_staff(&self) -> bool {
        self.state.users.get(&self.occasion.author_id).is_none_or(|user| user.role.is_staff())
    }
}

fn one(word: &str) -> BTreeSet<String> {
    BTreeSet::from([word.to_owned()])
}

/// The number of a channel in conditions.
fn channel(via: &Via) -> BTreeSet<String> {
    let channel = wire::via(via)["channel"].as_str().unwrap_or_default().to_owned();
    let numbers = [("web", "0"), ("email", "4"), ("mail", "4"), ("api", "5"), ("rule", "8"), ("chat", "29")];
    numbers
        .iter()
        .find(|(word, _)| *word == channel)
        .map(|(_, number)| (*number).to_owned())
        .into_iter()
        .collect()
}

impl Trigger {
    pub(super) fn fires(&self, scene: &Scene<'_>) -> bool {
        self.definition.active
            && self.all.iter().all(|check| check.holds(scene))
            && (self.any.is_empty() || self.any.iter().any(|check| check.holds(scene)))
    }
}

impl State {
    /// Whether a ticket, as it is, satisfies conditions; `user` is the one who looks.
    pub(in crate::zendesk) fn is_in_view(
        &self,
        conditions: &Conditions,
        ticket: &TicketFields,
        user: i64,
    ) -> bool {
        let before = ticket.clone();
        let occasion =
            Occasion { update_type: UpdateType::Change, author_id: user, comment_public: None, before };
        let scene = Scene { state: self, ticket, occasion: &occasion, via: &Via::Web };
        let holds =
            |condition: &RuleCondition| Check::parse(condition).is_ok_and(|check| check.holds(&scene));
        let Conditions { all, any } = conditions;
        all.iter().all(holds) && (any.is_empty() || any.iter().any(holds))
    }
}

impl Check {
    fn holds(&self, scene: &Scene<'_>) -> bool {
        if self.subject == Subject::TitleWords {
            return self.holds_in_title(&scene.ticket.subject.to_lowercase());
        }
        let (now, before) = (scene.now(self.subject), scene.before(self.subject));
        let wanted: BTreeSet<String> =
            self.wanted.iter().filter_map(|text| scene.meant(self.subject, text)).collect();
        let wants_nothing = self.wanted.iter().any(String::is_empty);
        let among = |reading: &BTreeSet<String>| {
            !wanted.is_disjoint(reading) || (wants_nothing && reading.is_empty())
        };
        let changed = now != before;
        match self.operator {
            Operator::Is | Operator::Includes => among(&now),
            Operator::IsNot | Operator::NotIncludes => !among(&now),
            Operator::Present => !now.is_empty(),
            Operator::NotPresent => now.is_empty(),
            Operator::Changed => changed,
            Operator::NotChanged => !changed,
            Operator::ChangedTo => changed && among(&now),
            Operator::NotChangedTo => !(changed && among(&now)),
            Operator::ChangedFrom => changed && among(&before),
            Operator::NotChangedFrom => !(changed && among(&before)),
            Operator::LessThan => self.order(&now) == Some(Ordering::Less),
            Operator::LessThanEqual => self.order(&now).is_some_and(Ordering::is_le),
            Operator::GreaterThan => self.order(&now) == Some(Ordering::Greater),
            Operator::GreaterThanEqual => self.order(&now).is_some_and(Ordering::is_ge),
        }
    }

    /// `is` matches the exact words, `includes` any one of them.
    fn holds_in_title(&self, title: &str) -> bool {
        let words: BTreeSet<&str> =
            title.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        match self.operator {
            Operator::Is => self.wanted.iter().any(|phrase| title.contains(phrase)),
            Operator::IsNot => !self.wanted.iter().any(|phrase| title.contains(phrase)),
            Operator::Includes => self.wanted.iter().any(|word| words.contains(word.as_str())),
            _ => !self.wanted.iter().any(|word| words.contains(word.as_str())),
        }
    }

    /// The order of the ticket's value and the compared one; `None` if they are not comparable.
    fn order(&self, now: &BTreeSet<String>) -> Option<Ordering> {
        let wanted = self.wanted.first()?;
        let now = now.first();
        match self.subject {
            Subject::Status => {
                Some(status_rank(parse_status(now?)?).cmp(&status_rank(parse_status(wanted)?)))
            }
            Subject::Priority => Some(rank(now).cmp(&rank(Some(wanted)))),
            _ => match (now?.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(now), Ok(wanted)) => now.partial_cmp(&wanted),
                // Dates compare as text.
                _ => Some(now?.cmp(wanted)),
            },
        }
    }
}

/// The rank of a priority; 0 for none.
fn rank(priority: Option<&String>) -> usize {
    PRIORITIES
        .iter()
        .position(|word| priority.is_some_and(|priority| priority == word))
        .map_or(0, |at| at + 1)
}
