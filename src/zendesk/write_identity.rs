//! The service's own writes: the user under which it writes, and the sealed markers.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::account::Account;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::marker::{self, MarkerKey};
use crate::domain::ticket::TicketUpdate;
use crate::http::ApiRequest;
use crate::ports::{CallError, MarkerKeys};

/// The metadata key of a marker's effect key.
const KEY: &str = "misread";
/// The metadata key of its seal.
const SEAL: &str = "misread_seal";
/// How long keys are used before they are read again: a process must not seal with an expired one.
const KEYS_LAST: SignedDuration = SignedDuration::from_mins(10);

/// Our identity in an account.
#[derive(Debug)]
pub(super) struct WriteIdentity {
    account: Arc<Account>,
    keys: Arc<dyn MarkerKeys>,
    /// Constant for the given credentials.
    user_id: OnceCell<i64>,
    known: Mutex<Option<Known>>,
}

#[derive(Clone, Debug)]
struct Known {
    keys: Arc<[MarkerKey]>,
    read_at: Timestamp,
}

/// The marker of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) key: String,
    /// Writes of earlier versions have none.
    pub(super) seal: Option<String>,
}

impl Marker {
    /// The metadata of an update.
    pub(super) fn metadata(&self) -> Value {
        json!({ KEY: self.key, SEAL: self.seal })
    }

    /// The marker in an audit's `metadata.custom`. It is not verified yet.
    pub(super) fn read(custom: &Value) -> Option<Self> {
        let key = custom[KEY].as_str()?.to_owned();
        Some(Self { key, seal: Self::seal_in(custom).map(str::to_owned) })
    }

    pub(super) fn seal_in(custom: &Value) -> Option<&str> {
        custom[SEAL].as_str()
    }
}

impl WriteIdentity {
    pub(super) fn new(account: Arc<Account>, keys: Arc<dyn MarkerKeys>) -> Self {
        Self { account, keys, user_id: OnceCell::new(), known: Mutex::default() }
    }

    /// The user under which the service writes, from `/users/me`; requested once.
    pub(super) async fn user_id(&self) -> Result<i64, CallError> {
        #[derive(Deserialize)]
        struct Answered {
            user: Me,
        }
        #[derive(Deserialize)]
        struct Me {
            /// `null` for an anonymous user (facts §5.3).
            id: Option<i64>,
        }
        let ask = async || {
            let answer = self.account.get(&ApiRequest::get("api/v2/users/me", &[])).await?;
            let Answered { user } = answer.json()?;
            user.id.ok_or_else(|| answer.contradiction("it does not say as whom we are signed in"))
        };
        self.user_id.get_or_try_init(ask).await.copied()
    }

    /// The marker of a write about to be sent.
    pub(super) async fn marker(
        &self,
        ticket: TicketId,
        key: &EffectKey,
        update: &TicketUpdate,
    ) -> Result<Marker, CallError> {
        let keys = self.keys(|known, now| now.duration_since(known.read_at) <= KEYS_LAST).await?;
        let Some(newest) = keys.last() else {
            let reason = "the ledger has no key for markers".to_owned();
            return Err(CallError::Retry { after: None, reason });
        };
        let seal = marker::seal(newest, ticket, key.as_str(), &marker::digest(update));
        Ok(Marker { key: key.as_str().to_owned(), seal: Some(seal) })
    }

    /// The keys for verifying these seals, including one that another process has created since.
    pub(super) async fn keys_for(&self, seals: &[&str]) -> Result<Arc<[MarkerKey]>, CallError> {
        let numbers: Vec<i64> = seals.iter().filter_map(|seal| marker::key_number(seal)).collect();
        let newest = numbers.iter().copied().max().unwrap_or_default();
        self.keys(|known, _| known.keys.last().is_some_and(|key| key.number >= newest)).await
    }

    async fn keys(&self, serves: impl Fn(&Known, Timestamp) -> bool) -> Result<Arc<[MarkerKey]>, CallError> {
        let now = self.account.clock.now();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().as_ref().filter(|known| serves(known, now)) {
            return Ok(Arc::clone(&known.keys));
        }
        let unread = |error| CallError::Retry { after: None, reason: format!("keys of markers: {error}") };
        let keys: Arc<[MarkerKey]> = self.keys.marker_keys(now).await.map_err(unread)?.into();
        *known() = Some(Known { keys: Arc::clone(&keys), read_at: now });
        Ok(keys)
    }
}
