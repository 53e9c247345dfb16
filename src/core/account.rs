//! Pure rules about a Zendesk account: its set-up, the triggers that wake the service, the macros and views for agents, missed
//! tickets, and what its rate limits leave.

pub mod bulk_mode;
pub mod for_agents;
pub mod missed;
pub mod setup;
pub mod sliding_window;
pub mod triggers;
