//! Exit codes, and what is said where something is wrong: in Korean by the commands of operations, in English by those of engineers.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::app::NoLedger;
use crate::config::Report;
use crate::ports::StoreError;

/// Exit code where the command line, settings or files are wrong, as for what the command line's own grammar refuses.
pub(super) const WRONG: u8 = 2;
/// Exit code of a command that compares or looks for something, where it was asked to say so: there are differences, or cases are stuck.
pub(super) const DIFFERENT: u8 = 3;

/// Something that a person typed names what does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Mistyped(pub(super) String);

/// Who reads what a command says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// Operations and agents: Korean.
    Operations,
    /// Engineers: English.
    Engineers,
}

/// Says what went wrong and ends with its code.
pub(super) fn tell(error: anyhow::Error, reader: Reader) -> anyhow::Result<ExitCode> {
    if let Some(report) = error.downcast_ref::<Report>() {
        writeln!(io::stderr(), "{report}")?;
        return Ok(ExitCode::from(WRONG));
    }
    if matches!(error.downcast_ref::<io::Error>(), Some(error) if error.kind() == io::ErrorKind::BrokenPipe) {
        // Whoever reads has read enough, as `head` does.
        return Ok(ExitCode::SUCCESS);
    }
    let word = match reader {
        Reader::Operations => "오류",
        Reader::Engineers => "error",
    };
    if let Some(mistyped) = error.downcast_ref::<Mistyped>() {
        writeln!(io::stderr(), "{word}: {mistyped}")?;
        return Ok(ExitCode::from(WRONG));
    }
    if reader == Reader::Engineers {
        return Err(error);
    }
    let told = match (error.downcast_ref::<NoLedger>(), error.downcast_ref::<StoreError>()) {
        (Some(NoLedger(path)), _) => format!(
            "`{path}`에 원장이 없습니다. MISREAD_DATABASE_URL을 원장을 만드는 `misread serve`와 같게 설정해 주세요."
        ),
        (_, Some(error)) => korean(error),
        _ => format!("{error:#}"),
    };
    writeln!(io::stderr(), "{word}: {told}")?;
    Ok(ExitCode::FAILURE)
}

/// What the ledger could not do. What its database said stays as it is: engineers need it so.
pub(super) fn korean(error: &StoreError) -> String {
    match error {
        StoreError::Unreadable { ticket_id, position, reason } => {
            format!("티켓 {ticket_id}의 기록 {position}번째 항목을 읽을 수 없습니다: {reason}")
        }
        StoreError::Damaged(reason) => format!("원장이 손상되었습니다: {reason}"),
        StoreError::Unavailable(reason) => format!("원장을 사용할 수 없습니다: {reason}"),
        StoreError::FenceLost { .. } | StoreError::OverLimit { .. } | StoreError::BreakerOpen { .. } => {
            error.to_string()
        }
    }
}
