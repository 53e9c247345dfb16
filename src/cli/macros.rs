//! `misread macros`: shows every text as customers read it, and copies texts between files and the Zendesk account.

pub mod lines;
mod list;
mod preview;
mod sync;

use std::process::ExitCode;

use clap::Subcommand;

use super::json::Format;
use crate::config::{self, ProcessEnvironment};

#[derive(Debug, Subcommand)]
pub(super) enum MacrosCommand {
    /// 매크로와 문단을 한 줄씩 보여 줍니다: 이름, 종류, 받는 사람, 쓰는 때, 제목.
    #[command(after_help = list::HELP)]
    List {
        #[command(flatten)]
        format: Format,
    },
    /// 매크로와 문단을 모든 행과 경우의 예시 고객에게 보낼 글 그대로 보여 줍니다.
    Preview {
        /// 이 매크로나 문단만. 파일 이름에서 `.toml`을 뺀 이름으로 적습니다.
        name: Option<String>,
    },
    /// 파일과 계정의 매크로가 어디가 다른지, 무엇이 잘못되었는지, 누가 바꾸었는지 보여 줍니다. 다른 것이 있으면 종료 코드 3으로 끝냅니다.
    Diff {
        /// 이 매크로와 문단만. 파일 이름에서 `.toml`을 뺀 이름으로 적습니다.
        names: Vec<String>,
    },
    /// 다른 곳을 보여 주고, 묻고, 파일을 계정에 올립니다. 언제 끊겨도 다시 시작할 수 있습니다.
    Push(sync::Options),
    /// 다른 곳을 보여 주고, 묻고, 계정의 매크로를 파일로 가져옵니다.
    Pull(sync::Options),
}

pub(super) async fn run(command: MacrosCommand) -> anyhow::Result<ExitCode> {
    match command {
        MacrosCommand::List { format } => {
            let files = config::load_files(&ProcessEnvironment)?;
            list::run(&files.policy, &files.macros, format)
        }
        MacrosCommand::Preview { name } => {
            let files = config::load_files(&ProcessEnvironment)?;
            preview::run(&files.policy, &files.macros, name.as_deref())
        }
        MacrosCommand::Diff { names } => sync::diff(&names).await,
        MacrosCommand::Push(options) => sync::transfer(sync::Direction::Push, &options).await,
        MacrosCommand::Pull(options) => sync::transfer(sync::Direction::Pull, &options).await,
    }
}
