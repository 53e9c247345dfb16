//! The style sheet and the scripts. Pages name them with a hash of their content, so that browsers keep them for good.

use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::address::Address;
use super::session::hexadecimal;

/// A style sheet or a script, with its `Content-Type`.
#[derive(Debug)]
pub(super) struct Asset {
    kind: &'static str,
    content: &'static str,
}

pub(super) const STYLE: Asset =
    Asset { kind: "text/css; charset=utf-8", content: include_str!("assets/console.css") };
/// htmx 4.0.1 (0BSD), unchanged: `dist/htmx.min.js` of the npm package `htmx.org`.
pub(super) const LIBRARY: Asset =
    Asset { kind: "text/javascript; charset=utf-8", content: include_str!("assets/htmx.min.js") };
pub(super) const SCRIPT: Asset =
    Asset { kind: "text/javascript; charset=utf-8", content: include_str!("assets/console.js") };

/// The addresses that pages name.
#[derive(Debug, Serialize)]
pub(super) struct Links {
    style: String,
    htmx: String,
    script: String,
}

impl Links {
    pub(super) fn new() -> Self {
        let link = |address: Address, asset: &Asset| format!("{}?v={}", address.path(), asset.hash());
        Self {
            style: link(Address::Style, &STYLE),
            htmx: link(Address::Library, &LIBRARY),
            script: link(Address::Script, &SCRIPT),
        }
    }
}

impl Asset {
    fn hash(&self) -> String {
        hexadecimal(&Sha256::digest(self.content)[..8])
    }

    /// Kept for good only under its own hash: while replicas are replaced, one may be asked for the other's.
    pub(super) fn response(&self, uri: &Uri) -> Response {
        let mut response = ([(CONTENT_TYPE, self.kind)], self.content).into_response();
        if uri.query() == Some(&format!("v={}", self.hash())) {
            let kept = "public, max-age=31536000, immutable";
            response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static(kept));
        }
        response
    }
}
