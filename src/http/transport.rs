//! What carries a request to another system and brings its answer.

use std::fmt::Debug;

use async_trait::async_trait;
use reqwest::{Client, Error, Request, Response};

/// The network, or whatever a test puts in its place to answer any bytes at all.
#[async_trait]
pub trait Transport: Debug + Send + Sync {
    /// Carries a request once; `Err` where no answer began.
    async fn carry(&self, request: Request) -> Result<Response, Error>;
}

#[async_trait]
impl Transport for Client {
    async fn carry(&self, request: Request) -> Result<Response, Error> {
        self.execute(request).await
    }
}
