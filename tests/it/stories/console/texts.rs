//! The texts' pages: what serves, where it comes from, what it must mention, and what is broken.

use misread::config::{MacroSource, Settings};
use misread::domain::person::Role;
use misread::sandbox::zendesk::{Role as DeskRole, SERVICE_USER};
use reqwest::StatusCode;
use serde_json::json;

use super::{Place, with_users};

const NAME: &str = "payment_cancelled";
const BYE: &str = "감사합니다.";

fn from_the_account(settings: &mut Settings) {
    settings.macros.source = MacroSource::Zendesk;
}

async fn with_account_macros() -> Place {
    let place = Place::with(with_users, from_the_account).await;
    place.world.fill_macros();
    assert!(place.world.read_macros().await);
    place
}

/// The part of the list about this text.
fn section<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("href=\"/texts/{name}\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    rest.split_once("</section>").unwrap().0
}

#[tokio::test]
async fn every_text_is_listed_with_what_it_must_mention_ticked_off_in_words() {
    let place = Place::new().await;
    let files = misread::config::load_files(&std::collections::BTreeMap::new()).unwrap();
    let page = place.signed_in(Role::View).await.page("/texts").await;
    let names: Vec<&str> = files.macros.names().collect();
    assert_eq!(names.len(), 27);
    for name in names {
        let section = section(&page, name);
        assert!(section.contains("프로그램과 함께 제공된 글"), "{section}");
        let mentions = &files.macros.wording(name).unwrap().must_mention;
        assert_eq!(section.matches("<span class=\"sign\">✓ ").count(), mentions.len(), "{section}");
        assert!(!section.contains('✗') && !section.contains("Zendesk에서 열기"), "{section}");
    }
    assert!(page.contains("글은 파일에서 읽습니다") && !page.contains("고칠 글이"));
}

#[tokio::test]
async fn a_text_stands_in_each_variant_as_customers_read_it() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    let page = browser.page(&format!("/texts/{NAME}")).await;
    assert!(page.contains("안녕하세요, 고객님") && page.contains("12,000원"), "{page}");
    let variants = page.matches("<li class=\"reply\">").count();
    assert!(variants > 1 && page.contains(&format!("<small>{variants}가지</small>")), "{page}");
    let (_, read) = page.split_once("고객님이 보시는 글").unwrap();
    assert!(!read.contains("{{"), "{read}");
    let paragraph = browser.page("/texts/question_identity").await;
    assert!(paragraph.contains("문단 · 질문"), "{paragraph}");
    for nothing in ["/texts/nothing", "/texts/%3Cscript%3E", "/texts/"] {
        assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_text_of_the_account_names_its_macro_with_a_link_to_it() {
    let place = with_account_macros().await;
    place.world.reword_macro(NAME, BYE, "고맙습니다.").await;
    assert!(place.world.read_macros().await);
    let mut browser = place.signed_in(Role::View).await;
    let page = browser.page("/texts").await;
    let id = place.world.account_macro(NAME).id;
    let section = section(&page, NAME);
    assert!(section.contains("계정의 매크로") && section.contains(&format!("misread::{NAME}")), "{section}");
    let zendesk = &place.world.sandbox.zendesk_url;
    let link = format!("href=\"{zendesk}/admin/workspaces/agent-workspace/macros/{id}\"");
    assert!(section.contains(&link), "{section}");
    assert!(browser.page(&format!("/texts/{NAME}")).await.contains("고맙습니다."));
}

#[tokio::test]
async fn a_broken_text_stands_first_with_who_broke_it_what_is_missing_and_what_serves_instead() {
    let place = with_account_macros().await;
    place.world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.role = DeskRole::Admin).unwrap();
    place.world.reword_macro(NAME, "영업일 3~5일", "며칠").await;
    assert!(place.world.read_macros().await);
    let mut browser = place.signed_in(Role::View).await;
    let page = browser.page("/texts").await;
    assert!(page.contains("고칠 글이 1개 있습니다"), "{page}");
    let first = page.split_once("href=\"/texts/").unwrap().1;
    assert!(first.starts_with(NAME), "{first}");
    let section = section(&page, NAME);
    assert!(section.contains("마지막으로 확인된 글") && section.contains("대신 나가는 글"), "{section}");
    let log = place.world.admin(reqwest::Method::GET, "/api/v2/audit_logs", serde_json::Value::Null).await;
    let who = log["audit_logs"][0]["actor_name"].as_str().unwrap();
    assert!(section.contains(who), "{who}: {section}");
    // The refused text lacks one of the things that it must mention, and says so in a word.
    assert!(section.contains("<span class=\"sign\">✗ 빠져 있음</span>"), "{section}");
    assert!(section.contains("며칠"), "{section}");
    // What serves has all of them.
    let serving = section.rsplit_once("aria-label=\"꼭 알릴 말\"").unwrap().1;
    assert!(serving.contains('✓') && !serving.contains('✗'), "{serving}");
    assert!(browser.page(&format!("/texts/{NAME}")).await.contains("영업일 3~5일"));
}

#[tokio::test]
async fn a_macro_that_the_account_lacks_is_told_and_the_file_serves() {
    let place = Place::with(with_users, from_the_account).await;
    let page = place.signed_in(Role::View).await.page("/texts").await;
    assert!(page.contains("아직 읽지 않았습니다") && !page.contains("고칠 글이"), "{page}");
    assert!(place.world.read_macros().await);
    let page = place.signed_in(Role::View).await.page("/texts").await;
    assert!(page.contains("고칠 글이 27개 있습니다"), "{page}");
    let section = section(&page, NAME);
    assert!(section.contains("파일의 글을 보냅니다") && section.contains("매크로가 없습니다"), "{section}");
    assert!(
        section.contains("프로그램과 함께 제공된 글") && !section.contains("Zendesk에서 열기"),
        "{section}"
    );
}

#[tokio::test]
async fn a_file_that_was_changed_is_told_from_the_one_that_comes_with_the_program() {
    let place = Place::new().await;
    place.world.reload(|files| {
        let file = |name: &str| (name.to_owned(), files.macros.text(name).unwrap().to_owned());
        let mut texts: Vec<(String, String)> = files.macros.names().map(file).collect();
        let own = texts.iter_mut().find(|(name, _)| name == NAME).unwrap();
        own.1 = own.1.replace(BYE, "고맙습니다.");
        files.macros = misread::domain::reply::Macros::parse(&texts).unwrap();
    });
    let page = place.signed_in(Role::View).await.page("/texts").await;
    assert!(section(&page, NAME).contains("설정 폴더의 파일"), "{page}");
    assert_eq!(page.matches("프로그램과 함께 제공된 글").count(), 26);
}

#[tokio::test]
async fn a_macro_that_is_switched_off_is_broken() {
    let place = with_account_macros().await;
    let id = place.world.account_macro(NAME).id;
    place.world.change_macro(id, json!({ "active": false })).await;
    assert!(place.world.read_macros().await);
    let page = place.signed_in(Role::View).await.page("/texts").await;
    let section = section(&page, NAME);
    assert!(section.contains("꺼져 있습니다") && section.contains("Zendesk에서 열기"), "{section}");
}

/// Would run if a page took it for its own.
const ATTACK: &str = r#"<script>window.ran=1</script><img src=x onerror="window.ran=2">"'><a href="javascript:window.ran=3">여기</a>"#;

/// The page shows the text as it was written, and nothing of it is part of the page.
fn shows_the_attack(page: &str) {
    assert!(page.contains("&lt;script&gt;window.ran=1"), "{page}");
    for element in ["<script>", "<img", "<a href=\"javascript:", "onerror=\"", "<svg"] {
        assert!(!page.contains(element), "{element} in {page}");
    }
}

#[tokio::test]
async fn a_hostile_macro_of_the_account_is_shown_as_it_was_written_and_nothing_of_it_runs() {
    let place = with_account_macros().await;
    place.world.reword_macro(NAME, BYE, &format!("{BYE} {ATTACK}")).await;
    assert!(place.world.read_macros().await);
    let mut browser = place.signed_in(Role::Operate).await;
    assert!(section(&browser.page("/texts").await, NAME).contains("계정의 매크로"), "it serves");
    shows_the_attack(&browser.page(&format!("/texts/{NAME}")).await);

    let id = place.world.open(&place.world.story(super::PAID));
    place.world.until_idle().await;
    let [reply] = place.world.replies(id).try_into().unwrap();
    assert!(reply.contains(ATTACK), "{reply}");
    shows_the_attack(&browser.page(&format!("/tickets/{id}")).await);
}

#[tokio::test]
async fn a_macro_that_attacks_the_templates_is_refused_shown_as_text_and_never_evaluated() {
    for template in [
        "{{7*7}}",
        "{% for x in range(9) %}{{x}}{% endfor %}",
        "{{ticket.__class__}}",
        "{% include 'x' %}",
        "{{",
    ] {
        let place = with_account_macros().await;
        place.world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.name = ATTACK.to_owned()).unwrap();
        place.world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.role = DeskRole::Admin).unwrap();
        place.world.reword_macro(NAME, BYE, &format!("{BYE} {ATTACK} {template}")).await;
        assert!(place.world.read_macros().await);
        let mut browser = place.signed_in(Role::Operate).await;
        let page = browser.page("/texts").await;
        let section = section(&page, NAME);
        assert!(section.contains("마지막으로 확인된 글"), "{template}: {section}");
        shows_the_attack(section);
        assert!(section.contains("window.ran=3"), "{section}");
        let id = place.world.open(&place.world.story(super::PAID));
        place.world.until_idle().await;
        let [reply] = place.world.replies(id).try_into().unwrap();
        assert!(
            !reply.contains("ran=") && !reply.contains("49") && reply.contains(BYE),
            "{template}: {reply}"
        );
        shows_the_attack(&browser.page(&format!("/texts/{NAME}")).await);
        let page = browser.page(&format!("/tickets/{id}")).await;
        assert!(!page.contains("ran=1"), "{template}: {page}");
    }
}

#[tokio::test]
async fn a_hostile_macro_that_zendesks_editor_wrote_as_html_becomes_plain_text() {
    let place = with_account_macros().await;
    let macros = &place.world;
    let found = macros.account_macro(NAME).actions.into_iter().find(|action| action.field == "comment_value");
    let plain = found.unwrap().value.as_str().unwrap().to_owned();
    macros.edit_macro(NAME, "comment_value", serde_json::Value::Null).await;
    let html = plain.split("\n\n").map(|part| format!("<p>{}</p>", part.replace('\n', "<br>")));
    let html = html.collect::<String>()
        + r#"<p><a href="javascript:window.ran=3">여기</a><script>window.ran=1</script></p>"#;
    macros.edit_macro(NAME, "comment_value_html", json!(html)).await;
    assert!(place.world.read_macros().await);
    let mut browser = place.signed_in(Role::View).await;
    for path in ["/texts".to_owned(), format!("/texts/{NAME}")] {
        let page = browser.page(&path).await;
        for element in ["<script>", "href=\"javascript:"] {
            assert!(!page.contains(element), "{element} in {page}");
        }
    }
}

#[tokio::test]
async fn each_text_of_the_account_leads_to_its_own_macro_in_zendesks_admin_centre() {
    let place = with_account_macros().await;
    let mut browser = place.signed_in(Role::View).await;
    let page = browser.page("/texts").await;
    let macros = place.world.sandbox.zendesk.macros();
    let zendesk = &place.world.sandbox.zendesk_url;
    let mut seen = 0;
    for found in macros {
        let Some(name) = found.title.strip_prefix("misread::") else { continue };
        let link = format!("{zendesk}/admin/workspaces/agent-workspace/macros/{}", found.id);
        for page in [section(&page, name), &browser.page(&format!("/texts/{name}")).await] {
            let links: Vec<&str> =
                page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
            let links: Vec<&str> = links.into_iter().filter(|href| href.contains("/macros/")).collect();
            assert!(!links.is_empty() && links.iter().all(|href| *href == link), "{name}: {links:?}");
        }
        seen += 1;
    }
    assert_eq!(seen, 27);
}
