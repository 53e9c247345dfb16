//! Deliveries that no honest sender sends.

use super::{Delivery, Network, PATIENCE, is_acknowledgement};
use crate::app::SystemClock;
use crate::domain::signature::sign;
use crate::drill::plan::Forgery;
use crate::ports::Clock as _;
use crate::sandbox::zendesk::{AttemptOutcome, Invocation};

/// More than the endpoint accepts.
const TOO_LARGE: usize = 300 * 1024;
/// Authentic but meaningless bodies.
const NONSENSE: [&str; 4] =
    ["", "[]", "{\"ticket_id\":\"no number\"}", "{\"type\":\"zen:event-type:user.created\"}"];

impl Network {
    /// An honest delivery from a sender with a wrong clock: it must be rejected.
    pub(super) async fn bring_stale(&self, letter: &Delivery) {
        let off = self.too_far();
        let off = if self.books().rng.per_mille(500) { off } else { -off };
        let at = SystemClock.now() + off;
        let parcel = Self::parcel(&letter.id, &letter.body, at);
        let outcome = self.courier.bring(parcel, &self.anyone(), PATIENCE).await;
        self.books().stale(letter.ticket, is_acknowledgement(outcome));
    }

    /// It is signed, so it is kept for a person; no ticket is affected.
    pub(super) async fn bring_nonsense(&self) {
        let (body, number) = {
            let mut books = self.books();
            (*books.rng.pick(&NONSENSE), books.nonsense())
        };
        let parcel = Self::parcel(&format!("01NONSENSE{number:016}"), body, self.clock.now());
        self.courier.bring(parcel, &self.anyone(), PATIENCE).await;
    }

    /// A forged delivery, sent until a process responds: it must be rejected.
    pub(super) async fn bring_forged(&self, invocation: Invocation, forgery: Forgery) {
        for _ in 0..20 {
            let old = SystemClock.now() - self.too_far();
            let at = if forgery == Forgery::OldTimestamp { old } else { self.clock.now() };
            let mut parcel = Self::parcel(&invocation.id, &invocation.body, at);
            match forgery {
                Forgery::WrongSecret => {
                    parcel.signature = sign("another-secret", &parcel.timestamp, &parcel.body);
                }
                Forgery::GuessedSignature => {
                    parcel.signature = sign(&parcel.invocation_id, "", invocation.body.as_bytes());
                }
                Forgery::NoSignature => parcel.signature.clear(),
                Forgery::OldTimestamp => {}
                Forgery::AnotherBody => {
                    parcel.signature = Self::parcel(&invocation.id, "{\"ticket_id\":\"1\"}", at).signature;
                }
                Forgery::Oversized => parcel.body.resize(TOO_LARGE, b' '),
            }
            let outcome = self.courier.bring(parcel, &self.anyone(), PATIENCE).await;
            let answered = matches!(outcome, AttemptOutcome::Answered { .. });
            self.books().forged(invocation.ticket_id, is_acknowledgement(outcome));
            // The connection may be closed for an oversized body before the response is read.
            if answered || forgery == Forgery::Oversized {
                return;
            }
            tokio::time::sleep(self.spacing(outcome)).await;
        }
    }

    fn anyone(&self) -> String {
        let replica = self.books().rng.below(self.replicas.len());
        self.replicas[replica].endpoint()
    }
}
