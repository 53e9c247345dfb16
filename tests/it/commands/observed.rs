//! What engineers and their tools see of a running service: metrics, health, systemd's protocol, the form of the log.

use std::os::unix::net::UnixDatagram;

use super::process::{PATIENCE, Place};
use super::service::ready;
use crate::http_client;

/// Receives until a message contains `wanted`; returns that message.
fn told(manager: &UnixDatagram, wanted: &str) -> String {
    let mut bytes = [0; 4096];
    loop {
        let length = manager.recv(&mut bytes).unwrap_or_else(|error| panic!("`{wanted}`: {error}"));
        let message = String::from_utf8(bytes[..length].to_vec()).unwrap();
        if message.contains(wanted) {
            return message;
        }
    }
}

#[test]
fn systemd_is_told_of_readiness_reloads_and_the_end() {
    let mut place = Place::furnished();
    let socket = place.path("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    place.set("NOTIFY_SOCKET", socket.to_str().unwrap());
    let service = place.start(&["serve"]);
    let first = told(&manager, "READY=1");
    assert!(first.contains("STATUS=policy ") && first.contains("cases: 0 active"), "{first}");
    place.append("config/misread.toml", "\n[waiting]\nreply_hours = \"soon\"\n");
    service.reload();
    // sd_notify(3): Type=notify-reload needs the time of the reload's start.
    assert!(told(&manager, "RELOADING=1").contains("MONOTONIC_USEC="));
    assert!(told(&manager, "READY=1").contains("RELOAD REFUSED at "));
    let ended = service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    told(&manager, "STOPPING=1");
}

#[test]
fn a_command_asks_the_service_for_its_health_and_metrics_have_a_listener_of_their_own() {
    let mut place = Place::furnished();
    place.set("MISREAD_METRICS_LISTEN", "127.0.0.1:0");
    place.set("MISREAD_LOG_FORMAT", "json");
    let mut service = place.start(&["serve"]);
    let metrics = service.said(|service| {
        let line = service.log().into_iter().find(|line| line["message"] == "metrics are served")?;
        Some(line["address"].as_str().unwrap().to_owned())
    });
    let address = ready(&mut service);
    let get = |address: &str, path: &str| {
        let (address, path) = (address.to_owned(), path.to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let answer = http_client::get(format!("http://{address}{path}")).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    };
    let (status, text) = get(&metrics, "/metrics");
    assert_eq!(status, 200);
    assert!(text.contains("\nmisread_store_up 1\n") && text.contains("\nmisread_build_info{"), "{text}");
    assert_eq!(get(&address, "/metrics").0, 404, "the webhook's listener serves no figures");
    place.set("MISREAD_LISTEN", &address);
    let asked = place.run(&["health", "--live"]);
    assert_eq!((asked.code, asked.out.trim()), (Some(0), r#"{"status":"live"}"#), "{}", asked.err);
    assert_eq!(service.terminated().code, Some(0));
    let asked = place.run(&["health"]);
    assert_eq!(asked.code, Some(1));
    assert!(asked.err.contains(&format!("no service answers on {address}")), "{}", asked.err);
}

#[test]
fn the_form_of_the_log_can_be_chosen() {
    let mut place = Place::furnished();
    place.set("MISREAD_LOG_FORMAT", "text");
    let mut service = place.start(&["serve"]);
    let line = service.said(|service| {
        service.err().lines().find(|line| line.contains("ready for webhooks")).map(str::to_owned)
    });
    assert!(!line.starts_with('{'), "{line}");
}
