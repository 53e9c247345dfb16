//! `misread zendesk`: a person sets up an empty account with three commands.

use std::os::unix::fs::PermissionsExt as _;

use misread::sandbox::seed;
use misread::testbed::sandbox::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, CLIENT_ID, CLIENT_SECRET};
use reqwest::Method;
use serde_json::{Value, json};

use super::process::Place;
use crate::http_client;
use crate::world::ground::Ground;

fn place(ground: &Ground) -> Place {
    let mut place = Place::new();
    place.copy_config("");
    for (name, value) in [
        ("MISREAD_CONFIG", "config"),
        ("MISREAD_ZENDESK_URL", ground.sandbox.zendesk_url.as_str()),
        ("MISREAD_ZENDESK_CLIENT_ID", CLIENT_ID),
        ("MISREAD_ZENDESK_CLIENT_SECRET", CLIENT_SECRET),
        ("MISREAD_ZENDESK_ADMIN_CLIENT_ID", ADMIN_CLIENT_ID),
        ("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET", ADMIN_CLIENT_SECRET),
        ("MISREAD_PUBLIC_URL", "https://misread.example"),
    ] {
        place.set(name, value);
    }
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_account_is_set_up_by_plan_apply_and_check() {
    let ground = Ground::empty().await;
    let mut place = place(&ground);
    let planned = place.run(&["zendesk", "plan", "--used-at"]);
    assert_eq!(planned.code, Some(3), "{}", planned.err);
    insta::assert_snapshot!(
        "plan_of_an_empty_account",
        planned.out.replace(&ground.sandbox.zendesk_url, "URL")
    );

    let refused = place.run_typing(&["zendesk", "apply", "--used-at"], "n\n");
    assert_eq!(refused.code, Some(3));
    assert!(refused.out.ends_with("Carry this out? [y/N] nothing was changed\n"), "{}", refused.out);
    assert_eq!(ground.all("webhooks").await.len(), 0);

    let applied = place.run_typing(&["zendesk", "apply", "--used-at", "--secret-file", "secret"], "y\n");
    assert_eq!(applied.code, Some(0), "{}{}", applied.out, applied.err);
    let file = place.path("secret");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = std::fs::read_to_string(&file).unwrap();
    let webhook = ground.one("webhooks", "misread").await["id"].as_str().unwrap().to_owned();
    let shown = ground.admin(Method::GET, &format!("webhooks/{webhook}/signing_secret"), Value::Null).await;
    assert_eq!(secret, format!("{}\n", shown["signing_secret"]["secret"].as_str().unwrap()));
    for output in [&applied.out, &applied.err] {
        assert!(!output.contains(secret.trim()), "the secret is never on the terminal");
    }
    assert!(applied.out.contains("made: trigger [misread] 고객 답변\n"), "{}", applied.out);

    // Settings and environment are set exactly as the output says.
    let (_, lines) = applied.out.split_once("Into misread.toml:\n\n").unwrap();
    let (settings, environment) = lines.split_once("\nInto the service's environment:\n\n").unwrap();
    place.write("config/misread.toml", settings);
    let (name, value) = environment.trim().split_once('=').unwrap();
    place.set(name, value);
    let again = place.run(&["zendesk", "plan"]);
    assert_eq!(again.code, Some(0), "{}", again.out);
    assert!(
        again.out.ends_with("\nnothing to do: the account is as the settings want it\n"),
        "{}",
        again.out
    );
    assert!(again.out.contains("= signing secret (the one of MISREAD_WEBHOOK_SECRET)\n"), "{}", again.out);
    let again = place.run(&["zendesk", "apply", "--yes", "--secret-file", "secret"]);
    assert_eq!((again.code, again.out.contains("made:")), (Some(0), false), "{}", again.out);

    let checked = place.run(&["zendesk", "check"]);
    assert_eq!(checked.code, Some(3), "{}", checked.err);
    assert!(
        checked.out.contains("\nWRONG        agents in group 일반 상담: there is nobody but the service\n"),
        "{}",
        checked.out
    );
    assert!(
        checked.out.contains("\nWRONG        clocks: Zendesk's is "),
        "the sandbox's clock stands still: {}",
        checked.out
    );
    assert!(checked.out.ends_with(" good, 5 wrong, 1 not checked\n"), "{}", checked.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_is_not_written_over_and_what_is_missing_is_told_before_anything_is_done() {
    let ground = Ground::empty().await;
    let mut place = place(&ground);
    place.write("secret", "something else\n");
    let apply = |file: &'static str| ["zendesk", "apply", "--yes", "--secret-file", file];
    let ended = place.run(&apply("nowhere/secret"));
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("there is no folder nowhere"), "{}", ended.err);
    assert_eq!(ground.all("webhooks").await.len(), 0, "before anything was done");
    let ended = place.run(&apply("secret"));
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("secret is there and holds something else"), "{}", ended.err);
    assert_eq!(std::fs::read_to_string(place.path("secret")).unwrap(), "something else\n");
    assert_eq!(ground.all("webhooks").await.len(), 0, "before anything was done");
    place.unset("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET");
    place.unset("MISREAD_PUBLIC_URL");
    let ended = place.run(&["zendesk", "plan"]);
    assert_eq!(ended.code, Some(2));
    for missing in ["the admin credentials for Zendesk are not complete", "`MISREAD_PUBLIC_URL` is not set"] {
        assert!(ended.err.contains(missing), "{missing}: {}", ended.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_shown_with_what_is_and_what_should_be() {
    let ground = Ground::set_up().await;
    let mut place = place(&ground);
    let trigger = ground.one("triggers", "[misread] 고객 답변").await;
    let path = format!("triggers/{}", trigger["id"]);
    ground.admin(Method::PUT, &path, json!({ "trigger": { "active": false } })).await;
    let planned = place.run(&["zendesk", "plan"]);
    assert_eq!(planned.code, Some(3));
    assert!(
        planned.out.contains("~ trigger [misread] 고객 답변\n    active: false → true\n"),
        "{}",
        planned.out
    );
    assert!(
        planned.out.ends_with("\n0 to create (+), 1 to change (~), 0 for a person (!)\n"),
        "{}",
        planned.out
    );
    let applied = place.run(&["zendesk", "apply", "--yes"]);
    assert!(applied.out.contains("\nchanged: trigger [misread] 고객 답변\n"), "{}", applied.out);
    assert_eq!(applied.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_with_processes_alone_from_an_empty_sandbox_to_a_settled_ticket() {
    let mut place = Place::new();
    place.copy_config("");
    let mut sandbox =
        place.start(&["sandbox", "--empty", "--parking", "127.0.0.1:0", "--zendesk", "127.0.0.1:0"]);
    let told = sandbox
        .said(|sandbox| Some(sandbox.out()).filter(|out| out.contains("--secret-file webhook-secret\n")));
    for (name, value) in told.split_whitespace().filter_map(|word| word.split_once('=')) {
        place.set(name, value);
    }
    let word = |name: &str| told.lines().find(|line| line.starts_with(name)).unwrap().split_whitespace();
    let parking = word("mock parking API").next_back().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (name, value) in [
        ("MISREAD_CONFIG", "config"),
        ("MISREAD_PUBLIC_URL", &*format!("http://{free}")),
        ("MISREAD_LISTEN", &free.to_string()),
        ("MISREAD_DATABASE_URL", "sqlite://misread.db"),
        ("MISREAD_PARKING_URL", parking),
        ("MISREAD_PARKING_TOKEN", misread::testbed::sandbox::PARKING_TOKEN),
    ] {
        place.set(name, value);
    }
    let applied = place.run(&["zendesk", "apply", "--yes", "--secret-file", "webhook-secret"]);
    assert_eq!(applied.code, Some(0), "{}{}", applied.out, applied.err);
    let (_, lines) = applied.out.split_once("Into misread.toml:\n\n").unwrap();
    place.write("config/misread.toml", lines.split_once("\nInto the service's").unwrap().0);
    place.set("MISREAD_WEBHOOK_SECRET_FILE", "webhook-secret");
    let mut service = place.start(&["serve"]);
    super::service::ready(&mut service);
    let checked = place.run(&["zendesk", "check"]);
    let wrong: Vec<&str> = checked.out.lines().filter(|line| line.starts_with("WRONG")).collect();
    assert!(wrong.iter().all(|line| line.contains("there is nobody but the service")), "{wrong:#?}");

    let story =
        seed::stories(jiff::Timestamp::UNIX_EPOCH).into_iter().find(|story| story.row == Some(4)).unwrap();
    let http = http_client::client();
    let zendesk = told.split_whitespace().find_map(|word| word.strip_prefix("MISREAD_ZENDESK_URL=")).unwrap();
    let ticket = json!({ "requester_id": story.customer.id, "subject": story.subject, "description": story.message,
        "tags": ["no_self_use"], "custom_fields": {} });
    let opened = http.post(format!("{zendesk}/sandbox/tickets")).json(&ticket).send().await.unwrap();
    let id = opened.json::<Value>().await.unwrap()["ticket_id"].clone();
    let show = format!("{zendesk}/sandbox/tickets/{id}");
    let begun = std::time::Instant::now();
    loop {
        let seen: Value = http.get(&show).send().await.unwrap().json().await.unwrap();
        if seen.to_string().contains("misread_done") {
            break;
        }
        assert!(begun.elapsed() < super::process::PATIENCE, "{seen}\n{}", service.err());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(service.terminated().code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_could_not_look_ends_otherwise_than_one_that_found_something() {
    let ground = Ground::set_up().await;
    let mut place = place(&ground);
    // The address has no listener.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    place.set("MISREAD_ZENDESK_URL", &format!("http://{free}"));
    let checked = place.run(&["zendesk", "check"]);
    assert_eq!(checked.code, Some(4), "{}{}", checked.out, checked.err);
    assert!(
        checked.out.starts_with("NOT SEEN     sign-in of the service: no usable answer of Zendesk: "),
        "{}",
        checked.out
    );
    assert!(!checked.out.contains("MISREAD_"), "{}", checked.out);
    assert!(
        checked.out.ends_with("\n0 good, 0 wrong, 0 not checked, 1 could not be looked at\n"),
        "{}",
        checked.out
    );
    let planned = place.run(&["zendesk", "plan"]);
    assert_eq!(planned.code, Some(1), "{}", planned.out);
    assert!(planned.err.contains("no usable answer of Zendesk: no access token: "), "{}", planned.err);
    assert!(!planned.err.contains("MISREAD_"), "{}", planned.err);
    let help = place.run(&["zendesk", "check", "--help"]).out;
    assert!(help.contains("4 nothing wrong was found, but something could not be looked at"), "{help}");
    place.set("MISREAD_ZENDESK_URL", &ground.sandbox.zendesk_url);
    place.set("MISREAD_ZENDESK_CLIENT_SECRET", "not-the-secret-of-it");
    let checked = place.run(&["zendesk", "check"]);
    assert_eq!(checked.code, Some(3), "{}{}", checked.out, checked.err);
    assert!(
        checked.out.contains("look at MISREAD_ZENDESK_URL and at MISREAD_ZENDESK_CLIENT_ID"),
        "{}",
        checked.out
    );
}
