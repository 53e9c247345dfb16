//! The policy file: its decisions, and what it must not say.

use std::sync::LazyLock;

use misread::domain::policy::{
    Decision, Evidence, Found, Grant, Identity, LotKind, OneUse, Operator, Outcome, Policy, Progress,
    Request, Situation, Status, VehicleMatch,
};
use misread::domain::problem::Problem;

mod grammar;
mod guide;
mod safety;
mod trust;

const SHIPPED: &str = include_str!("../../../config/policy.toml");

fn shipped() -> &'static Policy {
    static PARSED: LazyLock<Policy> =
        LazyLock::new(|| Policy::parse(SHIPPED).unwrap_or_else(|problems| panic!("{problems:#?}")));
    &PARSED
}

/// A value for every input of the decision table.
#[derive(Clone, Copy, Debug)]
struct Use {
    status: Status,
    lot: LotKind,
    operation: Operator,
    progress: Progress,
    amount: Grant,
}

/// A use at the beginning of its case, with a compensation within the cap.
fn open_use(status: Status, lot: LotKind, operation: Operator) -> Use {
    Use { status, lot, operation, progress: Progress::None, amount: Grant::WithinCap }
}

fn sourced<T>(value: T) -> Evidence<T> {
    Evidence::of(value, "주차 시스템")
}

fn established(of_use: Use) -> Situation {
    Situation {
        found: sourced(Found::One),
        identity: sourced(Identity::Proven),
        vehicle: sourced(VehicleMatch::Own),
        request: sourced(Request::Stands),
        one: Some(OneUse {
            status: sourced(of_use.status),
            lot: sourced(of_use.lot),
            operation: sourced(of_use.operation),
            progress: sourced(of_use.progress),
            amount: sourced(of_use.amount),
        }),
    }
}

fn decide(status: Status, lot: LotKind, operation: Operator) -> Decision {
    shipped().decide(&established(open_use(status, lot, operation)))
}

/// The problems of the shipped policy after one change.
fn problems_of(from: &str, to: &str) -> Vec<Problem> {
    assert!(SHIPPED.contains(from), "the policy no longer says {from}");
    Policy::parse(&SHIPPED.replacen(from, to, 1)).expect_err("the policy must be refused")
}

/// The shipped policy with one change in one row.
fn edited(row: &str, from: &str, to: &str) -> String {
    let start = SHIPPED.find(&format!("id = \"{row}\"\n")).unwrap_or_else(|| panic!("there is no row {row}"));
    let end = SHIPPED[start..].find("\n[[").map_or(SHIPPED.len(), |end| start + end);
    let text = &SHIPPED[start..end];
    assert!(text.contains(from), "row {row} no longer says {from}");
    format!("{}{}{}", &SHIPPED[..start], text.replacen(from, to, 1), &SHIPPED[end..])
}

#[test]
fn a_use_that_was_found_but_not_described_goes_to_a_person() {
    let mut situation = established(open_use(Status::InUse, LotKind::Open, Operator::Direct));
    situation.one = None;
    let decision = shipped().decide(&situation);
    assert_eq!(decision.row, "status_unknown");
    assert!(matches!(decision.outcome, Outcome::HandOver { .. }));
}

#[test]
fn a_decision_carries_its_policy_its_reason_and_every_input_with_its_source() {
    let decision = decide(Status::InUse, LotKind::Open, Operator::Direct);
    assert_eq!(decision.policy, shipped().hash());
    assert_eq!(decision.policy.len(), 12);
    assert!(decision.reason.contains("24.9.6"));
    let inputs: Vec<(&str, &str, &str)> = decision
        .inputs
        .iter()
        .map(|input| (input.name.as_str(), input.value.as_str(), input.source.as_str()))
        .collect();
    assert_eq!(
        inputs,
        [
            ("use", "one"),
            ("identity", "proven"),
            ("vehicle", "own"),
            ("request", "stands"),
            ("status", "in_use"),
            ("lot", "open"),
            ("operation", "direct"),
            ("progress", "none"),
            ("amount", "within_cap")
        ]
        .map(|(name, value)| (name, value, "주차 시스템"))
    );
}

#[test]
fn the_hash_names_the_text() {
    let other = Policy::parse(&format!("{SHIPPED}# 덧붙임\n")).unwrap();
    assert_ne!(other.hash(), shipped().hash());
    assert!(other.hash().bytes().all(|digit| digit.is_ascii_hexdigit()));
}

#[test]
fn every_row_can_be_shown() {
    let policy = shipped();
    for row in policy.rows() {
        assert!(row.sentence.ends_with("다."), "{}: {}", row.id, row.sentence);
        assert!(
            ["다.", "(24.9.6).", "확인되지 않습니다."].iter().any(|end| row.reason.ends_with(end)),
            "{}: {}",
            row.id,
            row.reason
        );
        assert!(row.source.starts_with("상담 가이드"), "{}: {}", row.id, row.source);
        assert_eq!(policy.row(&row.id).map(|found| &found.sentence), Some(&row.sentence));
    }
}
