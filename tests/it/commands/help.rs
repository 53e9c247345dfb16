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

#[test]
fn a_package_gets_completions_and_a_page_for_every_command() {
    let mut place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let completions = place.run(&["completions", shell]);
        assert_eq!((completions.code, completions.err.as_str()), (Some(0), ""));
        assert!(completions.out.contains("hand-over"), "{shell} completes no subcommand");
    }
    let written = place.run(&["man", "pages/man1"]);
    assert_eq!((written.code, written.out.as_str(), written.err.as_str()), (Some(0), "", ""));
    for (page, word) in
        [("misread.1", "MISREAD_WEBHOOK_SECRET"), ("misread-case-retry.1", "misread case retry")]
    {
        let text = std::fs::read_to_string(place.path(&format!("pages/man1/{page}"))).unwrap();
        assert!(text.replace('\\', "").contains(word), "{page}: {text}");
    }
    place.write("file", "");
    let refused = place.run(&["man", "file"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("the man pages cannot be written to file"), "{}", refused.err);
}
