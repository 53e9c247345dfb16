//! `misread macros preview`: renders texts for sample customers, and prints each different result once.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;

use crate::cli::wrong::Mistyped;
use crate::domain::policy::Policy;
use crate::domain::reply::Macros;
use crate::story::texts::{Preview, Variant, previews};

const RULE: &str = "────────────────────────────────────────────────────────────────────────────────";

pub(super) fn run(policy: &Policy, macros: &Macros, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    for preview in previews(policy, macros, name) {
        tell(&mut text, &preview)?;
    }
    if text.is_empty() {
        let names = macros.iter().map(|(name, _)| name).chain(macros.paragraphs().map(|(name, _)| name));
        let names = names.collect::<Vec<_>>().join(", ");
        bail!(Mistyped(format!("그런 매크로나 문단이 없습니다. 있는 것: {names}")));
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn tell(text: &mut String, preview: &Preview<'_>) -> fmt::Result {
    let Preview { name, title, description, audience, mentions, used, variants } = preview;
    writeln!(text, "{RULE}\n{name}  {title}")?;
    if let Some(description) = description {
        writeln!(text, "{description}")?;
    }
    let mentions = mentions.iter().map(|(mention, _)| format!("  {} ({})", mention.text, mention.why));
    writeln!(text, "{RULE}\n{audience} · 꼭 알릴 말\n{}", mentions.collect::<Vec<_>>().join("\n"))?;
    writeln!(text, "{used}")?;
    for Variant { labels, text: variant } in variants {
        writeln!(text, "\n[{}]", labels.join(" | "))?;
        for line in variant.lines() {
            writeln!(text, "  │ {line}")?;
        }
    }
    writeln!(text)
}
