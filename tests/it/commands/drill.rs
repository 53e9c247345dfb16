//! A short drill on each kind of ledger. Tests next to its audit plant violations and show that it finds them.

use std::time::Duration;

use misread::config::{Environment as _, ProcessEnvironment};

use super::process::{Ended, Place};

/// The kills take a few seconds; after them the leases must expire.
const DRILL_WITHIN: Duration = Duration::from_mins(4);

fn drilled(arguments: &[&str]) -> Ended {
    let mut place = Place::new();
    // The private PostgreSQL server is searched for on the path.
    place.set("PATH", ProcessEnvironment.variable("PATH").unwrap().to_str().unwrap());
    place.start(&[&["drill"], arguments].concat()).ended_within(DRILL_WITHIN)
}

/// The value of a row of the table.
fn row<'a>(ended: &'a Ended, name: &str) -> &'a str {
    let line = ended.out.lines().map(str::trim).find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no row `{name}` in\n{}\n{}", ended.out, ended.err)).trim()
}

fn nothing_is_wrong(ended: &Ended, cycles: &str) {
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    for name in ["lost", "twice", "violations"] {
        assert_eq!(row(ended, name), "0", "{}", ended.out);
    }
    assert_eq!(row(ended, "cycles"), cycles);
    for name in ["tickets", "deliveries acknowledged", "attempts to deliver"] {
        assert_ne!(row(ended, name), "0", "{}", ended.out);
    }
    assert!(!row(ended, "updates sent together, in jobs").starts_with("0,"), "{}", ended.out);
    assert!(!row(ended, "follow-ups, left to people by limits").ends_with(", 0"), "{}", ended.out);
    assert_ne!(row(ended, "ready again after a kill"), "never");
    assert_ne!(row(ended, "logs searched for private data"), "0 kB");
}

#[test]
fn a_short_drill_on_sqlite_finds_nothing_wrong() {
    let ended = drilled(&["--store", "sqlite", "--cycles", "2", "--seed", "1"]);
    nothing_is_wrong(&ended, "2");
    assert_eq!((row(&ended, "store"), row(&ended, "seed")), ("SQLite", "1"));
}

#[test]
fn a_short_drill_on_postgres_freezes_cuts_off_and_restarts_and_finds_nothing_wrong() {
    if crate::store::server::private().is_none() {
        return;
    }
    let ended = drilled(&["--store", "postgres", "--cycles", "5", "--seed", "1"]);
    nothing_is_wrong(&ended, "5");
    assert_ne!(row(&ended, "freezes"), "0");
    assert_ne!(row(&ended, "database restarts"), "0");
    assert_ne!(row(&ended, "cut off from the database"), "0");
}

#[test]
fn a_database_for_a_drill_on_a_file_is_a_mistake() {
    let ended = drilled(&["--store", "sqlite", "--database-url", "postgres://localhost/empty"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert!(ended.err.starts_with("error: --database-url is for PostgreSQL"), "{}", ended.err);
}
