//! Placeholders of a ticket's comments.

use super::Placeholders;
use crate::zendesk::records::Comment;

impl Placeholders<'_> {
    /// One comment or several. In a webhook every form of them, `_html` and the like, is the plain text (facts §2.2).
    pub(super) fn of_comments(&self, name: &str) -> Option<String> {
        let (name, member) = name.split_once('.').unwrap_or((name, "value"));
        let name =
            ["_html", "_formatted", "_rich"].iter().find_map(|form| name.strip_suffix(form)).unwrap_or(name);
        match name {
            "comments" => Some(self.all(|_| true)),
            "public_comments" => Some(self.all(|comment| comment.public)),
            "latest_comment" => self.member(self.latest(|_| true)?, member),
            "latest_public_comment" => self.member(self.latest(|comment| comment.public)?, member),
            _ => None,
        }
    }

    fn member(&self, comment: &Comment, member: &str) -> Option<String> {
        let language = self.state.ticket_switches.language;
        match member {
            "value" => Some(comment.body.clone()),
            "created_at" => Some(language.day(comment.created_at)),
            "created_at_with_time" => Some(language.day_and_time(comment.created_at)),
            "is_public" => Some(comment.public.to_string()),
            member => self.person(comment.author_id, member.strip_prefix("author.")?),
        }
    }

    /// A list, latest first, in the form that published templates report (facts §2.3).
    fn all(&self, wanted: impl Fn(&Comment) -> bool) -> String {
        let shown = |comment: &Comment| format!("#<Comment id: {}, value: {:?}>", comment.id, comment.body);
        let shown: Vec<_> =
            self.comments().iter().rev().filter(|comment| wanted(comment)).map(shown).collect();
        shown.join(", ")
    }

    fn latest(&self, wanted: impl Fn(&Comment) -> bool) -> Option<&Comment> {
        self.comments().iter().rev().find(|comment| wanted(comment))
    }

    fn comments(&self) -> &[Comment] {
        self.state.tickets.get(&self.ticket.id).map(|ticket| ticket.comments.as_slice()).unwrap_or_default()
    }
}
