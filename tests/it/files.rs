//! The files that people write (policy, macros, settings), and the environment.

mod admin;
mod at_once;
#[cfg(feature = "sandbox")]
mod documents;
mod environment;
mod facts;
mod licences;
mod macros;
mod policy;
mod running;
mod settings;
mod size;
