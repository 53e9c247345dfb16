//! A customer's answer by mail: their words, the quote of our question, files, and Zendesk's flags.

use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::zendesk::{Channel, CustomerMessage, FakeZendesk, SERVICE_USER};

/// A customer's answer by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Their own words; may be empty.
    pub words: &'static str,
    /// The position of our last text in it.
    pub quote: Quote,
    /// Zendesk's flags on it, by number (facts §14).
    pub flags: &'static [i64],
    /// The names of its files.
    pub attachments: &'static [&'static str],
}

/// The position of our last text in an answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    None,
    /// Around the words, with each line marked as a quote: the answer is where the question was.
    Around,
    /// Below the words, without any mark that it is not theirs.
    Below,
}

impl Mail {
    /// Words without a quote, flags or files.
    pub const fn of(words: &'static str) -> Self {
        Self { words, quote: Quote::None, flags: &[], attachments: &[] }
    }

    /// The mail's whole text.
    pub fn text(&self, ours: &str) -> String {
        match self.quote {
            Quote::None => self.words.to_owned(),
            Quote::Around => around(self.words, ours),
            Quote::Below => format!("{}\n\n{}", self.words, ours.trim_end()),
        }
    }

    /// The ticket's requester sends it.
    pub(super) fn send(&self, ticket: TicketId, zendesk: &FakeZendesk) -> Result<(), SandboxError> {
        let known = zendesk.ticket(ticket);
        let ours = known.iter().flat_map(|ticket| &ticket.comments).rev();
        let ours = ours.filter(|comment| comment.public && comment.author_id == SERVICE_USER);
        let last = ours.map(|comment| comment.body.as_str()).next().unwrap_or_default();
        let sent = zendesk.customer_sends(
            ticket,
            CustomerMessage {
                text: self.text(last),
                via: Channel::Email,
                flags: self.flags.to_vec(),
                attachments: self.attachments.iter().map(|&name| name.to_owned()).collect(),
                ..CustomerMessage::default()
            },
        );
        sent.map(drop)
    }
}

/// The words below the last question of our text.
fn around(words: &str, ours: &str) -> String {
    let marked = |line: &&str| format!("> {line}").trim_end().to_owned();
    let lines: Vec<&str> = ours.trim_end().lines().collect();
    let question = lines.iter().rposition(|line| line.contains('?'));
    let (above, below) = lines.split_at(question.map_or(lines.len(), |question| question + 1));
    let mut text: Vec<String> = above.iter().map(marked).collect();
    text.extend([String::new(), words.to_owned(), String::new()]);
    text.extend(below.iter().map(marked));
    text.join("\n").trim_end().to_owned()
}
