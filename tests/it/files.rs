//! The files that people write: policy, macros, settings, environment.

mod macros;
mod policy;
