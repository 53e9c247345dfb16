//! The settings file, and the folder with all files.

#![expect(clippy::unwrap_used, reason = "a test whose preparation fails must stop")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use misread::config::{self, EMBEDDED_SETTINGS, Files, Report, Settings, WhenSilent};
use misread::domain::policy::Team;
use tempfile::TempDir;

/// A folder with the shipped files; some are replaced.
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

/// The report on a settings file, without the temporary folder's name.
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

/// Without this test a line missing in the file would go unnoticed: the built-in default has the same value.
#[test]
fn what_the_conversation_can_be_tuned_with_stands_in_the_file() {
    for key in [
        "waiting_tag",
        "prepared_tag",
        "stuck_tag",
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
    오류: `worker.concurrency`에 0을(를) 쓸 수 없습니다
     --> config/misread.toml:2:15
      |
    2 | concurrency = 0
      |               ^
      |
      = 도움말: 1에서 256까지의 수를 쓰세요

    잘못된 곳 1개
    ");
}

#[test]
fn every_mistake_of_the_file_is_told_at_once() {
    let report = report_on(
        "[worker]\nconcurency = 4\nlease_seconds = 'long'\n[webhok]\n[zendesk]\nupdates_per_minute = -1\n",
    );
    insta::assert_snapshot!(report, @r#"
    오류: 모르는 키 `concurency`입니다. 쓸 수 있는 키: `concurrency`, `backlog_concurrency`, `lease_seconds`, `poll_seconds`, `overdue_alarm_minutes`, `clocks_apart_seconds`
     --> config/misread.toml:2:1
      |
    2 | concurency = 4
      | ^^^^^^^^^^

    오류: 값의 종류가 맞지 않습니다: 글 "long". 필요한 값: 0 이상의 정수
     --> config/misread.toml:3:17
      |
    3 | lease_seconds = 'long'
      |                 ^^^^^^

    오류: 모르는 키 `webhok`입니다. 쓸 수 있는 키: `webhook`, `worker`, `retry`, `zendesk`, `people`, `macros`, `parking`, `waiting`, `compensation`, `limits`, `retention`, `network`, `guide`
     --> config/misread.toml:4:2
      |
    4 | [webhok]
      |  ^^^^^^

    오류: 쓸 수 없는 값입니다: 정수 `-1`. 필요한 값: 0 이상의 정수
     --> config/misread.toml:6:22
      |
    6 | updates_per_minute = -1
      |                      ^^

    잘못된 곳 4개
    "#);
}

/// Each text is refused, and the report contains all the words.
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
        (
            "[worker]\nconcurrency = 257",
            [":2:15", "`worker.concurrency`에 257을(를) 쓸 수 없습니다", "1에서 256까지"],
        ),
        (
            "[webhook]\nfreshness_seconds = 0",
            [":2:21", "`webhook.freshness_seconds`에 0을(를) 쓸 수 없습니다", "1에서 3600까지"],
        ),
        ("[retry]\nattempts = 0", [":2:12", "`retry.attempts`에 0을(를) 쓸 수 없습니다", "1에서 1000까지"]),
        ("[retry]\nunknown_settle_seconds = 0", [":2:26", "에 0을(를) 쓸 수 없습니다", "1에서 600까지"]),
        (
            "[zendesk]\nupdates_per_ticket_per_10_minutes = 31",
            [":2:37", "에 31을(를) 쓸 수 없습니다", "1에서 30까지"],
        ),
        (
            "[zendesk.groups]\nagents = 0",
            [":2:10", "`zendesk.groups.agents`에 0을(를) 쓸 수 없습니다", "1 이상의 수"],
        ),
        (
            "[zendesk.fields]\nused_at = 0",
            [":2:11", "`zendesk.fields.used_at`에 0을(를) 쓸 수 없습니다", "1 이상의 수"],
        ),
        (
            "[people]\nharmless_from = [0]",
            [":2:17", "`people.harmless_from`에 0을(를) 쓸 수 없습니다", "1 이상의 수"],
        ),
        ("[people]\nharmless_from = []", [":2:17", "에 아무도 없습니다", "\"none\" 또는"]),
        ("[people]\nharmless_from = \"all\"", [":2:17", "\"none\", \"all-integrations\"", "Zendesk 사용자"]),
        ("[waiting]\nremind_after_hours = 0", [":2:22", "에 0을(를) 쓸 수 없습니다", "1에서 720까지"]),
        ("[waiting]\nremind_after_hours = 721", [":2:22", "에 721을(를) 쓸 수 없습니다", "1에서 720까지"]),
        (
            "[waiting]\ngive_up_after_hours = 2161",
            [":2:23", "에 2161을(를) 쓸 수 없습니다", "1에서 2160까지"],
        ),
        ("[waiting]\npayment_check_hours = 169", [":2:23", "에 169을(를) 쓸 수 없습니다", "1에서 168까지"]),
        (
            "[waiting]\npayment_deadline_hours = 2161",
            [":2:26", "에 2161을(를) 쓸 수 없습니다", "1에서 2160까지"],
        ),
        (
            "[compensation]\ncap_won = 0",
            [":2:11", "`compensation.cap_won`에 0을(를) 쓸 수 없습니다", "1에서 1000000까지"],
        ),
        (
            "[compensation]\ncap_won = 1000001",
            [":2:11", "에 1000001을(를) 쓸 수 없습니다", "1에서 1000000까지"],
        ),
        ("[guide]\ncompensation_article = 0", [":2:24", "에 0을(를) 쓸 수 없습니다", "까지의 수를 쓰세요"]),
    ]);
}

#[test]
fn settings_that_contradict_each_other_are_told() {
    refused(&[
        (
            "[retry]\nbase_seconds = 60\nmax_seconds = 30",
            [":2:16", "(60초)이 가장 긴 시간(30초)보다 깁니다", "클 수 없습니다"],
        ),
        ("[retry]\nmax_seconds = 1", ["", "처음 기다리는 시간(5초)이", "클 수 없습니다"]),
        ("[worker]\nlease_seconds = 15", [":2:17", "15초의 임대가 끝날 수 있습니다", "두 배 이상"]),
        ("[parking]\nrequest_timeout_seconds = 31", ["", "제한 시간이 31초인 요청", "두 배 이상"]),
        ("[zendesk]\nstart_tags = []", [":2:14", "`zendesk.start_tags`가 비어 있습니다", "태그를 하나 이상"]),
        ("[zendesk]\ndone_tag = '본인 미사용'", [":2:12", "`본인 미사용`은(는) 태그가 아닙니다", "한 낱말"]),
        ("[zendesk]\nstart_tags = ['NoSelfUse']", [":2:14", "`NoSelfUse`은(는) 태그가 아닙니다", "소문자"]),
        (
            "[zendesk]\ndone_tag = 'no_self_use'",
            [":2:12", "`no_self_use`을(를) 두 가지 뜻으로 썼습니다", "달라야 합니다"],
        ),
        (
            "[zendesk]\ndone_tag = 'x'\nhanded_over_tag = 'x'",
            [":2:12", "`x`을(를) 두 가지 뜻으로 썼습니다", "달라야 합니다"],
        ),
        (
            "[zendesk]\nwaiting_tag = 'y'\nprepared_tag = 'y'",
            [":2:15", "`y`을(를) 두 가지 뜻으로 썼습니다", "달라야 합니다"],
        ),
        (
            "[zendesk]\nrelease_tag = 'misread_airport_called'",
            [":2:15", "`misread_airport_called`을(를) 두 가지 뜻으로 썼습니다", "달라야 합니다"],
        ),
        (
            "[zendesk]\ngive_back_tag = 'no_self_use_other'",
            [":2:17", "`no_self_use_other`을(를) 두 가지 뜻으로 썼습니다", "상담유형의 항목"],
        ),
        (
            "[zendesk.consultation_types]\nlinked = 'misread_prepared'",
            [":2:10", "`misread_prepared`을(를) 두 가지 뜻으로 썼습니다", "달라야 합니다"],
        ),
        (
            "[zendesk]\nstart_tags = ['misread_waiting']",
            [":2:14", "`misread_waiting`을(를) 두 가지 뜻으로 썼습니다", "시작 태그"],
        ),
        ("[zendesk]\nprepared_tag = 'two words'", [":2:16", "`two words`은(는) 태그가 아닙니다", "한 낱말"]),
        (
            "[waiting]\nremind_after_hours = 72",
            [":2:22", "고객을 72시간 뒤에 마무리하는데, 알림은 72시간 뒤에야", "보다 커야 합니다"],
        ),
        (
            "[waiting]\nremind_after_hours = 10\ngive_up_after_hours = 9",
            [":3:23", "고객을 9시간 뒤에 마무리하는데, 알림은 10시간 뒤에야", "보다 커야 합니다"],
        ),
        (
            "[waiting]\npayment_deadline_hours = 5",
            [":2:26", "결제 기한(5시간)이 결제를 처음 확인하는 때(6시간)보다", "작을 수 없습니다"],
        ),
        ("[zendesk.consultation_types]\nother = ''", [":2:9", "``은(는) 태그가 아닙니다", "한 낱말"]),
        (
            "[zendesk.fields]\nplate = 7\nconsultation_type = 7",
            [":2:9", "가 같은 필드입니다", "다른 필드의 번호"],
        ),
        (
            "[zendesk.fields]\nplate = 7\nused_at = 7",
            [
                ":3:11",
                "`zendesk.fields.used_at`와 `zendesk.fields.plate`가 같은 필드입니다",
                "다른 필드의 번호",
            ],
        ),
        (
            "[zendesk.fields]\nused_at = 7\nconsultation_type = 7",
            [":2:11", "와 `zendesk.fields.consultation_type`가 같은 필드입니다", "다른 필드의 번호"],
        ),
        ("[webhook]\naccount_id = ''", [":2:14", "`webhook.account_id`이(가) 비어 있습니다", "줄을 빼거나"]),
    ]);
}

#[test]
fn wrong_words_and_wrong_syntax_are_told_with_their_place() {
    refused(&[
        (
            "[zendesk.groups]\nagent = 1",
            [":2:1", "모르는 키 `agent`", "쓸 수 있는 키: `agents`, `airport_desk`"],
        ),
        ("[worker]\nconcurrency = '4'", [":2:15", "종류가 맞지 않습니다: 글 \"4\"", "0 이상의 정수"]),
        ("[webhook]\naccount_id = 4", [":2:14", "종류가 맞지 않습니다: 정수 `4`", "따옴표로 묶은 글"]),
        (
            "[waiting]\nwhen_silent = 'solve'",
            [":2:15", "모르는 값 `solve`", "쓸 수 있는 값: `close`, `hand_over`"],
        ),
        ("worker = 3", [":1:10", "종류가 맞지 않습니다: 정수 `3`", "키가 있는 구역"]),
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
    // For macros also the keys that are missing next to the wrong value: four and five.
    assert!(report.ends_with("잘못된 곳 14개"), "{report}");
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
    오류: `[[decision]]`에 판단할 행이 없는 상황이 있습니다. 상황: 픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 제휴, 진행: 쿠폰 수락, 보상 금액: 한도 이내
       --> config/policy.toml:285:6
        |
    285 | id = "closed_above_cap"
        |      ^^^^^^^^^^^^^^^^^^
        |
        = 도움말: 행을 더하거나 어떤 행의 `when`을 넓히세요. 가장 가까운 행은 `closed_above_cap`입니다

    잘못된 곳 1개
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
        report.contains(
            "이 매크로를 쓰는 행 `in_use_partner`의 상황에서는 `parking.amount`을(를) 알 수 없습니다"
        ),
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
    오류: 꼭 알릴 말 `영업일 3~5일`이(가) 글에 없습니다: 카드사 반영 기간
      --> config/macros/payment_cancelled.toml:13:12
       |
    13 |   { text = "영업일 3~5일", why = "카드사 반영 기간" },
       |            ^^^^^^^^^^^^^^
       |
       = 도움말: `[actions]` 아래의 `comment_value`에 쓰세요. 상담 가이드가 바뀌었을 때만 `must_mention`을 고치세요

    잘못된 곳 1개
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
        text.contains("policy.toml") && text.contains("macros") && text.contains("읽을 수 없습니다"),
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
    assert_eq!(whats[0], "`zendesk.fields.consultation_type`이(가) 없습니다. 상담유형 필드의 번호입니다");
    assert_eq!(whats[5], "`zendesk.groups.compensation`이(가) 없습니다. 보상 담당 그룹의 번호입니다");
    assert!(problems.iter().all(|problem| problem.help.is_some()));
}
