//! The fields of a request: of the address, or of a form.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::person;

/// The fields by their names.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(super) fn new(fields: BTreeMap<String, String>) -> Self {
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
    pub(super) fn reason(&self) -> Option<String> {
        person::reason(self.text("reason"))
    }

    /// Where to go after signing in: a page of the console; anything else is the first page.
    pub(super) fn next(&self) -> &str {
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
pub(super) struct Again {
    action: String,
    typed: Vec<Typed>,
    /// Names and values of what was not typed.
    kept: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Typed {
    name: &'static str,
    label: &'static str,
    most: usize,
    value: String,
}

impl Again {
    /// `None`: nothing was typed.
    pub(super) fn of(action: &str, fields: &Fields) -> Option<Self> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str, value: &str) -> Fields {
        Fields::new(BTreeMap::from([(name.to_owned(), value.to_owned())]))
    }

    #[test]
    fn after_signing_in_a_person_stays_in_the_console() {
        for own in ["/", "/tickets/35009", "/tickets?state=stuck&after=1-2"] {
            assert_eq!(fields("next", own).next(), own);
        }
        for other in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:x",
            "/\r\nx: y",
        ] {
            assert_eq!(fields("next", other).next(), "/", "{other:?}");
        }
    }

    #[test]
    fn a_reason_is_one_line_of_a_bounded_length() {
        assert_eq!(fields("reason", " 고객\n전화 ").reason().as_deref(), Some("고객 전화"));
        assert_eq!(fields("reason", " ").reason(), None);
        assert_eq!(fields("reason", &"가".repeat(person::LONGEST_REASON + 1)).reason(), None);
    }

    #[test]
    fn what_was_typed_can_be_sent_again_and_the_rest_is_kept() {
        let of = |pairs: &[(&str, &str)]| {
            let owned = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Again::of("/x", &Fields::new(owned.collect()))
        };
        let again = of(&[("reason", "까"), ("form_token", "t"), ("what", "retry")]).unwrap();
        assert_eq!((again.typed.len(), again.typed[0].value.as_str()), (1, "까"));
        assert_eq!(
            again.kept.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["form_token", "what"]
        );
        for nothing in [&[("reason", " ")][..], &[("form_token", "t")]] {
            assert!(of(nothing).is_none(), "{nothing:?}");
        }
    }
}
