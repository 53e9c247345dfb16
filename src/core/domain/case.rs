//! One ticket's life: the journal's entries, the fold to a state, and what to do next.

mod carry;
mod chat;
mod earlier;
mod effect;
mod entry;
mod facts;
mod figures;
mod fold;
mod hear;
mod internal;
mod next;
mod ordered;
mod outcome;
mod people;
mod playbook;
mod record;
mod resume;
mod situation;
mod tags;
mod talk;
mod tell;
mod timeline;
mod vain;
mod view;
mod write;

pub use earlier::{Deed, Earlier, Known};
pub use effect::{Action, Awaited, Effect, Ending, Occasion, Order, OrderKind, Waiting, Write, WriteKind};
pub use entry::Entry;
pub use facts::{Facts, UsesFound};
pub use figures::{Figures, figures};
pub use fold::{Case, Rest, Roused};
pub use next::{Step, next};
pub use playbook::{ByHand, ConsultationTypes, GuideLinks, Patience, Playbook, Routing, WhenSilent};
pub use record::{EffectRecord, EffectState, Escalation};
pub use talk::{Heard, Named, Talk, Turn, Writer};
