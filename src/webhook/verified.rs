//! The only path to a delivery's handler: headers, limits, window and signature are checked before the body is parsed.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::SemaphorePermit;

use super::listen::Connection;
use super::refusal::Refusal;
use super::{BODY_LIMIT, Ingress, Parts, SMALL_BODY, payload};
use crate::domain::signature::{Claimed, is_same_secret};
use crate::ports::NewDelivery;

// Zendesk facts §1.1.
const SIGNATURE: HeaderName = HeaderName::from_static("x-zendesk-webhook-signature");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-zendesk-webhook-signature-timestamp");
const INVOCATION: HeaderName = HeaderName::from_static("x-zendesk-webhook-invocation-id");
const ACCOUNT: HeaderName = HeaderName::from_static("x-zendesk-account-id");
const WEBHOOK: HeaderName = HeaderName::from_static("x-zendesk-webhook-id");

/// Longer invocation ids are stored as their digest; Zendesk's have 26 characters.
const LONGEST_INVOCATION: usize = 100;

/// A delivery with a valid signature. There is no other constructor.
#[derive(Debug)]
pub(super) struct VerifiedDelivery<'a> {
    dedup_key: String,
    signed_at: Timestamp,
    received_at: Timestamp,
    body: Bytes,
    room: Option<BodyPermit<'a>>,
}

/// A permit for a large body; released on drop.
pub(super) type BodyPermit<'a> = SemaphorePermit<'a>;

impl<'a> VerifiedDelivery<'a> {
    /// Makes all checks, the cheapest first, so that a forgery costs little.
    pub(super) async fn read(
        request: Request,
        door: &'a Ingress,
        connection: &Connection,
    ) -> Result<Self, Refusal> {
        let headers = request.headers().clone();
        let Parts { options, clock, .. } = &door.parts;
        let signature = required(&headers, SIGNATURE)?;
        let timestamp = required(&headers, TIMESTAMP)?;
        check_form(&headers)?;
        let claimed = Claimed::read(timestamp, signature, clock.now(), options.window)?;
        check_bearer(&headers, options.bearer.as_ref())?;
        let (body, room) = read_body(request, door, connection).await?;
        let received_at = clock.now();
        let secrets: Vec<&str> = options.secrets.iter().map(ExposeSecret::expose_secret).collect();
        let signed_at = claimed.signed_at();
        let code = claimed.fits(&secrets, &body)?;
        check_sender(&headers, ACCOUNT, options.account_id.as_deref())?;
        check_sender(&headers, WEBHOOK, options.webhook_id.as_deref())?;
        if !door.repeats.admits(code, received_at) {
            return Err(Refusal::TooOften);
        }
        let dedup_key = dedup_key(&headers, timestamp, &body);
        Ok(Self { dedup_key, signed_at, received_at, body, room })
    }

    /// From the sender's signature to the arrival; negative if the sender's clock is ahead.
    pub(super) fn delay(&self) -> SignedDuration {
        self.received_at.duration_since(self.signed_at)
    }

    /// The record for the store, and the permit for its body.
    pub(super) fn into_new_delivery(self) -> (NewDelivery, Option<BodyPermit<'a>>) {
        let delivery = NewDelivery {
            dedup_key: self.dedup_key,
            received_at: self.received_at,
            content: payload::read(&self.body),
            body: String::from_utf8_lossy(&self.body).into_owned(),
        };
        (delivery, self.room)
    }
}

/// A header that must occur exactly once.
fn required(headers: &HeaderMap, name: HeaderName) -> Result<&str, Refusal> {
    let mut values = headers.get_all(&name).iter();
    match (values.next(), values.next()) {
        (None, _) => Err(Refusal::HeaderMissing(name)),
        (Some(value), None) => value.to_str().map_err(|_| Refusal::HeaderUnreadable(name)),
        (Some(_), Some(_)) => Err(Refusal::HeaderUnreadable(name)),
    }
}

fn check_bearer(headers: &HeaderMap, expected: Option<&SecretString>) -> Result<(), Refusal> {
    let Some(expected) = expected else { return Ok(()) };
    let given = required(headers, AUTHORIZATION).map_err(|_| Refusal::Bearer)?;
    match given.split_once(' ') {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("bearer") && is_same_secret(expected.expose_secret(), token) =>
        {
            Ok(())
        }
        _ => Err(Refusal::Bearer),
    }
}

/// Rejects malformed requests before a byte of the body is read.
fn check_form(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(Refusal::Compressed);
    }
    let too_large = announced(headers).is_some_and(|length| length > BODY_LIMIT as u64);
    if too_large { Err(Refusal::TooLarge) } else { Ok(()) }
}

/// The body's length in bytes, if known beforehand.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read_body<'a>(
    request: Request,
    door: &'a Ingress,
    connection: &Connection,
) -> Result<(Bytes, Option<BodyPermit<'a>>), Refusal> {
    let small = announced(request.headers()).is_some_and(|length| length <= SMALL_BODY);
    let read = async {
        // The semaphore is never closed; if it were, there would be no bound, but no rejection either.
        let room = if small { None } else { door.large_bodies.acquire().await.ok() };
        let body = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            _ => Refusal::BodyBroken,
        })?;
        Ok((body, room))
    };
    tokio::select! {
        biased;
        read = read => read,
        () = tokio::time::sleep(door.parts.options.body_within) => Err(Refusal::BodyLate),
        () = connection.hurried() => Err(Refusal::Stopping),
    }
}

fn check_sender(headers: &HeaderMap, name: HeaderName, expected: Option<&str>) -> Result<(), Refusal> {
    match expected {
        Some(expected) if required(headers, name.clone()).ok() != Some(expected) => {
            Err(Refusal::WrongSender(name))
        }
        _ => Ok(()),
    }
}

/// The invocation id stays the same on a retry (facts §1.3). It is opaque and unsigned.
fn dedup_key(headers: &HeaderMap, timestamp: &str, body: &[u8]) -> String {
    let Some(invocation) = headers.get(&INVOCATION).filter(|id| !id.is_empty()) else {
        return digest(&[timestamp.as_bytes(), body]);
    };
    match invocation.to_str() {
        Ok(id) if id.len() <= LONGEST_INVOCATION => id.to_owned(),
        _ => digest(&[invocation.as_bytes()]),
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    format!("sha256:{}", BASE64_URL_SAFE_NO_PAD.encode(digest.finalize()))
}
