//! HTTP clients for the tests' own servers.

use reqwest::{Client, ClientBuilder, Response};

/// The beginning of a client. The servers have no TLS, and reading the machine's authorities is most of what a client
/// costs.
pub(crate) fn builder() -> ClientBuilder {
    Client::builder().no_proxy().tls_certs_only([])
}

pub(crate) fn client() -> Client {
    builder().build().unwrap()
}

/// The response of a server; an error if there is none.
pub(crate) async fn get(url: impl reqwest::IntoUrl) -> reqwest::Result<Response> {
    client().get(url).send().await
}
