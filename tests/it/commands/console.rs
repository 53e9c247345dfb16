//! `misread console`, and the console of a running service.

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, redirect};

use super::process::Place;
use super::service::ready;
use crate::http_client;

const PASSWORD: &str = "correct horse battery staple";

/// A place in which one person may sign in to the console.
fn with_a_person() -> Place {
    let mut place = Place::furnished();
    let hashed = place.run_typing(&["console", "hash"], &format!("{PASSWORD}\n"));
    assert_eq!((hashed.code, hashed.err.as_str()), (Some(0), ""));
    assert!(hashed.out.starts_with("$argon2id$v=19$") && !hashed.out.contains(PASSWORD), "{}", hashed.out);
    let person =
        format!("[[user]]\nname = \"민지\"\nrole = \"admin\"\npassword = \"{}\"\n", hashed.out.trim());
    place.write("users.toml", &person);
    place.set("MISREAD_CONSOLE_LISTEN", "127.0.0.1:0");
    place.set("MISREAD_CONSOLE_USERS", "users.toml");
    place.set("MISREAD_LOG_FORMAT", "json");
    place
}

/// Signs in; returns the cookie.
async fn signed_in(client: &Client, url: &str) -> String {
    signed_in_as(client, url, "민지", PASSWORD).await
}

/// Signs this person in; returns the cookie.
pub(super) async fn signed_in_as(client: &Client, url: &str, name: &str, password: &str) -> String {
    let form = reqwest::Url::parse_with_params(url, [("name", name), ("password", password)]).unwrap();
    let form = form.query().unwrap().to_owned();
    let request = client.post(format!("{url}/sign-in")).header("origin", url);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_service_serves_the_console_and_commands_list_and_end_its_sessions() {
    let mut place = with_a_person();
    let mut service = place.start(&["serve"]);
    let console = service.said(|service| {
        let line = service.log().into_iter().find(|line| line["message"] == "the console is served")?;
        Some(format!("http://{}", line["address"].as_str().unwrap()))
    });
    let webhooks = ready(&mut service);
    let client = http_client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let cookie = signed_in(&client, &console).await;
    let get = async |url: String| client.get(url).header(COOKIE, &cookie).send().await.unwrap();
    let page = get(format!("{console}/system")).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("민지 · 관리"));
    assert_eq!(get(format!("http://{webhooks}/system")).await.status(), 404, "never where webhooks arrive");

    let listed = place.run(&["console", "sessions"]);
    assert!(listed.out.starts_with("민지  by password  "), "{}", listed.out);
    assert_eq!(place.run(&["console", "sign-out", "서준"]).out, "0 ended\n");
    assert_eq!(place.run(&["console", "sign-out", "민지"]).out, "1 ended\n");
    assert_eq!(get(format!("{console}/system")).await.status(), 303);
    assert_eq!(place.run(&["console", "sessions"]).out, "");
    let ended = service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(!ended.err.contains(PASSWORD) && !ended.err.contains("$argon2"), "{}", ended.err);
}

#[test]
fn a_short_password_and_a_damaged_hash_are_refused() {
    let mut place = with_a_person();
    let short = place.run_typing(&["console", "hash"], "short\n");
    assert_eq!((short.code, short.out.as_str()), (Some(2), ""));
    assert!(short.err.contains("a password has at least 12 characters"), "{}", short.err);
    place.replace("users.toml", "$m=", "$x=");
    let ended = place.run(&["serve"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("the password of the console's user `민지` is no hash"), "{}", ended.err);
}
