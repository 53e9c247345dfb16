//! The transport of requests to another system.

use std::fmt::Debug;

use async_trait::async_trait;
use reqwest::{Client, Error, Request, Response};

/// The network, or a test's substitute that can return any bytes.
#[async_trait]
pub trait Transport: Debug + Send + Sync {
    /// Sends a request once; `Err` if no response began.
    async fn send(&self, request: Request) -> Result<Response, Error>;
}

#[async_trait]
impl Transport for Client {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        self.execute(request).await
    }
}
