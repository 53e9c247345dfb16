//! Replicas, program, policy, other systems, and the account's check.

use jiff::SignedDuration;
use serde::Serialize;

use crate::console::alarms::system;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::moment::earlier;
use crate::ports::{Left, Replica};
use crate::story::{minute, room};

/// Replicas report themselves more often than this.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);

#[derive(Serialize)]
struct Content {
    facts: Vec<Fact>,
    replicas: Vec<Shown>,
    macros: Vec<String>,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    is_bad: bool,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    program: String,
    policy: String,
    started: String,
    seen: String,
    /// Whether it works by another policy than the process that shows this.
    differs: bool,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let parts = &visit.console.parts;
    let policy = parts.status.running().policy;
    let replicas = parts.ledger.replicas(earlier(visit.now, SEEN_WITHIN)).await?;
    let shown = |replica: Replica| Shown {
        differs: replica.policy != policy,
        name: replica.name,
        program: replica.program,
        policy: replica.policy,
        started: minute(replica.started_at),
        seen: minute(replica.seen_at),
    };
    let warnings = parts.macros.as_ref().map(|macros| macros.standing().warnings).unwrap_or_default();
    let content = Content {
        facts: facts(visit),
        replicas: replicas.into_iter().map(shown).collect(),
        macros: warnings.into_iter().map(|warning| warning.fault.name).collect(),
    };
    Ok(Reply::page("system.html", "상태", content))
}

fn facts(visit: &Visit<'_>) -> Vec<Fact> {
    let parts = &visit.console.parts;
    let good = |label: &str, value: String| Fact { label: label.to_owned(), value, is_bad: false };
    let (build, running) = (parts.status.build(), parts.status.running());
    let mut facts = vec![
        good("프로그램", format!("{} ({})", build.version, build.commit)),
        good("시작한 때", minute(parts.status.started_at())),
        good("정책 버전", format!("{}, {}부터", running.policy, minute(running.since))),
    ];
    facts.push(match running.last_reload {
        None => good("마지막 설정 다시 읽기", "시작한 뒤로 없음".to_owned()),
        Some(reload) if reload.problems == 0 => {
            good("마지막 설정 다시 읽기", format!("{}, 적용됨", minute(reload.at)))
        }
        Some(reload) => Fact {
            is_bad: true,
            ..good(
                "마지막 설정 다시 읽기",
                format!("{}, 잘못된 곳 {}곳으로 적용하지 않음", minute(reload.at), reload.problems),
            )
        },
    });
    for upstream in &parts.upstreams {
        let failing = upstream.failing_since();
        let value = failing.map_or("정상".to_owned(), |since| format!("{}부터 응답 없음", minute(since)));
        facts.push(Fact { is_bad: failing.is_some(), ..good(system(upstream.name()), value) });
    }
    let limits = parts.rate_limits.standing();
    let left = |left: Option<Left>| {
        left.map_or("아직 모름".to_owned(), |Left { remaining, total }| {
            format!("{total} 가운데 {remaining} 남음")
        })
    };
    facts.push(good("Zendesk 요청 한도(1분)", left(limits.requests)));
    facts.push(good("Zendesk 수정 한도(1분)", left(limits.updates)));
    facts.push(good("차례를 기다리는 건", format!("{}건", limits.waiting)));
    facts.extend(limits.blocked_until.map(|until| Fact {
        is_bad: true,
        ..good("Zendesk가 기다리라고 한 때", format!("{}까지", minute(until)))
    }));
    facts.push(match parts.status.account() {
        None => good("Zendesk 계정 확인", "시작한 뒤로 아직 없음".to_owned()),
        Some(checked) if checked.findings.wrong.is_empty() => {
            good("Zendesk 계정 확인", format!("{}, 설정과 같음", minute(checked.at)))
        }
        Some(checked) => Fact {
            is_bad: true,
            ..good(
                "Zendesk 계정 확인",
                format!("{}, 설정과 다름: {}", minute(checked.at), checked.findings.wrong.join(", ")),
            )
        },
    });
    facts.extend(parts.ledger.disk().map(|disk| Fact {
        is_bad: disk.is_nearly_full(),
        ..good("원장", format!("{}, 디스크에 {} 남음", room(disk.ledger), room(disk.free)))
    }));
    facts
}
