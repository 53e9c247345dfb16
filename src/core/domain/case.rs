//! The life of one ticket: the journal's entries, their fold into a state, and the choice of the next step.

mod accounts;
mod agent_macro;
mod cause;
mod commands;
mod compose;
mod conversation;
mod earlier;
mod effect;
mod entry;
mod facts;
mod figures;
mod first_reply;
mod fold;
mod halt;
mod harmless;
pub mod misspelt;
mod next;
mod outcome;
mod outline;
mod plan;
mod playbook;
mod read_earlier;
mod reason;
mod recall;
mod record;
mod routing;
mod step;
mod stuck;
mod tags;
mod timeline;
mod vain;
mod view;
mod wording;

pub use accounts::accounts;
pub use agent_macro::AgentMacro;
pub use cause::{Escalation, EscalationCause, StepBackCause};
pub use conversation::{Conversation, Heard, Named, Turn, Writer};
pub use earlier::{Earlier, EarlierAction, Known};
pub use effect::{
    Action, Awaited, Effect, Ending, Occasion, Order, OrderKind, Rest, Waiting, Write, WriteKind,
};
pub use entry::Entry;
pub use facts::{Facts, UsesFound};
pub use figures::{Counting, Figures, counted_by, figures};
pub use first_reply::{FirstReplies, Median};
pub use fold::{Case, Sight, WakeReason};
pub use halt::{PauseCause, StuckCause};
pub use next::next;
pub use outline::{Lane, Outline, searchable};
pub use playbook::{Playbook, Timeouts, WhenSilent};
pub use reason::Reason;
pub use record::{EffectRecord, EffectState};
pub use routing::{ConsultationTypes, GuideLinks, Harmless, HarmlessFrom, ManualReply, Routing};
pub use step::Step;
