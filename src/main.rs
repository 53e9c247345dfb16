//! The `misread` command: reads the command line, runs, turns the result into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let code = match runtime.block_on(misread::cli::run(misread::cli::Cli::parse())) {
        Ok(code) => code,
        Err(error) => failed(&error),
    };
    // A look-up of a name that hangs in the system's resolver must not hold up an end that was asked for.
    runtime.shutdown_background();
    code
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // Nothing is left to do where even this cannot be written.
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}
