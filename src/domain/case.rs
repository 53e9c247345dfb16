//! One ticket's life: the journal's entries, the fold to a state, and what to do next.

mod entry;
mod facts;
mod fold;
mod next;
mod people;
mod playbook;
mod timeline;
mod write;

pub use entry::{Action, Effect, Ending, Entry, Write, WriteKind};
pub use facts::{Facts, UsesFound};
pub use fold::{Case, EffectRecord, EffectState, Rest};
pub use next::{Step, next};
pub use playbook::{ConsultationTypes, GuideLinks, Playbook, Routing};
