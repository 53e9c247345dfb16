//! The cancellation policy: two decision tables over declared inputs (guide: order of a consultation, decision table).

mod decision;
mod situation;

pub use decision::{Decision, InputValue, Outcome, Team};
pub use situation::{
    Found, Identity, Input, LotKind, OneUse, Operator, Situation, Sourced, Status, VehicleMatch,
};
