//! The fields of a request: of the address, or of a form.

use std::collections::BTreeMap;

use crate::domain::role;

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
        role::reason(self.text("reason"))
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
        assert_eq!(fields("reason", &"가".repeat(role::LONGEST_REASON + 1)).reason(), None);
    }
}
