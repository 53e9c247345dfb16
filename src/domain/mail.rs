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
}

/// Separates a person's own words from quotes, headers, our own texts sent back, signatures and footers.
///
/// `ours` are the bodies of the public texts that the service has sent on the ticket.
pub fn own_words(message: &str, ours: &[&str]) -> OwnWords {
    let ours = OurSentences::new(ours);
    let mut text = one_round(message, &ours);
    for _ in 1..MOST_ROUNDS {
        let again = one_round(&text, &ours);
        if again == text {
            break;
        }
        text = again;
    }
    let automatic = automatic::is_automatic(&text);
    OwnWords { text, automatic }
}

fn one_round(message: &str, ours: &OurSentences) -> String {
    let mut page = Page::new(message);
    ours.cut(&mut page);
    mark::cut_quoted(&mut page);
    mark::cut_markers(&mut page);
    attribution::cut(&mut page);
    block::cut(&mut page);
    program::cut(&mut page);
    footer::cut(&mut page);
    signature::cut(&mut page);
    page.left()
}

#[cfg(test)]
mod tests;
