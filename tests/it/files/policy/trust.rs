//! The trust of rows: a value for the file, a line in a row, and the limit by the `decide` row.

use misread::domain::policy::{Identity, LotKind, Operator, Policy, Status, TableName, Trust};

use super::{SHIPPED, edited, established, open_use, shipped};

const FILE: &str = "\ntrust = \"auto\"\n";

/// The shipped policy with another trust for the whole file, or with none.
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

/// The `decide` row for the writer's own word, the only row with a trust of its own.
const OWN_WORD: &str = "own_word";
const OWN_WORD_LINE: &str = "\ntrust = \"assist\"\n";

/// A policy in which the row of the writer's own word has this trust, or none.
fn with_own_word(text: &str, line: &str) -> String {
    assert_eq!(SHIPPED.matches(OWN_WORD_LINE).count(), 1, "one row of the shipped file is on assist");
    let row = text.find("id = \"own_word\"\n").unwrap();
    format!("{}{}", &text[..row], text[row..].replacen(OWN_WORD_LINE, line, 1))
}

fn parse(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The trust of a refund to a writer with this identity.
fn trust_of_a_refund_for(policy: &Policy, identity: Identity) -> Trust {
    let mut situation = established(open_use(Status::Completed, LotKind::Open, Operator::Partner));
    situation.identity.value = identity;
    let decision = policy.decide(&situation);
    assert_eq!(decision.row, "completed_open");
    decision.trust
}

/// The same for an established holder.
fn trust_of_a_refund(policy: &Policy) -> Trust {
    let trust = trust_of_a_refund_for(policy, Identity::Proven);
    assert_eq!(trust_of_a_refund_for(policy, Identity::AccountTied), trust);
    trust
}

/// The trust shown with the refund's row: that of the most trusted writer.
fn shown_trust_of_a_refund(policy: &Policy) -> Trust {
    policy.trust(policy.row("completed_open").unwrap())
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
        for row in policy.rows() {
            let says = if row.id == OWN_WORD { Trust::Assist } else { trust };
            assert_eq!(row.trust, says, "{line:?} {}", row.id);
        }
        assert_eq!(trust_of_a_refund(&policy), trust);
        assert_eq!(trust_of_a_refund_for(&policy, Identity::OwnWord), trust.min(Trust::Assist));
        let silent = parse(&with_own_word(&whole(line), "\n"));
        assert!(silent.rows().all(|row| row.trust == trust), "{line:?}");
    }
}

#[test]
fn on_the_writers_own_word_alone_no_row_is_carried_out_until_one_line_says_so() {
    let policy = shipped();
    assert_eq!(policy.row(OWN_WORD).unwrap().trust, Trust::Assist);
    assert_eq!(trust_of_a_refund(policy), Trust::Auto);
    assert_eq!(trust_of_a_refund_for(policy, Identity::OwnWord), Trust::Assist);
    // Only this line changes it.
    let raised = parse(&with_own_word(SHIPPED, "\ntrust = \"auto\"\n"));
    assert_eq!(trust_of_a_refund_for(&raised, Identity::OwnWord), Trust::Auto);
    for row in policy.rows().filter(|row| row.id != OWN_WORD) {
        let other = raised.row(&row.id).unwrap();
        assert_eq!((row.trust, policy.trust(row)), (other.trust, raised.trust(other)), "{}", row.id);
    }
    // The file warns of it next to that line.
    let (before, _) = SHIPPED.split_once(OWN_WORD_LINE).unwrap();
    let warning = before.lines().next_back().unwrap();
    assert!(warning.starts_with("# 주의: \"auto\"로 바꾸면"), "{warning}");
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
        let said = [one, "established", OWN_WORD];
        let rest = policy.rows().filter(|row| !said.contains(&row.id.as_str()));
        assert!(rest.into_iter().all(|row| row.trust == others), "{others:?}");
        assert_eq!(policy.row(OWN_WORD).unwrap().trust, Trust::Assist);
    }
}

#[test]
fn no_row_of_the_decision_table_is_trusted_further_than_the_row_that_passes_on_to_it() {
    let trusts = [("shadow", Trust::Shadow), ("assist", Trust::Assist), ("auto", Trust::Auto)];
    for (gate, of_gate) in trusts {
        for (own_word, of_own_word) in trusts {
            for (row, of_row) in trusts {
                let text = with_own_word(SHIPPED, &format!("\ntrust = \"{own_word}\"\n"));
                let text = with_line(&with_line(&text, "established", gate), "completed_open", row);
                let policy = parse(&text);
                let (holder, stranger) = (of_gate.min(of_row), of_own_word.min(of_row));
                assert_eq!(trust_of_a_refund(&policy), holder, "{gate} {own_word} {row}");
                assert_eq!(
                    trust_of_a_refund_for(&policy, Identity::OwnWord),
                    stranger,
                    "{gate} {own_word} {row}"
                );
                assert_eq!(shown_trust_of_a_refund(&policy), holder.max(stranger), "{gate} {own_word} {row}");
            }
        }
    }
    let policy =
        parse(&with_line(&with_own_word(SHIPPED, "\ntrust = \"shadow\"\n"), "established", "shadow"));
    for row in policy.rows() {
        let limited =
            row.table == TableName::Decision || ["established", OWN_WORD].contains(&row.id.as_str());
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
        assert_eq!(problem.what, "모르는 값 `shadwo`입니다. 쓸 수 있는 값: `shadow`, `assist`, `auto`");
        assert_eq!(&text[problem.at.clone().unwrap()], "\"shadwo\"");
    }
}

#[test]
fn trust_is_part_of_what_the_hash_names() {
    let lowered = edited("completed_open", "source = ", "trust = \"shadow\"\nsource = ");
    assert_ne!(parse(&lowered).hash(), shipped().hash());
}
