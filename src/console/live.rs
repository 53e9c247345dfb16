//! Live parts: an open page asks again by its own address and gets those of its parts that have changed.
//!
//! A template marks a part by `<!--live-->` and `<!--/live-->`. On the page, each part carries a hash of what it shows. The
//! question carries these hashes, and costs what the page costs. It is no visit: it begins no session and prolongs none (a
//! session lasts for a fixed time), and only the first look at a customer's data is recorded.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::session::hexadecimal;

/// Of a request: the hashes of the parts on the page. Of a response: that it is one to such a request, and not a proxy's.
pub const SEEN: HeaderName = HeaderName::from_static("x-live");
const BEGIN: &str = "<!--live-->";
const END: &str = "<!--/live-->";

/// The hashes of the parts that an open page shows, if the request is its question.
pub(super) fn seen(headers: &HeaderMap) -> Option<String> {
    headers.get(SEEN).map(|seen| seen.to_str().unwrap_or_default().to_owned())
}

/// Whether the page has parts.
pub(super) fn has_parts(inner: &str) -> bool {
    inner.contains(BEGIN)
}

/// The page with each part in an element of its own.
pub fn whole(inner: &str) -> String {
    let mut pieces = inner.split(BEGIN);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in pieces.enumerate() {
        let (part, after) = piece.split_once(END).unwrap_or((piece, ""));
        whole.push_str(&element(number, part, &hash(part)));
        whole.push_str(after);
    }
    whole
}

/// The parts that differ from what was seen: 204 if none does. 409 if the page has other parts, as after an upgrade.
pub fn changed(inner: &str, seen: &str) -> Response {
    let parts: Vec<&str> = inner.split(BEGIN).skip(1).filter_map(|piece| piece.split(END).next()).collect();
    let seen: Vec<&str> = seen.split_ascii_whitespace().collect();
    if parts.is_empty() || parts.len() != seen.len() {
        return StatusCode::CONFLICT.into_response();
    }
    let changed = parts.iter().zip(seen).enumerate().filter_map(|(number, (part, seen))| {
        let hash = hash(part);
        let swap = || element(number, part, &hash);
        // Without space between the tags, which would get onto the page.
        (hash != seen).then(|| {
            format!("<hx-partial hx-target=\"#live-{number}\" hx-swap=\"outerMorph\">{}</hx-partial>", swap())
        })
    });
    let changed: String = changed.collect();
    let mut response = if changed.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        ([(CONTENT_TYPE, "text/html; charset=utf-8")], changed).into_response()
    };
    response.headers_mut().insert(SEEN, HeaderValue::from_static("parts"));
    response
}

fn element(number: usize, part: &str, hash: &str) -> String {
    format!("<div id=\"live-{number}\" data-seen=\"{hash}\">{part}</div>")
}

fn hash(part: &str) -> String {
    hexadecimal(&Sha256::digest(part)[..8])
}
