//! Checks our Zendesk user, its rights and rate limits, and the clocks.

use super::unread;
use crate::account::setup::Item;
use crate::config::Settings;
use crate::zendesk::admin::{AdminClient, AdminError, Greeting};

/// Clocks further apart than this are reported: webhooks are signed with a time.
const CLOCKS_APART_SECONDS: i64 = 60;
/// A settled ticket takes about this many requests beside each of its updates.
const REQUESTS_PER_UPDATE: u32 = 2;

/// Checks the service's own credentials; returns the user under which it writes, or `None` if they cannot be used for
/// reading.
pub(super) async fn service(
    settings: &Settings,
    service: &AdminClient,
    items: &mut Vec<Item>,
) -> Option<i64> {
    let greeting = match service.greet().await {
        Ok(greeting) => greeting,
        Err(error) => {
            items.push(not_greeted("sign-in of the service", &error, "nothing else was looked at"));
            return None;
        }
    };
    let id = who(&greeting, items)?;
    items.push(scopes(service).await);
    items.push(clock(&greeting));
    items.push(limits(settings, &greeting));
    Some(id)
}

/// Checks the admin's credentials; returns whether they can be used for reading.
pub(super) async fn admin(admin: &AdminClient, items: &mut Vec<Item>) -> bool {
    const WHAT: &str = "sign-in of the admin";
    let (item, usable) = match admin.greet().await {
        Ok(greeting) if greeting.user.role.as_deref() == Some("admin") => {
            (Item::good(WHAT, greeting.user.name.unwrap_or_default()), true)
        }
        Ok(greeting) => {
            let role = greeting.user.role.unwrap_or_default();
            let help = "tie the OAuth client of the MISREAD_ZENDESK_ADMIN_ variables to an admin";
            (Item::wrong(WHAT, format!("its user's role is `{role}`"), help), false)
        }
        Err(error) => (not_greeted(WHAT, &error, "webhooks were not looked at"), false),
    };
    items.push(item);
    usable
}

/// The request for our user failed. A rejection is a problem of ours; a missing response is not.
fn not_greeted(what: &str, error: &AdminError, consequence: &str) -> Item {
    match error {
        AdminError::SignIn { .. } | AdminError::Forbidden { .. } | AdminError::Missing { .. } => {
            Item::wrong(what, error.to_string(), consequence)
        }
        error => Item::unread(what, error.to_string(), consequence),
    }
}

fn who(greeting: &Greeting, items: &mut Vec<Item>) -> Option<i64> {
    const WHAT: &str = "sign-in of the service";
    let user = &greeting.user;
    let name = user.name.clone().unwrap_or_default();
    match (user.id, user.role.as_deref()) {
        (None, _) => {
            let why = "Zendesk takes the credentials for nobody's";
            items.push(Item::wrong(WHAT, why, "look at the service's OAuth client and at its user"));
        }
        (Some(id), Some("agent")) if user.only_private_comments == Some(true) => {
            let why = format!(
                "{name} (#{id}) may only write internal notes (a light agent): no reply reaches a customer"
            );
            let help = "give the service's user a full agent seat, or a role that may comment publicly";
            items.push(Item::wrong(WHAT, why, help));
        }
        (Some(id), Some("agent")) => items.push(Item::good(WHAT, format!("{name}, agent, #{id}"))),
        (Some(id), role) => {
            let why = format!("{name} (#{id}) is `{}`, and must be an agent", role.unwrap_or_default());
            let help = "give the service a user of its own with the role agent: it must not be able to change triggers, and must be able \
                        to answer tickets";
            items.push(Item::wrong(WHAT, why, help));
        }
    }
    user.id
}

async fn scopes(service: &AdminClient) -> Item {
    const WHAT: &str = "scopes of the service";
    match service.scopes().await {
        Ok(Some(scopes)) => {
            let has = |name: &str| scopes.iter().any(|scope| scope == name);
            let shown = scopes.join(" ");
            if has("read") && has("tickets:write") && !has("write") {
                Item::good(WHAT, shown)
            } else {
                let help = "look at the OAuth client's own scopes in the Admin Centre: it must allow `tickets:write read`";
                Item::wrong(WHAT, format!("the token may `{shown}`"), help)
            }
        }
        Ok(None) => Item::not_looked(WHAT, "an API token has none; Zendesk ends API tokens on 2027-04-30"),
        Err(error) => unread(WHAT, &error),
    }
}

fn clock(greeting: &Greeting) -> Item {
    const WHAT: &str = "clocks";
    let Some(theirs) = greeting.their_time else {
        return Item::not_looked(WHAT, "the answer has no date");
    };
    let ahead = theirs.as_second() - greeting.our_time.as_second();
    if ahead.abs() <= CLOCKS_APART_SECONDS {
        return Item::good(WHAT, format!("Zendesk's is {ahead:+} s from ours"));
    }
    let help = "set this machine's clock by a time server: webhooks whose time is too far off are refused";
    Item::wrong(WHAT, format!("Zendesk's is {ahead:+} s from ours"), help)
}

/// Only responses to updates contain the limit of ticket updates, and a check makes none.
fn limits(settings: &Settings, greeting: &Greeting) -> Item {
    const WHAT: &str = "limits";
    let Some(requests) = greeting.limits.iter().find(|limit| limit.name == "requests") else {
        return Item::not_looked(WHAT, "the answer does not tell of any");
    };
    let (total, left) = (requests.total, requests.remaining);
    let shown = format!("{total} requests a minute, {left} left in this one");
    let zendesk = &settings.zendesk;
    let ours = u64::from(total) * u64::from(zendesk.share_percent) / 100;
    let needed = u64::from(zendesk.updates_per_minute) * u64::from(1 + REQUESTS_PER_UPDATE);
    if needed > ours {
        return Item::wrong(
            WHAT,
            format!("{shown}; {} updates a minute take about {needed}", zendesk.updates_per_minute),
            format!("set `zendesk.updates_per_minute` to {}", ours / u64::from(1 + REQUESTS_PER_UPDATE)),
        );
    }
    Item::good(WHAT, shown)
}
