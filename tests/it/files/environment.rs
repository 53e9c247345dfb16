//! Addresses and secrets from the environment.

#![expect(clippy::unwrap_used, reason = "a test whose preparation fails must stop")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use misread::config::{self, Environment, Loaded, Report, ZendeskCredentials};
use misread::domain::person::Role;
use secrecy::ExposeSecret;
use tempfile::TempDir;

const TEST_SECRET: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const IDS: &str = "[zendesk.fields]\nconsultation_type = 1\nplate = 2\n[zendesk.groups]\nagents = 3\nairport_desk = 4\nlot_contact = 5\ncompensation = 6\n";

/// A folder of files in which every id is set.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("misread.toml"), IDS).unwrap();
    fs::write(folder.path().join("policy.toml"), include_str!("../../../config/policy.toml")).unwrap();
    fs::write(folder.path().join("words.toml"), include_str!("../../../config/words.toml")).unwrap();
    fs::create_dir(folder.path().join("macros")).unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/config/macros");
    for entry in fs::read_dir(shipped).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join("macros").join(entry.file_name())).unwrap();
    }
    folder
}

/// A complete environment with some variables changed; `None` removes one.
fn load(changes: &[(&str, Option<&str>)]) -> Result<Loaded, Report> {
    let folder = folder();
    let mut variables: BTreeMap<String, String> = [
        ("MISREAD_CONFIG", folder.path().to_str().unwrap()),
        ("MISREAD_WEBHOOK_SECRET", "own-secret-1-of-these-tests"),
        ("MISREAD_ZENDESK_URL", "https://acme.zendesk.com"),
        ("MISREAD_ZENDESK_CLIENT_ID", "client-id"),
        ("MISREAD_ZENDESK_CLIENT_SECRET", "client-hush-of-these-tests"),
        ("MISREAD_PARKING_URL", "http://127.0.0.1:8081"),
        ("MISREAD_PARKING_TOKEN", "parking-hush-of-these-tests"),
        ("PATH", "/bin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for (name, value) in changes {
        match value {
            Some(value) => variables.insert((*name).to_owned(), (*value).to_owned()),
            None => variables.remove(*name),
        };
    }
    config::load(&variables)
}

fn report(changes: &[(&str, Option<&str>)]) -> String {
    load(changes).unwrap_err().to_string()
}

#[test]
fn a_complete_environment_loads_with_its_defaults() {
    let loaded = load(&[]).unwrap();
    let deployment = &loaded.deployment;
    assert_eq!(deployment.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(deployment.database_url.expose_secret(), "sqlite://misread.db");
    assert_eq!(deployment.zendesk_url, "https://acme.zendesk.com");
    assert_eq!(deployment.parking_url, "http://127.0.0.1:8081");
    assert_eq!(deployment.parking_token.expose_secret(), "parking-hush-of-these-tests");
    assert!(deployment.webhook_bearer.is_none() && !deployment.development);
    assert!(
        matches!(&deployment.zendesk_credentials, ZendeskCredentials::OAuth { client_id, .. } if client_id == "client-id")
    );
    assert_eq!(loaded.account.groups.compensation, 6);
}

#[test]
fn every_variable_that_is_missing_is_told_at_once_with_the_settings_that_are_missing() {
    insta::assert_snapshot!(config::load(&BTreeMap::new()).unwrap_err(), @r"
    error: `MISREAD_WEBHOOK_SECRET` is not set
    --> environment
     = help: set it, or MISREAD_WEBHOOK_SECRET_FILE, to the webhook's signing secret from Zendesk

    error: `MISREAD_ZENDESK_URL` is not set
    --> environment
     = help: set it, or MISREAD_ZENDESK_URL_FILE, to https://<account>.zendesk.com

    error: the credentials for Zendesk are not complete, or there are two kinds of them
    --> environment
     = help: set MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET (an OAuth client), or, until Zendesk ends API tokens on 2027-04-30, MISREAD_ZENDESK_EMAIL and MISREAD_ZENDESK_API_TOKEN

    error: `MISREAD_PARKING_URL` is not set
    --> environment
     = help: set it, or MISREAD_PARKING_URL_FILE, to https://<host of the parking API>/v1

    error: `MISREAD_PARKING_TOKEN` is not set
    --> environment
     = help: set it, or MISREAD_PARKING_TOKEN_FILE, to the parking system's bearer token

    오류: `zendesk.fields.consultation_type`이(가) 없습니다. 상담유형 필드의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.fields]` 아래에 `consultation_type = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    오류: `zendesk.fields.plate`이(가) 없습니다. 차량번호 필드의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.fields]` 아래에 `plate = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    오류: `zendesk.groups.agents`이(가) 없습니다. 일반 상담 그룹의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.groups]` 아래에 `agents = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    오류: `zendesk.groups.airport_desk`이(가) 없습니다. 공항 담당 그룹의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.groups]` 아래에 `airport_desk = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    오류: `zendesk.groups.lot_contact`이(가) 없습니다. 주차장 확인 담당 그룹의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.groups]` 아래에 `lot_contact = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    오류: `zendesk.groups.compensation`이(가) 없습니다. 보상 담당 그룹의 번호입니다
    --> config/misread.toml
     = 도움말: MISREAD_CONFIG 폴더의 misread.toml에서 `[zendesk.groups]` 아래에 `compensation = <번호>`를 쓰세요. 번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다

    잘못된 곳 11개
    ");
}

#[test]
fn nothing_prints_a_secret() {
    let ledger = "postgres://user:ledger-hush@host/misread?sslmode=verify-full";
    let loaded = load(&[
        ("MISREAD_WEBHOOK_BEARER", Some("bearer-hush-of-these-tests")),
        ("MISREAD_DATABASE_URL", Some(ledger)),
    ])
    .unwrap();
    let shown = format!("{loaded:?}");
    for secret in [
        "own-secret-1-of-these-tests",
        "client-hush-of-these-tests",
        "parking-hush-of-these-tests",
        "bearer-hush-of-these-tests",
        "ledger-hush",
    ] {
        assert!(!shown.contains(secret), "{secret}");
    }
    let report = report(&[
        ("MISREAD_ZENDESK_URL", Some("https://user:url-hush@acme.zendesk.com")),
        ("MISREAD_PARKING_URL", Some("url-hush")),
        ("MISREAD_WEBHOOK_SECRET", Some("a-hush,b-hush,c-hush")),
        ("MISREAD_LISTEN", Some("listen-hush")),
        ("MISREAD_DATABASE_URL", Some("postgres://user:hush@host:port")),
        ("MISREAD_DEVELOPMENT", Some("hush")),
    ]);
    assert!(!report.contains("hush"), "{report}");
    assert!(report.ends_with("6 problems"), "{report}");
}

#[test]
fn two_secrets_are_taken_while_rotating() {
    let loaded =
        load(&[("MISREAD_WEBHOOK_SECRET", Some("new-secret-of-these-tests, old-secret-of-these-tests"))])
            .unwrap();
    let secrets: Vec<&str> =
        loaded.deployment.webhook_secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(secrets, ["new-secret-of-these-tests", "old-secret-of-these-tests"]);
    for wrong in ["a,b,c", "a,", ",", " "] {
        assert!(
            report(&[("MISREAD_WEBHOOK_SECRET", Some(wrong))]).contains("MISREAD_WEBHOOK_SECRET"),
            "{wrong}"
        );
    }
}

#[test]
fn the_published_test_secret_is_refused_except_on_a_developers_machine() {
    for secrets in [TEST_SECRET.to_owned(), format!("own,{TEST_SECRET}")] {
        let refused = report(&[("MISREAD_WEBHOOK_SECRET", Some(&secrets))]);
        assert!(refused.contains("is the test secret that Zendesk publishes"), "{refused}");
        assert!(
            load(&[("MISREAD_WEBHOOK_SECRET", Some(&secrets)), ("MISREAD_DEVELOPMENT", Some("1"))]).is_ok()
        );
        assert!(
            load(&[("MISREAD_WEBHOOK_SECRET", Some(&secrets)), ("MISREAD_DEVELOPMENT", Some("0"))]).is_err()
        );
    }
}

#[test]
fn a_variable_may_stand_in_a_file_without_its_last_newline() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    for (content, secret) in [
        ("a-token-from-a-file\n", "a-token-from-a-file"),
        ("a-token-from-a-file\r\n", "a-token-from-a-file"),
        ("a-token-of-two-lines\n\n", "a-token-of-two-lines\n"),
        ("a-token-that-is-bare", "a-token-that-is-bare"),
    ] {
        fs::write(&file, content).unwrap();
        let loaded =
            load(&[("MISREAD_PARKING_TOKEN", None), ("MISREAD_PARKING_TOKEN_FILE", file.to_str())]).unwrap();
        assert_eq!(loaded.deployment.parking_token.expose_secret(), secret);
    }
    let both = report(&[("MISREAD_PARKING_TOKEN_FILE", file.to_str())]);
    assert!(both.contains("`MISREAD_PARKING_TOKEN` and `MISREAD_PARKING_TOKEN_FILE` are both set"), "{both}");
    fs::write(&file, "\n").unwrap();
    let empty = report(&[("MISREAD_PARKING_TOKEN", None), ("MISREAD_PARKING_TOKEN_FILE", file.to_str())]);
    assert!(empty.contains("`MISREAD_PARKING_TOKEN_FILE` is empty"), "{empty}");
    let missing =
        report(&[("MISREAD_PARKING_TOKEN", None), ("MISREAD_PARKING_TOKEN_FILE", Some("/nowhere/secret"))]);
    assert!(missing.contains("the file that `MISREAD_PARKING_TOKEN_FILE` names cannot be read"), "{missing}");
    assert!(missing.ends_with("1 problem"), "{missing}");
}

#[test]
fn each_kind_of_wrong_address_is_told_with_what_to_do() {
    for (url, what) in [
        ("acme.zendesk.com", "is not an address"),
        ("ftp://acme.zendesk.com", "is neither http nor https"),
        ("https://user@acme.zendesk.com", "holds a user or a password"),
        ("https://acme.zendesk.com/api/v2", "has a path"),
        ("https://acme.zendesk.com/?x=1", "has a query or a fragment"),
        ("http://acme.zendesk.com", "is plain http to another machine"),
        ("http://127.0.0.1.example.com", "is plain http to another machine"),
    ] {
        let report = report(&[("MISREAD_ZENDESK_URL", Some(url))]);
        assert!(report.contains(&format!("`MISREAD_ZENDESK_URL` {what}")), "{url}: {report}");
        assert!(report.contains("write it as `https://<account>.zendesk.com`"), "{report}");
    }
    for (url, origin) in [
        ("https://acme.zendesk.com/", "https://acme.zendesk.com"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ] {
        assert_eq!(load(&[("MISREAD_ZENDESK_URL", Some(url))]).unwrap().deployment.zendesk_url, origin);
    }
    assert!(
        load(&[("MISREAD_ZENDESK_URL", Some("http://zendesk.test")), ("MISREAD_DEVELOPMENT", Some("1"))])
            .is_ok()
    );
}

#[test]
fn zendesk_needs_exactly_one_complete_kind_of_credentials() {
    let (id, secret) = ("MISREAD_ZENDESK_CLIENT_ID", "MISREAD_ZENDESK_CLIENT_SECRET");
    let (email, token) = ("MISREAD_ZENDESK_EMAIL", "MISREAD_ZENDESK_API_TOKEN");
    let legacy = load(&[
        (id, None),
        (secret, None),
        (email, Some("a@b.c")),
        (token, Some("token-hush-of-these-tests")),
    ])
    .unwrap();
    assert!(matches!(legacy.deployment.zendesk_credentials, ZendeskCredentials::ApiToken { .. }));
    for changes in [
        vec![(id, None), (secret, None)],
        vec![(secret, None)],
        vec![(id, None), (secret, None), (token, Some("t"))],
        vec![(email, Some("a@b.c")), (token, Some("t"))],
    ] {
        assert!(report(&changes).contains("the credentials for Zendesk are not complete"), "{changes:?}");
    }
}

#[test]
fn a_misspelt_variable_is_told_with_the_list_of_known_ones() {
    let report = report(&[("MISREAD_WEBHOOK_BARER", Some("hush")), ("MISREAD_LISTEN_FLE", Some("hush"))]);
    assert!(report.contains("there is no variable `MISREAD_WEBHOOK_BARER`"), "{report}");
    assert!(report.contains("there is no variable `MISREAD_LISTEN_FLE`"), "{report}");
    assert!(report.contains("MISREAD_WEBHOOK_BEARER") && !report.contains("hush"), "{report}");
}

#[test]
fn wrong_and_empty_values_are_told() {
    for (name, value, what) in [
        ("MISREAD_LISTEN", "8080", "`MISREAD_LISTEN` is not an address with a port"),
        ("MISREAD_LISTEN", "", "`MISREAD_LISTEN` is empty"),
        ("MISREAD_METRICS_LISTEN", "9464", "`MISREAD_METRICS_LISTEN` is not an address with a port"),
        (
            "MISREAD_METRICS_LISTEN",
            "127.0.0.1:8080",
            "`MISREAD_METRICS_LISTEN` is the address of the webhooks",
        ),
        (
            "MISREAD_CONSOLE_LISTEN",
            "127.0.0.1:8090",
            "`MISREAD_CONSOLE_LISTEN` is set without a way to sign in",
        ),
        (
            "MISREAD_CONSOLE_PROXY",
            "127.0.0.1",
            "`MISREAD_CONSOLE_PROXY` is set without `MISREAD_CONSOLE_LISTEN`",
        ),
        ("MISREAD_CONSOLE_ADDRESS", "console.example", "`MISREAD_CONSOLE_ADDRESS` is not an address"),
        (
            "MISREAD_CONSOLE_ADDRESS",
            "http://console.example",
            "`MISREAD_CONSOLE_ADDRESS` is plain http to another machine",
        ),
        (
            "MISREAD_CONSOLE_ADDRESS",
            "https://console.example/?next=/",
            "`MISREAD_CONSOLE_ADDRESS` has a query or a fragment",
        ),
        (
            "MISREAD_NOTIFY_URL",
            "http://chat.example/hook",
            "`MISREAD_NOTIFY_URL` is not an address that begins with https://",
        ),
        (
            "MISREAD_NOTIFY_SECRET",
            "a-secret-without-an-address",
            "`MISREAD_NOTIFY_SECRET` is set without `MISREAD_NOTIFY_URL`",
        ),
        (
            "MISREAD_NOTIFY_TEMPLATE",
            "{{ text }}",
            "`MISREAD_NOTIFY_TEMPLATE` is set without `MISREAD_NOTIFY_URL`",
        ),
        (
            "MISREAD_TRACES_URL",
            "http://collector:4318",
            if cfg!(feature = "traces") {
                "`MISREAD_TRACES_URL` is not an http address with a path"
            } else {
                "`MISREAD_TRACES_URL` is set, and this program was built without traces"
            },
        ),
        ("MISREAD_LOG_FORMAT", "yaml", "`MISREAD_LOG_FORMAT` is neither json nor text"),
        ("MISREAD_DATABASE_URL", "mysql://x", "names neither a SQLite nor a PostgreSQL database"),
        (
            "MISREAD_DATABASE_URL",
            "postgres://user:pass@host:port/misread",
            "`MISREAD_DATABASE_URL` is not an address",
        ),
        ("MISREAD_DEVELOPMENT", "yes", "`MISREAD_DEVELOPMENT` is neither 1 nor 0"),
        ("MISREAD_WEBHOOK_BEARER", " ", "`MISREAD_WEBHOOK_BEARER` is empty"),
        ("MISREAD_PARKING_TOKEN", "", "`MISREAD_PARKING_TOKEN` is empty"),
    ] {
        let report = report(&[(name, Some(value))]);
        assert!(report.contains(what), "{report}");
        assert!(report.ends_with("1 problem"), "{report}");
    }
}

#[test]
fn the_console_has_an_address_of_its_own_and_people_who_may_sign_in() {
    let (listen, proxy) = ("MISREAD_CONSOLE_LISTEN", "MISREAD_CONSOLE_PROXY");
    let deployment = load(&[]).unwrap().deployment;
    assert_eq!((deployment.console_listen, deployment.console_proxies.len()), (None, 0), "off by default");
    let set = [(listen, Some("127.0.0.1:8090")), (proxy, Some("192.0.2.1, 2001:db8::1"))];
    let deployment = load(&set).unwrap().deployment;
    assert_eq!(deployment.console_listen, Some("127.0.0.1:8090".parse().unwrap()));
    assert_eq!(deployment.console_proxies.len(), 2);
    let metrics = ("MISREAD_METRICS_LISTEN", Some("127.0.0.1:9464"));
    for taken in ["127.0.0.1:8080", "127.0.0.1:9464"] {
        let report = report(&[(listen, Some(taken)), (proxy, Some("192.0.2.1")), metrics]);
        assert!(
            report.contains("`MISREAD_CONSOLE_LISTEN` is the address of the webhooks or metrics"),
            "{report}"
        );
    }
    let report = report(&[(listen, Some("127.0.0.1:8090")), (proxy, Some("proxy.example"))]);
    assert!(report.contains("`MISREAD_CONSOLE_PROXY` is not a list of IP addresses"), "{report}");
}

#[test]
fn the_address_of_the_console_in_notes_is_safe_to_open() {
    let name = "MISREAD_CONSOLE_ADDRESS";
    let read = |changes: &[(&'static str, Option<&str>)]| load(changes).unwrap().deployment.console_address;
    assert_eq!(read(&[]), None);
    for (set, expected) in [
        ("https://console.example/", "https://console.example"),
        ("https://centre.example/misread/", "https://centre.example/misread"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
    ] {
        assert_eq!(read(&[(name, Some(set))]).as_deref(), Some(expected));
    }
    // People sign in there, so a developer's machine is no reason either.
    let report = report(&[(name, Some("http://console.example")), ("MISREAD_DEVELOPMENT", Some("1"))]);
    assert!(report.contains("`MISREAD_CONSOLE_ADDRESS` is plain http to another machine"), "{report}");
}

#[test]
fn a_mistake_in_the_file_of_the_consoles_people_is_told_without_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.toml");
    let hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA";
    let good = format!("[[user]]\nname = \"민지\"\nrole = \"admin\"\npassword = \"{hash}\"\n");
    let with = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        load(&[("MISREAD_CONSOLE_LISTEN", Some("127.0.0.1:8090")), ("MISREAD_CONSOLE_USERS", Some(path))])
    };
    let users = with(&good).unwrap().deployment.console_users;
    assert_eq!((users.len(), users[0].name.as_str(), users[0].role), (1, "민지", Role::Admin));
    for (text, what) in [
        (good.replace("admin", "root"), "is wrong near line 3"),
        (good.replace("password =", "password"), "is wrong near line 4"),
        (good.replace("name", "nmae"), "is wrong near line"),
        (good.replace("민지", " "), "holds a name that is empty"),
        (good.replace("argon2id", "argon2i"), "holds for `민지` no hash"),
        (good.clone() + &good, "holds `민지` twice"),
        ("user = []".to_owned(), "holds no user"),
    ] {
        let report = with(&text).unwrap_err().to_string();
        assert!(report.contains(what) && report.ends_with("1 problem"), "{what}: {report}");
        assert!(!report.contains("c2FsdHNhbHRz") && !report.contains("aGFzaGhhc2g"), "{report}");
    }
    let missing =
        [("MISREAD_CONSOLE_LISTEN", Some("127.0.0.1:8090")), ("MISREAD_CONSOLE_USERS", Some("/nowhere/x"))];
    assert!(report(&missing).contains("the file of `MISREAD_CONSOLE_USERS` cannot be read"));
}

#[test]
fn a_clock_that_is_wrong_on_purpose_is_for_a_developers_machine() {
    let name = "MISREAD_CLOCK_AHEAD_SECONDS";
    assert!(load(&[(name, Some("0"))]).unwrap().deployment.clock_ahead.is_zero());
    let refused = report(&[(name, Some("90"))]);
    assert!(refused.contains("`MISREAD_CLOCK_AHEAD_SECONDS` makes the clock wrong"), "{refused}");
    let drill = load(&[(name, Some("-90")), ("MISREAD_DEVELOPMENT", Some("1"))]).unwrap();
    assert_eq!(drill.deployment.clock_ahead.as_secs(), -90);
    for wrong in ["a minute", "86401"] {
        let refused = report(&[(name, Some(wrong)), ("MISREAD_DEVELOPMENT", Some("1"))]);
        assert!(refused.contains("is not a number of seconds of a day at most"), "{refused}");
    }
}

#[test]
fn a_secret_that_could_be_guessed_is_refused_except_on_a_developers_machine() {
    let (id, secret) = ("MISREAD_ZENDESK_CLIENT_ID", "MISREAD_ZENDESK_CLIENT_SECRET");
    let legacy = [(id, None), (secret, None), ("MISREAD_ZENDESK_EMAIL", Some("a@b.c"))];
    let guessable =
        ["x", "fifteen-charact", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ababcababcababcababc", "가나가나"];
    for name in [
        "MISREAD_WEBHOOK_SECRET",
        "MISREAD_WEBHOOK_BEARER",
        secret,
        "MISREAD_PARKING_TOKEN",
        "MISREAD_ZENDESK_API_TOKEN",
    ] {
        let others = if name == "MISREAD_ZENDESK_API_TOKEN" { &legacy[..] } else { &[] };
        for value in guessable {
            let mut changes = others.to_vec();
            changes.push((name, Some(value)));
            let refused = report(&changes);
            assert!(
                refused.contains(&format!("`{name}` ")) && refused.contains("it could be guessed"),
                "{refused}"
            );
            assert!(refused.ends_with("1 problem") && !refused.contains(value), "{refused}");
            changes.push(("MISREAD_DEVELOPMENT", Some("1")));
            load(&changes).unwrap();
        }
    }
    // Both secrets are checked.
    let one = report(&[("MISREAD_WEBHOOK_SECRET", Some("own-secret-1-of-these-tests,old"))]);
    assert!(one.contains("has fewer than 16 characters"), "{one}");
}

#[test]
fn a_database_on_another_machine_must_show_a_certificate_that_is_checked() {
    let url = |url: &str, others: &[(&str, &str)]| {
        let all = others.iter().copied().chain([("MISREAD_DATABASE_URL", url)]);
        let variables: BTreeMap<_, _> =
            all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        config::load_database_url(&variables).map_err(|report| report.to_string())
    };
    for (address, others) in [
        ("postgres://user@db/misread?sslmode=verify-full", &[][..]),
        ("postgres://user@db/misread?sslmode=verify-ca&sslrootcert=/ca.pem", &[]),
        ("postgres://user@db/misread", &[("PGSSLMODE", "verify-full")]),
        ("postgres://user@db/misread?sslmode=require", &[("MISREAD_DATABASE_UNVERIFIED", "1")]),
        ("postgres://user@localhost/misread", &[]),
        ("postgres://user@127.0.0.1:5433/misread", &[]),
        ("postgresql://user@[::1]/misread", &[]),
        ("postgres://user@localhost/misread?host=/run/postgresql", &[]),
        ("postgres://user@%2Frun%2Fpostgresql/misread", &[]),
        ("postgres:///misread", &[]),
        ("postgres:///misread", &[("PGHOST", "/run/postgresql")]),
    ] {
        assert_eq!(url(address, others).unwrap(), address);
    }
    for (address, others) in [
        ("postgres://user:hush@db/misread", &[][..]),
        ("postgres://user:hush@db/misread?sslmode=require", &[]),
        ("postgres://user:hush@db/misread?sslmode=prefer", &[("PGSSLMODE", "verify-full")]),
        ("postgres://user:hush@db/misread?sslmode=verify-full&sslmode=disable", &[]),
        ("postgres://user:hush@db/misread", &[("MISREAD_DATABASE_UNVERIFIED", "0")]),
        ("postgres://user:hush@localhost/misread?host=db", &[]),
        ("postgres://user:hush@localhost/misread?hostaddr=10.0.0.5", &[]),
        ("postgres://user:hush@127.0.0.1.example.com/misread", &[]),
        ("postgres:///misread?password=hush", &[("PGHOST", "db")]),
        ("postgres:///misread?password=hush", &[("PGHOSTADDR", "10.0.0.5"), ("PGHOST", "/run/postgresql")]),
    ] {
        let refused = url(address, others).unwrap_err();
        assert!(refused.contains("its certificate would not be checked"), "{address}: {refused}");
        assert!(refused.contains("?sslmode=verify-full") && !refused.contains("hush"), "{refused}");
    }
    let odd = url("postgres:///misread", &[("MISREAD_DATABASE_UNVERIFIED", "yes")]).unwrap_err();
    assert!(odd.contains("`MISREAD_DATABASE_UNVERIFIED` is neither 1 nor 0"), "{odd}");
}

#[test]
fn the_ledger_alone_can_be_looked_up() {
    assert_eq!(config::load_database_url(&BTreeMap::new()).unwrap(), "sqlite://misread.db");
    let other = BTreeMap::from([("MISREAD_DATABASE_URL".to_owned(), "sqlite:///data/x.db".to_owned())]);
    assert_eq!(config::load_database_url(&other).unwrap(), "sqlite:///data/x.db");
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_text_is_told() {
    use std::os::unix::ffi::OsStringExt;

    #[derive(Debug)]
    struct NotText;

    impl Environment for NotText {
        fn variable(&self, name: &str) -> Option<OsString> {
            (name == "MISREAD_DATABASE_URL").then(|| OsString::from_vec(vec![0xff]))
        }

        fn names(&self) -> Vec<OsString> {
            Vec::new()
        }
    }

    let report = config::load_database_url(&NotText).unwrap_err().to_string();
    assert!(report.contains("`MISREAD_DATABASE_URL` is not UTF-8 text"), "{report}");
}
