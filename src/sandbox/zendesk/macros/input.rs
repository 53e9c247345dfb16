//! Requests about macros.

use serde::Deserialize;

use super::{Macro, Restriction};
use crate::zendesk::nullable::Setting;
use crate::zendesk::rules::RuleAction;

/// A request's data for a macro. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::zendesk) struct MacroInput {
    title: Option<String>,
    active: Option<bool>,
    position: Option<i64>,
    description: Setting<String>,
    actions: Option<Vec<RuleAction>>,
    /// Null removes the restriction.
    restriction: Setting<Restriction>,
}

impl MacroInput {
    /// A new macro without a restriction.
    pub(in crate::zendesk) fn new(title: &str, actions: Vec<RuleAction>) -> Self {
        Self { title: Some(title.to_owned()), actions: Some(actions), ..Self::default() }
    }

    /// The macro with the request's data.
    pub(super) fn written_on(self, mut on: Macro) -> Macro {
        on.title = self.title.unwrap_or(on.title);
        on.active = self.active.unwrap_or(on.active);
        on.position = self.position.unwrap_or(on.position);
        on.description = self.description.applied(on.description);
        on.actions = self.actions.unwrap_or(on.actions);
        on.restriction = self.restriction.applied(on.restriction).map(Restriction::completed);
        on
    }
}

impl Restriction {
    /// The groups including the first one, in Zendesk's form.
    pub(in crate::zendesk) fn completed(self) -> Self {
        match self {
            Self::Group { id, ids } if ids.is_empty() => Self::Group { id, ids: vec![id] },
            other => other,
        }
    }
}

/// A description of the changes; empty if there are none.
pub(super) fn told(before: &Macro, after: &Macro) -> String {
    let mut lines = Vec::new();
    if before.title != after.title {
        lines.push(format!("Title changed from {} to {}", before.title, after.title));
    }
    let differs = [
        ("Active", before.active != after.active),
        ("Description", before.description != after.description),
        ("Actions", before.actions != after.actions),
        ("Restriction", before.restriction != after.restriction),
        ("Position", before.position != after.position),
    ];
    lines.extend(differs.iter().filter(|(_, differs)| *differs).map(|(part, _)| format!("{part} changed")));
    lines.join("\n")
}
