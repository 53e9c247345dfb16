//! The message: JSON with a Korean text that chats show as it stands, and the same in fields for other receivers.

use jiff::Timestamp;
use serde::Serialize;

use super::condition::{Condition, Kind};
use super::judge::News;
use crate::domain::reply::Serves;
use crate::domain::seoul::seoul;

/// The most names in one sentence.
const MOST_NAMED: usize = 3;

/// The whole message. Slack, Mattermost and Google Chat show `text`.
#[derive(Debug, Serialize)]
pub struct Body {
    text: String,
    sent_at: String,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    kind: String,
    state: &'static str,
    since: String,
    count: u64,
    text: String,
    link: Option<String>,
}

/// All news as one message.
pub fn body(news: &[News], now: Timestamp, zendesk_url: &str) -> Body {
    let items: Vec<Item> = news.iter().map(|news| item(news, zendesk_url)).collect();
    let lines = items.iter().map(|item| match &item.link {
        Some(link) => format!("- {}\n  {link}", item.text),
        None => format!("- {}", item.text),
    });
    let text = ["[misread] 확인이 필요한 일이 있습니다.".to_owned()].into_iter().chain(lines);
    let all_over = news.iter().all(|news| matches!(news, News::Over(_)));
    let text = if all_over {
        text.skip(1).collect::<Vec<_>>().join("\n").replacen("- ", "[misread] ", 1)
    } else {
        text.collect::<Vec<_>>().join("\n")
    };
    Body { text, sent_at: now.to_string(), items }
}

/// A message of one item with a link, and one of several without: what a template must be able to show.
pub(super) fn samples() -> [Body; 2] {
    let item = |kind: &str, link: Option<&str>| Item {
        kind: kind.to_owned(),
        state: "began",
        since: Timestamp::UNIX_EPOCH.to_string(),
        count: 1,
        text: "막힌 건이 1건 있습니다 \"'<&>\\".to_owned(),
        link: link.map(str::to_owned),
    };
    let body = |items: Vec<Item>| Body {
        text: "[misread] 확인이 필요한 일이 있습니다.\n- \"'<&>\\".to_owned(),
        sent_at: Timestamp::UNIX_EPOCH.to_string(),
        items,
    };
    let one = item("stuck", Some("https://example.zendesk.com/agent/tickets/1"));
    [body(vec![one]), body(vec![item("overdue", None), item("breaker_open", None)])]
}

fn item(news: &News, zendesk_url: &str) -> Item {
    let (state, condition) = match news {
        News::Began(condition) => ("began", condition),
        News::Lasts(condition) => ("lasts", condition),
        News::Over(condition) => ("over", condition),
    };
    let since = seoul(condition.since).strftime("%m월 %d일 %H:%M").to_string();
    let text = match news {
        News::Began(condition) => format!("{} ({since}부터)", sentence(condition)),
        News::Lasts(condition) => format!("아직 그대로입니다: {} ({since}부터)", sentence(condition)),
        News::Over(condition) => format!("해결되었습니다: {}", subject(condition)),
    };
    Item {
        kind: condition.kind.key(),
        state,
        since: condition.since.to_string(),
        count: condition.size,
        text,
        link: link(&condition.kind, zendesk_url),
    }
}

/// What it is about.
fn subject(condition: &Condition) -> String {
    match &condition.kind {
        Kind::Stuck(_) => "막힌 건".to_owned(),
        Kind::Overdue(_) => "처리가 늦어지는 건".to_owned(),
        Kind::BreakerOpen(_) => "차단기".to_owned(),
        Kind::LimitReached(_) => "금액 한도".to_owned(),
        Kind::ReloadRefused => "새 설정 적용".to_owned(),
        Kind::MacroFaulty(warning) => format!("매크로 {}", warning.fault.name),
        Kind::UpstreamDown(name) => format!("{} 연결", upstream(name)),
        Kind::AccountDiffers(_) => "Zendesk 설정".to_owned(),
        Kind::DiskNearlyFull(_) => "저장 공간".to_owned(),
    }
}

fn sentence(condition: &Condition) -> String {
    let count = condition.size;
    match &condition.kind {
        Kind::Stuck(_) => {
            format!("막힌 건이 {count}건 있습니다. 다시 시도하거나 상담으로 넘겨 주세요")
        }
        Kind::Overdue(_) => {
            format!("처리할 때가 지난 건이 {count}건 있습니다. 서비스를 운영하는 엔지니어에게 알려 주세요")
        }
        Kind::BreakerOpen(trip) => {
            format!("차단기가 작동해 자동 처리를 멈추었습니다. {trip} 확인한 뒤 해제해 주세요")
        }
        Kind::LimitReached(_) => format!(
            "오늘 금액 한도에 걸린 {count}건을 자동으로 처리하지 않고 상담으로 넘겼습니다. `misread limits show`로 한도를 확인해 주세요"
        ),
        Kind::ReloadRefused => format!(
            "새 설정에 잘못된 곳이 {count}곳 있어 적용하지 않았습니다. 이전 설정으로 계속 처리합니다. `misread check`로 확인해 주세요"
        ),
        Kind::MacroFaulty(warning) => {
            let serves = match warning.fault.serves {
                Serves::LastGood { .. } => "마지막으로 올바르던 글",
                Serves::File => "기본 글",
            };
            let editor = warning.changed_by.as_deref().map(|name| format!(" (마지막 수정: {name})"));
            format!(
                "매크로 `{}`: 그대로 쓸 수 없어 {serves}을 대신 씁니다. 원인: {}{}",
                warning.fault.name,
                warning.fault.problems.first().map_or("알 수 없음", String::as_str),
                editor.unwrap_or_default()
            )
        }
        Kind::UpstreamDown(name) => {
            format!("{}에서 응답이 없습니다. 기다리는 건은 다시 연결되면 이어서 처리합니다", upstream(name))
        }
        Kind::AccountDiffers(wrong) => format!(
            "Zendesk 설정 {count}곳이 서비스에 필요한 것과 다릅니다: {}. `misread zendesk check`로 확인해 주세요",
            some_of(wrong)
        ),
        Kind::DiskNearlyFull(disk) => format!(
            "원장을 저장할 공간이 {}MB 남았습니다. 공간이 없으면 새 문의를 받을 수 없습니다. 서비스를 운영하는 엔지니어에게 알려 주세요",
            disk.free >> 20
        ),
    }
}

/// The first names, and how many more there are: a chat is no place for a long list.
fn some_of(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} 외 {more}곳"),
    }
}

fn upstream(name: &str) -> &str {
    match name {
        "zendesk" => "Zendesk",
        "parking" => "주차 시스템",
        other => other,
    }
}

/// Where it opens in Zendesk.
fn link(kind: &Kind, zendesk_url: &str) -> Option<String> {
    match kind {
        Kind::Stuck(ticket) | Kind::Overdue(ticket) => {
            ticket.map(|ticket| format!("{zendesk_url}/agent/tickets/{ticket}"))
        }
        Kind::MacroFaulty(warning) => {
            let id = warning.fault.macro_id?;
            Some(format!("{zendesk_url}/admin/workspaces/agent-workspace/macros/{id}"))
        }
        Kind::BreakerOpen(_)
        | Kind::LimitReached(_)
        | Kind::ReloadRefused
        | Kind::UpstreamDown(_)
        | Kind::AccountDiffers(_)
        | Kind::DiskNearlyFull(_) => None,
    }
}
