//! misread settles "본인 미사용" tickets: a camera misread a plate, and a customer was charged for somebody else's parking.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub(crate) mod lifecycle;
pub mod parking;
pub mod ports;
pub mod sandbox;
pub mod store;
pub(crate) mod telemetry;
pub mod webhook;
pub mod worker;
pub mod zendesk;
