//! What the service knows of a Zendesk account, pure: how it must be set up, which triggers wake the service, which tickets were missed,
//! and what the account's rate limits leave.

pub mod bulk_mode;
pub mod missed;
pub mod setup;
pub mod sliding_window;
pub mod triggers;
