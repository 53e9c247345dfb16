//! `misread limits`: what is moved without a person, how near it is to its limits, and the breaker.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;

use super::journals;
use crate::app::{SystemClock, limits, open_ledger};
use crate::config::{self, ProcessEnvironment};
use crate::domain::limits::{Backtest, Breaker, Counted, Happened, Limits, Measure, Most, Sum};
use crate::domain::parking::Won;
use crate::domain::seoul::{seoul, start_of_day};
use crate::ports::{Clock as _, Ledger, MovedLately};

#[derive(Debug, Subcommand)]
pub(super) enum LimitsCommand {
    /// Show the limits, what counts towards them now, and how the breaker stands.
    Show,
    /// Lift the breaker: rows are trusted again as the policy says. What was only prepared still waits for its agent.
    Lift {
        /// Who lifts it, for its journal.
        #[arg(long)]
        by: String,
        /// Why it may be lifted, for its journal.
        #[arg(long)]
        because: Option<String>,
    },
    /// Tell from the journals which tickets each limit of the settings would have stopped. Changes nothing.
    Backtest {
        /// Only since this day in Seoul, such as 2026-10-01.
        #[arg(long)]
        since: Option<Date>,
        /// At most so many tickets of each limit.
        #[arg(long, default_value_t = 20)]
        at_most: usize,
    },
}

pub(super) async fn run(command: LimitsCommand) -> anyhow::Result<ExitCode> {
    let ledger = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
    match command {
        LimitsCommand::Show => show(&*ledger).await?,
        LimitsCommand::Lift { by, because } => lift(&*ledger, &by, because.as_deref()).await?,
        LimitsCommand::Backtest { since, at_most } => backtest(&*ledger, since, at_most).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The limits of the settings, as the service has them.
fn configured() -> anyhow::Result<Limits> {
    Ok(limits(&config::load_files(&ProcessEnvironment)?.settings.limits))
}

async fn show(ledger: &dyn Ledger) -> anyhow::Result<()> {
    let (limits, now) = (configured()?, now(ledger).await?);
    let (moved, counted) = (ledger.moved_lately(now).await?, ledger.counted(now).await?);
    let latest = ledger.breaker().await?;
    let mut out = io::stdout().lock();
    write!(out, "{}{}", sums(&limits, &moved), breaker(&limits.breaker, &counted, latest.as_ref()))?;
    Ok(())
}

fn sums(limits: &Limits, moved: &MovedLately) -> String {
    let mut text = format!("한 건: 한도 {}\n", limits.per_action);
    text += &line("하루 전체", moved.day, limits.per_day);
    for (lot, sum) in &moved.lots {
        text += &line(&format!("하루, 주차장 {lot}"), *sum, limits.per_lot);
    }
    for (account, sum) in &moved.accounts {
        text += &line(&format!("30일, 계정 {account}"), *sum, limits.per_account);
    }
    text
}

fn line(name: &str, sum: Sum, most: Most) -> String {
    format!("{name}: {} / {}, {}건 / {}건\n", Won(sum.won), most.won, sum.times, most.times)
}

fn breaker(breaker: &Breaker, counted: &Counted, latest: Option<&Happened>) -> String {
    let measure = |measure: Measure| {
        let (hour, most) = (counted.hour.of(measure), breaker.most(measure, counted));
        let (usual, name) = (measure.amount(counted.usual(measure)), measure.korean());
        let (hour, most) = (measure.amount(hour), measure.amount(most));
        format!("최근 한 시간, {name}: {hour} (평소 {usual}, {most}을 넘으면 차단)\n")
    };
    let measures: String = Measure::ALL.into_iter().map(measure).collect();
    let at = |at: Timestamp| seoul(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let standing = match latest.map(|latest| (at(latest.at), latest.open())) {
        None => "닫힘 (작동한 적 없음)".to_owned(),
        Some((lifted, None)) => format!("닫힘, {lifted} 해제됨"),
        Some((since, Some(trip))) => format!(
            "열림, {since}부터. {} 모든 건이 준비만 되고 상담사의 승인을 기다립니다. 해제: misread limits lift --by 이름",
            trip.korean()
        ),
    };
    format!("{measures}차단기: {standing}\n")
}

/// By the clock that the service goes by.
async fn now(ledger: &dyn Ledger) -> anyhow::Result<Timestamp> {
    Ok(ledger.time().await?.unwrap_or_else(|| SystemClock.now()))
}

async fn lift(ledger: &dyn Ledger, by: &str, because: Option<&str>) -> anyhow::Result<()> {
    if by.trim().is_empty() {
        return Err(super::Mistyped("--by is empty; name who lifts the breaker".to_owned()).into());
    }
    let Some(trip) = ledger.lift(now(ledger).await?, by.trim(), because).await? else {
        bail!("the breaker is not open; `misread limits show` says how it stands");
    };
    let mut out = io::stdout().lock();
    writeln!(out, "차단기를 해제했습니다({}). 열렸던 까닭: {}", by.trim(), trip.korean())?;
    writeln!(out, "그동안 준비만 된 티켓은 상담사의 승인을 계속 기다립니다.")?;
    Ok(())
}

async fn backtest(ledger: &dyn Ledger, since: Option<Date>, at_most: usize) -> anyhow::Result<()> {
    let since = since.map(start_of_day).transpose().context("--since is not a day that exists in Seoul")?;
    let limits = configured()?;
    let mut backtest = Backtest::default();
    journals::each(ledger, |id, loaded| {
        backtest.take(id, loaded.journal.iter().map(|one| (one.at, &one.entry)));
    })
    .await?;
    let mut out = io::stdout().lock();
    let report = backtest.against(&limits, since);
    writeln!(out, "옮긴 건 {}, 금액 {}", report.movements, Won(report.won))?;
    for (name, stopped) in &report.stopped {
        let won: i64 = stopped.iter().map(|one| one.won).sum();
        writeln!(out, "{name}: {}건, {}", stopped.len(), Won(won))?;
        for one in stopped.iter().take(at_most) {
            writeln!(out, "  티켓 {}  {}  {}", one.ticket_id, when(one.at), Won(one.won))?;
        }
    }
    for (at, trip) in &report.trips {
        writeln!(out, "차단기: {}  {}", when(*at), trip.korean())?;
    }
    Ok(())
}

fn when(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}
