//! A response, and the interpretation of failed ones.
//!
//! | response | read | write |
//! | --- | --- | --- |
//! | no connection | retry | retry: nothing was sent |
//! | broken off, timed out, unreadable, contradictory, 3xx, 408, 409, 5xx | retry | unknown: it may have been done |
//! | 401, 403, 404 | retry: an operator can fix wrong credentials or addresses, and no ticket is lost over them | retry |
//! | 429 | retry | retry: it was rejected |
//! | other 4xx | permanent: the worker retries it for some minutes nevertheless | permanent, likewise |
//!
//! Callers first handle a 404 that names the requested object, and a 409 or 422 that they understand.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::ApiRequest;
use super::error_body::{self, ErrorBody};
use crate::domain::surrogates;
use crate::ports::CallError;

/// The range to which another system's `Retry-After` is clamped: neither a busy loop nor a day's silence.
const RETRY_AFTER_WINDOW: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(10));
/// The deepest place in a response that is reported: no contract has deeper nesting or longer keys.
const DEEPEST_PLACE: usize = 8;
const LONGEST_KEY: usize = 40;

/// A response. A success has its whole body; the body of a failure is empty if it could not be read.
pub(crate) struct ApiResponse {
    method: Method,
    template: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    /// Lone surrogates are replaced: serde would refuse the whole body.
    body: Vec<u8>,
}

/// The request was sent, but there is no usable response: a read can be retried, a write may have been done.
pub(super) fn lost(method: &Method, reason: String) -> CallError {
    if method.is_safe() { CallError::Retry { after: None, reason } } else { CallError::Unknown { reason } }
}

impl ApiResponse {
    pub(super) fn new(
        call: &ApiRequest<'_>,
        status: StatusCode,
        headers: HeaderMap,
        mut body: Vec<u8>,
    ) -> Self {
        surrogates::mend(&mut body);
        Self { method: call.method.clone(), template: call.template, status, headers, body }
    }

    pub(super) fn template(&self) -> &'static str {
        self.template
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// A header's text, if present and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The readable headers with this prefix, each with the rest of its name.
    pub(crate) fn headers_of<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.headers.iter().filter_map(move |(name, value)| {
            Some((name.as_str().strip_prefix(prefix)?, value.to_str().ok()?))
        })
    }

    /// The other system's name for the error (`RecordNotFound`, `state_conflict`).
    pub(crate) fn error_name(&self) -> Option<String> {
        ErrorBody::parse(&self.body).name
    }

    /// The body as `T`; errors contain the position of a mistake, never its value.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            self.lost(&format!("cannot be read at `{}`: {}", place(error.path()), describe(error.inner())))
        })?;
        json.end().map_err(|error| self.lost(&format!("cannot be read: {}", describe(&error))))?;
        Ok(value)
    }

    /// The response contradicts itself or the request: a read is retried, since a disturbed system recovers; a write
    /// may have been done.
    pub(crate) fn contradiction(&self, what: &str) -> CallError {
        lost(&self.method, format!("{}, but {what}", self.summary()))
    }

    /// The interpretation by the table above.
    pub(crate) fn failure(&self, now: Timestamp) -> CallError {
        let reason = self.describe_failure();
        match self.status.as_u16() {
            401 | 403 | 404 | 429 => CallError::Retry { after: self.retry_after(now), reason },
            400..=407 | 410..=499 => CallError::Permanent { reason },
            _ if self.method.is_safe() => CallError::Retry { after: self.retry_after(now), reason },
            _ => CallError::Unknown { reason },
        }
    }

    /// Method, path, status, error name and field names: all that may be logged of a failure.
    pub(crate) fn describe_failure(&self) -> String {
        let error = ErrorBody::parse(&self.body);
        let name = error.name.map(|name| format!(" {name}")).unwrap_or_default();
        let fields =
            if error.fields.is_empty() { String::new() } else { format!(" ({})", error.fields.join(", ")) };
        format!("{}{name}{fields}", self.summary())
    }

    /// As [`Self::describe_failure`], with the other system's own text, which may quote the request: only for calls
    /// without customer data.
    pub(crate) fn describe_failure_in_full(&self) -> String {
        let told = self.describe_failure();
        error_body::prose(&self.body).map_or(told.clone(), |prose| format!("{told}: {prose}"))
    }

    /// The ticket fields that must be filled before the request can succeed.
    pub(crate) fn missing_fields(&self) -> Vec<i64> {
        ErrorBody::parse(&self.body).missing_fields
    }

    /// Whether the response reports this part of the request as invalid.
    pub(crate) fn refuses(&self, part: &str) -> bool {
        let told = ErrorBody::parse(&self.body).fields;
        told.iter().any(|field| field.split(':').next() == Some(part))
    }

    /// `Retry-After`, as seconds or as a date (RFC 9110, 10.2.3), clamped to our own range.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        let wait = if let Ok(seconds) = text.parse() {
            Duration::from_secs(seconds)
        } else {
            let date = rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO)
        };
        let (shortest, longest) = RETRY_AFTER_WINDOW;
        Some(wait.clamp(shortest, longest))
    }

    fn summary(&self) -> String {
        format!("{} /{}: {}", self.method, self.template, self.status.as_u16())
    }

    fn lost(&self, what: &str) -> CallError {
        lost(&self.method, format!("{}, but the answer {what}", self.summary()))
    }
}

/// The position of a mistake in a response. A key outside the contract may be a customer's word, and is omitted.
fn place(path: &Path) -> String {
    let is_plain = |key: &&String| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let told = path.iter().take(DEEPEST_PLACE).map(|segment| match segment {
        Segment::Seq { index } => format!("[{index}]"),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            let key = Some(key).filter(|key| key.len() <= LONGEST_KEY).filter(is_plain);
            format!(".{}", key.map_or("?", String::as_str))
        }
        Segment::Unknown => ".?".to_owned(),
    });
    told.collect::<String>().trim_start_matches('.').to_owned()
}

/// serde's text for invalid data quotes that data; only missing or malformed parts may be reported.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("it ends too early, at {place}"),
        Category::Io | Category::Syntax => format!("it is not JSON, from {place} on"),
        Category::Data if text.starts_with("missing field") => text,
        Category::Data => format!("unexpected value at {place}"),
    }
}
