//! What another policy would change: the page says what the commands say of the same files and the same ledger, and asking
//! changes nothing.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use misread::config::{Report, check_policy};
use misread::domain::parking::Won;
use misread::domain::person::Role;
use misread::ports::Act;
use misread::sandbox::seed;
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use super::{Answer, Browser, PAID, Place, escaped, name, with_users};

const SHIPPED: &str = include_str!("../../../../config/policy.toml");
const TRIAL: &str = "/policy/trial";

/// What the check says of this policy beside the built-in files.
fn check(text: &str) -> Report {
    check_policy(&BTreeMap::new(), text).unwrap_err()
}

/// What a command says of this new policy, as JSON.
fn command(place: &Place, new: &str, arguments: &[&str]) -> Value {
    let folder = TempDir::new().unwrap();
    for (file, text) in [("old.toml", SHIPPED), ("new.toml", new)] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_misread"))
        .args(arguments)
        .arg("--json")
        .env_clear()
        .env("MISREAD_DATABASE_URL", place.world.ledger())
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asks on the page.
async fn tried(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let form = browser.get(TRIAL).await;
    browser.submit(&form, TRIAL, fields).await
}

/// The file that the page offers, as the browser gets it.
async fn offered(browser: &mut Browser, answer: &Answer) -> String {
    let (_, rest) = answer.text.split_once("<textarea name=\"text\" hidden>\n").expect("no file is offered");
    let text = rest.split_once("</textarea>").unwrap().0;
    let text = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    // Browsers send the line ends of a text as CRLF.
    let fields = [("text", text.replace('\n', "\r\n"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let file = browser.submit(answer, "/policy/trial/file", &fields).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"policy.toml\"");
    file.text
}

/// Whether the page shows exactly what both commands say of this policy.
fn says_what_the_commands_say(place: &Place, page: &str, new: &str) {
    let diff = command(place, new, &["policy", "diff", "old.toml", "new.toml"]);
    let changes = diff["changes"].as_array().unwrap();
    assert!(page.contains(&format!("달라지는 상황 <small>{}개</small>", diff["situations"])), "{page}");
    assert_eq!(page.matches("어떤 상황인지 보기").count(), changes.len());
    for change in changes {
        assert!(page.contains(&format!("<small>상황 {}개</small>", change["situations"])), "{change}");
        for line in change["differences"].as_array().unwrap() {
            assert!(page.contains(&escaped(line.as_str().unwrap())), "{line}: {page}");
        }
    }
    let past = command(place, new, &["policy", "backtest", "new.toml", "--since", "2026-10-22"]);
    let won = |value: &Value| Won(value.as_i64().unwrap()).to_string();
    let (decisions, tickets, different) = (&past["decisions"], &past["tickets"], &past["different"]);
    let told = format!(
        "2026-10-22부터 판단 {decisions}건(티켓 {tickets}건)을 다시 해 보았습니다. 결과가 달라지는 티켓은 {}건이고, 금액은 {}입니다.",
        different["tickets"],
        won(&different["won"])
    );
    assert!(page.contains(&told), "{told}: {page}");
    let listed =
        page.split("<tr><td><a href=\"/tickets/").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    let mut listed: Vec<String> = listed.map(str::to_owned).collect();
    let all = past["differences"].as_array().unwrap().iter();
    let mut all: Vec<String> = all.map(|one| one["ticket_id"].to_string()).collect();
    listed.sort_unstable();
    all.sort_unstable();
    assert_eq!(listed, all);
    for row in past["by_row"].as_array().unwrap() {
        let (before, after) = (row["before"].as_str().unwrap(), row["after"].as_str().unwrap());
        let line = format!(
            "<code>{before}</code></th><td><code>{after}</code></td><td class=\"figure\">{}건</td><td class=\"figure\">{}</td>",
            row["tickets"],
            won(&row["won"])
        );
        assert!(page.contains(&line), "{line}: {page}");
    }
}

async fn with_decisions() -> Place {
    let place = Place::new().await;
    // Each with an account and a use of its own: none finds that another one's is settled.
    let paid = [1, 2].map(|number| place.world.story(PAID).copy(number));
    seed::load(&place.world.sandbox.parking, &place.world.sandbox.zendesk, &paid);
    let others = ["답이 없는 고객", "인천공항 결제 완료"].map(|title| place.world.story(title));
    for story in paid.iter().chain(&others) {
        place.world.open(story);
    }
    place.world.until_idle().await;
    place
}

#[tokio::test]
async fn another_trust_shows_the_situations_and_past_tickets_that_the_commands_show() {
    let place = with_decisions().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let answer = tried(&mut browser, &[("trust-completed_open", "assist"), ("days", "30")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let new = offered(&mut browser, &answer).await;
    let by_hand =
        SHIPPED.replace("id = \"completed_open\"\n", "id = \"completed_open\"\ntrust = \"assist\"\n");
    assert_eq!(new, by_hand, "comments and all else stay");
    says_what_the_commands_say(&place, &answer.text, &new);
    assert!(
        answer.text.contains("결과가 달라지는 티켓은 2건이고, 금액은 16,000원입니다."),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("신뢰 단계: 자동 ⇒ 보조(상담사 승인 후 처리)"), "{}", answer.text);
    assert!(answer.text.contains("<option value=\"assist\" selected>"), "what was chosen is still chosen");

    // Several rows, one with a line of its own, and a row of the other table that passes on.
    let fields = [("trust-own_word", "shadow"), ("trust-established", "assist"), ("days", "30")];
    let answer = tried(&mut browser, &fields).await;
    let new = offered(&mut browser, &answer).await;
    says_what_the_commands_say(&place, &answer.text, &new);
    // Nothing is changed, and what was asked is in the log.
    let place_policy = browser.page("/policy").await;
    assert!(place_policy.contains(misread::domain::policy::Policy::parse(SHIPPED).unwrap().hash()));
    let tries: Vec<_> =
        place.accesses().await.into_iter().filter(|one| one.act == Some(Act::TriedPolicy)).collect();
    assert_eq!(tries.len(), 2);
    assert_eq!((tries[0].name.as_str(), tries[0].ticket_id), (name(Role::Operate), None));
    assert!(tries[0].reason.as_deref().unwrap().contains("최근 30일"), "{tries:?}");
}

#[tokio::test]
async fn a_pasted_file_is_tried_as_a_whole_and_with_other_trusts() {
    let place = with_decisions().await;
    let mut browser = place.signed_in(Role::Policy).await;
    let new = SHIPPED.replacen("actions = [\"refund\", \"inspection\"]", "actions = [\"refund\"]", 1);
    assert_ne!(new, SHIPPED);
    let pasted = new.replace('\n', "\r\n");
    let answer = tried(&mut browser, &[("text", &pasted), ("days", "30")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(offered(&mut browser, &answer).await, new);
    says_what_the_commands_say(&place, &answer.text, &new);
    assert!(answer.text.contains("처리 제외: 기기 점검 요청"), "{}", answer.text);

    let answer =
        tried(&mut browser, &[("text", &pasted), ("trust-own_word", "shadow"), ("days", "30")]).await;
    let both = offered(&mut browser, &answer).await;
    assert_ne!(both, new);
    says_what_the_commands_say(&place, &answer.text, &both);

    let same = tried(&mut browser, &[("text", SHIPPED)]).await;
    assert!(
        same.text.contains("지금 정책과 같은 파일입니다") && !same.text.contains("정책 파일 받기"),
        "{}",
        same.text
    );
    let renamed = new.replace("id = \"own_word\"", "id = \"own_words\"");
    let gone = tried(&mut browser, &[("text", &renamed), ("trust-own_word", "shadow")]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        gone.text.contains("붙여 넣으신 파일에 없는 행의 단계를 고르셨습니다: own_word."),
        "{}",
        gone.text
    );
}

#[tokio::test]
async fn a_wrong_file_shows_all_its_mistakes_as_the_check_does_and_keeps_what_was_pasted() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let wrong = SHIPPED
        .replacen("identity = [\"proven\"", "identity = [\"prooven\"", 1)
        .replacen("reply = \"payment_cancelled\"", "reply = \"no_such_text\"", 1)
        .replacen("sentence = ", "sentense = ", 1);
    let told = check(&wrong);
    assert!(told.len() >= 2, "{told}");
    let answer = tried(&mut browser, &[("text", &wrong)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains(&escaped(&told.to_string())), "{}", answer.text);
    assert!(
        answer.text.contains("prooven") && answer.text.contains("config/policy.toml:"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("정책 파일 받기"));
    let (_, kept) = answer.text.split_once("id=\"trial-text\"").unwrap();
    assert!(kept.contains("sentense"), "the pasted text is still there");

    // A text that no macro has: a mistake between two files.
    let misfit = SHIPPED.replacen("reply = \"payment_cancelled\"", "reply = \"no_such_text\"", 1);
    let told = check(&misfit).to_string();
    assert!(told.contains("no_such_text"), "{told}");
    assert!(tried(&mut browser, &[("text", &misfit)]).await.text.contains(&escaped(&told)));
    let log = place.acts().await;
    assert!(!log.contains(&Act::TriedPolicy), "nothing was read of the ledger: {log:?}");
}

#[tokio::test]
async fn a_hostile_file_is_refused_soon_and_the_console_goes_on() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let room = 64 * 1024;
    let rows = |row: fn(usize) -> String| {
        (0..).map(row).scan(0, |length, row| {
            *length += row.len();
            (*length < room).then_some(row)
        })
    };
    let row = |number| {
        format!(
            "[[decision]]\nid = \"r{number}\"\nsentence = \"s\"\nreason = \"r\"\nsource = \"s\"\nwhen = {{}}\ndecide = true\n"
        )
    };
    let hostile: [(&str, String); 8] = [
        ("a key of a key of a key", format!("{}x = 1\n", "a.".repeat(room / 2 - 10))),
        ("a table in a table", format!("[{}a]\n", "a.".repeat(room / 2 - 10))),
        ("a list in a list", format!("trust = {}", "[".repeat(room - 20))),
        ("an object in an object", format!("trust = {}", "{a=".repeat(room / 3 - 10))),
        ("many unknown keys", rows(|number| format!("k{number} = 1\n")).collect()),
        ("many rows that overlap", rows(row).collect()),
        (
            "many values",
            format!(
                "[[decision]]\nid = \"x\"\nwhen = {{ status = [{}] }}\n",
                "\"unpaid\", ".repeat(room / 11)
            ),
        ),
        ("no text at all", "\0".repeat(room)),
    ];
    for (what, text) in hostile {
        assert!(text.len() <= room, "{what}: {}", text.len());
        let began = Instant::now();
        let answer = tried(&mut browser, &[("text", &text)]).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{what}: {}",
            &answer.text[..answer.text.len().min(3000)]
        );
        assert!(answer.text.contains("고칠 곳") || answer.text.contains("role=\"alert\""), "{what}");
        assert!(began.elapsed() < Duration::from_secs(15), "{what}: {:?}", began.elapsed());
    }
    let larger = tried(&mut browser, &[("text", &"#".repeat(room + 1))]).await;
    assert_eq!(larger.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(larger.text.contains("64KB까지"), "{}", larger.text);
    // Beyond what a form may have, nothing is read.
    let flood = tried(&mut browser, &[("text", &"%".repeat(100 * 1024))]).await;
    assert_eq!(flood.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(flood.text.contains("요청을 읽을 수 없습니다"), "{}", flood.text);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_span_is_one_of_those_offered_and_ends_today() {
    let place = with_decisions().await;
    place.world.pass(Duration::from_hours(24 * 8));
    let mut browser = place.signed_in(Role::Operate).await;
    let trust = ("trust-completed_open", "assist");
    let week = tried(&mut browser, &[trust, ("days", "7")]).await.text;
    assert!(week.contains("2026-11-22부터 판단 0건"), "{week}");
    let month = tried(&mut browser, &[trust, ("days", "30")]).await.text;
    assert!(month.contains("결과가 달라지는 티켓은 2건"), "{month}");
    for other in ["", "0", "-1", "10000", "x"] {
        let page = tried(&mut browser, &[trust, ("days", other)]).await.text;
        assert!(page.contains("지난 30일을"), "{other}: {page}");
    }
}

#[tokio::test]
async fn only_who_may_give_orders_asks_and_finds_the_way() {
    let place = Place::with(with_users, |_| {}).await;
    for role in Role::ALL {
        let mut browser = place.signed_in(role).await;
        let may = role >= Role::Operate;
        assert_eq!(browser.page("/policy").await.contains("href=\"/policy/trial\""), may, "{role:?}");
        let token = browser.get("/").await.form_token();
        let refused = [
            browser.get(TRIAL).await.status,
            browser.post(TRIAL, &[("form_token", &token)]).await.status,
            browser.post("/policy/trial/file", &[("form_token", &token)]).await.status,
        ];
        let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(refused, [expected; 3], "{role:?}");
    }
}
