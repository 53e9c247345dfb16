//! The scopes of access tokens (facts §8).

/// The resources with a scope of their own. Macros, fields, groups, tags and forms have none: they need `read` or `write`.
const RESOURCES: [&str; 10] = [
    "tickets",
    "users",
    "auditlogs",
    "organizations",
    "hc",
    "apps",
    "triggers",
    "automations",
    "targets",
    "webhooks",
];

/// The scopes of one token.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Scopes {
    names: Vec<String>,
    /// Whether the token contains an unknown scope: every call with it is rejected (facts §8).
    spoilt: bool,
}

impl Scopes {
    /// Parses the scopes of a token request, separated by spaces.
    pub(super) fn parse(text: &str) -> Self {
        let names: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let spoilt = names.iter().any(|name| !exists(name));
        Self { names, spoilt }
    }

    pub(in crate::zendesk) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether they permit reading or writing a path; `Err`: the missing scope. `write` does not include `read`; a resource
    /// alone means both.
    pub(in crate::zendesk) fn check(&self, write: bool, path: &str) -> Result<(), &'static str> {
        let wanted = if write { "write" } else { "read" };
        let own = resource(path);
        let covers = |scope: &String| match scope.split_once(':') {
            Some((resource, access)) => own == Some(resource) && access == wanted,
            None => scope == wanted || own == Some(scope.as_str()),
        };
        if !self.spoilt && self.names.iter().any(covers) { Ok(()) } else { Err(wanted) }
    }
}

fn exists(scope: &str) -> bool {
    match scope.split_once(':') {
        Some((resource, access)) => RESOURCES.contains(&resource) && matches!(access, "read" | "write"),
        None => matches!(scope, "read" | "write" | "impersonate") || RESOURCES.contains(&scope),
    }
}

/// The resource whose scope covers a path below `/api/v2/`.
fn resource(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("/api/v2/").unwrap_or(path);
    let first = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
    let name = match first {
        "audit_logs" => "auditlogs",
        "trigger_categories" => "triggers",
        other => other,
    };
    RESOURCES.iter().copied().find(|resource| *resource == name)
}
