//! Extracts the words that a person wrote from a mail, without the additions of mail programs.
//!
//! Only text that certainly comes from a program or from the service is cut. Uncertain text stays: the service does not
//! act on words that it does not understand, so a person reads the rest, while a "no" cut by mistake would become a
//! wrong yes.

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

/// The most rounds of cutting. A cut may expose the next one, such as a signature above a footer.
const MOST_ROUNDS: usize = 16;

/// The words that the writer of a mail wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// The writer's lines, joined by line feeds, without blank lines.
    pub text: String,
    /// Whether the wording shows that a program wrote the text: an absence note, a receipt or a bounce.
    pub automatic: bool,
    /// Whether it is uncertain who wrote some of the words, or what they answer: they are below the header of a quoted
    /// mail with unmarked lines, or in a mail with marked lines that are not ours and have no header.
    pub doubtful: bool,
}

/// Removes quotes, headers, our own texts, signatures and footers from a message.
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

/// The remaining text, and whether it is doubtful.
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
    // A mail program names the author it quotes. Without such a header, the marked question may be the customer's own,
    // and it is uncertain what a "네" below it answers.
    let doubtful = header.map_or(quotes_others, |header| {
        // If the quoted lines are marked, the text between them is an answer.
        let is_marked = marked.is_some_and(|marked| marked.end > header.start);
        !is_marked && page.is_left_behind(header.start)
    });
    (page.left(), doubtful)
}
