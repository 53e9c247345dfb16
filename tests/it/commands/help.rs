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

#[test]
fn what_operations_mistype_is_told_in_korean_and_engineers_are_told_in_english() {
    for (arguments, told) in [
        (
            &["policy", "explan"][..],
            &["`explan`: 그런 명령은 없습니다.", "explain", "사용법: misread policy"][..],
        ),
        (&["case", "list", "--foo"], &["`--foo`: 그런 인자나 옵션은 없습니다."]),
        (&["case", "retry"], &["빠진 것이 있습니다: <IDS>...", "사용법: misread case retry"]),
        (&["limits", "lift"], &["빠진 것이 있습니다: --by <BY>"]),
        (&["case", "show", "abc"], &["`abc`: ", "티켓 번호는 1 이상의 정수입니다."]),
        (&["case", "figures", "--since", "어제"], &["`어제`: ", "날짜는 2026-11-30처럼 적습니다."]),
        (&["case", "list", "--state", "x"], &["`x`: ", "쓸 수 있는 값: "]),
        (&["policy", "explain", "x"], &["`x`: "]),
    ] {
        let ended = Place::new().run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ended.err.starts_with("오류: ") && ended.err.contains("`--help`"), "{}", ended.err);
        for words in told {
            assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
        }
        assert!(!ended.err.contains("Usage") && !ended.err.contains("error"), "{}", ended.err);
    }
    let ended = Place::new().run(&["delivery", "shw"]);
    assert!(ended.err.starts_with("error: unrecognized subcommand 'shw'"), "{}", ended.err);
}

#[test]
fn the_help_of_operations_commands_is_korean_throughout() {
    for (arguments, told) in [
        (&["case", "--help"][..], &["사용법: misread case", "명령:", "옵션:", "이 도움말을 보여 줍니다"][..]),
        (&["case", "retry", "-h"], &["사용법: misread case retry", "인자:", "옵션:"]),
        (&["case", "list", "-h"], &["[쓸 수 있는 값: active, waiting, ended, stuck]", "[기본값: 50]"]),
        (&["case", "unread", "-h"], &["[기본값: 100]"]),
        (&["limits", "backtest", "-h"], &["[기본값: 20]"]),
        (&["policy", "explain", "-h"], &[]),
        (&["macros", "push", "-h"], &[]),
        (&["check", "--help"], &["사용법: misread check", "옵션:"]),
    ] {
        let help = Place::new().run(arguments);
        assert_eq!((help.code, help.err.as_str()), (Some(0), ""), "{arguments:?}");
        for words in told {
            assert!(help.out.contains(words), "{arguments:?}: no `{words}` in {}", help.out);
        }
        for english in ["Usage", "Options", "Commands", "Arguments", "Print", "possible", "default"] {
            assert!(!help.out.contains(english), "{arguments:?}: `{english}` in {}", help.out);
        }
    }
}
