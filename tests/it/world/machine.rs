//! Services on machines with wrong clocks.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::app::Service;
use misread::config::Settings;
use misread::ports::{Clock, LedgerTime, StoreError};
use misread::webhook;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{ANY_FREE_PORT, World, loaded};
use crate::clock::ManualClock;
use crate::http_client;

/// A service on a machine of its own.
pub(crate) struct Machine {
    pub(crate) service: Service,
    health: String,
    _ready: watch::Sender<bool>,
}

impl Machine {
    /// Works on all due cases; returns the number of claimed cases.
    pub(crate) async fn works(&self) -> usize {
        self.service.worker().work_off().await
    }

    /// Status and body of readiness.
    pub(crate) async fn readiness(&self) -> (u16, Value) {
        let answer = http_client::get(&self.health).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

impl World {
    /// Another service on the same ledger, on a machine with this clock; the database has the world's clock.
    pub(crate) async fn on_a_machine(
        &self,
        clock: Arc<dyn Clock>,
        change: impl FnOnce(&mut Settings),
    ) -> Machine {
        let loaded = loaded(self.deployment.clone(), self.account.clone(), super::settings(change));
        let service = Service::assemble_by(loaded, clock, self.clock.clone()).await.unwrap();
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let health = format!("http://{}/health/ready", listener.local_addr().unwrap());
        let (ready, worker_ready) = watch::channel(true);
        tokio::spawn(webhook::serve(listener, service.door(worker_ready), self.stop.clone()));
        Machine { service, health, _ready: ready }
    }
}

/// The clock of a database, for machines whose own clocks are wrong.
#[async_trait]
impl LedgerTime for ManualClock {
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(Some(self.now()))
    }
}

/// The clock of a machine that is this far ahead of another clock (negative: behind), until a test sets it.
#[derive(Debug)]
pub(crate) struct SkewedClock {
    of: Arc<ManualClock>,
    ahead: Mutex<SignedDuration>,
}

impl SkewedClock {
    pub(crate) fn ahead_of(of: &Arc<ManualClock>, seconds: i64) -> Arc<Self> {
        Arc::new(Self { of: of.clone(), ahead: Mutex::new(SignedDuration::from_secs(seconds)) })
    }

    pub(crate) fn set(&self, seconds: i64) {
        *self.ahead.lock().unwrap() = SignedDuration::from_secs(seconds);
    }
}

#[async_trait]
impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        self.of.now() + *self.ahead.lock().unwrap()
    }

    fn steady(&self) -> SignedDuration {
        self.of.steady()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let ahead = *self.ahead.lock().unwrap();
        self.of.sleep_until(at - ahead).await;
    }
}
