//! The files that people write: policy, macros, settings, environment.

mod environment;
mod macros;
mod policy;
mod settings;
