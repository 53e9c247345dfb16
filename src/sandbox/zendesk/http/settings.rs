//! `/account/settings`: what tools request first.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use crate::zendesk::caller::Caller;
use crate::zendesk::profile::KOREAN;
use crate::zendesk::{DEFAULT_BRAND, FakeZendesk};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/account/settings", get(settings))
}

async fn settings(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    let switches = zendesk.account_switches();
    let api_tokens = zendesk.settings.api_token.is_some();
    Json(json!({ "settings": {
        "active_features": {
            "ticket_forms": switches.ticket_forms, "dynamic_contents": switches.dynamic_content, "on_hold_status": true,
            "ticket_tagging": true, "user_tagging": true, "sandbox": false, "allow_ccs": true,
        },
        "tickets": { "tagging": true, "comments_public_by_default": true, "status_hold": true, "collaboration": true,
            "follower_and_email_cc_collaborations": true },
        "brands": { "default_brand_id": DEFAULT_BRAND, "require_brand_on_new_tickets": false },
        "localization": { "locale_ids": [KOREAN] },
        "api": { "accepted_api_agreement": true, "api_token_access": api_tokens.to_string() },
    } }))
}
