use std::collections::BTreeMap;

use misread::domain::policy::{Policy, Trust};

const SHIPPED: &str = include_str!("../../../../config/policy.toml");

fn changed(text: &str, changes: &[(&str, Trust)]) -> String {
    let changes = changes.iter().map(|(row, trust)| ((*row).to_owned(), *trust)).collect();
    Policy::parse(text).unwrap().with_trust(&changes)
}

#[test]
fn each_row_gets_its_trust_and_nothing_else_changes() {
    let policy = Policy::parse(SHIPPED).unwrap();
    for trust in [Trust::Shadow, Trust::Assist, Trust::Auto] {
        let all: BTreeMap<String, Trust> = policy.rows().map(|row| (row.id.clone(), trust)).collect();
        let text = policy.with_trust(&all);
        let new = Policy::parse(&text).unwrap();
        assert!(new.rows().all(|row| row.trust == trust), "{trust:?}");
        let without = |text: &str| {
            let lines = text.lines().filter(|line| !line.starts_with("trust = "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(without(&text), without(SHIPPED), "{trust:?}");
    }
}

#[test]
fn a_line_of_its_own_is_changed_and_a_missing_one_is_added() {
    let own = changed(SHIPPED, &[("own_word", Trust::Shadow)]);
    assert_eq!(own.lines().count(), SHIPPED.lines().count());
    assert_eq!(own.len() - SHIPPED.len(), "shadow".len() - "assist".len());
    let added = changed(SHIPPED, &[("completed_open", Trust::Assist)]);
    assert!(added.contains("id = \"completed_open\"\ntrust = \"assist\"\n"), "{added}");
    let again = changed(&added, &[("completed_open", Trust::Shadow)]);
    assert!(again.contains("id = \"completed_open\"\ntrust = \"shadow\"\n"), "{again}");
}

#[test]
fn what_changes_nothing_is_the_same_file() {
    assert_eq!(changed(SHIPPED, &[]), SHIPPED);
    assert_eq!(changed(SHIPPED, &[("own_word", Trust::Assist), ("no_such_row", Trust::Auto)]), SHIPPED);
}
