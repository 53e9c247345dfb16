//! The settings file and the folder that holds all files.

#![expect(clippy::unwrap_used, reason = "a test whose preparation fails must stop")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use misread::config::{self, EMBEDDED_SETTINGS, Files, Report, Settings, WhenSilent};
use misread::domain::policy::Team;
use tempfile::TempDir;

/// A folder with the shipped files, some of them replaced.
fn folder(replaced: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    fs::create_dir(folder.path().join("macros")).unwrap();
    for name in ["misread.toml", "policy.toml", "words.toml"] {
        fs::copy(shipped.join(name), folder.path().join(name)).unwrap();
    }
    for entry in fs::read_dir(shipped.join("macros")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join("macros").join(entry.file_name())).unwrap();
    }
    for (name, text) in replaced {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load(folder: &TempDir) -> Result<Files, Report> {
    let path = folder.path().to_str().unwrap().to_owned();
    config::load_files(&BTreeMap::from([("MISREAD_CONFIG".to_owned(), path)]))
}

fn with_settings(text: &str) -> Result<Settings, Report> {
    load(&folder(&[("misread.toml", text)])).map(|files| files.settings)
}

/// The report on a settings file, with the temporary folder's name taken out.
fn report_on(text: &str) -> String {
    let folder = folder(&[("misread.toml", text)]);
    load(&folder).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "config")
}

#[test]
fn the_settings_file_says_exactly_what_the_program_does_without_it() {
    assert_eq!(with_settings(EMBEDDED_SETTINGS).unwrap(), Settings::default());
    assert_eq!(with_settings("").unwrap(), Settings::default());
}

#[test]
fn every_setting_stands_in_the_file_also_the_ones_that_are_unset() {
    let uncommented: String = EMBEDDED_SETTINGS
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.split(' ').nth(1) == Some("=") && rest.is_ascii() => rest,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n");
    let settings = with_settings(&uncommented).unwrap();
    assert!(settings.webhook.account_id.is_some() && settings.webhook.webhook_id.is_some());
    let ids = settings.require_account().unwrap();
    assert_eq!(ids.fields.plate, 360_001_234_568);
    assert_eq!(ids.fields.used_at, Some(360_001_234_569));
    assert_eq!(Team::ALL.iter().map(|team| ids.groups.of(*team) % 10).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

/// Without this, a line that is forgotten in the file would go unnoticed: the built-in default says the same.
#[test]
fn what_the_conversation_can_be_tuned_with_stands_in_the_file() {
    for key in [
        "waiting_tag",
        "prepared_tag",
        "give_back_tag",
        "release_tag",
        "remind_after_hours",
        "give_up_after_hours",
        "when_silent",
        "payment_check_hours",
        "payment_deadline_hours",
        "cap_won",
    ] {
        let lines = EMBEDDED_SETTINGS.lines().filter(|line| line.starts_with(&format!("{key} = ")));
        assert_eq!(lines.count(), 1, "{key}");
    }
}

#[test]
fn waiting_and_compensation_can_be_tuned() {
    let settings = with_settings(
        "[zendesk]\nrelease_tag = 'go'\n[waiting]\ngive_up_after_hours = 25\nwhen_silent = 'hand_over'\n\
         payment_check_hours = 168\n[compensation]\ncap_won = 1\n",
    )
    .unwrap();
    assert_eq!(settings.zendesk.release_tag, "go");
    assert_eq!((settings.waiting.remind_after_hours, settings.waiting.give_up_after_hours), (24, 25));
    assert_eq!(settings.waiting.when_silent, WhenSilent::HandOver);
    assert_eq!((settings.waiting.payment_check_hours, settings.waiting.payment_deadline_hours), (168, 168));
    assert_eq!(settings.compensation.cap_won, 1);
}

#[test]
fn the_built_in_files_load() {
    let files = config::load_files(&BTreeMap::new()).unwrap();
    assert_eq!(files.settings, Settings::default());
    assert_eq!(files.policy.rows().count(), 39);
}

#[test]
fn every_macro_on_disk_is_built_in() {
    let built_in = config::load_files(&BTreeMap::new()).unwrap().macros;
    let on_disk = load(&folder(&[])).unwrap().macros;
    let names = |macros: &misread::domain::reply::Macros| {
        macros.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&built_in), names(&on_disk));
}

#[test]
fn one_key_is_enough_the_rest_keeps_its_default() {
    let settings = with_settings("[worker]\nconcurrency = 4\n").unwrap();
    assert_eq!(settings.worker.concurrency, 4);
    assert_eq!(settings.worker.lease_seconds, 60);
}

#[test]
fn a_wrong_setting_is_underlined_with_what_to_do() {
    insta::assert_snapshot!(report_on("[worker]\nconcurrency = 0\n"), @r"
    error: `worker.concurrency` cannot be 0
     --> config/misread.toml:2:15
      |
    2 | concurrency = 0
      |               ^
      |
      = help: choose a number from 1 to 256

    1 problem
    ");
}

#[test]
fn every_mistake_of_the_file_is_told_at_once() {
    let report = report_on(
        "[worker]\nconcurency = 4\nlease_seconds = 'long'\n[webhok]\n[zendesk]\nupdates_per_minute = -1\n",
    );
    insta::assert_snapshot!(report, @r#"
    error: unknown field `concurency`, expected one of `concurrency`, `backlog_concurrency`, `lease_seconds`, `poll_seconds`, `overdue_alarm_minutes`, `clocks_apart_seconds`
     --> config/misread.toml:2:1
      |
    2 | concurency = 4
      | ^^^^^^^^^^

    error: invalid type: string "long", expected a whole number from 0 up
     --> config/misread.toml:3:17
      |
    3 | lease_seconds = 'long'
      |                 ^^^^^^

    error: unknown field `webhok`, expected one of `webhook`, `worker`, `retry`, `zendesk`, `people`, `macros`, `parking`, `waiting`, `compensation`, `limits`, `retention`, `network`, `guide`
     --> config/misread.toml:4:2
      |
    4 | [webhok]
      |  ^^^^^^

    error: invalid value: integer `-1`, expected a whole number from 0 up
     --> config/misread.toml:6:22
      |
    6 | updates_per_minute = -1
      |                      ^^

    4 problems
    "#);
}

/// Each text is refused with a report that holds every one of the words.
fn refused(cases: &[(&str, [&str; 3])]) {
    for (text, words) in cases {
        let report = report_on(text);
        for word in words.iter().chain(&["config/misread.toml"]) {
            assert!(report.contains(word), "{text}: {word} is not in\n{report}");
        }
    }
}

#[test]
fn numbers_out_of_their_range_are_told_with_the_range() {
    refused(&[
        ("[worker]\nconcurrency = 257", [":2:15", "`worker.concurrency` cannot be 257", "from 1 to 256"]),
        (
            "[webhook]\nfreshness_seconds = 0",
            [":2:21", "`webhook.freshness_seconds` cannot be 0", "from 1 to 3600"],
        ),
        ("[retry]\nattempts = 0", [":2:12", "`retry.attempts` cannot be 0", "from 1 to 1000"]),
        ("[retry]\nunknown_settle_seconds = 0", [":2:26", "cannot be 0", "from 1 to 600"]),
        ("[zendesk]\nupdates_per_ticket_per_10_minutes = 31", [":2:37", "cannot be 31", "from 1 to 30"]),
        ("[zendesk.groups]\nagents = 0", [":2:10", "`zendesk.groups.agents` cannot be 0", "from 1 up"]),
        ("[zendesk.fields]\nused_at = 0", [":2:11", "`zendesk.fields.used_at` cannot be 0", "from 1 up"]),
        ("[people]\nharmless_from = [0]", [":2:17", "`people.harmless_from` cannot hold 0", "from 1 up"]),
        ("[people]\nharmless_from = []", [":2:17", "names nobody", "write \"none\""]),
        ("[people]\nharmless_from = \"all\"", [":2:17", "\"none\", \"all-integrations\"", "Zendesk users"]),
        ("[waiting]\nremind_after_hours = 0", [":2:22", "cannot be 0", "from 1 to 720"]),
        ("[waiting]\nremind_after_hours = 721", [":2:22", "cannot be 721", "from 1 to 720"]),
        ("[waiting]\ngive_up_after_hours = 2161", [":2:23", "cannot be 2161", "from 1 to 2160"]),
        ("[waiting]\npayment_check_hours = 169", [":2:23", "cannot be 169", "from 1 to 168"]),
        ("[waiting]\npayment_deadline_hours = 2161", [":2:26", "cannot be 2161", "from 1 to 2160"]),
        ("[compensation]\ncap_won = 0", [":2:11", "`compensation.cap_won` cannot be 0", "from 1 to 1000000"]),
        ("[compensation]\ncap_won = 1000001", [":2:11", "cannot be 1000001", "from 1 to 1000000"]),
        ("[guide]\ncompensation_article = 0", [":2:24", "cannot be 0", "choose a number"]),
    ]);
}

#[test]
fn settings_that_contradict_each_other_are_told() {
    refused(&[
        (
            "[retry]\nbase_seconds = 60\nmax_seconds = 30",
            [":2:16", "(60 s) is longer than the longest (30 s)", "not exceed"],
        ),
        ("[retry]\nmax_seconds = 1", ["", "the first wait (5 s) is longer", "not exceed"]),
        (
            "[worker]\nlease_seconds = 15",
            [":2:17", "a lease of 15 s can end while a request", "at least twice"],
        ),
        ("[parking]\nrequest_timeout_seconds = 31", ["", "with a time-out of 31 s", "at least twice"]),
        ("[zendesk]\nstart_tags = []", [":2:14", "`zendesk.start_tags` is empty", "at least one tag"]),
        ("[zendesk]\ndone_tag = '본인 미사용'", [":2:12", "`본인 미사용` is not a tag", "one word"]),
        ("[zendesk]\nstart_tags = ['NoSelfUse']", [":2:14", "`NoSelfUse` is not a tag", "small letters"]),
        (
            "[zendesk]\ndone_tag = 'no_self_use'",
            [":2:12", "`no_self_use` is used for two things", "must differ"],
        ),
        (
            "[zendesk]\ndone_tag = 'x'\nhanded_over_tag = 'x'",
            [":2:12", "`x` is used for two things", "must differ"],
        ),
        (
            "[zendesk]\nwaiting_tag = 'y'\nprepared_tag = 'y'",
            [":2:15", "`y` is used for two things", "must differ"],
        ),
        (
            "[zendesk]\nrelease_tag = 'misread_airport_called'",
            [":2:15", "`misread_airport_called` is used for two things", "must differ"],
        ),
        (
            "[zendesk]\ngive_back_tag = 'no_self_use_other'",
            [":2:17", "`no_self_use_other` is used for two things", "the options of 상담유형"],
        ),
        (
            "[zendesk.consultation_types]\nlinked = 'misread_prepared'",
            [":2:10", "`misread_prepared` is used for two things", "must differ"],
        ),
        (
            "[zendesk]\nstart_tags = ['misread_waiting']",
            [":2:14", "`misread_waiting` is used for two things", "the start tags"],
        ),
        ("[zendesk]\nprepared_tag = 'two words'", [":2:16", "`two words` is not a tag", "one word"]),
        (
            "[waiting]\nremind_after_hours = 72",
            [":2:22", "given up after 72 h and reminded only after 72 h", "must be more than"],
        ),
        (
            "[waiting]\nremind_after_hours = 10\ngive_up_after_hours = 9",
            [":3:23", "given up after 9 h and reminded only after 10 h", "must be more than"],
        ),
        (
            "[waiting]\npayment_deadline_hours = 5",
            [":2:26", "(5 h) is over before it is first looked for (6 h)", "must not be below"],
        ),
        ("[zendesk.consultation_types]\nother = ''", [":2:9", "`` is not a tag", "one word"]),
        (
            "[zendesk.fields]\nplate = 7\nconsultation_type = 7",
            [":2:9", "are the same field", "its own field"],
        ),
        (
            "[zendesk.fields]\nplate = 7\nused_at = 7",
            [
                ":3:11",
                "`zendesk.fields.used_at` and `zendesk.fields.plate` are the same field",
                "its own field",
            ],
        ),
        (
            "[zendesk.fields]\nused_at = 7\nconsultation_type = 7",
            [":2:11", "and `zendesk.fields.consultation_type` are the same field", "its own field"],
        ),
        ("[webhook]\naccount_id = ''", [":2:14", "`webhook.account_id` is empty", "remove the line"]),
    ]);
}

#[test]
fn wrong_words_and_wrong_syntax_are_told_with_their_place() {
    refused(&[
        (
            "[zendesk.groups]\nagent = 1",
            [":2:1", "unknown field `agent`", "expected one of `agents`, `airport_desk`"],
        ),
        ("[worker]\nconcurrency = '4'", [":2:15", "invalid type: string \"4\"", "a whole number from 0 up"]),
        ("[webhook]\naccount_id = 4", [":2:14", "invalid type: integer `4`", "a text in quotes"]),
        (
            "[waiting]\nwhen_silent = 'solve'",
            [":2:15", "unknown variant `solve`", "expected `close` or `hand_over`"],
        ),
        ("worker = 3", [":1:10", "invalid type: integer `3`", "a section of keys"]),
        ("[worker", [":1:8", "", ""]),
        ("a = 1\na = 2", [":2:1", "duplicate key", ""]),
    ]);
}

#[test]
fn mistakes_in_all_files_are_told_at_once() {
    let policy = include_str!("../../../config/policy.toml").replacen(
        "status = \"settled\"",
        "status = \"setled\"",
        1,
    );
    let wrong = [
        ("misread.toml", "[worker]\nconcurrency = 0\n"),
        ("policy.toml", policy.as_str()),
        ("words.toml", "[yes]\nwords = 1\n"),
        ("macros/use_cancelled.toml", "title = 1\n"),
        ("macros/nothing_charged.toml", "[actions]\nstatus = 'new'\n"),
        ("macros/notes.txt", "not a macro"),
    ];
    let report = load(&folder(&wrong)).unwrap_err().to_string();
    for (file, _) in &wrong[..5] {
        assert!(report.contains(&format!("{file}:")), "{file} is not in\n{report}");
    }
    assert!(report.ends_with("5 problems"), "{report}");
}

#[test]
fn a_policy_with_a_gap_is_underlined_with_the_situation() {
    let gap = include_str!("../../../config/policy.toml").replacen(
        "operation = [\"direct\", \"partner\"], progress = \"coupon_accepted\"",
        "operation = \"direct\", progress = \"coupon_accepted\"",
        1,
    );
    let folder = folder(&[("policy.toml", &gap)]);
    let report = load(&folder).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "config");
    insta::assert_snapshot!(report, @r#"
    error: no row of `[[decision]]` decides this situation: 픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 제휴, 진행: 쿠폰 수락, 보상 금액: 한도 이내
       --> config/policy.toml:285:6
        |
    285 | id = "closed_above_cap"
        |      ^^^^^^^^^^^^^^^^^^
        |
        = help: add a row, or widen the `when` of a row; `closed_above_cap` comes nearest

    1 problem
    "#);
}

#[test]
fn a_macro_that_does_not_fit_its_row_is_underlined() {
    let text = include_str!("../../../config/macros/use_cancelled.toml").replacen(
        "해당 주차 건은",
        "{{ parking.amount }}을",
        1,
    );
    let folder = folder(&[("macros/use_cancelled.toml", &text)]);
    let report = load(&folder).unwrap_err().to_string();
    assert!(
        report.contains("`parking.amount` is not known in a situation of row `in_use_partner`"),
        "{report}"
    );
    assert!(report.contains("use_cancelled.toml:35:1"), "{report}");
    assert!(report.contains("^^^^^^^^^^^^^^^^^^^^"), "{report}");
}

#[test]
fn a_macro_that_loses_what_it_must_mention_is_underlined_with_the_reason() {
    let text = include_str!("../../../config/macros/payment_cancelled.toml");
    let lost = text.replacen("영업일 3~5일이 걸릴 수 있으니", "며칠이 걸릴 수 있으니", 1);
    let folder = folder(&[("macros/payment_cancelled.toml", &lost)]);
    let report = load(&folder).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "config");
    insta::assert_snapshot!(report, @r#"
    error: the text no longer mentions `영업일 3~5일`, which it must: 카드사 반영 기간
      --> config/macros/payment_cancelled.toml:13:12
       |
    13 |   { text = "영업일 3~5일", why = "카드사 반영 기간" },
       |            ^^^^^^^^^^^^^^
       |
       = help: say it in `comment_value` under `[actions]`; only where the guide itself has changed, change `must_mention`

    1 problem
    "#);
}

#[test]
fn a_file_that_is_missing_is_not_replaced_by_a_built_in_one() {
    let folder = folder(&[]);
    fs::remove_file(folder.path().join("policy.toml")).unwrap();
    fs::remove_dir_all(folder.path().join("macros")).unwrap();
    let report = load(&folder).unwrap_err();
    let text = report.to_string();
    assert!(
        text.contains("policy.toml") && text.contains("macros") && text.contains("cannot be read"),
        "{text}"
    );
    let nowhere = BTreeMap::from([("MISREAD_CONFIG".to_owned(), "/nowhere/at/all".to_owned())]);
    assert_eq!(config::load_files(&nowhere).unwrap_err().len(), 4);
}

#[test]
fn a_file_that_is_not_text_is_told() {
    let folder = folder(&[]);
    fs::write(folder.path().join("misread.toml"), [0xff, 0xfe]).unwrap();
    let report = load(&folder).unwrap_err().to_string();
    assert!(report.contains("misread.toml") && report.contains("UTF-8"), "{report}");
}

#[test]
fn every_id_that_serving_needs_is_asked_for_at_once() {
    let problems = Settings::default().require_account().unwrap_err();
    let whats: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(whats.len(), 6);
    assert_eq!(whats[0], "`zendesk.fields.consultation_type` is not set: the number of the field 상담유형");
    assert_eq!(whats[5], "`zendesk.groups.compensation` is not set: the number of the group 보상 담당");
    assert!(problems.iter().all(|problem| problem.help.is_some()));
}
