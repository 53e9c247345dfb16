//! The external state of one ticket, in a form that is comparable between two customers with the same story.

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::ticket::TicketStatus;
use crate::sandbox::parking::DoneAction;
use crate::sandbox::seed::{ACCOUNT, Story};
use crate::sandbox::zendesk::{FakeTicket, SERVICE_USER};

/// The metadata key of the service's marker.
const MARKER: &str = "misread";
/// The beginning of a stuck case's note.
const STUCK: &str = "[misread] 본인 미사용 자동 처리 멈춤";

/// Everything that the service did to one ticket and for its customer, and the ticket's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Its comments, oldest first.
    pub comments: Vec<Written>,
    /// The actions at the parking system, oldest first, with the index of the use in the story.
    pub actions: Vec<String>,
    /// The ticket's status, group, tags, and 상담유형.
    pub stands: String,
}

/// One comment of the service.
#[derive(Clone, PartialEq, Eq)]
pub enum Written {
    /// A public text without customer-specific data.
    Public(String),
    /// An internal note. Receipts and times differ, so its text is not compared.
    Note,
    /// The internal note that reports a stuck case.
    StuckNote,
}

impl fmt::Debug for Written {
    /// Shortened: public texts are long, and their beginnings and ends are alike.
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note => text.write_str("note"),
            Self::StuckNote => text.write_str("note of a stuck case"),
            Self::Public(words) => write!(text, "reply of {} letters", words.chars().count()),
        }
    }
}

impl Observed {
    /// The state of a ticket opened with this story; `actions` are all actions at the parking system.
    pub(super) fn of(ticket: &FakeTicket, story: &Story, actions: &[DoneAction]) -> Self {
        let own = ticket.comments.iter().filter(|comment| comment.author_id == SERVICE_USER);
        let comments = own.map(|comment| {
            let public = || Written::Public(impersonal(&comment.body, story, ticket.fields.id));
            match comment.public {
                true => public(),
                false if comment.body.starts_with(STUCK) => Written::StuckNote,
                false => Written::Note,
            }
        });
        let id = ticket.fields.id.to_string();
        let actions = actions.iter().filter(|action| action.ticket_id == id);
        let fields = &ticket.fields;
        Self {
            comments: comments.collect(),
            actions: actions.map(|action| told(action, story)).collect(),
            stands: stands(
                fields.status,
                fields.group_id,
                &fields.tags,
                fields.custom_fields.get(&ACCOUNT.consultation_type_field),
            ),
        }
    }

    /// Whether the service has done and said nothing.
    pub(super) fn is_untouched(&self) -> bool {
        self.comments.is_empty() && self.actions.is_empty()
    }

    /// Whether the service did and said the same, whatever the ticket's state.
    pub(super) fn did_as(&self, other: &Self) -> bool {
        self.comments == other.comments && self.actions == other.actions
    }

    /// The first public text that differs from the one at the same position in `other`, and that one.
    pub(super) fn other_words<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        self.comments.iter().zip(&other.comments).find_map(|pair| match pair {
            (Written::Public(is), Written::Public(should)) if is != should => {
                Some((is.as_str(), should.as_str()))
            }
            _ => None,
        })
    }

    /// Whether the service's effects are a prefix of `whole`.
    pub(super) fn is_part_of(&self, whole: &Self) -> bool {
        whole.comments.starts_with(&self.comments) && whole.actions.starts_with(&self.actions)
    }
}

/// The markers of the service's own updates, oldest first.
pub(super) fn markers(ticket: &FakeTicket) -> Vec<String> {
    let own = ticket.audits.iter().filter(|audit| audit.author_id == SERVICE_USER);
    own.filter_map(|audit| audit.custom.get(MARKER)?.as_str().map(str::to_owned)).collect()
}

fn stands(
    status: TicketStatus,
    group: Option<i64>,
    tags: &BTreeSet<String>,
    consultation_type: Option<&serde_json::Value>,
) -> String {
    format!("{status:?}, group {group:?}, tags {tags:?}, {consultation_type:?}")
}

fn told(action: &DoneAction, story: &Story) -> String {
    let place = story.uses.iter().position(|own| own.id == action.use_id);
    let of = place
        .map_or_else(|| format!("a stranger's use {}", action.use_id), |place| format!("use {}", place + 1));
    let granted = action.compensation.map(|granted| format!(" {granted:?}")).unwrap_or_default();
    format!("{:?}{granted} of {of}", action.kind)
}

/// A text without customer-specific data.
fn impersonal(text: &str, story: &Story, ticket: i64) -> String {
    let uses = story.uses.iter().map(|own| own.id.as_str());
    let text =
        story.plates().into_iter().chain(uses).fold(text.to_owned(), |text, own| text.replace(own, "…"));
    text.replace(&ticket.to_string(), "#")
}
