//! Whether a form was sent from one of the console's own pages.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// By what browsers say and pages cannot change: `Sec-Fetch-Site`, or else `Origin` against `Host`. A request that says
/// neither is refused.
pub fn is_same(headers: &HeaderMap) -> bool {
    let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = headers.get(ORIGIN).and_then(text);
    let host = headers.get(HOST).and_then(text);
    let origin = origin.as_deref().and_then(|origin| origin.split_once("://"));
    origin.zip(host).is_some_and(|((_, origin), host)| !host.is_empty() && origin.eq_ignore_ascii_case(&host))
}
