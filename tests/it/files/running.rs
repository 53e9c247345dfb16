//! The settings that a reload changes in a running service, and those that it names and leaves for a restart.

use std::collections::BTreeMap;
use std::fs;

use misread::config::{self, Loaded, StartedWith};
use secrecy::ExposeSecret;
use tempfile::TempDir;

const IDS: &str = "[zendesk.fields]\nconsultation_type = 1\nplate = 2\n\
    [zendesk.groups]\nagents = 3\nairport_desk = 4\nlot_contact = 5\ncompensation = 6\n";

/// A folder with the shipped files, and other settings.
fn folder(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    fs::create_dir(folder.path().join("macros")).unwrap();
    for file in ["policy.toml", "words.toml"] {
        fs::copy(shipped.join(file), folder.path().join(file)).unwrap();
    }
    for entry in fs::read_dir(shipped.join("macros")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join("macros").join(entry.file_name())).unwrap();
    }
    fs::write(folder.path().join("misread.toml"), settings).unwrap();
    folder
}

fn variables(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
    let usual = [
        ("MISREAD_WEBHOOK_SECRET", "secret-of-these-tests"),
        ("MISREAD_WEBHOOK_BEARER", "bearer-of-these-tests"),
        ("MISREAD_ZENDESK_URL", "https://acme.zendesk.com"),
        ("MISREAD_ZENDESK_CLIENT_ID", "client"),
        ("MISREAD_ZENDESK_CLIENT_SECRET", "client-secret-of-these-tests"),
        ("MISREAD_PARKING_URL", "https://parking.example/v1"),
        ("MISREAD_PARKING_TOKEN", "token-of-these-tests"),
    ];
    let all = usual.iter().chain(changed);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(settings: &str, changed: &[(&str, &str)]) -> Loaded {
    let folder = folder(settings);
    let mut variables = variables(changed);
    variables.insert("MISREAD_CONFIG".to_owned(), folder.path().to_str().unwrap().to_owned());
    config::load_again(&variables).unwrap().unwrap()
}

/// Every setting with another value than in a service that started with only [`IDS`].
const OTHER: &str = r#"
[webhook]
freshness_seconds = 301
account_id = "1"
webhook_id = "2"
[worker]
concurrency = 17
lease_seconds = 61
poll_seconds = 6
[retry]
base_seconds = 6
max_seconds = 1801
attempts = 25
unknown_settle_seconds = 11
[zendesk]
updates_per_minute = 81
updates_per_ticket_per_10_minutes = 21
request_timeout_seconds = 11
start_tags = ["other_start"]
done_tag = "other_done"
handed_over_tag = "other_handed_over"
waiting_tag = "other_waiting"
prepared_tag = "other_prepared"
stuck_tag = "other_stuck"
give_back_tag = "other_give_back"
release_tag = "other_release"
[zendesk.fields]
consultation_type = 11
plate = 12
used_at = 17
[zendesk.groups]
agents = 13
airport_desk = 14
lot_contact = 15
compensation = 16
[zendesk.consultation_types]
linked = "other_linked"
unlinked = "other_unlinked"
other = "other_other"
[macros]
source = "zendesk"
title_prefix = "other::"
refresh_minutes = 11
[macros.ids]
ask_again = 18
[parking]
request_timeout_seconds = 11
[waiting]
remind_after_hours = 25
give_up_after_hours = 73
when_silent = "hand_over"
payment_check_hours = 7
payment_deadline_hours = 169
[compensation]
cap_won = 30001
[network]
proxy_from_environment = true
[guide]
compensation_article = 1
restricted_consultation_article = 2
"#;

/// Everything that only a restart changes, in the order of the file, then of the environment.
const NEEDS_RESTART: &[&str] = &[
    "webhook.freshness_seconds",
    "webhook.account_id",
    "webhook.webhook_id",
    "worker.concurrency",
    "worker.lease_seconds",
    "worker.poll_seconds",
    "retry.base_seconds",
    "retry.max_seconds",
    "retry.attempts",
    "retry.unknown_settle_seconds",
    "zendesk.updates_per_minute",
    "zendesk.updates_per_ticket_per_10_minutes",
    "zendesk.request_timeout_seconds",
    "macros.source",
    "macros.title_prefix",
    "macros.refresh_minutes",
    "macros.ids",
    "parking.request_timeout_seconds",
    "network.proxy_from_environment",
    "zendesk.fields.consultation_type",
    "zendesk.fields.plate",
    "zendesk.fields.used_at",
    "zendesk.groups.agents",
    "zendesk.groups.airport_desk",
    "zendesk.groups.lot_contact",
    "zendesk.groups.compensation",
    "MISREAD_LISTEN",
    "MISREAD_METRICS_LISTEN",
    "MISREAD_CONSOLE_LISTEN",
    "MISREAD_CONSOLE_USERS",
    "MISREAD_CONSOLE_PROXY",
    "MISREAD_CONSOLE_ADDRESS",
    "MISREAD_DATABASE_URL",
    "MISREAD_WEBHOOK_SECRET",
    "MISREAD_WEBHOOK_BEARER",
    "MISREAD_ZENDESK_URL",
    "MISREAD_ZENDESK_CLIENT_ID, MISREAD_ZENDESK_CLIENT_SECRET",
    "MISREAD_PARKING_URL",
    "MISREAD_PARKING_TOKEN",
    "MISREAD_NOTIFY_URL",
    "MISREAD_NOTIFY_SECRET",
    "MISREAD_NOTIFY_TEMPLATE",
    #[cfg(feature = "traces")]
    "MISREAD_TRACES_URL",
    "MISREAD_LOG",
    "MISREAD_LOG_FORMAT",
    "MISREAD_DEVELOPMENT",
];

#[test]
fn what_needs_a_restart_is_named_and_kept_and_everything_else_is_new() {
    let running = StartedWith::of(&load(IDS, &[]));
    let people = tempfile::NamedTempFile::new().unwrap();
    let one = "[[user]]\nname = \"민지\"\nrole = \"view\"\npassword = \"$argon2id$v=19$x\"\n";
    std::fs::write(people.path(), one).unwrap();
    let mut loaded = load(
        OTHER,
        &[
            ("MISREAD_LISTEN", "127.0.0.1:9"),
            ("MISREAD_METRICS_LISTEN", "127.0.0.1:10"),
            ("MISREAD_CONSOLE_LISTEN", "127.0.0.1:11"),
            ("MISREAD_CONSOLE_USERS", people.path().to_str().unwrap()),
            ("MISREAD_CONSOLE_PROXY", "192.0.2.1"),
            ("MISREAD_CONSOLE_ADDRESS", "https://console.example"),
            ("MISREAD_DATABASE_URL", "sqlite://other.db"),
            ("MISREAD_WEBHOOK_SECRET", "secret-of-these-tests,another-of-these-tests"),
            ("MISREAD_WEBHOOK_BEARER", "other"),
            ("MISREAD_ZENDESK_URL", "https://other.zendesk.com"),
            ("MISREAD_ZENDESK_CLIENT_SECRET", "other"),
            ("MISREAD_PARKING_URL", "https://parking.example/v2"),
            ("MISREAD_PARKING_TOKEN", "other"),
            ("MISREAD_NOTIFY_URL", "https://chat.example/hook"),
            ("MISREAD_NOTIFY_SECRET", "notify-secret-of-these-tests"),
            ("MISREAD_NOTIFY_TEMPLATE", "{{ text }}"),
            #[cfg(feature = "traces")]
            ("MISREAD_TRACES_URL", "http://collector.example:4318/v1/traces"),
            ("MISREAD_LOG", "debug"),
            ("MISREAD_LOG_FORMAT", "json"),
            ("MISREAD_DEVELOPMENT", "1"),
        ],
    );
    let read = loaded.settings.clone();
    assert_eq!(running.keep_in(&mut loaded), NEEDS_RESTART);

    let mut expected = running.settings.clone();
    (expected.waiting, expected.compensation, expected.guide) = (read.waiting, read.compensation, read.guide);
    let (tags, other) = (&mut expected.zendesk, |tag: &str| format!("other_{tag}"));
    tags.start_tags = vec![other("start")];
    (tags.done_tag, tags.handed_over_tag) = (other("done"), other("handed_over"));
    (tags.waiting_tag, tags.prepared_tag) = (other("waiting"), other("prepared"));
    (tags.give_back_tag, tags.release_tag) = (other("give_back"), other("release"));
    tags.stuck_tag = other("stuck");
    tags.consultation_types = read.zendesk.consultation_types;
    assert_eq!(loaded.settings, expected);
    assert_eq!((loaded.settings.compensation.cap_won, loaded.account), (30_001, running.account));
    let (kept, started) = (&loaded.deployment, &running.deployment);
    assert_eq!((kept.listen, kept.development), (started.listen, started.development));
    assert_eq!(kept.database_url.expose_secret(), started.database_url.expose_secret());
    assert_eq!(kept.log, started.log);
    assert_eq!((&kept.zendesk_url, &kept.parking_url), (&started.zendesk_url, &started.parking_url));
    assert_eq!((kept.parking_token.expose_secret(), kept.webhook_secrets.len()), ("token-of-these-tests", 1));
}

#[test]
fn the_same_files_read_again_need_no_restart() {
    let running = StartedWith::of(&load(IDS, &[]));
    assert_eq!(running.keep_in(&mut load(IDS, &[])), [""; 0]);
}

#[test]
fn another_way_to_sign_in_needs_a_restart() {
    let mut loaded = load(IDS, &[]);
    let running = StartedWith::of(&loaded);
    let token = misread::config::ZendeskCredentials::ApiToken {
        email: "client".to_owned(),
        token: "client-secret".into(),
    };
    loaded.deployment.zendesk_credentials = token;
    let names = running.keep_in(&mut loaded);
    assert_eq!(names, ["MISREAD_ZENDESK_CLIENT_ID, MISREAD_ZENDESK_CLIENT_SECRET"]);
}

#[test]
fn without_a_folder_there_is_nothing_to_read_again() {
    assert!(matches!(config::load_again(&variables(&[])), Ok(None)));
    let nowhere = [("MISREAD_CONFIG", "/nowhere")];
    let report = config::load_again(&variables(&nowhere)).unwrap_err();
    assert!(report.problems().all(|(place, _)| place.starts_with("/nowhere/")), "{report}");
}
