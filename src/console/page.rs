//! Pages: templates with every value escaped, inside one frame, and the headers of every response.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::access::Viewer;
use super::asset::{Asset, Links};
use super::form::Again;
use super::{Console, live};
use crate::domain::person::Role;

const TEMPLATES: &[(&str, &str)] = &[
    ("access.html", include_str!("templates/access.html")),
    ("erasure.html", include_str!("templates/erasure.html")),
    ("explain.html", include_str!("templates/explain.html")),
    ("bulk.html", include_str!("templates/bulk.html")),
    ("figures.html", include_str!("templates/figures.html")),
    ("frame.html", include_str!("templates/frame.html")),
    ("lift.html", include_str!("templates/lift.html")),
    ("limits.html", include_str!("templates/limits.html")),
    ("policy.html", include_str!("templates/policy.html")),
    ("policy_map.html", include_str!("templates/policy_map.html")),
    ("policy_row.html", include_str!("templates/policy_row.html")),
    ("policy_trial.html", include_str!("templates/policy_trial.html")),
    ("privacy.html", include_str!("templates/privacy.html")),
    ("practice.html", include_str!("templates/practice.html")),
    ("practice_ticket.html", include_str!("templates/practice_ticket.html")),
    ("refusal.html", include_str!("templates/refusal.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("stuck.html", include_str!("templates/stuck.html")),
    ("system.html", include_str!("templates/system.html")),
    ("text.html", include_str!("templates/text.html")),
    ("texts.html", include_str!("templates/texts.html")),
    ("ticket.html", include_str!("templates/ticket.html")),
    ("tickets.html", include_str!("templates/tickets.html")),
    ("today.html", include_str!("templates/today.html")),
    ("waiting.html", include_str!("templates/waiting.html")),
];
/// Parts that several templates share, where they name them. The template engine's own way is left out of the build, since
/// customers' texts are templates as well.
const PARTS: [(&str, &str); 2] = [
    ("{% include \"text_status.html\" %}", include_str!("templates/text_status.html")),
    ("{% include \"why.html\" %}", include_str!("templates/why.html")),
];
/// Nothing but the console's own style sheet, scripts and forms: what a customer wrote can load and run nothing.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The first part of a page's address, its name, and the least role that sees it in the menu.
const MENU: [(&str, &str, Role); 12] = [
    ("/", "오늘", Role::View),
    ("/tickets", "티켓", Role::View),
    ("/stuck", "막힌 티켓", Role::View),
    ("/waiting", "기다림", Role::View),
    ("/policy", "정책", Role::View),
    ("/texts", "문구", Role::View),
    ("/limits", "한도", Role::View),
    ("/figures", "숫자", Role::View),
    ("/system", "상태", Role::View),
    ("/privacy", "개인정보", Role::Admin),
    ("/access", "접근 기록", Role::Admin),
    (PRACTICE, "연습실", Role::Operate),
];

/// The page that only a console of the sandbox has.
const PRACTICE: &str = "/practice";

/// What a screen answers.
pub(super) enum Reply {
    Page {
        template: &'static str,
        title: String,
        status: StatusCode,
        content: Value,
    },
    /// To another page, with a cookie if it changes.
    Elsewhere {
        to: String,
        cookie: Option<String>,
    },
    /// A file to keep, with its name and kind.
    File {
        name: String,
        kind: &'static str,
        body: String,
    },
    /// The style sheet or a script.
    Asset(Asset),
}

/// What a page of a refusal says.
#[derive(Serialize)]
pub(super) struct Told {
    pub(super) what: String,
    pub(super) again: Option<Again>,
}

impl Reply {
    pub(super) fn page(template: &'static str, title: impl Into<String>, content: impl Serialize) -> Self {
        let content = Value::from(Serde(content));
        Self::Page { template, title: title.into(), status: StatusCode::OK, content }
    }

    pub(super) fn with(self, new: StatusCode) -> Self {
        match self {
            Self::Page { template, title, content, .. } => {
                Self::Page { template, title, status: new, content }
            }
            other => other,
        }
    }

    pub(super) fn to(to: String) -> Self {
        Self::Elsewhere { to, cookie: None }
    }
}

/// What templates know beside their content.
#[derive(Serialize)]
struct Frame<'a> {
    title: &'a str,
    name: Option<&'a str>,
    role: Option<&'static str>,
    form_token: &'a str,
    menu: Vec<Entry>,
    /// What the page was searched for.
    search: Option<Value>,
    operates: bool,
    content: Value,
    links: &'a Links,
    /// The address by which the page asks anew; `None`: it has no live parts.
    live: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry {
    href: &'static str,
    label: &'static str,
    is_here: bool,
}

#[derive(Debug)]
pub(super) struct Pages {
    templates: Environment<'static>,
    links: Links,
}

impl Pages {
    pub(super) fn new() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        // By no name: every template is HTML.
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES {
            let whole =
                PARTS.iter().fold((*source).to_owned(), |text, (place, part)| text.replace(place, part));
            environment.add_template_owned(*name, whole)?;
        }
        Ok(Self { templates: environment, links: Links::new() })
    }

    /// The page, the content inside the frame; or what has changed since an open page was `seen`.
    fn render<'a>(
        &self,
        template: &str,
        mut frame: Frame<'a>,
        (path, seen): (&'a str, Option<&str>),
    ) -> Result<Response, minijinja::Error> {
        let inner = self.templates.get_template(template)?.render(Serde(&frame))?;
        if let Some(seen) = seen {
            return Ok(live::changed(&inner, seen));
        }
        frame.live = live::has_parts(&inner).then_some(path);
        frame.search = frame.content.get_attr("search").ok().filter(|search| !search.is_undefined());
        frame.content = Value::from_safe_string(live::whole(&inner));
        let page = self.templates.get_template("frame.html")?.render(Serde(&frame))?;
        Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
    }
}

/// The response of a reply. `seen`: an open page asks anew.
pub(super) fn response(
    console: &Console,
    viewer: Option<&Viewer>,
    uri: &Uri,
    seen: Option<&str>,
    reply: Reply,
) -> Response {
    let mut response = match reply {
        Reply::Asset(asset) => asset.response(uri),
        Reply::File { name, kind, body } => file(&name, kind, body),
        Reply::Elsewhere { to, cookie } => elsewhere(&to, cookie),
        Reply::Page { template, title, status, content } => {
            let role = viewer.map(|viewer| viewer.role);
            let frame = Frame {
                title: &title,
                name: viewer.map(|viewer| viewer.name.as_str()),
                role: role.map(Role::korean),
                form_token: viewer.map_or("", |viewer| viewer.form_token.as_str()),
                menu: menu(role, uri.path(), console.practice.is_some()),
                search: None,
                operates: role >= Some(Role::Operate),
                content,
                links: &console.pages.links,
                live: None,
            };
            match console.pages.render(template, frame, (uri.path(), seen)) {
                Ok(page) if status == StatusCode::OK => page,
                Ok(page) => (status, page).into_response(),
                Err(error) => {
                    tracing::error!(%error, template, "a page of the console could not be made");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            }
        }
    };
    let begun = viewer.and_then(|viewer| viewer.cookie.as_deref()).and_then(|cookie| cookie.parse().ok());
    if let Some(cookie) = begun
        && !response.headers().contains_key(SET_COOKIE)
    {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The name is the console's own.
fn file(name: &str, kind: &'static str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}

fn menu(role: Option<Role>, path: &str, practises: bool) -> Vec<Entry> {
    let is_here = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let seen = MENU.into_iter().filter(|(.., least)| role >= Some(*least));
    let seen = seen.filter(|(href, ..)| practises || *href != PRACTICE);
    seen.map(|(href, label, _)| Entry { href, label, is_here: is_here(href) }).collect()
}

/// By 303, so that a browser never sends a form twice.
fn elsewhere(to: &str, cookie: Option<String>) -> Response {
    let (Ok(to), Ok(cookie)) = (to.parse::<HeaderValue>(), cookie.map(|cookie| cookie.parse()).transpose())
    else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response();
    let cookie: Option<HeaderValue> = cookie;
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Adds the headers that every response carries, also a refusal.
pub(super) async fn guarded(mut response: Response) -> Response {
    // Only what asks to be kept is kept.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let headers: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
