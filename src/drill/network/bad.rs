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
    pub(super) async fn send_stale(&self, delivery: &Delivery) {
        let off = self.too_far();
        let off = if self.log().rng.per_mille(500) { off } else { -off };
        let at = SystemClock.now() + off;
        let request = Self::request(&delivery.id, &delivery.body, at);
        let outcome = self.courier.send(request, &self.anyone(), PATIENCE).await;
        self.log().stale(delivery.ticket, is_acknowledgement(outcome));
    }

    /// It is signed, so it is kept for a person; no ticket is affected.
    pub(super) async fn bring_nonsense(&self) {
        let (body, number) = {
            let mut log = self.log();
            (*log.rng.pick(&NONSENSE), log.nonsense())
        };
        let request = Self::request(&format!("01NONSENSE{number:016}"), body, self.clock.now());
        self.courier.send(request, &self.anyone(), PATIENCE).await;
    }

    /// A forged delivery, sent until a process responds: it must be rejected.
    pub(super) async fn send_forged(&self, invocation: Invocation, forgery: Forgery) {
        for _ in 0..20 {
            let old = SystemClock.now() - self.too_far();
            let at = if forgery == Forgery::OldTimestamp { old } else { self.clock.now() };
            let mut request = Self::request(&invocation.id, &invocation.body, at);
            match forgery {
                Forgery::WrongSecret => {
                    request.signature = sign("another-secret", &request.timestamp, &request.body);
                }
                Forgery::GuessedSignature => {
                    request.signature = sign(&request.invocation_id, "", invocation.body.as_bytes());
                }
                Forgery::NoSignature => request.signature.clear(),
                Forgery::OldTimestamp => {}
                Forgery::AnotherBody => {
                    request.signature = Self::request(&invocation.id, "{\"ticket_id\":\"1\"}", at).signature;
                }
                Forgery::Oversized => request.body.resize(TOO_LARGE, b' '),
            }
            let outcome = self.courier.send(request, &self.anyone(), PATIENCE).await;
            let answered = matches!(outcome, AttemptOutcome::Answered { .. });
            self.log().forged(invocation.ticket_id, is_acknowledgement(outcome));
            // The connection may be closed for an oversized body before the response is read.
            if answered || forgery == Forgery::Oversized {
                return;
            }
            tokio::time::sleep(self.spacing(outcome)).await;
        }
    }

    fn anyone(&self) -> String {
        let replica = self.log().rng.below(self.replicas.len());
        self.replicas[replica].endpoint()
    }
}
