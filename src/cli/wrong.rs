//! Exit codes and error messages: in Korean for the commands of operations, in English for those of engineers.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::korean;
use crate::app::NoLedger;
use crate::config::Report;
use crate::ports::StoreError;

/// Exit code if the command line, settings or files are wrong; clap uses the same.
pub(super) const WRONG: u8 = 2;
/// Exit code of a command with `--exit-code` that found differences or stuck cases.
pub(super) const DIFFERENT: u8 = 3;

/// An argument is wrong in a way that clap cannot check.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Mistyped(pub(super) String);

/// The readers of a command's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// Operations and agents: Korean.
    Operations,
    /// Engineers: English.
    Engineers,
}

/// Prints what clap has to say of a command line that it does not run: a help, a version, a mistake.
pub(super) fn not_run(error: &clap::Error, reader: Reader) -> anyhow::Result<ExitCode> {
    match korean::told(error).filter(|_| reader == Reader::Operations) {
        Some(told) => write!(io::stderr(), "{told}")?,
        None => error.print()?,
    }
    Ok(if error.use_stderr() { ExitCode::from(WRONG) } else { ExitCode::SUCCESS })
}

/// Prints the error and returns its exit code. An error that is returned is printed by `main`, in English.
pub(super) fn tell(error: anyhow::Error, reader: Reader) -> anyhow::Result<ExitCode> {
    if let Some(report) = error.downcast_ref::<Report>() {
        writeln!(io::stderr(), "{report}")?;
        return Ok(ExitCode::from(WRONG));
    }
    if matches!(error.downcast_ref::<io::Error>(), Some(error) if error.kind() == io::ErrorKind::BrokenPipe) {
        // The reader, such as `head`, has closed the pipe after it read enough.
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
    let message = match (error.downcast_ref::<NoLedger>(), error.downcast_ref::<StoreError>()) {
        (Some(NoLedger(path)), _) => format!(
            "`{path}`에 원장이 없습니다. MISREAD_DATABASE_URL을 원장을 만드는 `misread serve`와 같게 설정해 주세요."
        ),
        (_, Some(error)) => of_ledger(error),
        _ => format!("{error:#}"),
    };
    writeln!(io::stderr(), "{word}: {message}")?;
    Ok(ExitCode::FAILURE)
}

/// A ledger's error in Korean. The database's message stays in English, since engineers search for it.
pub(super) fn of_ledger(error: &StoreError) -> String {
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
