//! The module rule: imports run one way, siblings never import siblings, `domain` is pure, files stay short.
//!
//! The test reads `src/` as text. Every path that begins with `crate::`, `super::` or a crate's name counts, imported
//! or spelt out.

use std::fs;
use std::path::{Path, PathBuf};

/// The parts of `src/`, each with all that it may import. Only the command line and the composition root load settings;
/// `http` is the outgoing side, which both clients share.
const HOUSE: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("lib", &[]),
    (
        "cli",
        &[
            "demo",
            "drill",
            "testbed",
            "setup",
            "app",
            "config",
            "story",
            "lifecycle",
            "telemetry",
            "ports",
            "account",
            "domain",
        ],
    ),
    ("drill", &["app", "testbed", "store", "sandbox", "config", "ports", "domain"]),
    ("demo", &["app", "testbed", "sandbox", "config", "ports", "domain"]),
    ("testbed", &["app", "setup", "sandbox", "config", "ports", "account", "domain"]),
    ("setup", &["app", "zendesk", "config", "ports", "account", "domain"]),
    (
        "app",
        &[
            "console", "notify", "metrics", "webhook", "worker", "store", "zendesk", "parking", "http",
            "trace", "config", "ports", "account", "domain",
        ],
    ),
    ("console", &["story", "ports", "account", "domain"]),
    ("metrics", &["ports", "domain"]),
    ("notify", &["ports", "domain"]),
    ("webhook", &["trace", "ports", "domain"]),
    ("story", &["ports", "domain"]),
    ("worker", &["trace", "ports", "account", "domain"]),
    ("store", &["ports", "account", "domain"]),
    ("zendesk", &["http", "ports", "account", "domain"]),
    ("parking", &["http", "ports", "domain"]),
    ("sandbox", &["ports", "account", "domain"]),
    ("http", &["trace", "ports", "domain"]),
    ("trace", &["ports", "domain"]),
    ("config", &["domain"]),
    ("ports", &["account", "domain"]),
    ("account", &["domain"]),
    ("domain", &[]),
    ("lifecycle", &[]),
    ("telemetry", &[]),
];

/// Foreign crates that only some parts may name.
const CONFINED: &[(&str, &[&str])] = &[
    ("anyhow", &["main", "cli", "setup", "app", "demo", "drill", "testbed"]),
    ("clap", &["main", "cli"]),
    ("misread_core", &["lib", "sandbox"]),
    ("misread_sandbox", &["lib"]),
    ("axum", &["console", "metrics", "webhook", "sandbox"]),
    ("prometheus_client", &["metrics", "notify", "webhook", "worker", "http"]),
    ("opentelemetry", &["trace"]),
    ("opentelemetry_http", &["trace"]),
    ("opentelemetry_otlp", &["trace"]),
    ("opentelemetry_sdk", &["trace"]),
    ("procfs", &["metrics"]),
    ("sd_notify", &["lifecycle"]),
    ("hyper", &["console", "webhook"]),
    ("hyper_util", &["console", "webhook"]),
    ("sqlx", &["store"]),
    ("reqwest", &["cli", "notify", "http", "trace", "zendesk", "parking", "sandbox", "config"]),
    ("annotate_snippets", &["config"]),
    ("minijinja", &["console", "domain", "notify"]),
    ("argon2", &["console"]),
    ("tracing_subscriber", &["telemetry"]),
];

/// Names that `domain` must not use: the runtime, the network, the disk, the process, the clock.
const IMPURE: &[&str] = &[
    "tokio",
    "tokio_util",
    "tower_http",
    "axum",
    "sqlx",
    "reqwest",
    "tracing",
    "async_trait",
    "std::fs",
    "std::env",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

const LONGEST_FILE: usize = 350;

/// What only a test has. A crate with tests inside is built twice: once more as a test harness.
const MARKS_OF_A_TEST: &[&str] =
    &["#[cfg(test)]", "cfg(all(test", "#[test]", "::test]", "::test(", "proptest!"];

#[test]
fn imports_run_one_way_domain_is_pure_and_files_stay_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(files.len() > 50, "only {} files found: the check looks in the wrong place", files.len());
    let told = files.iter().flat_map(|path| {
        offences(path.strip_prefix(&root).unwrap().to_str().unwrap(), &fs::read_to_string(path).unwrap())
    });
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    here.chain(folders.iter().flat_map(|folder| rust_files(folder))).collect()
}

/// The violations in one file of `src/`, each with file, line and rule.
fn offences(file: &str, source: &str) -> Vec<String> {
    // The core crate has three parts.
    let modules = file.trim_start_matches("core/").trim_end_matches(".rs");
    let modules: Vec<&str> = modules.split('/').collect();
    let part = modules[0];
    let Some((_, may_import)) = HOUSE.iter().find(|(name, _)| *name == part) else {
        let rule = format!("`{part}` has no place in the house: give it one in tests/it/architecture.rs");
        return vec![format!("src/{file}:1: {rule}")];
    };
    let broken = paths(source).into_iter().filter_map(|(line, path)| {
        let rule = broken_rule(part, may_import, modules.len(), &path)?;
        Some(format!("src/{file}:{line}: `{path}`: {rule}"))
    });
    let length = source.lines().count();
    let long = (length > LONGEST_FILE).then(|| {
        format!("src/{file}:{length}: a file has at most {LONGEST_FILE} lines; split it by its jobs")
    });
    broken.chain(long).collect()
}

/// The tests in one file of `src/`, each with file, line and rule.
fn tests_inside(file: &str, source: &str) -> Vec<String> {
    let is_marked = |line: &str| MARKS_OF_A_TEST.iter().any(|mark| line.contains(mark));
    let marked = source.lines().zip(1..).filter(|(line, _)| is_marked(line));
    let told = |(line, number): (&str, usize)| {
        format!("src/{file}:{number}: `{}`: tests stand in tests/it, and use what src/ offers", line.trim())
    };
    marked.map(told).collect()
}

/// The rule that a path violates, if any.
fn broken_rule(part: &str, may_import: &[&str], depth: usize, path: &str) -> Option<String> {
    // The sandbox is a crate of its own, in which paths begin. The compiler ensures that it depends only on the core.
    if part != "sandbox"
        && let Some(other) = part_named(depth, path)
    {
        if other == part || may_import.contains(&other) {
            return None;
        }
        let allowed =
            if may_import.is_empty() { "nothing of the house".to_owned() } else { may_import.join(", ") };
        return Some(format!("imports run one way and never between siblings; {part} may import {allowed}"));
    }
    let names = |foreign: &str| path == foreign || path.starts_with(&format!("{foreign}::"));
    if ["domain", "account"].contains(&part) && IMPURE.iter().any(|impure| names(impure)) {
        return Some("domain and account are pure: no runtime, network, disk, process or clock".to_owned());
    }
    let (foreign, parts) =
        CONFINED.iter().find(|(foreign, parts)| names(foreign) && !parts.contains(&part))?;
    Some(format!("only {} may name {foreign}", parts.join(", ")))
}

/// The part that a path leads to: `crate::part`, `misread::part`, or enough `super::` to reach the top.
fn part_named(depth: usize, path: &str) -> Option<&str> {
    let mut segments = path.split("::").peekable();
    let mut climbed = 0;
    while segments.next_if_eq(&"super").is_some() {
        climbed += 1;
    }
    match segments.next()? {
        "crate" | "misread" => segments.next().filter(|name| !name.is_empty()),
        name if climbed >= depth => HOUSE.iter().map(|(part, _)| *part).find(|part| *part == name),
        _ => None,
    }
}

/// All paths with their lines. Braces of imports are expanded, and comments are left out.
fn paths(source: &str) -> Vec<(usize, String)> {
    let (mut found, mut groups, mut word) = (Vec::new(), vec![String::new()], String::new());
    for (number, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for sign in code.chars().chain(['\n']) {
            if sign.is_alphanumeric() || matches!(sign, '_' | ':') {
                word.push(sign);
                continue;
            }
            let path = format!("{}{word}", groups.last().map_or("", String::as_str));
            match sign {
                '{' if word.ends_with("::") => groups.push(path),
                '{' => groups.push(String::new()),
                _ if !word.is_empty() => found.push((number + 1, path)),
                _ => {}
            }
            if sign == '}' && groups.len() > 1 {
                groups.pop();
            }
            word.clear();
        }
    }
    found
}

/// The only violation in a made-up file.
fn offence(file: &str, source: &str) -> String {
    let told = offences(file, source);
    assert_eq!(told.len(), 1, "{told:#?}");
    told[0].clone()
}

#[test]
fn tests_stand_in_one_binary() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let told = rust_files(&root).into_iter().flat_map(|path| {
        tests_inside(path.strip_prefix(&root).unwrap().to_str().unwrap(), &fs::read_to_string(&path).unwrap())
    });
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));

    let source = "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn g() {}\n    #[tokio::test]\n    async fn h() {}\n}\n";
    let told = tests_inside("core/domain/x.rs", source);
    let rule = "tests stand in tests/it, and use what src/ offers";
    assert_eq!(
        told,
        [(3, "#[cfg(test)]"), (5, "#[test]"), (7, "#[tokio::test]")]
            .map(|(line, mark)| format!("src/core/domain/x.rs:{line}: `{mark}`: {rule}"))
    );
}

#[test]
fn an_import_of_a_sibling_is_told_with_file_line_and_rule() {
    assert_eq!(
        offence("worker/case_run.rs", "use crate::ports::Store;\nuse crate::zendesk::ZendeskClient;\n"),
        "src/worker/case_run.rs:2: `crate::zendesk::ZendeskClient`: imports run one way and never between siblings; worker may import \
         trace, ports, account, domain"
    );
}

#[test]
fn an_import_is_found_in_every_spelling() {
    for (file, source, line) in [
        ("store.rs", "use crate::{domain, worker::Worker};", 1),
        ("store.rs", "use crate::{\n    domain,\n    worker,\n};", 3),
        ("store.rs", "fn f() -> crate::worker::Worker {", 1),
        ("store.rs", "use super::worker::Worker;", 1),
        ("store/sqlite/batch.rs", "use super::super::super::worker;", 1),
        ("ports.rs", "use crate::store;", 1),
        ("domain/case.rs", "use crate::ports::Clock;", 1),
        ("main.rs", "misread::app::Service::assemble()", 1),
        ("cli/case.rs", "use crate::store;", 1),
        ("gateway.rs", "use crate::domain;", 1),
        ("domain.rs", "use crate::gateway;", 1),
    ] {
        let told = offence(file, source);
        assert!(told.starts_with(&format!("src/{file}:{line}: ")), "{told}");
    }
}

#[test]
fn what_is_foreign_stays_where_it_belongs() {
    for (file, source) in [
        ("domain/retry.rs", "use std::{fmt, net::IpAddr};"),
        ("domain/retry.rs", "fn f() { tokio::time::sleep(wait); }"),
        ("domain/retry.rs", "let now = std::time::Instant::now();"),
        ("domain/retry.rs", "use tracing::info;"),
        ("worker.rs", "use sqlx::SqliteConnection;"),
        ("zendesk.rs", "use axum::Router;"),
        ("store.rs", "fn open() -> anyhow::Result<()> {"),
    ] {
        offence(file, source);
    }
}

#[test]
fn what_the_rule_allows_is_not_told() {
    for (file, source) in [
        ("app.rs", "use crate::{config, webhook};\nuse anyhow::Context as _;"),
        ("cli.rs", "use crate::config::{self, Report};"),
        ("parking.rs", "use crate::http::Http;"),
        ("sandbox/zendesk/http.rs", "use super::parking; use crate::parking;"),
        ("domain/retry.rs", "// crate::worker waits\nuse std::time::Duration; use crate::domain::ids;"),
        ("worker.rs", "pub(crate) fn f() { format!(\"{x}\") } mod tests { use super::*; }"),
    ] {
        assert_eq!(offences(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}

#[test]
fn a_file_that_is_too_long_is_told() {
    assert!(offences("domain/x.rs", &"\n".repeat(LONGEST_FILE)).is_empty());
    assert!(offence("domain/x.rs", &"\n".repeat(LONGEST_FILE + 1)).contains("split it by its jobs"));
}
