//! The life of one ticket: what is read of its journal, and what causes say to people.

mod cause;
mod first_reply;
mod halt;
mod misspelt;
mod record;
mod vain;

use misread::domain::case::{Write, WriteKind};
use misread::domain::ticket::TicketUpdate;

/// A write of this kind that does nothing besides.
fn write(kind: WriteKind, update: TicketUpdate) -> Write {
    Write {
        kind,
        update,
        macro_name: None,
        answers: Vec::new(),
        awaits: None,
        promises: None,
        hands_to: None,
        misspelt_tags: Box::default(),
    }
}
