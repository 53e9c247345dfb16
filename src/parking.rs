//! The parking system over HTTP, by the contract of its internal API.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::domain::ids::{AccountId, EffectKey};
use crate::domain::parking::{Account, Compensation, ParkingAction, ParkingUse, Receipt, UseStatus, Won};
use crate::http::{ApiRequest, ApiResponse, CallMetrics, Http, SetupError, Transport, Upstream};
use crate::ports::{
    ActionOutcome, ActionRequest, Availability, CallError, Clock, Parking, UseQuery, UsesOf, UsesPage,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The only reason for which this service acts.
const REASON: &str = "lpr_misread";

/// How to reach the parking system.
#[derive(Clone, Debug)]
pub struct Options {
    /// The base URL including the version, such as `http://127.0.0.1:8081/v1`, with or without a trailing slash.
    pub base_url: String,
    pub token: SecretString,
    /// The most concurrent requests; at least 1.
    pub at_once: usize,
    /// The time limit of a whole exchange, including the response's last byte.
    pub timeout: Duration,
    /// Whether requests use the proxy from the environment.
    pub proxy: bool,
    pub calls: CallMetrics,
}

/// The client for the parking system's API.
#[derive(Debug)]
pub struct ParkingClient {
    http: Http,
    authorization: HeaderValue,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct UsesAnswer {
    uses: Vec<ParkingUse>,
    has_more: bool,
}

#[derive(Deserialize)]
struct ConflictAnswer {
    #[serde(rename = "use")]
    parking_use: ParkingUse,
}

fn neighbour(options: &Options) -> Upstream {
    let (at_once, proxy) = (options.at_once, options.proxy);
    let (credentials, calls) = ("MISREAD_PARKING_TOKEN", options.calls.clone());
    Upstream { name: "parking", credentials, at_once, proxy, joins_traces: true, calls }
}

impl ParkingClient {
    /// A client before its first call.
    pub fn new(options: &Options, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let http = Http::new(neighbour(options), &options.base_url, options.timeout, Arc::clone(&clock))?;
        Self::with(http, options, clock)
    }

    /// A client over `transport`, which then enforces `timeout` itself.
    pub fn over(
        transport: Arc<dyn Transport>,
        options: &Options,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let http = Http::over(transport, neighbour(options), &options.base_url, Arc::clone(&clock))?;
        Self::with(http, options, clock)
    }

    fn with(http: Http, options: &Options, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", options.token.expose_secret()))
            .map_err(|_| SetupError::Credentials)?;
        authorization.set_sensitive(true);
        Ok(Self { http, authorization, clock })
    }

    /// The availability of the parking system.
    pub fn contact(&self) -> Arc<Availability> {
        Arc::clone(self.http.contact())
    }

    async fn send(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        self.http.send(call, Some(&self.authorization)).await
    }

    fn failure(&self, answer: &ApiResponse) -> CallError {
        answer.failure(self.clock.now())
    }
}

#[async_trait]
impl Parking for ParkingClient {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError> {
        let answer = self.send(&ApiRequest::get("accounts/{account_id}", &[id.as_str()])).await?;
        match answer.status() {
            StatusCode::OK => {}
            // Any other 404 comes from a wrong address, not from the parking system.
            StatusCode::NOT_FOUND if answer.error_name().as_deref() == Some("not_found") => return Ok(None),
            _ => return Err(self.failure(&answer)),
        }
        let account: Account = answer.json()?;
        if account.id != *id {
            return Err(answer.contradiction("it is about another account"));
        }
        Ok(Some(account))
    }

    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError> {
        let filter = match &query.of {
            UsesOf::Account(id) => ("account_id", id.as_str()),
            UsesOf::Plate(plate) => ("plate", plate.as_str()),
        };
        let entered = query.entered.map(|(from, to)| (from.to_string(), to.to_string()));
        let mut parameters = vec![filter, ("limit", "100")];
        if let Some((from, to)) = &entered {
            parameters.extend([("entered_from", from.as_str()), ("entered_to", to.as_str())]);
        }
        let answer = self.send(&ApiRequest::get("uses", &[]).query(&parameters)).await?;
        if answer.status() != StatusCode::OK {
            return Err(self.failure(&answer));
        }
        let UsesAnswer { uses, has_more } = answer.json()?;
        if !uses.iter().all(|parking_use| fits(parking_use, query)) {
            return Err(answer.contradiction("it holds a use that was not asked for"));
        }
        Ok(UsesPage { uses, has_more })
    }

    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        let grant = grant(request)?;
        let ids = match request.action {
            ParkingAction::Inspection => [request.lot_id.as_str()],
            _ => [request.use_id.as_str()],
        };
        let call = ApiRequest::post(template(request.action), &ids, body(request, grant))
            .header(IDEMPOTENCY_KEY, key.as_str());
        let answer = self.send(&call).await?;
        match answer.status() {
            StatusCode::OK => done(request, grant, &answer),
            StatusCode::CONFLICT => conflict(request, &answer),
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => {
                let refused = answer.error_name().map(|error| ActionOutcome::Refused { error });
                refused.ok_or_else(|| self.failure(&answer))
            }
            _ => Err(self.failure(&answer)),
        }
    }
}

fn template(action: ParkingAction) -> &'static str {
    match action {
        ParkingAction::Cancel => "uses/{use_id}/cancellation",
        ParkingAction::Refund => "uses/{use_id}/refund",
        ParkingAction::WithdrawReceivable => "uses/{use_id}/receivable-withdrawal",
        ParkingAction::OperatorMakeGood => "uses/{use_id}/operator-make-good",
        ParkingAction::Inspection => "lots/{lot_id}/inspections",
        ParkingAction::Coupon | ParkingAction::Points => "uses/{use_id}/compensation",
    }
}

/// The grant to the customer; `None` if the action is no compensation. An invalid grant is not sent.
fn grant(request: &ActionRequest) -> Result<Option<Compensation>, CallError> {
    let Some(kind) = request.action.compensation() else { return Ok(None) };
    let amount = request.amount.filter(|amount| *amount >= Won(1)).ok_or_else(|| CallError::Permanent {
        reason: "a compensation without an amount, or of less than 1 won, is not asked for".to_owned(),
    })?;
    Ok(Some(Compensation { kind, amount }))
}

fn body(request: &ActionRequest, grant: Option<Compensation>) -> Value {
    let ticket_id = request.ticket_id.to_string();
    match (grant, request.action) {
        (Some(Compensation { kind, amount }), _) => {
            json!({ "ticket_id": ticket_id, "kind": kind, "amount": amount })
        }
        (None, ParkingAction::Inspection) => {
            json!({ "ticket_id": ticket_id, "use_id": request.use_id, "reason": REASON })
        }
        (None, _) => json!({ "ticket_id": ticket_id, "reason": REASON }),
    }
}

/// The status of the use afterwards by the contract; `None` if the action does not change it.
fn status_after(action: ParkingAction) -> Option<UseStatus> {
    match action {
        ParkingAction::Cancel => Some(UseStatus::CancelledByCentre),
        ParkingAction::Refund => Some(UseStatus::Refunded),
        ParkingAction::WithdrawReceivable => Some(UseStatus::Withdrawn),
        ParkingAction::OperatorMakeGood
        | ParkingAction::Inspection
        | ParkingAction::Coupon
        | ParkingAction::Points => None,
    }
}

/// A receipt is accepted only if it matches the request.
fn done(
    request: &ActionRequest,
    grant: Option<Compensation>,
    answer: &ApiResponse,
) -> Result<ActionOutcome, CallError> {
    let receipt: Receipt = answer.json()?;
    if receipt.receipt_id.is_empty() {
        return Err(answer.contradiction("its receipt has no number"));
    }
    if let Some(parking_use) = &receipt.parking_use {
        if parking_use.id != request.use_id {
            return Err(answer.contradiction("its receipt is for another use"));
        }
        if status_after(request.action).is_some_and(|status| status != parking_use.status) {
            return Err(answer.contradiction("its receipt shows the use as if nothing had been done"));
        }
    }
    let granted = receipt.parking_use.as_ref().and_then(|parking_use| parking_use.compensation);
    if grant.is_some() && grant != granted {
        return Err(answer.contradiction("its receipt does not show the compensation that was asked for"));
    }
    Ok(ActionOutcome::Done(Box::new(receipt)))
}

fn conflict(request: &ActionRequest, answer: &ApiResponse) -> Result<ActionOutcome, CallError> {
    let ConflictAnswer { parking_use } = answer.json()?;
    if parking_use.id != request.use_id {
        return Err(answer.contradiction("it shows another use"));
    }
    let error = answer.error_name().ok_or_else(|| answer.contradiction("it names no error"))?;
    Ok(ActionOutcome::Conflict { error, parking_use: Box::new(parking_use) })
}

/// Whether a use matches the query. A parking system that ignores the filter would return other people's uses.
fn fits(parking_use: &ParkingUse, query: &UseQuery) -> bool {
    let bare = |plate: &str| plate.nfc().filter(|character| !character.is_whitespace()).collect::<String>();
    let of_them = match &query.of {
        UsesOf::Account(id) => parking_use.account_id == *id,
        UsesOf::Plate(plate) => bare(&parking_use.vehicle.plate) == bare(plate),
    };
    of_them && query.entered.is_none_or(|(from, to)| (from..=to).contains(&parking_use.entered_at))
}
