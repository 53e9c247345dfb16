//! The authorization of each call: an OAuth token that is renewed in time, or the legacy API token (facts §8).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::Credentials;
use crate::domain::moment::later;
use crate::http::{ApiRequest, Http, SetupError};
use crate::ports::{CallError, Clock};

/// The wait after a failed early renewal, while the current token is still valid.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Our credentials for Zendesk.
#[derive(Debug)]
pub(super) enum Auth {
    Fixed(HeaderValue),
    Renewed(Box<OAuth>),
}

impl Auth {
    pub(super) fn new(credentials: Credentials, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        match credentials {
            Credentials::ApiToken { email, token } => {
                let pair = STANDARD.encode(format!("{email}/token:{}", token.expose_secret()));
                Ok(Self::Fixed(secret_header(&format!("Basic {pair}")).ok_or(SetupError::Credentials)?))
            }
            Credentials::OAuth { client_id, client_secret, scope, expires_in } => {
                let request = TokenRequest { client_id, client_secret, scope, expires_in };
                Ok(Self::Renewed(Box::new(OAuth::new(request, clock))))
            }
        }
    }

    /// The header to send.
    pub(super) async fn header(&self, http: &Http) -> Result<HeaderValue, NoToken> {
        match self {
            Self::Fixed(header) => Ok(header.clone()),
            Self::Renewed(oauth) => oauth.header(http, None).await,
        }
    }

    /// A header other than the one that Zendesk rejected, if possible.
    pub(super) async fn renewed(
        &self,
        http: &Http,
        refused: &HeaderValue,
    ) -> Result<Option<HeaderValue>, NoToken> {
        match self {
            Self::Fixed(_) => Ok(None),
            Self::Renewed(oauth) => oauth.header(http, Some(refused)).await.map(Some),
        }
    }
}

/// One token for all calls. One caller at a time requests it; the others wait and share the result, success or failure.
pub(super) struct OAuth {
    request: TokenRequest,
    clock: Arc<dyn Clock>,
    /// The number of completed requests; compared before and after waiting, it shows whether one completed meanwhile.
    ended: AtomicU64,
    state: Mutex<State>,
}

struct TokenRequest {
    client_id: String,
    client_secret: SecretString,
    scope: String,
    expires_in: Duration,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<NoToken>,
}

struct Token {
    header: HeaderValue,
    renew_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    /// Not always in the response; then the requested lifetime counts.
    expires_in: Option<u64>,
}

impl State {
    /// Stores the result of a request and returns the header to send. If an early renewal failed, the current token is
    /// still valid.
    fn keep(&mut self, outcome: Result<Token, NoToken>, now: Timestamp) -> Result<HeaderValue, NoToken> {
        match outcome {
            Ok(token) => {
                let header = token.header.clone();
                *self = Self { token: Some(token), failure: None };
                Ok(header)
            }
            Err(failure) => {
                self.failure = Some(failure.clone());
                let token = self.token.as_mut().filter(|token| now < token.expires_at).ok_or(failure)?;
                token.renew_at = later(now, PAUSE_AFTER_FAILURE).min(token.expires_at);
                Ok(token.header.clone())
            }
        }
    }
}

impl OAuth {
    fn new(request: TokenRequest, clock: Arc<dyn Clock>) -> Self {
        Self { request, clock, ended: AtomicU64::new(0), state: Mutex::default() }
    }

    async fn header(&self, http: &Http, refused: Option<&HeaderValue>) -> Result<HeaderValue, NoToken> {
        let ended = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        if refused.is_some_and(|refused| state.token.as_ref().is_some_and(|token| token.header == refused)) {
            state.token = None;
        }
        if let Some(token) = &state.token
            && now < token.renew_at
        {
            return Ok(token.header.clone());
        }
        if let Some(failure) = &state.failure
            && self.ended.load(Ordering::Acquire) != ended
        {
            return Err(failure.clone());
        }
        let outcome = self.ask(http, now).await;
        self.ended.fetch_add(1, Ordering::Release);
        state.keep(outcome, now)
    }

    async fn ask(&self, http: &Http, now: Timestamp) -> Result<Token, NoToken> {
        let TokenRequest { client_id, client_secret, scope, expires_in } = &self.request;
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret.expose_secret(),
            "scope": scope,
            "expires_in": expires_in.as_secs(),
        });
        let answer = http.send(&ApiRequest::post("oauth/tokens", &[], body), None).await?;
        if !answer.status().is_success() {
            // Zendesk responded and rejects our request. Too many requests and a timeout do not mean that.
            let refused = matches!(answer.status().as_u16(), 400..=407 | 410..=428);
            return Err(NoToken { refused, ..NoToken::from(answer.failure(now)) });
        }
        let token: TokenAnswer = answer.json()?;
        let header = secret_header(&format!("Bearer {}", token.access_token))
            .ok_or_else(|| answer.contradiction("its token cannot be sent in a header"))?;
        let life = token.expires_in.map_or(*expires_in, Duration::from_secs);
        Ok(Token { header, renew_at: later(now, life / 5 * 4), expires_at: later(now, life) })
    }
}

/// Why there is no token.
#[derive(Clone, Debug)]
pub(super) struct NoToken {
    /// Whether Zendesk rejected us: address or credentials are wrong. Otherwise there was no usable response.
    pub(super) refused: bool,
    /// Without a token the call was never made, so it can always be retried, even after a rejection: an operator fixes
    /// that.
    pub(super) error: CallError,
}

impl From<CallError> for NoToken {
    fn from(failure: CallError) -> Self {
        let after = failure.wait();
        let reason = match failure {
            CallError::Unknown { reason } => reason,
            other => other.to_string(),
        };
        let error = CallError::Retry { after, reason: format!("no access token: {reason}") };
        Self { refused: false, error }
    }
}

impl From<NoToken> for CallError {
    fn from(NoToken { error, .. }: NoToken) -> Self {
        error
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OAuth").field("client_id", &self.request.client_id).finish_non_exhaustive()
    }
}

/// A header that appears neither in logs nor in debug output.
fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}
