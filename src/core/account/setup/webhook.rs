//! The webhook and its signing secret (facts §1).

use serde_json::{Map, Value, json};

use super::{
    Account, Difference, Item, Kind, Listing, Secret, Step, Verdict, Wanted, Webhook, by_hand, good, marker,
    missing,
};

/// The name of the webhook and of our triggers' category.
pub const NAME: &str = "misread";
const ROLE: &str = "webhook";
/// The subscription of a webhook for triggers; it can never be changed (facts §1.5).
const SUBSCRIPTION: &str = "conditional_ticket_events";

/// The webhook for deliveries: the one with our marker, otherwise one that a person created for our URL.
pub fn our_webhook<'a>(wanted: &Wanted, account: &'a Account) -> Option<&'a Webhook> {
    let webhooks = account.webhooks.known();
    let marked = webhooks.iter().find(|webhook| is_ours(webhook));
    let fits =
        |webhook: &&Webhook| Some(&webhook.endpoint) == wanted.endpoint.as_ref() && is_for_triggers(webhook);
    marked.or_else(|| webhooks.iter().find(fits))
}

fn is_ours(webhook: &Webhook) -> bool {
    super::is_marked(webhook.description.as_deref(), ROLE)
}

fn is_for_triggers(webhook: &Webhook) -> bool {
    webhook.subscriptions.iter().any(|name| name == SUBSCRIPTION)
}

pub(super) fn items(wanted: &Wanted, account: &Account) -> Vec<Item> {
    let what = || "webhook".to_owned();
    let webhooks = match &account.webhooks {
        Listing::Read(webhooks) | Listing::Visible(webhooks) => webhooks,
        Listing::NotAsked => {
            let not_looked = |what: &str| Item::not_looked(what, "only an admin may look at webhooks");
            return vec![not_looked("webhook"), not_looked("signing secret")];
        }
        Listing::Unread => return Vec::new(),
    };
    let marked: Vec<&str> =
        webhooks.iter().filter(|webhook| is_ours(webhook)).map(|webhook| webhook.id.as_str()).collect();
    if marked.len() > 1 {
        let why = format!("there are several of ours: {}", marked.join(", "));
        return vec![by_hand(
            what(),
            why,
            "delete all but one in the Admin Centre, then point the triggers at it by applying",
        )];
    }
    let Some(webhook) = our_webhook(wanted, account) else {
        let create = Step::Create { kind: Kind::Webhook, body: body(wanted), or: None };
        let mut lines = vec![format!("name: {NAME}"), "POST, json, for triggers".to_owned()];
        lines.extend(wanted.endpoint.iter().map(|endpoint| format!("endpoint: {endpoint}")));
        lines.extend(wanted.bearer.then(|| "authentication: bearer token".to_owned()));
        return vec![missing(what(), lines, Some(create))];
    };
    let secret = secret(account.secret);
    std::iter::once(compared(wanted, webhook, what())).chain(secret).collect()
}

fn body(wanted: &Wanted) -> Value {
    json!({
        "name": NAME,
        "description": format!("misread에 티켓 번호를 알립니다. `misread zendesk apply`가 만들었습니다. {}", marker(ROLE)),
        "endpoint": wanted.endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": [SUBSCRIPTION],
    })
}

fn compared(wanted: &Wanted, webhook: &Webhook, what: String) -> Item {
    if !is_for_triggers(webhook) {
        return by_hand(
            what,
            format!(
                "{} is subscribed to events, not to triggers, and Zendesk never changes that",
                webhook.id
            ),
            "delete it in the Admin Centre and apply again",
        );
    }
    let mut parts = vec![
        ("http_method", webhook.http_method.as_str(), "POST"),
        ("request_format", &webhook.request_format, "json"),
        ("status", &webhook.status, "active"),
    ];
    if let Some(endpoint) = &wanted.endpoint {
        parts.insert(0, ("endpoint", &webhook.endpoint, endpoint));
    }
    let mut differences = Vec::new();
    let mut body = Map::new();
    for (part, is, should_be) in parts.into_iter().filter(|(_, is, should_be)| is != should_be) {
        body.insert(part.to_owned(), json!(should_be));
        differences.push(Difference {
            part: part.to_owned(),
            is: Some(is.to_owned()),
            should_be: Some(should_be.to_owned()),
        });
    }
    // Zendesk never returns the token, so only the kind of authentication is compared.
    let kind = webhook.authentication.as_ref().map(|authentication| authentication.kind.clone());
    if wanted.bearer && kind.as_deref() != Some("bearer_token") {
        body.insert("authentication".to_owned(), json!({ "type": "bearer_token", "add_position": "header" }));
        let should_be = Some("bearer_token".to_owned());
        differences.push(Difference { part: "authentication".to_owned(), is: kind, should_be });
    }
    if differences.is_empty() {
        let whose = if is_ours(webhook) { "" } else { ", made by hand" };
        return good(what, format!("{}{whose}", webhook.id));
    }
    if !is_ours(webhook) {
        let parts = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        return by_hand(
            what,
            format!("{} was made by hand and differs: {parts}", webhook.id),
            format!(
                "correct it in the Admin Centre, or write {} into its description: then it is ours to correct",
                marker(ROLE)
            ),
        );
    }
    let step =
        Step::Change { kind: Kind::Webhook, id: webhook.id.clone(), body: Value::Object(body), or: None };
    Item { what, verdict: Verdict::Differs { differences }, step: Some(step) }
}

fn secret(secret: Secret) -> Option<Item> {
    let what = "signing secret".to_owned();
    Some(match secret {
        Secret::Unread => return None,
        Secret::Same => good(what, "the one of MISREAD_WEBHOOK_SECRET".to_owned()),
        Secret::NotCompared => Item::not_looked(what, "MISREAD_WEBHOOK_SECRET is not set here"),
        Secret::Different => by_hand(
            what,
            "the webhook signs with another one than MISREAD_WEBHOOK_SECRET: the service refuses every delivery",
            "`misread zendesk apply --secret-file FILE` writes it into a file; give that to the service as MISREAD_WEBHOOK_SECRET_FILE",
        ),
    })
}
