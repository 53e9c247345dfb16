//! The parking system over HTTP.
