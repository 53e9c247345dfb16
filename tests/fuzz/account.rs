//! Macros of an account, which people edit in Zendesk: each serves as it was checked, or what is wrong with it is told.

use std::collections::BTreeMap;

use misread::config::Settings;
use misread::domain::reply::{AccountMacro, Choice, Finding, Macros};
use misread::domain::rule::RuleAction;

use super::input::Input;
use super::{replies, samples};

/// Actions with any value, or any actions.
pub(super) fn macros(data: &[u8]) {
    let mut input = Input::new(data);
    let name = input.pick(&["payment_cancelled", "ask_identity", "why_hidden", "follow_up"]);
    let field =
        input.pick(&["comment_value", "comment_value_html", "current_tags", "custom_fields_7", "status", ""]);
    let rest = String::from_utf8_lossy(input.rest()).into_owned();
    let files = &samples::playbook().macros;
    let mut actions = files.actions(name).unwrap_or_default();
    if field.is_empty() {
        actions = serde_json::from_str(&rest).unwrap_or_default();
    } else {
        let replaced = if field == "comment_value_html" { "comment_value" } else { field };
        actions.retain(|action| action.field != replaced);
        actions.push(RuleAction::new(field, rest));
    }
    let updated_at = samples::time("2026-11-20T05:05:00Z");
    let found = AccountMacro { id: 7, title: String::new(), active: true, updated_at, actions };
    let findings = BTreeMap::from([(name.to_owned(), Finding::Found(found))]);
    let (policy, bounds) = (&samples::playbook().policy, Settings::default().macro_bounds());
    let Choice { macros, sound, faults, texts } =
        files.choose(Some(&findings), &BTreeMap::new(), policy, &bounds);
    assert_eq!(sound.contains_key(name), faults.is_empty(), "it serves, or it is told why not");
    assert_eq!(sound.contains_key(name), texts.contains_key(name));
    assert!(faults.iter().all(|fault| !fault.problems.is_empty()));
    assert!(macros.check(policy).is_ok() && macros.check_bounds(policy, &bounds).is_ok());
    if let Some(text) = texts.get(name) {
        // As a file, it reads the same.
        let read = Macros::parse(&[(name.to_owned(), text.clone())]);
        assert_eq!(read.ok().and_then(|read| read.actions(name)), macros.actions(name));
    }
    let parking_use = samples::parking_use();
    for known in [None, Some(&parking_use)] {
        replies::check(macros.render(name, &replies::facts("홍길동", known)));
        replies::check(macros.paragraph(name, &replies::facts("홍길동", known)));
    }
}
