//! How far rows are trusted: one word for the file, one line for a row, and the row that passes on limits the rest.

use misread::domain::policy::{LotKind, Operator, Policy, Status, TableName, Trust};

use super::{SHIPPED, edited, established, open_use, shipped};

const FILE: &str = "\ntrust = \"auto\"\n";

/// The shipped policy with another word for the whole file, or with none.
fn whole(line: &str) -> String {
    assert!(SHIPPED.contains(FILE));
    SHIPPED.replacen(FILE, line, 1)
}

/// The shipped policy with one more line in one row.
fn with_line(text: &str, row: &str, trust: &str) -> String {
    let id = format!("id = \"{row}\"\n");
    assert_eq!(text.matches(&id).count(), 1, "{row}");
    text.replacen(&id, &format!("{id}trust = \"{trust}\"\n"), 1)
}

fn parse(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn trust_of_a_refund(policy: &Policy) -> Trust {
    let decision = policy.decide(&established(open_use(Status::Completed, LotKind::Open, Operator::Partner)));
    assert_eq!(decision.row, "completed_open");
    let row = policy.row("completed_open").unwrap();
    assert_eq!(policy.trust(row), decision.trust, "what is shown is what counts");
    decision.trust
}

#[test]
fn the_file_says_how_far_its_rows_are_trusted_and_auto_where_it_does_not() {
    for (line, trust) in [
        ("\n", Trust::Auto),
        ("\ntrust = \"auto\"\n", Trust::Auto),
        ("\ntrust = \"assist\"\n", Trust::Assist),
        ("\ntrust = \"shadow\"\n", Trust::Shadow),
    ] {
        let policy = parse(&whole(line));
        assert!(policy.rows().all(|row| row.trust == trust), "{line:?}");
        assert_eq!(trust_of_a_refund(&policy), trust);
    }
}

#[test]
fn one_line_lowers_or_raises_one_row_and_no_other() {
    let lowered = parse(&with_line(SHIPPED, "completed_open", "shadow"));
    assert_eq!(trust_of_a_refund(&lowered), Trust::Shadow);
    let raised = whole("\ntrust = \"shadow\"\n");
    let raised = parse(&with_line(&with_line(&raised, "established", "auto"), "completed_open", "assist"));
    assert_eq!(trust_of_a_refund(&raised), Trust::Assist);
    for (policy, one, others) in
        [(&lowered, "completed_open", Trust::Auto), (&raised, "completed_open", Trust::Shadow)]
    {
        let rest = policy.rows().filter(|row| row.id != one && row.id != "established");
        assert!(rest.into_iter().all(|row| row.trust == others), "{others:?}");
    }
}

#[test]
fn no_row_of_the_decision_table_is_trusted_further_than_the_row_that_passes_on_to_it() {
    for (gate, row, trust) in [
        ("shadow", "auto", Trust::Shadow),
        ("assist", "auto", Trust::Assist),
        ("auto", "assist", Trust::Assist),
        ("assist", "shadow", Trust::Shadow),
        ("shadow", "assist", Trust::Shadow),
        ("auto", "auto", Trust::Auto),
    ] {
        let text = with_line(&with_line(SHIPPED, "established", gate), "completed_open", row);
        assert_eq!(trust_of_a_refund(&parse(&text)), trust, "{gate} {row}");
    }
    let policy = parse(&with_line(SHIPPED, "established", "shadow"));
    for row in policy.rows() {
        let limited = row.table == TableName::Decision || row.id == "established";
        assert_eq!(policy.trust(row), if limited { Trust::Shadow } else { Trust::Auto }, "{}", row.id);
    }
}

#[test]
fn a_word_that_is_no_trust_is_refused_at_its_place_with_those_that_are() {
    let of_a_row = with_line(SHIPPED, "completed_open", "shadwo");
    let of_the_file = whole("\ntrust = \"shadwo\"\n");
    for text in [of_a_row, of_the_file] {
        let problems = Policy::parse(&text).unwrap_err();
        let [problem] = &problems[..] else { panic!("{problems:#?}") };
        assert_eq!(problem.what, "unknown variant `shadwo`, expected one of `shadow`, `assist`, `auto`");
        assert_eq!(&text[problem.at.clone().unwrap()], "\"shadwo\"");
    }
}

#[test]
fn trust_is_part_of_what_the_hash_names() {
    let lowered = edited("completed_open", "source = ", "trust = \"shadow\"\nsource = ");
    assert_ne!(parse(&lowered).hash(), shipped().hash());
}
