//! Access to the environment. Nothing else in the program reads variables of the process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Debug;

/// The source of variables: the process, or a map in tests.
pub trait Environment: Debug {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The names of all variables that are set.
    fn names(&self) -> Vec<OsString>;
}

/// The environment of this process.
#[derive(Clone, Copy, Debug)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    fn names(&self) -> Vec<OsString> {
        std::env::vars_os().map(|(name, _)| name).collect()
    }
}

impl Environment for BTreeMap<String, String> {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.get(name).map(OsString::from)
    }

    fn names(&self) -> Vec<OsString> {
        self.keys().map(OsString::from).collect()
    }
}
