//! A proxy in the environment is not used unless the settings say so.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::held_up::{SECRET, delivery, status};
use super::process::{ACCOUNT_IDS, PATIENCE, Place, Running};
use super::service::ready;

/// Starts a service with a proxy in its environment and an unknown host as Zendesk, and sends it a delivery.
async fn serve(place: &mut Place, proxy: &TcpListener) -> Running {
    let address = format!("http://{}", proxy.local_addr().unwrap());
    for name in ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        place.set(name, &address);
    }
    place.set("MISREAD_DEVELOPMENT", "1");
    place.set("MISREAD_ZENDESK_URL", "http://zendesk.invalid");
    let mut service = place.start(&["serve"]);
    let mut stream = TcpStream::connect(ready(&mut service)).await.unwrap();
    assert_eq!(status(&mut stream, &delivery(SECRET, 7)).await, "200");
    service
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_the_environment_is_used_only_where_the_settings_say_so() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut place = Place::furnished();
    let mut service = serve(&mut place, &proxy).await;
    service.wait(|service| service.err().contains("trying again later").then_some(()));
    assert!(service.err().contains("the environment's proxy is not used"), "{}", service.err());
    drop(service);
    let nobody = tokio::time::timeout(Duration::ZERO, proxy.accept()).await;
    assert!(nobody.is_err(), "the proxy was called");

    place.write("config/misread.toml", &format!("{ACCOUNT_IDS}[network]\nproxy_from_environment = true\n"));
    let service = serve(&mut place, &proxy).await;
    let (mut call, _) = tokio::time::timeout(PATIENCE, proxy.accept()).await.expect("it is called").unwrap();
    let mut asked = [0; 26];
    call.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"POST http://zendesk.invali");
    assert!(service.err().contains("the environment's proxy is used"), "{}", service.err());
}
