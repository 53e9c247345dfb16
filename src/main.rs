//! The `misread` command: reads the command line, runs, turns the result into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match misread::cli::run(misread::cli::Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to do where even this cannot be written.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
