//! The people who sign in to the console of a sandbox.

use anyhow::anyhow;

use crate::config::{self, ConsoleUser};

/// The password of each; it protects nothing.
pub const PASSWORD: &str = "parking-demo-only";
const USERS: &str = include_str!("../../deploy/demo/users.toml");

/// One of each role.
///
/// # Errors
/// If the built-in file is wrong, which is a defect.
pub fn users() -> anyhow::Result<Vec<ConsoleUser>> {
    config::users_of(USERS).map_err(|what| anyhow!("deploy/demo/users.toml {what}"))
}
