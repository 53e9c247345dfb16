//! Where a request comes from when a trusted proxy passes it on.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

pub const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the person. Only a listed proxy is believed: the last address of `X-Forwarded-For` that is no listed proxy;
/// what stands before it may be the browser's own. An address that cannot be read counts as the proxy's.
pub fn client(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let values = headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or_default());
    let named: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    let last =
        named.into_iter().rev().map(address).find(|named| named.is_none_or(|at| !proxies.contains(&at)));
    last.flatten().unwrap_or(peer)
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    text.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}
