//! `misread demo`: whole conversations from webhook to note, without further input, within seconds, and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::config;
use misread::domain::policy::{Outcome, Then};
use misread::sandbox::seed::{self, ACCOUNT, ScriptStep};
use misread::testbed::visitors;
use reqwest::header::COOKIE;
use reqwest::redirect;

use super::console::signed_in_as;
use super::process::{Ended, Place};
use crate::http_client;

/// One demo on built-in defaults, for all that only read what it tells.
static DEMO: LazyLock<Ended> = LazyLock::new(|| Place::new().run(&["demo"]));

/// The number of customers.
fn customers() -> usize {
    seed::stories(Timestamp::UNIX_EPOCH).len()
}

#[test]
fn the_demo_tells_every_customers_story_within_fifteen_seconds_and_ends_well() {
    let start = Instant::now();
    let demo = Place::new().run(&["demo"]);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    assert_eq!((demo.code, demo.err.as_str()), (Some(0), ""));
    assert!(demo.out.contains("모든 처리·답변·메모가 정확히 한 번씩 이루어졌습니다"), "{}", demo.out);
    let covered: Vec<&str> = demo.out.lines().rev().take(3).collect();
    let [time, rows, totals] = covered[..] else { panic!("{}", demo.out) };
    assert!(time.starts_with("걸린 시간 ") && time.contains("약 75시간이 흘렀습니다"), "{time}");
    assert!(totals.starts_with(&format!("고객 {}명 · 차례 63번 · ", customers())), "{totals}");
    let readme = include_str!("../../../README.md");
    for line in [totals, rows, &format!("the whole job: {} customers", customers())] {
        assert!(readme.contains(line), "the README shows another demo: {line}");
    }
}

#[test]
fn each_story_is_a_dialogue_in_order_of_time() {
    let demo = &*DEMO;
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    for (place, story) in stories.iter().enumerate() {
        let head = format!("\n{}/{}  {}", place + 1, stories.len(), story.title);
        let rest = demo.out.split_once(&head).unwrap_or_else(|| panic!("no `{head}`")).1;
        let mut rest = rest.split_once("라우팅").unwrap().0;
        // One person acts, and the service works on the case before the next one acts.
        let mut comes: Vec<&str> = vec![&story.message, "\n판단\n"];
        for deed in &story.script {
            match deed {
                ScriptStep::CustomerSays(text) => comes.extend([*text, "\n이해\n"]),
                ScriptStep::CustomerMails(mail) => {
                    comes.extend(mail.words.lines().chain(mail.attachments.iter().copied()));
                    comes.push("\n이해\n");
                }
                ScriptStep::CustomerPays => comes.push("결제함"),
                ScriptStep::AgentTags { tag, note } => comes.extend([*note, *tag, "\n판단\n"]),
                ScriptStep::HoursPass(_) => comes.push("시간 뒤\n"),
            }
        }
        comes.push("내부 메모\n");
        for what in comes {
            let found = rest.split_once(what);
            rest = found.unwrap_or_else(|| panic!("{}: no `{what}` in {rest}", story.title)).1;
        }
    }
}

/// The demo's text about the story whose title begins like this.
fn told(demo: &str, title: &str) -> String {
    let head = format!("  {title}");
    let (_, rest) = demo.split_once(&head).unwrap_or_else(|| panic!("no `{title}`"));
    rest.split_once("라우팅").unwrap().0.to_owned()
}

#[test]
fn what_speaks_against_a_message_stands_beside_it() {
    let demo = &DEMO.out;
    for (title, says, never) in [
        (
            "차량번호만 아는 사람이",
            &["작성자: − 작성자에게 연결된 앱 계정이 없음", "상담사의 승인을 기다림"][..],
            "\n처리\n",
        ),
        (
            "보낸 사람을 믿을 수 없는 메일",
            &["작성자: − 경고: Zendesk가 작성자를 신뢰하지 못함", "경고: 대화 참여자가 아닌 사람이 작성"],
            "\n처리\n",
        ),
        ("인용된 질문 사이에 적은", &["  │ > ", "\n  │ 본인 확인: 아니요\n", "행 restricted →"], "\n처리\n"),
        ("휴대폰 메일로 답함", &["나의 iPhone에서 보냄", "\n  │ 본인 확인: 네\n", "결제취소 ✓"], "상담 이관"),
        (
            "첫 문의가 취소 요청과 어긋남",
            &["취소를 원하지 않는다는 말", "실제로 주차·이용했다는 말"],
            "공개 답변\n",
        ),
        ("답 대신 사진만 보냄", &["(첨부) ", "읽을 수 없는 첨부", "행 request_unread →"], "\n처리\n"),
        (
            "부재중 자동 회신",
            &["자동 회신은 답변으로 보지 않습니다", "\n  │ 본인 확인: 네\n", "픽 취소 ✓"],
            "번거로우시겠지만",
        ),
    ] {
        let told = told(demo, title);
        for words in says {
            assert!(told.contains(words), "{title}: no `{words}` in {told}");
        }
        assert!(!told.contains(never), "{title}: `{never}` in {told}");
    }
}

#[test]
fn every_row_that_acts_or_asks_or_waits_fires() {
    let demo = &*DEMO;
    let policy = config::load_files(&BTreeMap::new()).unwrap().policy;
    let fired: BTreeSet<&str> = demo
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("  │ 행 ")?.split_once(" → "))
        .map(|(row, _)| row)
        .collect();
    for row in policy.rows() {
        let must = match &row.then {
            // `decide` rows before the row show that they fired.
            Then::Decide => false,
            Then::Outcome(Outcome::HandOver { interim, .. }) => interim.is_some(),
            Then::Outcome(_) => true,
        };
        assert!(!must || fired.contains(row.id.as_str()), "{} does not fire", row.id);
    }
    // The two `decide` rows.
    let told = format!("정책 {}행 중 {}행이 쓰였습니다", policy.rows().count(), fired.len() + 2);
    assert!(demo.out.contains(&told), "{told}");
}

#[test]
fn the_demo_ends_with_a_table_of_one_line_a_customer() {
    let demo = &*DEMO;
    let (_, table) = demo.out.split_once("한눈에 보기").unwrap();
    let table: Vec<&str> = table.lines().skip(2).take_while(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn the_demo_plays_the_policy_that_the_folder_holds() {
    let mut place = Place::furnished();
    place.replace(
        "config/policy.toml",
        "actions = [\"cancel\", \"inspection\"]\nreply = \"use_cancelled\"",
        "hand_over = \"lot_contact\"\ntodo = \"현장을 확인해 주세요.\"",
    );
    let demo = place.run(&["demo"]);
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    assert!(demo.out.contains("행 in_use_direct → 주차장 확인 담당 그룹으로 이관"), "{}", demo.out);
    assert!(demo.out.contains("이야기마다 적힌 결말과는 대조하지 않았습니다"), "{}", demo.out);
}

#[test]
fn a_policy_that_only_watches_does_nothing_and_the_demo_says_so() {
    let mut place = Place::furnished();
    place.replace("config/policy.toml", "\ntrust = \"auto\"", "\ntrust = \"shadow\"");
    let demo = place.run(&["demo"]);
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    let all = customers();
    let totals =
        format!("고객 {all}명 · 차례 {all}번 · 공개 답변 0건 · 내부 메모 {all}건 · 주차 시스템 처리 0건");
    assert!(demo.out.contains(&totals), "{}", demo.out);
}

#[test]
fn a_small_budget_of_updates_does_not_hold_the_demo_up() {
    let mut place = Place::furnished();
    place.copy_config("[zendesk]\nupdates_per_minute = 10\n");
    let start = Instant::now();
    let demo = place.run(&["demo"]);
    // At ten updates a minute it would take eight minutes.
    assert!(start.elapsed() < Duration::from_mins(2), "{:?}", start.elapsed());
    assert_eq!((demo.code, demo.err.as_str()), (Some(0), ""), "{}", demo.out);
}

#[test]
fn a_story_that_ends_otherwise_than_told_fails_the_demo_with_its_ticket() {
    let mut place = Place::furnished();
    let elsewhere = format!("status = \"solved\"\ngroup_id = \"{}\"", ACCOUNT.agents_group);
    place.replace("config/macros/nothing_charged.toml", "status = \"solved\"", &elsewhere);
    let demo = place.run(&["demo"]);
    assert_eq!(demo.code, Some(1), "{}", demo.err);
    assert!(demo.out.contains("  ✗ 티켓 35001: 이야기에서 그룹은 없음인데 일반 상담\n"), "{}", demo.out);
    assert_eq!(demo.out.matches('✗').count(), 1, "{}", demo.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_that_stays_leaves_a_filled_console_to_its_visitors() {
    let mut place = Place::new();
    let mut demo = place.start(&["demo", "--stay", "--console", "127.0.0.1:0"]);
    let told = demo.said(|demo| Some(demo.out()).filter(|out| out.contains("fake Zendesk ")));
    let (_, told) = told.split_once("still running; Ctrl-C ends it").unwrap();
    let console = told.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    let users = visitors::users().unwrap();
    for user in &users {
        assert!(told.contains(&format!("{} ({})", user.name, user.role.korean())), "{told}");
    }
    assert!(told.contains(&format!("password {}", visitors::PASSWORD)), "{told}");

    let client = http_client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let cookie = signed_in_as(&client, console, &users[3].name, visitors::PASSWORD).await;
    let page = async |path: &str| {
        let answer = client.get(format!("{console}{path}")).header(COOKIE, &cookie).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap().replace("&#x2f;", "/")
    };
    let stuck = page("/stuck").await;
    assert_eq!(stuck.matches("<section").count(), 2, "two reasons: {stuck}");
    assert_eq!(stuck.matches("<a href=\"/tickets/").count(), 3, "{stuck}");
    let waiting = page("/waiting").await;
    assert!(!waiting.contains("기다리는 건이 없습니다"), "each lane has a ticket: {waiting}");
    assert!(page("/").await.contains("자동 답변"));
    assert!(page("/practice").await.contains("고객으로 문의하기"));
    let ended = demo.terminated();
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}
