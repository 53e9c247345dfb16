//! `misread case`: shows cases and their journals, and orders, erases and counts.

mod erase;
mod figures;
mod list;
mod order;
mod show;
mod unread;
mod who;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;

use super::json::Format;
use crate::app::open_ledger;
use crate::config::{self, ProcessEnvironment};
use crate::domain::case::OrderKind;
use crate::domain::ids::TicketId;
use crate::domain::seoul::seoul;
use crate::ports::{CaseState, Ledger};
use crate::story::progress::Progress;

#[derive(Debug, Subcommand)]
pub(super) enum CaseCommand {
    /// 건을 최근에 바뀐 순서로 보여 줍니다: 티켓, 상태, 기다리는 대상(고객·상담사·공항·시간), 끝, 정책 행, 금액, 언제부터.
    #[command(after_help = list::HELP)]
    List {
        /// 이 상태의 건만 보여 줍니다.
        #[arg(long, value_enum)]
        state: Option<StateArgument>,
        /// 많아도 이만큼만 보여 줍니다.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[command(flatten)]
        format: Format,
    },
    /// 막힘 상태의 건을 까닭과 함께 보여 줍니다.
    #[command(after_help = list::STUCK_HELP)]
    Stuck {
        /// 많아도 이만큼만 보여 줍니다.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// 막힌 건이 있으면 종료 코드 3으로 끝냅니다. 없으면 0입니다.
        #[arg(long)]
        exit_code: bool,
        #[command(flatten)]
        format: Format,
    },
    /// 티켓 하나의 이야기를 보여 줍니다: 고객의 글, 조회한 내용, 판단, 처리와 접수번호, 답변, 지금 기다리는 것 또는 끝.
    #[command(after_help = show::HELP)]
    Show {
        /// Zendesk 티켓 번호
        id: TicketId,
        #[command(flatten)]
        format: Format,
    },
    /// 막힌 건을 멈춘 곳부터 이어 가고, 잠시 멈춘 건을 바로 이어 갑니다. 실행 중인 서비스가 몇 초 안에 처리합니다.
    Retry(order::OrderArguments),
    /// 건을 일반 상담으로 이관합니다. 알고 있는 내용은 모두 메모로 남깁니다. 실행 중인 서비스가 몇 초 안에 처리합니다.
    HandOver(order::OrderArguments),
    /// 고객에 대해 알고 있는 것을 삭제합니다: 끝난 건의 기록과 받은 알림. Zendesk와 백업의 내용은 그대로 남습니다.
    Erase(erase::EraseArguments),
    /// 무슨 일이 몇 번 있었는지 셉니다: 알림, 정책 행별 판단, 처리, 글, 끝. 삭제한 건도 셉니다.
    #[command(after_help = figures::HELP)]
    Figures {
        /// 서울 기준으로 이 날부터 셉니다. 예: 2026-10-01
        #[arg(long)]
        since: Option<Date>,
        /// 하루씩 나누어 보여 줍니다.
        #[arg(long)]
        by_day: bool,
        #[command(flatten)]
        format: Format,
    },
    /// 알아듣지 못한 고객의 말을 티켓 수로 보여 줍니다. config/words.toml에 더할 말을 찾을 때 씁니다.
    #[command(after_help = unread::HELP)]
    Unread {
        /// 서울 기준으로 이 날부터 봅니다. 예: 2026-10-01
        #[arg(long)]
        since: Option<Date>,
        /// 많아도 이만큼의 말만 보여 줍니다.
        #[arg(long, default_value_t = 100)]
        at_most: usize,
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum StateArgument {
    /// 처리 중
    #[value(alias = "처리중")]
    Active,
    /// 대기
    #[value(alias = "대기")]
    Waiting,
    /// 끝남
    #[value(alias = "끝남")]
    Ended,
    /// 막힘
    #[value(alias = "막힘")]
    Stuck,
}

impl From<StateArgument> for CaseState {
    fn from(state: StateArgument) -> Self {
        match state {
            StateArgument::Active => Self::Active,
            StateArgument::Waiting => Self::Waiting,
            StateArgument::Ended => Self::Ended,
            StateArgument::Stuck => Self::Stuck,
        }
    }
}

pub(super) async fn run(command: CaseCommand) -> anyhow::Result<ExitCode> {
    match command {
        CaseCommand::List { state, limit, format } => {
            list::run(state.map(CaseState::from), limit, format).await
        }
        CaseCommand::Stuck { limit, exit_code, format } => list::stuck(limit, exit_code, format).await,
        CaseCommand::Show { id, format } => show::run(id, format).await,
        CaseCommand::Retry(arguments) => order::run(OrderKind::Retry, arguments).await,
        CaseCommand::HandOver(arguments) => order::run(OrderKind::HandOver, arguments).await,
        CaseCommand::Erase(arguments) => erase::run(arguments).await,
        CaseCommand::Figures { since, by_day, format } => figures::run(since, by_day, format).await,
        CaseCommand::Unread { since, at_most, format } => unread::run(since, at_most, format).await,
    }
}

/// Opens the ledger of the service.
pub(super) async fn open() -> anyhow::Result<Arc<dyn Ledger>> {
    open_ledger(&config::load_database_url(&ProcessEnvironment)?).await
}

/// The number of entries in a ticket's journal, and the state of its case; `None` if there is no case.
async fn fold(ledger: &dyn Ledger, id: TicketId) -> anyhow::Result<Option<(usize, Progress)>> {
    let loaded = ledger.load(id).await?;
    Ok(Progress::of(id, &loaded).map(|progress| (loaded.journal.len(), progress)))
}

/// A time in Seoul, to the millisecond, which engineers compare with logs.
pub(super) fn time(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}
