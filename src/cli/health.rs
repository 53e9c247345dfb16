//! `misread health`: asks the running service whether it is ready. An image without a shell has no other client.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use crate::config::{self, ProcessEnvironment};

/// The time limit of the question; a readiness check takes up to four seconds.
const WITHIN: Duration = Duration::from_secs(8);

pub(super) async fn run(live: bool) -> anyhow::Result<ExitCode> {
    let address = reachable(config::listen(&ProcessEnvironment)?);
    let path = if live { "live" } else { "ready" };
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build()?;
    let answer = client.get(format!("http://{address}/health/{path}")).send().await;
    let answer = answer.with_context(|| format!("no service answers on {address}"))?;
    let status = answer.status();
    writeln!(io::stdout(), "{}", answer.text().await?)?;
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The address to connect to: a service that listens on every interface also listens on the loopback.
pub fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback: IpAddr =
            if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        address.set_ip(loopback);
    }
    address
}
