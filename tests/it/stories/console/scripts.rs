//! Texts of other people on the pages of policy, texts, limits and privacy: they are shown and never run.

use misread::config::{Deployment, MacroSource, Settings};
use misread::domain::person::Role;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::zendesk::{Role as DeskRole, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::{HERE, PAID, Place, gives_up_soon, one_refund, with_users};

/// Would run in a text, in a quoted value, in an unquoted one and after a template.
const ATTACK: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}";

const NAME: &str = "payment_cancelled";

fn from_the_account(settings: &mut Settings) {
    settings.macros.source = MacroSource::Zendesk;
}

fn shows_and_runs_nothing(page: &str) {
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    runs_nothing(page);
}

fn runs_nothing(page: &str) {
    for running in ["<script", "<img", "\"'>"] {
        assert!(!page.contains(running), "{running}: {page}");
    }
}

#[tokio::test]
async fn names_and_texts_of_macros_and_the_names_of_agents_run_nothing() {
    let place = Place::with(with_users, from_the_account).await;
    place.world.fill_macros();
    place.world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.role = DeskRole::Admin).unwrap();
    place.world.edit_macro(NAME, "priority", json!("high")).await;
    let log = place.world.admin(Method::GET, "/api/v2/audit_logs", Value::Null).await;
    let editor = log["audit_logs"][0]["actor_id"].as_i64().unwrap();
    place.world.sandbox.zendesk.alter_user(editor, |user| user.name = ATTACK.to_owned()).unwrap();
    // A text that serves, one that is refused, and one that is looked up by its number and has any title.
    let harmless = ATTACK.replace("{{ 7*7 }}", "");
    place.world.reword_macro(NAME, "감사합니다.", &harmless).await;
    place.world.reword_macro("use_cancelled", "감사합니다.", ATTACK).await;
    assert!(place.world.read_macros().await);
    let mut browser = place.signed_in(Role::View).await;
    let list = browser.page("/texts").await;
    assert!(list.contains("고칠 글이 1개"), "{list}");
    shows_and_runs_nothing(&list);
    let (_, broken) = list.split_once("<strong>고칠 곳</strong>").unwrap();
    assert!(broken.split_once("</p>").unwrap().0.contains("&lt;script&gt;"), "the editor's name: {broken}");
    shows_and_runs_nothing(&browser.page(&format!("/texts/{NAME}")).await);
    shows_and_runs_nothing(&browser.page("/texts/use_cancelled").await);
    runs_nothing(&browser.page("/").await);
    runs_nothing(&browser.page("/system").await);
}

#[tokio::test]
async fn the_title_of_a_macro_that_is_looked_up_by_its_number_runs_nothing() {
    let place = Place::with(with_users, from_the_account).await;
    place.world.fill_macros();
    let id = place.world.account_macro(NAME).id;
    place.world.change_macro(id, json!({ "title": ATTACK })).await;
    let by_number = |settings: &mut Settings| {
        from_the_account(settings);
        settings.macros.ids.insert(NAME.to_owned(), id);
    };
    let place = Place::of(place.world.replica_deployed(with_users, by_number).await).await;
    assert!(place.world.read_macros().await);
    shows_and_runs_nothing(&place.signed_in(Role::View).await.page("/texts").await);
}

#[tokio::test]
async fn reasons_and_names_of_who_acts_run_nothing() {
    let deploy = |deployment: &mut Deployment| deployment.console_proxies = vec![HERE];
    let place = Place::with(deploy, one_refund).await;
    for _ in 0..2 {
        place.charged_again().await;
    }
    let mut browser = place.browser();
    browser.headers =
        vec![("x-forwarded-user", ATTACK.to_owned()), ("x-forwarded-groups", "misread-admin".to_owned())];
    let form = browser.get("/limits/lift").await;
    let (_, mark) = form.text.split_once("name=\"mark\" value=\"").unwrap();
    let mark = mark.split_once('"').unwrap().0.to_owned();
    browser.submit(&form, "/limits/lift", &[("mark", &mark), ("reason", ATTACK)]).await.to();
    let page = browser.page("/limits").await;
    assert!(page.matches("&lt;script&gt;alert(1)").count() >= 3, "the name twice and the reason: {page}");
    shows_and_runs_nothing(&page);

    let privacy = browser.get("/privacy").await;
    let shown = browser.submit(&privacy, "/privacy/preview", &[("account", ATTACK)]).await;
    shows_and_runs_nothing(&shown.text);
    let id = place.world.open(&place.world.story("고객이 이미 앱에서 취소한 건"));
    place.world.until_idle().await;
    let fields = [("tickets", id.to_string()), ("reason", ATTACK.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let to = browser.submit(&privacy, "/privacy/erase", &fields).await.to().to_owned();
    runs_nothing(&browser.page(&to).await);
    runs_nothing(&browser.page(&format!("/privacy?erased={ATTACK}&refused={ATTACK}")).await);
    shows_and_runs_nothing(&browser.page("/access").await);
}

#[tokio::test]
async fn the_reason_for_which_a_ticket_is_stuck_runs_nothing() {
    let place = Place::with(with_users, gives_up_soon).await;
    let body = json!({ "error": { "code": ATTACK, "message": ATTACK } }).to_string();
    let refusal = Fault::Status { status: 422, retry_after: None, body };
    place.world.sandbox.parking.faults().inject(FaultRule::always("/uses", refusal));
    let id = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::Operate).await;
    assert!(browser.page("/stuck").await.contains("422"));
    for path in ["/stuck", "/tickets", &format!("/tickets/{id}"), "/"] {
        runs_nothing(&browser.page(path).await);
    }
}

#[tokio::test]
async fn what_an_address_names_runs_nothing() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let query = |path: &str, name: &str| {
        let url = reqwest::Url::parse_with_params(&format!("http://x{path}"), [(name, ATTACK)]).unwrap();
        format!("{path}?{}", url.query().unwrap())
    };
    for path in [
        query("/policy", "status"),
        query("/policy", "nothing"),
        query("/policy/explain", "status"),
        query("/policy/explain", "identity"),
        query("/limits", "done"),
        query("/privacy", "refused"),
        query("/texts", "q"),
    ] {
        runs_nothing(&browser.page(&path).await);
    }
}
