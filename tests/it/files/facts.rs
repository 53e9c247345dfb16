//! References to Zendesk facts lead somewhere: each section that a comment names exists, and gives its source.

use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = "src/zendesk/FACTS.md";
/// The sign before a section's number, escaped so that this file has no reference.
const SIGN: char = '\u{a7}';
/// The kinds of files with references.
const KINDS: [&str; 4] = ["md", "rs", "sql", "toml"];

/// A section of the facts.
#[derive(Debug)]
struct Section<'a> {
    /// The section's number; empty if the heading has none.
    number: &'a str,
    /// The line of its heading, from 1.
    line: usize,
    /// Whether it names an address, or says that and how it was observed.
    has_source: bool,
}

#[test]
fn every_section_that_is_named_is_there_and_has_a_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join(PAGE)).unwrap();
    let sections = sections(&page);
    let (mut told, mut named) = (flaws(&sections), 0);
    for path in ["src", "tests"].into_iter().flat_map(|folder| files(&root.join(folder))) {
        let text = fs::read_to_string(&path).unwrap();
        named += text.matches(SIGN).count();
        told.extend(lost(path.strip_prefix(root).unwrap().to_str().unwrap(), &text, &sections));
    }
    assert!(
        sections.len() > 30 && named > 200,
        "only {named} of {}: looked in the wrong place",
        sections.len()
    );
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

#[test]
fn what_leads_nowhere_and_what_comes_from_nowhere_is_told() {
    let page = "# Facts\n\n## 1 One\nSource: <https://example.com/>\n\n### 1.1 Two\nSource:\nobserved (by eye)\n\n\
        ### 1.2 Three\nSource: heard of\n\nSee <https://example.com/>.\n\n### 1.1 Again\nSource: observed\n\n## No number\n";
    let sections = sections(page);
    let fault = |line: usize, what: &str| format!("{PAGE}:{line}: {what}");
    assert_eq!(
        flaws(&sections),
        [
            fault(10, "1.2 has no `Source:` with a public address or `observed (how)`"),
            fault(15, "1.1 has no `Source:` with a public address or `observed (how)`"),
            fault(15, "1.1 is the number of two sections"),
            fault(18, "the heading has no number"),
        ]
    );
    let lost = |line: &str| lost("a.rs", &format!("\n{}", line.replace('$', &SIGN.to_string())), &sections);
    for fine in
        ["", "(facts $1)", "Facts $1.1.", "(Zendesk facts $1, $1.2)", "facts $1 and $1.1, and facts $1.2"]
    {
        assert_eq!(lost(fine), [""; 0], "{fine}");
    }
    for wrong in ["(facts $2)", "(facts $1, $2)", "facts $1 and facts $2: so", "facts $1.1, $2, $1"] {
        assert_eq!(lost(wrong), [format!("a.rs:2: {PAGE} has no section 2")], "{wrong}");
    }
    assert_eq!(lost("facts $1.15"), [format!("a.rs:2: {PAGE} has no section 1.15")]);
    for bare in ["($1)", "// $1.1, as said", "facts $1 ($1.1)", "the fact $1"] {
        assert_eq!(lost(bare).len(), 1, "{bare}");
        assert!(lost(bare)[0].starts_with("a.rs:2: write `facts "), "{bare}");
    }
    for range in ["facts $1\u{2013}1.2", "facts $1-1.2"] {
        assert_eq!(lost(range), ["a.rs:2: name each section by itself, not a range"], "{range}");
    }
}

/// The sections of a page, in order.
fn sections(page: &str) -> Vec<Section<'_>> {
    let lines: Vec<&str> = page.lines().collect();
    let headings = lines.iter().enumerate().filter_map(|(at, line)| {
        let heading = line.strip_prefix("## ").or_else(|| line.strip_prefix("### "))?;
        Some(Section { number: number(heading), line: at + 1, has_source: has_source(&lines[at + 1..]) })
    });
    headings.collect()
}

/// Whether the text between a heading and the next one has a paragraph with the source.
fn has_source(after: &[&str]) -> bool {
    let own = after.iter().take_while(|line| !line.starts_with('#'));
    let source = own.skip_while(|line| !line.starts_with("Source:")).take_while(|line| !line.is_empty());
    source.into_iter().any(|line| line.contains("https://") || line.contains("observed ("))
}

/// The number at the start of a text.
fn number(text: &str) -> &str {
    let end = text.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// The problems of the sections themselves.
fn flaws(sections: &[Section<'_>]) -> Vec<String> {
    let mut told = Vec::new();
    for (at, Section { number, line, has_source }) in sections.iter().enumerate() {
        if number.is_empty() {
            told.push(format!("{PAGE}:{line}: the heading has no number"));
            continue;
        }
        if !has_source {
            let lacks = "has no `Source:` with a public address or `observed (how)`";
            told.push(format!("{PAGE}:{line}: {number} {lacks}"));
        }
        if sections[..at].iter().any(|other| other.number == *number) {
            told.push(format!("{PAGE}:{line}: {number} is the number of two sections"));
        }
    }
    told
}

/// The references in a file that lead to no section, with their lines. On the page itself the sign alone is a
/// reference.
fn lost(file: &str, text: &str, sections: &[Section<'_>]) -> Vec<String> {
    let mut told = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut parts = line.split(SIGN);
        let mut before = parts.next().unwrap_or_default();
        let mut is_list = false;
        for part in parts {
            let named = number(part);
            let goes_on = is_list && matches!(before, ", " | " and ");
            let is_reference = file == PAGE || goes_on || before.to_lowercase().ends_with("facts ");
            let after = &part[named.len()..];
            let problem = if !is_reference {
                Some(format!("write `facts {SIGN}{named}`, as everywhere"))
            } else if after.strip_prefix(['-', '\u{2013}']).is_some_and(|end| !number(end).is_empty()) {
                Some("name each section by itself, not a range".to_owned())
            } else if named.is_empty() || sections.iter().all(|section| section.number != named) {
                Some(format!("{PAGE} has no section {named}"))
            } else {
                None
            };
            told.extend(problem.map(|problem| format!("{file}:{}: {problem}", at + 1)));
            (before, is_list) = (after, is_reference);
        }
    }
    told
}

/// Every file below a folder that may have references.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let is_text = |path: &PathBuf| {
        path.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| KINDS.contains(&kind))
    };
    let here = files.into_iter().filter(is_text);
    here.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}
