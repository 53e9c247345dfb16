use std::collections::BTreeMap;

use misread::console::form::{Again, Fields};
use misread::domain::person;

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
    assert_eq!(again.kept.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["form_token", "what"]);
    for nothing in [&[("reason", " ")][..], &[("form_token", "t")]] {
        assert!(of(nothing).is_none(), "{nothing:?}");
    }
}
