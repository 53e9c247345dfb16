//! The console's pages over a connection, from the real router: what a person waits for.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use misread::app::{Service, SystemClock};
use misread::config::{Files, Loaded, load_files};
use misread::console;
use misread::ports::Clock;
use misread::testbed::sandbox::{Sandbox, account_ids};
use reqwest::Client;
use reqwest::header::{COOKIE, SET_COOKIE};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a page may take.
pub(crate) const PROMISED: Duration = Duration::from_millis(100);
const TIMES: usize = 15;
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The pages, and filters of every kind: common, rare, together, and for what is nowhere.
pub(crate) const PAGES: [&str; 24] = [
    "/",
    "/tickets",
    "/tickets?state=ended",
    "/tickets?state=waiting",
    "/tickets?state=stuck",
    "/tickets?row=row_3",
    "/tickets?row=row_3&ending=handed_over",
    "/tickets?lot=lot-77",
    "/tickets?lot=lot-77&row=row_3",
    "/tickets?ending=settled&won_from=49000",
    "/tickets?ending=settled&won_from=900000",
    "/tickets?won_from=900000",
    "/tickets?from=2024-01-01&to=2024-12-31",
    "/tickets?from=2024-01-01&to=2024-12-31&row=row_3",
    "/tickets?waits=payment",
    "/tickets?q=acct-77",
    "/tickets?q=12%EA%B0%801077",
    "/tickets/77",
    "/bulk?state=stuck&what=retry",
    "/stuck",
    "/waiting",
    "/figures",
    "/figures?by=month",
    "/system",
];

/// The median of each page's times.
pub(crate) async fn measure(address: &str) -> Vec<Duration> {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let sandbox = Sandbox::start([ANY_PORT; 2], "http://127.0.0.1:9/", Arc::clone(&clock), &tasks, &stop)
        .await
        .expect("the sandbox starts");
    let Files { settings, policy, words, openings, macros } =
        load_files(&BTreeMap::new()).expect("the built-in files are good");
    let mut deployment = sandbox.deployment(ANY_PORT, address.to_owned());
    deployment.console_proxies = vec![ANY_PORT.ip()];
    let account = account_ids();
    let configuration = Loaded { settings, account, deployment, policy, words, openings, macros };
    let service = Service::assemble(configuration, clock).await.expect("the service can be assembled");
    let listener = TcpListener::bind(ANY_PORT).await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let console = service.console().expect("the console can be made");
    let served = tokio::spawn(console::serve(listener, console, stop.clone()));
    let client = Client::builder().build().expect("a client can be made");
    // As a browser: the first answer begins a session.
    let mut cookie = String::new();
    let mut medians = Vec::with_capacity(PAGES.len());
    for page in PAGES {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let started = Instant::now();
            let request = client
                .get(format!("{url}{page}"))
                .header("x-forwarded-user", "bench")
                .header("x-forwarded-groups", "misread-admin")
                .header(COOKIE, &cookie);
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{page}: {}", answer.status());
            if let Some(given) = answer.headers().get(SET_COOKIE).and_then(|given| given.to_str().ok()) {
                given.split(';').next().unwrap_or_default().clone_into(&mut cookie);
            }
            let text = answer.text().await.expect("a page");
            times.push(started.elapsed());
            assert!(text.contains("</html>"), "{page}");
        }
        times.sort_unstable();
        medians.push(times[TIMES / 2]);
    }
    stop.cancel();
    served.await.expect("the console ends").expect("the console was served");
    medians
}
