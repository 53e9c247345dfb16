//! How long a customer waits in calm: real time, and every answer of both systems takes 50 ms.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use misread::app::{Service, SystemClock};
use misread::config::{Files, Loaded, load_files};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::{self, Story};
use misread::sandbox::zendesk::SERVICE_USER;
use misread::testbed::sandbox::{Sandbox, account_ids};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const STORY: &str = "결제 완료, 소유인증 완료";
const ANSWER: Duration = Duration::from_millis(50);
const ROUNDS: u32 = 20;
/// Ticket, changes, account, uses, refund, inspection, reply: one after another they take so many answers. Those for account and uses
/// are waited for at the same time.
const CALLS: u32 = 7;

pub(crate) async fn report(folder: &Path) {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any_port).await.expect("a port is free");
    let listen = listener.local_addr().expect("it is bound");
    let webhook_url = format!("http://{listen}/webhooks/zendesk");
    let sandbox = Sandbox::start([any_port; 2], &webhook_url, Arc::new(SystemClock), &tasks, &stop)
        .await
        .expect("the sandbox starts");
    let Files { settings, policy, words, openings, macros } =
        load_files(&BTreeMap::new()).expect("the built-in files are good");
    let deployment = sandbox.deployment(listen, format!("sqlite://{}", folder.join("calm.db").display()));
    let loaded = Loaded { settings, account: account_ids(), deployment, policy, words, openings, macros };
    let service =
        Service::assemble(loaded, Arc::new(SystemClock)).await.expect("the service can be assembled");
    tasks.spawn(service.run(listener, None, stop.clone()));
    let slow = Fault::Latency { milliseconds: u64::try_from(ANSWER.as_millis()).unwrap_or(u64::MAX) };
    sandbox.parking.faults().inject(FaultRule::always("", slow.clone()));
    sandbox.zendesk.faults().inject(FaultRule::always("", slow));
    let story = sandbox.stories.iter().find(|story| story.title.starts_with(STORY)).expect("it is there");
    let mut waits = Vec::new();
    // The first one pays for the access token.
    for number in 1..=ROUNDS + 1 {
        waits.push(wait(&sandbox, &story.copy(number)).await);
    }
    let waits = &mut waits[1..];
    waits.sort_unstable();
    let (median, worst) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    let calls = ANSWER * CALLS;
    println!(
        "in calm, answers take {ANSWER:?}: from the webhook's sending to the public reply, {ROUNDS} tickets"
    );
    println!("  median {median:.1?}, worst {worst:.1?}; the {CALLS} calls one after another take {calls:?}");
    println!("  median : calls = {:.2}", median.as_secs_f64() / calls.as_secs_f64());
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

/// How long it takes until this customer can read the reply, from the moment their webhook is sent.
async fn wait(sandbox: &Sandbox, customer: &Story) -> Duration {
    seed::load(&sandbox.parking, &sandbox.zendesk, std::slice::from_ref(customer));
    let id = customer.open(&sandbox.zendesk).expect("the story was loaded");
    let began = Instant::now();
    sandbox.zendesk.deliver_webhooks().await;
    loop {
        let replied =
            sandbox.zendesk.public_comments(id).iter().any(|comment| comment.author_id == SERVICE_USER);
        if replied {
            break;
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    let took = began.elapsed();
    // The next one begins when this one is done with.
    while sandbox.zendesk.internal_notes(id).is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    took
}
