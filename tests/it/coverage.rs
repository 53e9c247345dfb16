//! The coverage table: every sentence of the guide with the tests that show it, and every row of the policy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use misread::domain::policy::Policy;

const TABLE: &str = include_str!("../data/coverage.tsv");
const POLICY: &str = include_str!("../../config/policy.toml");

struct Line {
    place: &'static str,
    rows: Vec<&'static str>,
    tests: Vec<&'static str>,
}

fn table() -> Vec<Line> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [place, _, rows, tests] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let rows = rows.split_whitespace().filter(|row| *row != "-").collect();
            Line { place, rows, tests: tests.split_whitespace().collect() }
        })
        .collect()
}

/// The names of all functions directly below a `#[test]` or `#[tokio::test]`.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for after in text.split("test]").skip(1) {
                let name = after.split_once("fn ").and_then(|(_, name)| name.split_once('('));
                found.extend(name.map(|(name, _)| name.trim().to_owned()));
            }
        }
    }
}

#[test]
fn every_sentence_of_the_guide_is_shown_by_tests_that_exist() {
    let mut tests = BTreeSet::new();
    tests_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), &mut tests);
    assert!(tests.len() > 300, "the tests were not found");
    for line in table() {
        assert!(!line.tests.is_empty(), "{}: no test", line.place);
        for test in line.tests {
            assert!(tests.contains(test), "{}: there is no test `{test}`", line.place);
        }
    }
}

#[test]
fn every_row_of_the_policy_is_shown_by_a_test() {
    let policy = Policy::parse(POLICY).unwrap();
    let shown: BTreeSet<&str> = table().into_iter().flat_map(|line| line.rows).collect();
    let rows: BTreeSet<&str> = policy.rows().map(|row| row.id.as_str()).collect();
    let missing: Vec<_> = rows.difference(&shown).collect();
    assert!(missing.is_empty(), "no test shows the rows {missing:?}: add them to tests/data/coverage.tsv");
    let strangers: Vec<_> = shown.difference(&rows).collect();
    assert!(strangers.is_empty(), "the policy has no rows {strangers:?}");
}

#[test]
fn every_part_of_the_guide_stands_in_the_table() {
    let places: BTreeSet<&str> = table().into_iter().map(|line| line.place).collect();
    let table_rows = (1..=10).map(|row| format!("Table {row}"));
    let order = (1..=5).map(|step| format!("Order {step}"));
    let follow_ups = (1..=4).map(|row| format!("Follow-ups {row}"));
    let rest = ["Order", "Table, notes", "Routing", "Notes"].map(str::to_owned);
    for place in table_rows.chain(order).chain(follow_ups).chain(rest) {
        assert!(places.contains(place.as_str()), "{place}");
    }
}
