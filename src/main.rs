//! The `misread` command: runs the command line, and maps the result to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let code = match runtime.block_on(misread::cli::run()) {
        Ok(code) => code,
        Err(error) => failed(&error),
    };
    // A hanging name look-up in the system's resolver must not delay a requested stop.
    runtime.shutdown_background();
    code
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // If even this cannot be written, there is nothing left to do.
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}
