//! What demo, drill and tests run the service against: the sandbox on ports of its own, a private database server, folders that go.

pub(crate) mod folder;
pub mod postgres;
pub mod sandbox;
