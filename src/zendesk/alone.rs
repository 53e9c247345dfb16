//! Single updates (facts §3.2), and the interpretation of their responses.

use std::sync::atomic::Ordering;

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::{self, UpdateAnswer};
use super::{ZendeskClient, is_gone};
use crate::domain::ids::TicketId;
use crate::domain::ticket::{STORED_PRIVATE, TicketStatus};
use crate::http::{ApiRequest, ApiResponse};
use crate::ports::{CallError, UpdateOutcome};

impl ZendeskClient {
    /// A 422 did nothing. Whether the ticket accepts no updates, or the request is invalid, is read from the ticket itself:
    /// the error's text is prose in the language of the account.
    async fn refusal(&self, id: TicketId, answer: &ApiResponse) -> Result<UpdateOutcome, CallError> {
        let closed = match self.reads.alone(id).await {
            Ok(seen) => seen.is_none_or(|seen| seen.status == TicketStatus::Closed),
            Err(_) => {
                return Err(CallError::Retry { after: None, reason: answer.describe_failure() });
            }
        };
        let missing_fields = self.titles(&answer.missing_fields()).await;
        Ok(UpdateOutcome::Refused { closed, reason: answer.describe_failure(), missing_fields })
    }

    /// The titles of these fields: agents only know fields by title.
    async fn titles(&self, ids: &[i64]) -> Vec<String> {
        #[derive(Deserialize)]
        struct Answered {
            ticket_field: Titled,
        }
        #[derive(Deserialize)]
        struct Titled {
            title: String,
        }
        let mut titles = Vec::new();
        for id in ids {
            let text = id.to_string();
            let answer = self.account.get(&ApiRequest::get("api/v2/ticket_fields/{id}", &[&text])).await;
            let known = answer.and_then(|answer| answer.json::<Answered>());
            titles.push(known.map_or(text, |known| known.ticket_field.title));
        }
        titles
    }

    async fn put(&self, id: TicketId, ticket: &Value) -> Result<ApiResponse, CallError> {
        let (text, body) = (id.to_string(), json!({ "ticket": ticket }));
        self.account.budget.redeem(id);
        self.account.send(&ApiRequest::put("api/v2/tickets/{id}", &[&text], body)).await
    }

    pub(super) async fn send_alone(
        &self,
        id: TicketId,
        mut ticket: Value,
        public: bool,
    ) -> Result<UpdateOutcome, CallError> {
        let mut answer = self.put(id, &ticket).await?;
        if answer.status() == StatusCode::UNPROCESSABLE_ENTITY && answer.refuses(wire::MACROS) {
            // The reply is checked and valid; a macro deleted meanwhile must not keep it from the customer.
            tracing::warn!(ticket = %id, "a macro of this reply is no longer in the account; its use is not counted there");
            wire::without_macros(&mut ticket);
            answer = self.put(id, &ticket).await?;
        }
        match answer.status() {
            StatusCode::OK => self.written(id, &answer, public),
            StatusCode::CONFLICT => Ok(UpdateOutcome::Conflict),
            StatusCode::UNPROCESSABLE_ENTITY => self.refusal(id, &answer).await,
            StatusCode::NOT_FOUND if is_gone(&answer) => {
                let reason = answer.describe_failure();
                Ok(UpdateOutcome::Refused { closed: true, reason, missing_fields: Vec::new() })
            }
            _ => Err(self.account.failure(&answer)),
        }
    }

    fn written(&self, id: TicketId, answer: &ApiResponse, public: bool) -> Result<UpdateOutcome, CallError> {
        if let Some(warning) = answer.header("x-zendesk-api-warn") {
            tracing::warn!(ticket = %id, keys = ?wire::warned_keys(warning), "Zendesk ignored a part of the update");
        }
        let UpdateAnswer { ticket, audit } = answer.json()?;
        if ticket.id != id {
            return Err(answer.contradiction("it is about another ticket"));
        }
        let is_public = audit.is_public();
        if public {
            self.speaks_publicly.store(is_public == Some(true), Ordering::Relaxed);
        }
        if public && is_public == Some(false) {
            tracing::error!(
                ticket = %id,
                "Zendesk kept a public reply as an internal note: the service's user must be an agent who may comment publicly; \
                 `misread zendesk check` looks at it"
            );
            let (closed, reason, missing_fields) = (false, STORED_PRIVATE.to_owned(), Vec::new());
            return Ok(UpdateOutcome::Refused { closed, reason, missing_fields });
        }
        let (audit_id, updated_at) = (Some(audit.id), ticket.updated_at);
        Ok(UpdateOutcome::Written { audit_id, updated_at, crossed: false })
    }
}
