//! Checks the addresses of other systems in the environment.

use std::net::IpAddr;

use reqwest::Url;

use super::variables::Variables;
use crate::domain::problem::Problem;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MayHavePath {
    Yes,
    No,
}

impl Variables<'_> {
    /// The address in the variable `name`, without a slash at the end. It has no credentials, query or fragment, and
    /// plain HTTP only to this machine or in development.
    pub(super) fn address(
        &mut self,
        name: &str,
        example: &str,
        path: MayHavePath,
        development: bool,
    ) -> Option<String> {
        let text = self.required(name, example)?;
        let mistake = match Url::parse(text.trim()) {
            Err(_) => Some("is not an address"),
            Ok(url) if !matches!(url.scheme(), "http" | "https") => Some("is neither http nor https"),
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                Some("holds a user or a password")
            }
            Ok(url) if url.query().is_some() || url.fragment().is_some() => Some("has a query or a fragment"),
            Ok(url) if url.path() != "/" && path == MayHavePath::No => Some("has a path"),
            Ok(url) if url.scheme() == "http" && !development && !is_loopback(&url) => Some(
                "is plain http to another machine: a listener in between could read tokens and customers' data",
            ),
            Ok(url) => return Some(url.as_str().trim_end_matches('/').to_owned()),
        };
        let problem = Problem::new(format!("`{name}` {}", mistake.unwrap_or_default()));
        self.refuse(problem.help(format!(
            "write it as `{example}`, with a port if it is not the usual one, and nothing behind it"
        )))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
