//! `misread policy backtest`: repeats recorded decisions under another policy.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::Gate;
use crate::app::open_ledger;
use crate::cli::json::{self, Format};
use crate::cli::wrong::of_ledger;
use crate::config::{self, ProcessEnvironment};
use crate::domain::backtest::{Sum, Tally};
use crate::domain::ids::TicketId;
use crate::domain::parking::Won;
use crate::domain::policy::Policy;
use crate::domain::seoul::{seoul, start_of_day};
use crate::ports::{Store, StoreError};
use crate::story::backtest::{self, Differing};

/// The help on exit codes and the JSON document.
pub(super) const HELP: &str = "\
아무것도 바꾸지 않습니다.
종료 코드: 0 정상(달라지는 것이 있어도 0), 1 실패, 2 잘못된 명령이나 파일. --exit-code를 쓰면 결과가 달라지는 티켓, 다시 판단하거나
읽을 수 없는 티켓이 있을 때 3입니다.

JSON(--json): {\"policy\", \"decisions\", \"tickets\", \"different\": {tickets, won}, \"by_row\": [{before, after, tickets, won}],
\"unanswered\", \"unreadable\", \"differences\": [{ticket_id, at, before, after(행, 다시 판단할 수 없으면 null), won, differences}],
\"problems\": [읽을 수 없는 기록의 설명]}";

/// The tickets of one page.
const PAGE: usize = 200;

#[derive(Serialize)]
struct Document<'a> {
    policy: &'a str,
    decisions: usize,
    tickets: usize,
    different: Amount,
    by_row: Vec<ByRow<'a>>,
    unanswered: usize,
    unreadable: usize,
    differences: Vec<Differing>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Amount {
    tickets: usize,
    won: Won,
}

#[derive(Serialize)]
struct ByRow<'a> {
    before: &'a str,
    after: &'a str,
    #[serde(flatten)]
    sum: Amount,
}

/// Prints each result at once, or keeps all of them for the JSON document.
struct Teller {
    format: Format,
    told: Vec<Differing>,
    problems: Vec<String>,
}

pub(super) async fn run(
    policy: &Policy,
    since: Option<Date>,
    gate: Gate,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let since = since.map(start_of_day).transpose().context("--since의 날짜는 서울에 없는 날입니다")?;
    let store = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
    let (mut tally, mut after) = (Tally::default(), None);
    let mut teller = Teller { format, told: Vec::new(), problems: Vec::new() };
    loop {
        let page = store.decided_since(since.unwrap_or(Timestamp::MIN), after, PAGE).await?;
        for id in &page {
            replay(&*store, policy, *id, since, (&mut tally, &mut teller)).await?;
        }
        match page.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    let unreadable = teller.problems.len();
    if format.json {
        json::print(&document(policy, &tally, teller))?;
    } else {
        summarise(&mut io::stdout().lock(), policy, &tally, unreadable)?;
    }
    Ok(gate.code(tally.in_all.tickets > 0 || tally.unanswered > 0 || unreadable > 0))
}

/// Repeats the decisions of one ticket. An unreadable journal is reported and does not stop the backtest.
async fn replay(
    store: &dyn Store,
    policy: &Policy,
    id: TicketId,
    since: Option<Timestamp>,
    (tally, teller): (&mut Tally, &mut Teller),
) -> anyhow::Result<()> {
    match backtest::replay(store, policy, id, since, tally).await {
        Ok(differing) => differing.into_iter().try_for_each(|told| teller.tell(told))?,
        Err(error @ StoreError::Unreadable { .. }) => teller.unreadable(of_ledger(&error))?,
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

impl Teller {
    fn unreadable(&mut self, problem: String) -> io::Result<()> {
        if !self.format.json {
            writeln!(io::stdout(), "다시 판단하지 않았습니다. {problem}")?;
        }
        self.problems.push(problem);
        Ok(())
    }

    fn tell(&mut self, told: Differing) -> io::Result<()> {
        if self.format.json {
            self.told.push(told);
            return Ok(());
        }
        let Differing { ticket_id, at, before, after, won, differences } = &told;
        let mut out = io::stdout().lock();
        let time = seoul(*at).strftime("%Y-%m-%d %H:%M");
        let Some(after) = after else {
            let why = differences.join(" ");
            return writeln!(out, "티켓 {ticket_id}  {time}  {before}: 다시 판단할 수 없습니다. {why}");
        };
        let won = won.map_or("금액 없음".to_owned(), |won| won.to_string());
        writeln!(out, "티켓 {ticket_id}  {time}  {won}  {before} ⇒ {after}")?;
        differences.iter().try_for_each(|difference| writeln!(out, "  * {difference}"))
    }
}

fn document<'a>(policy: &'a Policy, tally: &'a Tally, teller: Teller) -> Document<'a> {
    let amount = |sum: &Sum| Amount { tickets: sum.tickets, won: sum.amount };
    let by_row = tally.changed.iter().map(|((before, after), sum)| ByRow { before, after, sum: amount(sum) });
    Document {
        policy: policy.hash(),
        decisions: tally.decisions,
        tickets: tally.tickets,
        different: amount(&tally.in_all),
        by_row: by_row.collect(),
        unanswered: tally.unanswered,
        unreadable: teller.problems.len(),
        differences: teller.told,
        problems: teller.problems,
    }
}

fn summarise(out: &mut impl Write, policy: &Policy, tally: &Tally, unreadable: usize) -> io::Result<()> {
    let Tally { tickets, decisions, changed, in_all, unanswered } = tally;
    writeln!(
        out,
        "정책 {}: 판단 {decisions}건(티켓 {tickets}건)을 다시 해 보았습니다. 바뀐 것은 없습니다.",
        policy.hash()
    )?;
    for ((before, after), Sum { tickets, amount }) in changed {
        writeln!(out, "  {before} ⇒ {after}: {amount} (티켓 {tickets}건)")?;
    }
    writeln!(out, "결과가 달라짐: {} (티켓 {}건)", in_all.amount, in_all.tickets)?;
    if *unanswered > 0 {
        writeln!(out, "다시 판단할 수 없음(위 참고): {unanswered}건")?;
    }
    if unreadable > 0 {
        writeln!(out, "읽을 수 없음(위 참고): {unreadable}건")?;
    }
    Ok(())
}
