//! The fields of a request: of the address, or of a form.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::person;

/// The fields by their names.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    pub fn new(fields: BTreeMap<String, String>) -> Self {
        Self(fields)
    }

    /// The value without space around it; empty if there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The value as it was written; empty if there is none.
    pub(super) fn whole(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The reason that a person gave; `None`: there is none that could be recorded.
    pub fn reason(&self) -> Option<String> {
        person::reason(self.text("reason"))
    }

    /// Where to go after signing in: a page of the console; anything else is the first page.
    pub fn next(&self) -> &str {
        let next = self.text("next");
        let is_own = next.starts_with('/')
            && !next.starts_with("//")
            && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if is_own { next } else { "/" }
    }
}

/// What people type into forms, with its label and the most characters. Passwords are not among it.
const TYPED: [(&str, &str, usize); 4] = [
    ("reason", "까닭", person::LONGEST_REASON),
    ("words", "글", 2_000),
    ("account", "계정 번호", 100),
    ("tickets", "티켓 번호", 2_000),
];

/// A refused form, to be corrected and sent again: nothing that a person typed is lost.
#[derive(Debug, Serialize)]
pub struct Again {
    action: String,
    pub typed: Vec<Typed>,
    /// Names and values of what was not typed.
    pub kept: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
pub struct Typed {
    name: &'static str,
    label: &'static str,
    most: usize,
    pub value: String,
}

impl Again {
    /// `None`: nothing was typed.
    pub fn of(action: &str, fields: &Fields) -> Option<Self> {
        let typed =
            TYPED.iter().filter(|(name, ..)| fields.0.contains_key(*name)).map(|(name, label, most)| Typed {
                name,
                label,
                most: *most,
                value: fields.whole(name).to_owned(),
            });
        let typed: Vec<Typed> = typed.collect();
        let is_typed = |name: &str| TYPED.iter().any(|(known, ..)| *known == name);
        let kept = fields.0.iter().filter(|(name, _)| !is_typed(name));
        let kept = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        typed.iter().any(|field| !field.value.trim().is_empty()).then(|| Self {
            action: action.to_owned(),
            typed,
            kept,
        })
    }
}
