//! SIGHUP to `misread serve`: the new configuration becomes active as a whole or not at all, and the log gives the
//! reason.

use std::fs;

use jiff::Timestamp;
use misread::sandbox::seed;
use serde_json::Value;

use super::process::{ACCOUNT_IDS, Place, Running};
use super::service::Scene;

const POLICY: &str = "config/policy.toml";
const MACRO: &str = "config/macros/payment_cancelled.toml";
const RELOADED: &str = "reloaded: policy, words, macros and settings are active";

fn lines(service: &Running, message: &str) -> Vec<Value> {
    service.log().into_iter().filter(|line| line["message"] == message).collect()
}

/// The service at this place, and the hash of the policy that it started with.
fn serving(place: &mut Place) -> (Running, String) {
    let mut service = place.start(&["serve"]);
    let ready = service.said(|service| lines(service, "ready for webhooks").pop());
    let policy = ready["policy"].as_str().unwrap().to_owned();
    (service, policy)
}

/// Reloads until the log says the first `reloaded`.
fn reloaded(service: &mut Running) -> Value {
    service.reload();
    service.said(|service| lines(service, RELOADED).pop())
}

/// A different policy without problems.
fn edit_the_policy(place: &Place) {
    place.append(POLICY, "# edited\n");
}

fn hash_that_check_names(place: &mut Place) -> String {
    let check = place.run(&["check"]);
    assert_eq!(check.code, Some(0), "{}", check.err);
    let (_, hash) = check.out.split_once("버전 ").unwrap();
    hash.lines().next().unwrap().to_owned()
}

/// Removes a whole row, which leaves a gap.
fn remove_row(place: &Place, id: &str) {
    let text = fs::read_to_string(place.path(POLICY)).unwrap();
    let (before, row) = text.split_once(&format!("[[consultation]]\nid = \"{id}\"\n")).unwrap();
    let (_, after) = row.split_once("\n[[").unwrap();
    place.write(POLICY, &format!("{before}[[{after}"));
}

/// The folder has a valid change of the policy and a mistake. Nothing becomes active, and the log names these places.
/// After the mistake is corrected the change becomes active, and it replaces the policy of the start.
fn refuses(spoil: impl FnOnce(&mut Place), places: &[&str]) {
    let mut place = Place::furnished();
    let (mut service, at_the_start) = serving(&mut place);
    edit_the_policy(&place);
    let good = hash_that_check_names(&mut place);
    assert_ne!(good, at_the_start);
    spoil(&mut place);
    service.reload();
    let refused = service.said(|service| {
        service.log().into_iter().find(|line| {
            line["message"].as_str().is_some_and(|message| message.starts_with("not reloaded: "))
        })
    });
    assert_eq!(refused["level"], "ERROR");
    let problems = lines(&service, "wrong in the configuration");
    assert_eq!(refused["problems"], problems.len());
    for named in places {
        let begins = |line: &Value| line["place"].as_str().is_some_and(|place| place.starts_with(named));
        assert!(problems.iter().any(begins), "{named} is not named: {problems:#?}");
    }
    let elsewhere =
        |line: &&Value| !places.iter().any(|named| line["place"].as_str().unwrap().starts_with(named));
    assert_eq!(problems.iter().find(elsewhere), None);
    assert!(
        problems.iter().all(|line| line["level"] == "ERROR" && line["problem"].is_string()),
        "{problems:#?}"
    );
    assert_eq!(lines(&service, RELOADED), [Value::Null; 0]);

    place.copy_config(ACCOUNT_IDS);
    edit_the_policy(&place);
    let active = reloaded(&mut service);
    assert_eq!((&active["policy_before"], &active["policy"]), (&at_the_start.into(), &good.into()));
    assert_eq!(service.terminated().code, Some(0));
}

#[test]
fn a_good_change_becomes_active_without_a_restart() {
    let mut place = Place::furnished();
    let (mut service, before) = serving(&mut place);
    edit_the_policy(&place);
    place.append("config/words.toml", "# edited\n");
    fs::copy(place.path(MACRO), place.path("config/macros/one_more.toml")).unwrap();
    let active = reloaded(&mut service);
    assert_eq!(active["policy_before"], before);
    assert_eq!(active["policy"], hash_that_check_names(&mut place));
    let texts = active["macros"].as_u64().unwrap() + active["paragraphs"].as_u64().unwrap();
    assert_eq!(texts, fs::read_dir(place.path("config/macros")).unwrap().count() as u64);
    assert_eq!(lines(&service, "ready for webhooks").len(), 1, "it started anew");
    assert_eq!(service.terminated().code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_comes_after_the_reload_is_decided_by_the_new_policy() {
    let mut scene = Scene::set().await;
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    let story = stories.iter().find(|story| story.row == Some(4)).unwrap();
    edit_the_policy(&scene.place);
    let active = reloaded(&mut scene.service);
    let id = scene.opens(story).await;
    scene.settled(id).await;
    let shown = scene.place.run(&["case", "show", &id.to_string()]);
    let show = scene.place.run(&["case", "show", &id.to_string(), "--json"]);
    let told = format!(r#""policy": "{}""#, active["policy"].as_str().unwrap());
    assert_ne!(active["policy"], active["policy_before"]);
    assert!(show.out.contains(&told), "{told}: {}", show.out);
    assert!(shown.out.contains("판단\n") && !shown.out.contains("다른 정책"), "{}", shown.out);
}

#[test]
fn a_policy_with_a_gap_is_never_activated() {
    refuses(|place| remove_row(place, "use_not_found"), &[POLICY]);
}

#[test]
fn a_broken_macro_leaves_the_old_configuration_active() {
    refuses(
        |place| place.replace(MACRO, "결제된 {{ parking.amount }}", "결제된 {{ parking.price }}"),
        &[MACRO],
    );
}

#[test]
fn broken_words_leave_the_old_configuration_active_and_the_line_is_named() {
    refuses(|place| place.write("config/words.toml", "[yes]\nwrods = [\"네\"]\n"), &["config/words.toml"]);
}

#[test]
fn a_wrong_setting_leaves_the_old_configuration_active_and_line_and_column_are_named() {
    let settings = format!("{ACCOUNT_IDS}[worker]\nconcurrency = 0\n");
    let line = settings.lines().count();
    let named = format!("config/misread.toml:{line}:15");
    refuses(|place| place.write("config/misread.toml", &settings), &[&named]);
}

#[test]
fn mistakes_in_two_files_are_both_named() {
    refuses(
        |place| {
            remove_row(place, "use_not_found");
            place.write("config/words.toml", "[yes\n");
        },
        &[POLICY, "config/words.toml"],
    );
}

#[test]
fn a_folder_that_is_not_whole_leaves_the_old_configuration_active() {
    refuses(|place| fs::remove_file(place.path("config/words.toml")).unwrap(), &["config/words.toml"]);
    refuses(|place| fs::remove_file(place.path(MACRO)).unwrap(), &[POLICY]);
}

#[test]
fn settings_that_need_a_restart_are_named_and_the_rest_becomes_active() {
    let mut place = Place::furnished();
    place.unset("MISREAD_PARKING_TOKEN");
    place.write("token", "parking-token-of-these-tests");
    place.set("MISREAD_PARKING_TOKEN_FILE", "token");
    let (mut service, before) = serving(&mut place);
    edit_the_policy(&place);
    let settings = ACCOUNT_IDS.replace("agents = 3", "agents = 33");
    place.write("config/misread.toml", &format!("{settings}[worker]\nconcurrency = 3\n"));
    place.write("token", "another-token-of-these-tests");
    let active = reloaded(&mut service);
    assert_eq!(active["policy_before"], before);
    assert_ne!(active["policy"], before);
    let kept: Vec<Value> = service.log().into_iter().filter(|line| !line["settings"].is_null()).collect();
    assert_eq!(kept.len(), 1, "{kept:#?}");
    assert_eq!(
        (kept[0]["level"].as_str(), kept[0]["settings"].as_str()),
        (Some("WARN"), Some("worker.concurrency, zendesk.groups.agents, MISREAD_PARKING_TOKEN"))
    );
    let log = service.terminated().err;
    assert!(
        !log.contains("another-token-of-these-tests") && !log.contains("parking-token-of-these-tests"),
        "{log}"
    );
}
