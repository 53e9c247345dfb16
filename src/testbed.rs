//! The environment of demo, drill and tests: the sandbox on its own ports, a private database server, temporary folders.

pub(crate) mod folder;
pub mod postgres;
pub mod practice;
pub mod sandbox;
pub mod visitors;
