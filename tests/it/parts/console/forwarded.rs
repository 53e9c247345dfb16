use std::net::IpAddr;

use axum::http::HeaderMap;
use misread::console::forwarded::{FORWARDED_FOR, client};

#[test]
fn a_listed_proxy_is_believed_as_far_as_it_saw_the_connection_itself() {
    let proxies: Vec<IpAddr> = ["10.0.0.1", "10.0.0.2"].map(|proxy| proxy.parse().unwrap()).into();
    for (peer, forwarded, wanted) in [
        ("203.0.113.9", &["198.51.100.7"][..], "203.0.113.9"),
        ("10.0.0.1", &[], "10.0.0.1"),
        ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", &["192.0.2.66, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", &["192.0.2.66", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", &["198.51.100.7:51234"], "198.51.100.7"),
        ("10.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1"),
        ("10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", &["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", &["10.0.0.2"], "10.0.0.1"),
    ] {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let peer = peer.parse().unwrap();
        assert_eq!(
            client(&headers, peer, &proxies),
            wanted.parse::<IpAddr>().unwrap(),
            "{peer} {forwarded:?}"
        );
    }
}
