//! Only one process works on a SQLite ledger. After a kill the next one starts at once and continues the claimed cases.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::sandbox::seed;
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use tokio::net::TcpListener;

use super::held_up::{SECRET, delivery, status};
use super::process::{PATIENCE, Place, Running};
use super::service::{Scene, ready};
use crate::http_client;

/// Far shorter than a lease, and long enough for a start on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(10);
/// The longest wait for the first answer, for nine of ten customers, after a restart.
const FIRST_REPLY: Duration = Duration::from_secs(5);

/// A second service is refused, and the message names the process of the first one.
fn refused(place: &mut Place, ledger: &str, first: &Running) {
    place.set("MISREAD_DATABASE_URL", &format!("sqlite://{ledger}"));
    let second = place.run(&["serve"]);
    assert_eq!((second.code, second.out.as_str()), (Some(1), ""), "{ledger}: {}", second.err);
    let told = format!("is in use by process {} since 20", first.id());
    assert!(second.err.contains(&told), "{ledger}: {}", second.err);
    assert!(second.err.contains("stop that one first"), "{}", second.err);
}

#[test]
fn a_second_service_on_the_same_file_is_refused_however_its_path_is_spelt_and_commands_work_beside() {
    let mut place = Place::furnished();
    fs::create_dir(place.path("data")).unwrap();
    symlink("data", place.path("folder-link")).unwrap();
    symlink("data/misread.db", place.path("file-link.db")).unwrap();
    symlink("data/missing.db", place.path("dangling.db")).unwrap();
    place.set("MISREAD_DATABASE_URL", "sqlite://data/misread.db");
    let mut first = place.start(&["serve"]);
    ready(&mut first);
    let absolute = place.path("data/misread.db").display().to_string();
    for ledger in
        ["data/misread.db", "./data/../data/misread.db", &absolute, "folder-link/misread.db", "file-link.db"]
    {
        refused(&mut place, ledger, &first);
        for command in [&["case", "list"][..], &["case", "figures"], &["check"]] {
            let beside = place.run(command);
            assert_eq!(beside.code, Some(0), "{command:?}: {}", beside.err);
        }
    }
    place.set("MISREAD_DATABASE_URL", "sqlite://dangling.db");
    let dangling = place.run(&["serve"]);
    assert!(dangling.err.contains("a symbolic link that leads nowhere"), "{}", dangling.err);
    // A different file in the same folder is a different ledger.
    place.set("MISREAD_DATABASE_URL", "sqlite://data/other.db");
    let mut other = place.start(&["serve"]);
    ready(&mut other);

    first.signal("KILL");
    first.ended();
    let began = Instant::now();
    place.set("MISREAD_DATABASE_URL", "sqlite://file-link.db");
    let mut next = place.start(&["serve"]);
    ready(&mut next);
    assert!(began.elapsed() < AT_ONCE, "it took {:?}", began.elapsed());
    refused(&mut place, "data/misread.db", &next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_lock_file_removed_still_no_second_process_works_on_the_ledger() {
    let mut place = Place::furnished();
    place.set("MISREAD_DATABASE_URL", "sqlite://misread.db");
    let mut first = place.start(&["serve"]);
    let address = ready(&mut first);
    let health = format!("http://{address}/health/ready");
    fs::remove_file(place.path("misread.db.lock")).unwrap();
    // The next write takes the lock again.
    let answer = http_client::get(&health).await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["store"], "ok");
    refused(&mut place, "misread.db", &first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_service_held_is_taken_up_at_once_by_the_next() {
    let zendesk = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut place = Place::furnished();
    place.set("MISREAD_DATABASE_URL", "sqlite://misread.db");
    place.set("MISREAD_ZENDESK_URL", &format!("http://{}", zendesk.local_addr().unwrap()));
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    assert_eq!(status(&mut stream, &delivery(SECRET, 35436)).await, "200");
    // Zendesk receives the request and never answers it. It may be the sweep's request: the case must be claimed as
    // well.
    let call = async || tokio::time::timeout(PATIENCE, zendesk.accept()).await.expect("it is called");
    let _held = call().await;
    let ledger = format!("sqlite://{}", place.path("misread.db").display());
    let mut beside = SqliteConnection::connect(&ledger).await.unwrap();
    let claimed = async {
        while sqlx::query_scalar::<_, i64>("SELECT count(*) FROM cases WHERE lease_until IS NOT NULL")
            .fetch_one(&mut beside)
            .await
            .unwrap()
            == 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, claimed).await.expect("the case is claimed");
    beside.close().await.unwrap();
    service.signal("KILL");
    service.ended();
    let began = Instant::now();
    let mut next = place.start(&["serve"]);
    let _again = call().await;
    assert!(began.elapsed() < AT_ONCE, "it took {:?}", began.elapsed());
    next.wait(|next| next.err().contains("cases that a process held when it ended").then_some(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_have_their_first_answer_soon_after_a_kill_in_the_middle_of_the_work() {
    let mut scene = Scene::set().await;
    let address = ready(&mut scene.service);
    scene.place.set("MISREAD_LISTEN", &address);
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    // Until the kill, every ticket's history comes so slowly that the tickets that are worked on have no answer yet.
    scene.slowly("GET", "/audits", Duration::from_secs(3)).await;
    let mut tickets = Vec::new();
    for story in &stories {
        tickets.push(scene.opens(story).await);
    }
    scene
        .service
        .wait(|service| (service.err().matches("delivery accepted").count() >= stories.len()).then_some(()));
    scene.service.signal("KILL");
    let killed = Instant::now();
    scene.quickly().await;
    tickets = scene.unanswered(tickets).await;
    let under_way = scene.place.run(&["case", "list", "--state", "active"]).out.lines().skip(1).count();
    scene.service = scene.place.start(&["serve"]);
    ready(&mut scene.service);
    assert!(under_way > 1, "no case was claimed when it was killed");
    assert!(tickets.len() > stories.len() / 2, "only {} customers had no answer yet", tickets.len());
    // What the start takes is a part of the wait.
    let waits = scene.waits(killed, tickets).await;
    let nine_of_ten = waits[waits.len() * 9 / 10];
    assert!(nine_of_ten <= FIRST_REPLY, "{waits:?}");
}
