//! A person's own words in a mail, without what mail programs add to them.
//!
//! Only what is certainly a program's or ours is cut. What cannot be told apart stays in the own words: nothing that is not
//! understood is ever acted on, so what stays goes to a person, while a "no" that was cut would be a wrong yes.

mod attribution;
mod automatic;
mod block;
mod claim;
mod contact;
mod footer;
mod footer_marks;
mod mark;
mod ours;
mod page;
mod program;
mod signature;

use ours::OurSentences;
use page::Page;

/// A cut may bare the next one (a signature above a footer); after so many rounds what is left stays.
const MOST_ROUNDS: usize = 16;

/// What the writer of a mail wrote, without what mail programs added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// The own lines, joined by line feeds, without blank lines.
    pub text: String,
    /// Whether by its wording a machine wrote it: an absence note, a receipt, a failure of delivery.
    pub automatic: bool,
    /// Whether it cannot be told whose words some of it are, or what they answer: it stands below the header of a quoted mail whose lines bear no
    /// marks, or beside marked lines that are not ours and have no header.
    pub doubtful: bool,
}

/// Separates a person's own words from quotes, headers, our own texts sent back, signatures and footers.
///
/// `ours` are the bodies of the public texts that the service has sent on the ticket.
pub fn own_words(message: &str, ours: &[&str]) -> OwnWords {
    let ours = OurSentences::new(ours);
    let (mut text, mut doubtful) = one_round(message, &ours);
    for _ in 1..MOST_ROUNDS {
        let (again, also_doubtful) = one_round(&text, &ours);
        doubtful |= also_doubtful;
        if again == text {
            break;
        }
        text = again;
    }
    let automatic = automatic::is_automatic(&text);
    OwnWords { doubtful: doubtful && !text.is_empty(), text, automatic }
}

/// What is left, and whether it is doubtful.
fn one_round(message: &str, ours: &OurSentences) -> (String, bool) {
    let mut page = Page::new(message);
    ours.cut(&mut page);
    let mut quotes_others = false;
    let marked = page.cut_by(|page| quotes_others = mark::cut_quoted(page));
    let header = page.cut_by(|page| {
        mark::cut_markers(page);
        attribution::cut(page);
        block::cut(page);
    });
    program::cut(&mut page);
    footer::cut(&mut page);
    signature::cut(&mut page);
    // A mail program names whom it quotes. Where no header does, the marked question may be the customer's own: what a "네" below
    // it answers cannot be told.
    let doubtful = header.map_or(quotes_others, |header| {
        // Where the quoted lines are marked, what stands between them is an answer.
        let is_marked = marked.is_some_and(|marked| marked.end > header.start);
        !is_marked && page.is_left_behind(header.start)
    });
    (page.left(), doubtful)
}

#[cfg(test)]
mod tests;
