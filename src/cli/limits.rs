//! `misread limits`: shows the limits on money that moves without a person and what they have used, and closes the
//! breaker.

mod document;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;

use super::journals;
use super::json::{self, Format};
use super::wrong::{DIFFERENT, Mistyped};
use crate::app::{SystemClock, limits, open_ledger};
use crate::config::{self, ProcessEnvironment};
use crate::domain::limits::{
    Backtest, Breaker, Counted, Event, Happened, Limits, Measure, Most, Report, Sum,
};
use crate::domain::parking::Won;
use crate::domain::seoul::{seoul, start_of_day};
use crate::ports::{Clock as _, Ledger, MovedLately};

#[derive(Debug, Subcommand)]
pub(super) enum LimitsCommand {
    /// 한도, 지금까지 한도에 든 금액과 건수, 차단기의 상태를 보여 줍니다.
    #[command(after_help = document::SHOW_HELP)]
    Show {
        #[command(flatten)]
        format: Format,
    },
    /// 차단기를 해제합니다. 행의 신뢰 단계가 다시 정책대로 적용됩니다. 그동안 준비만 된 건은 계속 상담사를 기다립니다.
    Lift {
        /// 기록에 남길 해제한 사람의 이름
        #[arg(long)]
        by: String,
        /// 기록에 남길, 해제해도 되는 까닭
        #[arg(long)]
        because: Option<String>,
    },
    /// 설정의 한도마다 지난 기록의 어느 티켓을 막았을지 보여 줍니다. 아무것도 바꾸지 않습니다.
    #[command(after_help = document::BACKTEST_HELP)]
    Backtest {
        /// 서울 기준으로 이 날부터. 예: 2026-10-01
        #[arg(long)]
        since: Option<Date>,
        /// 한도마다 많아도 이만큼의 티켓만 보여 줍니다.
        #[arg(long, default_value_t = 20)]
        at_most: usize,
        /// 막았을 티켓이 있거나 차단기가 열렸을 때 종료 코드 3으로 끝냅니다. 없으면 0입니다.
        #[arg(long)]
        exit_code: bool,
        #[command(flatten)]
        format: Format,
    },
}

pub(super) async fn run(command: LimitsCommand) -> anyhow::Result<ExitCode> {
    let ledger = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
    match command {
        LimitsCommand::Show { format } => show(&*ledger, format).await?,
        LimitsCommand::Lift { by, because } => lift(&*ledger, &by, because.as_deref()).await?,
        LimitsCommand::Backtest { since, at_most, exit_code, format } => {
            let report = backtest(&*ledger, since).await?;
            tell(&report, at_most, format)?;
            let found = !report.stopped.is_empty() || !report.trips.is_empty();
            return Ok(if exit_code && found { ExitCode::from(DIFFERENT) } else { ExitCode::SUCCESS });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn configured() -> anyhow::Result<Limits> {
    Ok(limits(&config::load_files(&ProcessEnvironment)?.settings.limits))
}

async fn show(ledger: &dyn Ledger, format: Format) -> anyhow::Result<()> {
    let (limits, now) = (configured()?, now(ledger).await?);
    let (moved, counted) = (ledger.moved_lately(now).await?, ledger.counted(now).await?);
    let latest = ledger.breaker().await?;
    if format.json {
        return json::print(&document::shown(&limits, &moved, &counted, latest.as_ref()));
    }
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
    let standing = match latest.map(|latest| (at(latest.at), &latest.event)) {
        None => "닫힘 (작동한 적 없음)".to_owned(),
        Some((lifted, Event::Lifted { by, because })) => {
            let because = because.as_ref().map(|because| format!(", 사유: {because}")).unwrap_or_default();
            format!("닫힘, {lifted} 해제됨 (해제한 사람: {by}{because})")
        }
        Some((since, Event::Tripped(trip))) => format!(
            "열림, {since}부터. {trip} 모든 건이 준비만 되고 상담사의 승인을 기다립니다. 해제: misread limits lift --by 이름"
        ),
    };
    format!("{measures}차단기: {standing}\n")
}

/// The time by the ledger's clock, as in the service; by this machine's if the ledger has none.
async fn now(ledger: &dyn Ledger) -> anyhow::Result<Timestamp> {
    Ok(ledger.time().await?.unwrap_or_else(|| SystemClock.now()))
}

async fn lift(ledger: &dyn Ledger, by: &str, because: Option<&str>) -> anyhow::Result<()> {
    if by.trim().is_empty() {
        return Err(Mistyped("`--by`에 해제하는 사람의 이름을 적어 주세요.".to_owned()).into());
    }
    let Some(trip) = ledger.lift(now(ledger).await?, by.trim(), because).await? else {
        bail!("차단기가 열려 있지 않습니다. `misread limits show`로 상태를 볼 수 있습니다.");
    };
    let mut out = io::stdout().lock();
    writeln!(out, "차단기를 해제했습니다({}). 열렸던 까닭: {}", by.trim(), trip)?;
    writeln!(out, "그동안 준비만 된 티켓은 상담사의 승인을 계속 기다립니다.")?;
    Ok(())
}

async fn backtest(ledger: &dyn Ledger, since: Option<Date>) -> anyhow::Result<Report> {
    let since = since.map(start_of_day).transpose().context("--since의 날짜는 서울에 없는 날입니다")?;
    let limits = configured()?;
    let mut backtest = Backtest::default();
    journals::each(ledger, |id, loaded| {
        backtest.take(id, loaded.journal.iter().map(|one| (one.at, &one.entry)));
    })
    .await?;
    Ok(backtest.against(&limits, since))
}

fn tell(report: &Report, at_most: usize, format: Format) -> anyhow::Result<()> {
    if format.json {
        return json::print(&document::backtest(report, at_most));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "옮긴 건 {}, 금액 {}", report.movements, Won(report.won))?;
    for (name, stopped) in &report.stopped {
        let won: i64 = stopped.iter().map(|one| one.won).sum();
        writeln!(out, "{name}: {}건, {}", stopped.len(), Won(won))?;
        for one in stopped.iter().take(at_most) {
            writeln!(out, "  티켓 {}  {}  {}", one.ticket_id, when(one.at), Won(one.won))?;
        }
    }
    for (at, trip) in &report.trips {
        writeln!(out, "차단기: {}  {}", when(*at), trip)?;
    }
    Ok(())
}

fn when(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}
