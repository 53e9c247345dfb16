//! Signing in and out.

use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Serialize;

use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::console::session::{Token, no_cookie};
use crate::domain::person;
use crate::ports::{Act, SignedInBy};

#[derive(Serialize)]
struct Content<'a> {
    next: &'a str,
    /// What was typed before.
    typed: &'a str,
    wrong: Option<&'static str>,
    by_password: bool,
}

/// The form; for a person who is signed in, the page that they wanted.
pub(super) fn form(visit: &Visit<'_>, viewer: Option<&Viewer>) -> Reply {
    if viewer.is_some() {
        return Reply::to(visit.fields.next().to_owned());
    }
    page(visit, None, StatusCode::OK)
}

fn page(visit: &Visit<'_>, wrong: Option<&'static str>, status: StatusCode) -> Reply {
    let by_password = !visit.console.parts.users.is_empty();
    let content = Content { next: visit.fields.next(), typed: visit.fields.text("name"), wrong, by_password };
    Reply::page("sign_in.html", "로그인", content).with(status)
}

/// The form's address, which comes back to the page that was asked for. A form that was sent without a session is not
/// repeated.
pub(in crate::console) fn address(visit: &Visit<'_>) -> String {
    let wanted = visit.uri.path();
    if wanted == "/" || visit.headers.contains_key("content-type") {
        return "/sign-in".to_owned();
    }
    // A path of the console has only letters, digits, slashes and hyphens: others are not found.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-".contains(&byte);
    if wanted.bytes().all(is_plain) { format!("/sign-in?next={wanted}") } else { "/sign-in".to_owned() }
}

/// Signs a person in with a new session. A wrong name and a wrong password are answered alike.
pub(super) async fn sign_in(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let (console, client) = (visit.console, visit.client);
    // No user has a longer name.
    let name: String = visit.fields.text("name").chars().take(person::LONGEST_NAME).collect();
    if !console.attempts.admit(&name, client, visit.now) {
        tracing::warn!(%client, "too many attempts to sign in to the console");
        let wrong = "로그인 시도가 너무 많습니다. 15분 뒤에 다시 해 주세요.";
        return Ok(page(visit, Some(wrong), StatusCode::TOO_MANY_REQUESTS));
    }
    let password = SecretString::from(visit.fields.whole("password"));
    let is_right = console.passwords.are_right(&name, password).await;
    let user = console.user(&name).filter(|_| is_right);
    let Some(user) = user else {
        tracing::warn!(%client, "a wrong name or password at the console");
        let wrong = "이름이나 비밀번호가 맞지 않습니다. 다시 확인해 주세요.";
        return Ok(page(visit, Some(wrong), StatusCode::UNAUTHORIZED));
    };
    console.attempts.succeeded(&name, client);
    // An earlier session of this browser ends, so that none can be fixed in advance.
    if let Some(before) = Token::of(&visit.headers, console.parts.secure) {
        console.parts.ledger.end_session(&before.hash()).await?;
    }
    let (token, _) = console.begin(&name, SignedInBy::Password, &user.standing(), visit.now).await?;
    let cookie = Some(token.cookie(console.parts.secure));
    Ok(Reply::Elsewhere { to: visit.fields.next().to_owned(), cookie })
}

/// Ends the session in the ledger, and removes the browser's cookie.
pub(super) async fn sign_out(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    visit.console.parts.ledger.end_session(&viewer.session.token_hash).await?;
    visit.console.record(&viewer.did(Act::SignedOut, visit.now)).await?;
    let cookie = Some(no_cookie(visit.console.parts.secure));
    Ok(Reply::Elsewhere { to: "/sign-in".to_owned(), cookie })
}
