//! Prints one JSON document on standard output, for programs.

use std::io::{self, Write as _};

use clap::Args;
use serde::Serialize;

/// Whether programs or people read it.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Format {
    /// 사람이 읽는 글 대신 JSON 문서 하나로 출력합니다. 키는 영어(`snake_case`)이고 바뀌지 않습니다. 시각은 UTC, 금액은 원 단위의 수입니다.
    #[arg(long)]
    pub(super) json: bool,
}

/// Prints the document, indented, with a line feed at the end.
///
/// # Errors
/// The document cannot be serialised, or standard output cannot be written.
pub(super) fn print(document: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    writeln!(io::stdout(), "{text}")?;
    Ok(())
}
