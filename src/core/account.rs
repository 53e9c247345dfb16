//! Pure rules about a Zendesk account: its set-up, the triggers that wake the service, missed tickets, and what its rate
//! limits leave.

pub mod bulk_mode;
pub mod missed;
pub mod setup;
pub mod sliding_window;
pub mod triggers;
