//! Policies that are not in force, read for the console.

use crate::config::{self, ProcessEnvironment};
use crate::domain::policy::Policy;
use crate::ports::PolicyReader;

/// Reads a policy file as `misread check` does: beside the settings and texts that the environment names.
#[derive(Debug)]
pub(super) struct PolicyFiles;

impl PolicyReader for PolicyFiles {
    fn read(&self, text: &str) -> Result<Policy, String> {
        config::check_policy(&ProcessEnvironment, text).map_err(|report| report.to_string())
    }
}
