//! `misread case retry` and `misread case hand-over`: orders for given tickets, or for all stuck ones.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;

use super::who::By;
use super::{fold, open};
use crate::app::{SystemClock, upkeep};
use crate::cli::wrong::Mistyped;
use crate::domain::case::{Order, OrderKind};
use crate::domain::ids::TicketId;
use crate::domain::person::{self, LONGEST_REASON};
use crate::ports::{CaseState, Clock as _, Ledger};
use crate::story::progress::{NoEffect, Progress};
use crate::story::words;

/// Which cases, and who orders it.
#[derive(Debug, Args)]
pub(in crate::cli) struct OrderArguments {
    /// Zendesk 티켓 번호
    #[arg(required_unless_present = "stuck")]
    ids: Vec<TicketId>,
    /// 번호 대신: 막힌 건 모두
    #[arg(long, conflicts_with = "ids")]
    stuck: bool,
    /// 막힌 건 가운데 까닭에 이 글이 있는 건만
    #[arg(long, requires = "stuck", value_name = "TEXT")]
    because: Option<String>,
    /// 지시하지 않고 무엇을 지시할지만 보여 줍니다.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    by: By,
    /// 왜 지시하는지. 지시한 사람의 이름과 함께 건의 기록에 남습니다.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) async fn run(what: OrderKind, arguments: OrderArguments) -> anyhow::Result<ExitCode> {
    let by = arguments.by.name()?;
    let reason = arguments.reason.as_deref().map(readable).transpose()?;
    let ledger = open().await?;
    let OrderArguments { ids, stuck, because, dry_run, .. } = arguments;
    let tickets = if stuck { stuck_ones(&*ledger, because.as_deref()).await? } else { ids };
    let mut out = io::stdout().lock();
    if tickets.is_empty() {
        writeln!(out, "해당하는 막힌 건이 없습니다.")?;
    }
    let mut all_ordered = true;
    // The service takes an order up at its time: with this machine's clock ahead it would wait.
    let now = ledger.time().await?.unwrap_or_else(|| SystemClock.now());
    for id in tickets {
        match refusal(what, fold(&*ledger, id).await?.map(|(_, standing)| standing)) {
            Some(why) => {
                all_ordered = false;
                writeln!(io::stderr(), "오류: 티켓 {id}: {why}")?;
            }
            None if dry_run => writeln!(out, "{id:>12}  지시할 내용: {}", words::order(what))?,
            None => {
                let order = Order { what, by: by.clone(), reason: reason.clone() };
                upkeep::order(&*ledger, id, order, now).await?;
                writeln!(out, "{id:>12}  지시했습니다: {}", words::order(what))?;
            }
        }
    }
    Ok(if all_ordered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn readable(reason: &str) -> Result<String, Mistyped> {
    let wrong =
        || Mistyped(format!("`--reason`의 까닭은 두 글자 이상, {LONGEST_REASON}자 이하로 적어 주세요."));
    person::reason(reason).ok_or_else(wrong)
}

async fn stuck_ones(ledger: &dyn Ledger, because: Option<&str>) -> anyhow::Result<Vec<TicketId>> {
    let mut found = Vec::new();
    for case in ledger.list(Some(CaseState::Stuck), usize::MAX).await? {
        let standing = fold(ledger, case.ticket_id).await?.map(|(_, standing)| standing);
        let fits = match &standing {
            Some(Progress::Stuck(reason)) => {
                because.is_none_or(|text| reason.to_string().contains(text) || reason.korean().contains(text))
            }
            _ => false,
        };
        if fits {
            found.push(case.ticket_id);
        }
    }
    Ok(found)
}

/// The reason why an order would have no effect; `None` if it has one.
fn refusal(what: OrderKind, standing: Option<Progress>) -> Option<&'static str> {
    match standing.map(|standing| standing.refusal(what)) {
        None => Some("건이 없습니다. `misread case list`로 있는 건을 볼 수 있습니다."),
        Some(Some(NoEffect::Ended)) => Some("이미 끝난 건입니다. 이후는 Zendesk에서 상담사가 처리합니다."),
        Some(Some(NoEffect::NotStuck)) => {
            Some("막힌 건이 아닙니다. 대기 중이며 스스로 이어 갑니다(`misread case show`).")
        }
        Some(None) => None,
    }
}
