//! The help says what to do first.

use misread::config::VARIABLES;

use super::process::Place;

#[test]
fn the_help_names_every_command_and_every_variable_and_says_where_to_start() {
    let help = Place::new().run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["serve", "demo", "sandbox", "check", "case", "marker", "policy", "Start here", "_FILE"]
        .iter()
        .chain(VARIABLES)
    {
        assert!(help.out.contains(word), "the help does not name {word}");
    }
}

#[test]
fn no_command_or_a_wrong_one_ends_with_the_way_to_the_help() {
    for arguments in [&[][..], &["srve"], &["case"], &["case", "show"], &["case", "show", "abc"]] {
        let ended = Place::new().run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert!(ended.err.contains("--help") || ended.err.contains("Usage"), "{arguments:?}: {}", ended.err);
    }
}
