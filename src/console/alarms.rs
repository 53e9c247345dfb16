//! What people must look at now, each in a sentence, for the red strip of the first page.

use serde::Serialize;

use super::Parts;
use super::access::Viewer;
use super::address::Address;
use crate::domain::case::Figures;
use crate::domain::seoul::seoul;
use crate::ports::{Disk, StoreError};
use crate::story::{minute, room};
use jiff::Timestamp;

#[derive(Debug, Serialize)]
pub struct Alarm {
    pub what: String,
    /// The page that shows more.
    href: &'static str,
}

/// All alarms, each leading this person to what they can do about it.
pub(super) async fn now(
    parts: &Parts,
    figures: &Figures,
    viewer: &Viewer,
    now: Timestamp,
) -> Result<Vec<Alarm>, StoreError> {
    let mut alarms = Vec::new();
    let mut add = |what: String, href| alarms.push(Alarm { what, href });
    if let Some(latest) = parts.ledger.breaker().await?
        && latest.open().is_some()
    {
        let since = minute(latest.at);
        let (then, page) = if viewer.may(Address::LiftForm) {
            ("원인을 확인하신 뒤 해제해 주세요.", Address::LiftForm)
        } else {
            ("해제할 수 있는 분께 알려 주세요.", Address::Limits)
        };
        add(
            format!(
                "{since}부터 차단기가 열려 있습니다. 모든 처리가 준비만 되고 상담사의 승인을 기다립니다. {then}"
            ),
            page.path(),
        );
    }
    let today = seoul(now).date();
    let is_limit = |name: &str| name.starts_with("escalated.limit_") || name == "escalated.amount_unfit";
    let stopped: u64 = figures
        .iter()
        .filter(|((day, name), _)| *day == today && is_limit(name))
        .map(|(_, count)| count)
        .sum();
    if stopped > 0 {
        add(
            format!("오늘 금액 한도 때문에 상담사에게 넘긴 건이 {stopped}건 있습니다."),
            "/tickets?state=ended",
        );
    }
    if let Some(reload) = parts.status.running().last_reload.filter(|reload| reload.problems > 0) {
        let (at, problems) = (minute(reload.at), reload.problems);
        add(
            format!(
                "{at}에 새 설정을 받지 않았습니다(잘못된 곳 {problems}곳). 이전 설정으로 계속 처리합니다."
            ),
            "/system",
        );
    }
    for upstream in &parts.upstreams {
        if let Some(since) = upstream.failing_since() {
            let (name, since) = (system(upstream.name()), minute(since));
            add(
                format!("{since}부터 {name}에서 응답이 오지 않습니다. 응답이 오면 저절로 이어 갑니다."),
                "/system",
            );
        }
    }
    let warnings = parts.macros.as_ref().map(|macros| macros.standing().warnings).unwrap_or_default();
    for warning in warnings {
        let name = warning.fault.name;
        add(format!("매크로 ‘{name}’에 고칠 곳이 있어 다른 글을 대신 쓰고 있습니다."), "/texts");
    }
    if let Some(checked) = parts.status.account().filter(|checked| checked.wrong_since.is_some()) {
        let wrong = checked.findings.wrong.join(", ");
        add(format!("Zendesk 계정이 설정과 다릅니다: {wrong}"), "/system");
    }
    alarms.extend(parts.ledger.disk().and_then(nearly_full));
    if !parts.clock.is_right() {
        let what =
            "시계가 다른 시스템과 너무 달라 새 처리를 시작하지 않습니다. 담당 개발자에게 바로 알려 주세요."
                .to_owned();
        alarms.push(Alarm { what, href: "/system" });
    }
    Ok(alarms)
}

/// The alarm of a disk that will be full soon.
pub fn nearly_full(disk: Disk) -> Option<Alarm> {
    let free = room(disk.free);
    let what = format!("원장이 있는 디스크가 거의 찼습니다. 남은 공간은 {free}입니다.");
    disk.is_nearly_full().then_some(Alarm { what, href: "/system" })
}

/// The customer centre's name for another system.
pub(super) fn system(name: &str) -> &str {
    match name {
        "parking" => "주차 시스템",
        "zendesk" => "Zendesk",
        other => other,
    }
}
