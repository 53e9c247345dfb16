//! `misread policy`: shows the tables, why a row fires, and what another policy would change. It changes nothing.

mod backtest;
mod diff;
mod explain;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde::Serialize;

use super::json::Format;
use crate::config::{self, ProcessEnvironment, Report};
use crate::domain::ids::TicketId;
use crate::domain::policy::{Condition, Policy};

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// 두 표를 보여 줍니다: 행마다 조건, 결과, 신뢰 단계, 근거, 남은 질문.
    #[command(after_help = show::HELP)]
    Show {
        /// 문서에 넣을 Markdown으로 보여 줍니다.
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
        /// 서비스가 쓰는 정책 대신 이 정책 파일
        #[arg(long)]
        file: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// 어떤 상황에 어느 행이 적용되는지, 다른 행은 어느 칸이 맞지 않는지 보여 줍니다.
    ///
    /// 상황은 이름=값으로, 어떤 순서로든 적습니다. 한국어와 영어를 모두 쓸 수 있습니다: 상태=미수 주차장=운영중 운영=제휴, 또는
    /// status=unpaid lot=open operation=partner. 이용 건·작성자·차량·요청을 적지 않으면 확인된 것으로 보고, 진행과 금액을 적지 않으면
    /// 처음(`progress=none`)이고 한도 이내(`amount=within_cap`)인 것으로 봅니다.
    #[command(after_help = explain::HELP)]
    Explain {
        /// 이름=값. 예: 상태=미수
        #[arg(required_unless_present = "ticket", value_parser = pair, value_name = "이름=값")]
        situation: Vec<(String, String)>,
        /// 상황 대신: 이 티켓의 기록에서 마지막 판단
        #[arg(long, conflicts_with = "situation")]
        ticket: Option<TicketId>,
        #[command(flatten)]
        format: Format,
    },
    /// 두 정책 파일을 비교합니다: 결과가 달라지는 모든 상황.
    #[command(after_help = diff::HELP)]
    Diff {
        /// 이전 정책 파일
        old: String,
        /// 새 정책 파일
        new: String,
        #[command(flatten)]
        gate: Gate,
        #[command(flatten)]
        format: Format,
    },
    /// 지난 판단을 모두 새 정책 파일로 다시 해 봅니다: 어느 티켓의 결과가 달라지고, 금액은 얼마인지.
    #[command(after_help = backtest::HELP)]
    Backtest {
        /// 새 정책 파일
        new: String,
        /// 서울 기준으로 이 날부터의 판단만. 예: 2026-10-01
        #[arg(long)]
        since: Option<Date>,
        #[command(flatten)]
        gate: Gate,
        #[command(flatten)]
        format: Format,
    },
}

/// Whether what is found becomes the exit code.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Gate {
    /// 달라지는 것이 있으면 종료 코드 3으로 끝냅니다. 없으면 0입니다.
    #[arg(long)]
    pub(super) exit_code: bool,
}

impl Gate {
    pub(super) fn code(self, is_different: bool) -> ExitCode {
        if self.exit_code && is_different {
            ExitCode::from(super::wrong::DIFFERENT)
        } else {
            ExitCode::SUCCESS
        }
    }
}

pub(super) async fn run(command: PolicyCommand) -> anyhow::Result<ExitCode> {
    match command {
        PolicyCommand::Show { markdown, file, format } => {
            show::run(&load(file.as_deref())?, markdown, format)
        }
        PolicyCommand::Explain { situation, ticket, format } => {
            explain::run(&load(None)?, &situation, ticket, format).await
        }
        PolicyCommand::Diff { old, new, gate, format } => {
            diff::run(&load(Some(&old))?, &load(Some(&new))?, gate, format)
        }
        PolicyCommand::Backtest { new, since, gate, format } => {
            backtest::run(&load(Some(&new))?, since, gate, format).await
        }
    }
}

fn load(file: Option<&str>) -> Result<Policy, Report> {
    config::load_policy(&ProcessEnvironment, file)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("이름=값으로 적어 주세요. 예: 상태=미수, status=unpaid".to_owned())?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// A row's condition in JSON documents.
#[derive(Serialize)]
struct Cell {
    input: &'static str,
    values: Vec<&'static str>,
}

impl Cell {
    fn of(condition: &Condition) -> Self {
        Self {
            input: condition.input.code,
            values: condition.values.iter().map(|value| value.code).collect(),
        }
    }
}
