//! All wrong values of a file are reported at once, of every kind, and each only once.

use misread::config::Settings;
use misread::domain::policy::Policy;
use misread::domain::problem::Problem;
use misread::domain::reply::Macros;

const POLICY: &str = include_str!("../../../config/policy.toml");

/// The places of the problems, in order; a problem without a place is given by its text.
fn places<'a>(text: &'a str, problems: &'a [Problem]) -> Vec<&'a str> {
    let place = |problem: &'a Problem| problem.at.clone().map_or(problem.what.as_str(), |at| &text[at]);
    problems.iter().map(place).collect()
}

#[test]
fn values_of_a_wrong_kind_do_not_hide_those_that_are_out_of_range_or_contradict_each_other() {
    let text = "[worker]\nconcurrency = 'x'\nlease_seconds = 15\n[waiting]\ngive_up_after_hours = 9\nremind_after_hours = 10\n\
                [retry]\nattempts = 0\nbase_seconds = true\n[zendesk]\ndone_tag = 'two words'\n";
    let problems = Settings::parse(text).unwrap_err();
    assert_eq!(places(text, &problems), ["'x'", "15", "9", "0", "true", "'two words'"], "{problems:#?}");
    // A default in the place of a wrong value is not reported as a contradiction.
    let text = "[waiting]\ngive_up_after_hours = 'x'\nremind_after_hours = 100\n[retry]\nbase_seconds = 'y'\nmax_seconds = 1\n";
    let problems = Settings::parse(text).unwrap_err();
    assert_eq!(places(text, &problems), ["'x'", "'y'"], "{problems:#?}");
}

#[test]
fn a_policys_wrong_words_of_every_kind_are_told_at_once() {
    let mut text = POLICY.to_owned();
    for (from, to) in [
        ("hand_over = \"compensation\"", "hand_over = \"compensaton\""),
        (
            "status = \"unpaid\", lot = \"closed\", operation = [\"direct\", \"partner\"], amount",
            "status = \"unpad\", lot = \"closed\", operation = [\"direct\", \"partner\"], amount",
        ),
        ("reason = \"고객이 이미", "reason = \"\" # "),
        ("[\"refund\", \"inspection\"]", "[\"refnd\", \"inspection\"]"),
    ] {
        assert!(text.contains(from), "the policy no longer says {from}");
        text = text.replacen(from, to, 1);
    }
    let problems = Policy::parse(&text).unwrap_err();
    let mut places = places(&text, &problems);
    places.sort_unstable();
    assert_eq!(places.len(), 4, "{problems:#?}");
    for wrong in ["\"compensaton\"", "\"unpad\"", "\"\"", "\"refnd\""] {
        assert!(places.iter().any(|place| place.contains(wrong)), "{wrong}: {places:?}");
    }
}

#[test]
fn in_one_row_a_wrong_word_does_not_hide_another_and_makes_no_third() {
    let text = POLICY.replacen(
        "when = { status = \"completed\", lot = \"open\"",
        "trust = \"atuo\"\nwhen = { status = \"complete\", lot = \"open\"",
        1,
    );
    let problems = Policy::parse(&text).unwrap_err();
    assert_eq!(places(&text, &problems), ["\"atuo\"", "\"complete\""], "{problems:#?}");
}

#[test]
fn a_macros_wrong_values_of_every_kind_are_told_at_once() {
    let text = "title = 3\naudience = 'customer'\nmust_mention = [{ text = '안녕', why = '인사' }]\n[actions]\n\
                comment_mode_is_public = 'yes'\nstatus = 'closed'\ncomment_value = '{{ parking.price }} {{ parking.amonut }}'\n";
    let problems = Macros::parse(&[("test".to_owned(), text.to_owned())]).unwrap_err();
    let problems: Vec<Problem> = problems.into_iter().map(|(_, problem)| problem).collect();
    let mut found = places(text, &problems);
    found.sort_unstable();
    assert_eq!(
        found,
        ["'closed'", "'customer'", "'yes'", "3", "{{ parking.amonut }}", "{{ parking.price }}"],
        "{problems:#?}"
    );
}

#[test]
fn what_is_missing_beside_a_wrong_value_is_told_too() {
    let text = "title = 't'\n[actions]\ncomment_value = 3\n";
    let problems = Macros::parse(&[("test".to_owned(), text.to_owned())]).unwrap_err();
    let problems: Vec<Problem> = problems.into_iter().map(|(_, problem)| problem).collect();
    let told = places(text, &problems);
    assert_eq!(told[0], "3", "{problems:#?}");
    for missing in ["누가 읽을 수 있는 글인지", "꼭 알릴 말이 적혀", "공개인지 적혀 있지"]
    {
        assert!(told.iter().any(|what| what.starts_with(missing) || what.contains(missing)), "{told:?}");
    }
    assert_eq!(told.len(), 4, "{problems:#?}");
}
