//! What no row may say, whatever operations write: orders that cannot work and money moved on facts that are not known.

use super::table::{Combination, Row, Table, TableName, Then};
use super::{Input, LotKind, Operator, Outcome, Status};
use crate::domain::parking::ParkingAction;
use crate::domain::problem::Problem;

/// Which facts an action needs: the input, the values under which it can be done, why.
type Need = (&'static str, &'static [&'static str], &'static str);

const KNOWN_STATUS: Need = (
    Status::NAME,
    &["in_use", "completed", "unpaid", "cancelled_by_customer", "settled"],
    "a status that we do not know is for a person",
);
const KNOWN_LOT: Need = (
    LotKind::NAME,
    &["open", "closed", "incheon"],
    "what kind of lot it is must be known before money moves",
);
const KNOWN_OPERATOR: Need =
    (Operator::NAME, &["direct", "partner"], "who runs the lot must be known before money moves");
const LOT_IN_BUSINESS: Need = (
    LotKind::NAME,
    &["open", "incheon"],
    "a closed lot's payment cannot be cancelled and its claim cannot be withdrawn",
);

/// The parking system refuses everything else (API contract; guide, words and decision table).
fn needs(action: ParkingAction) -> &'static [Need] {
    match action {
        ParkingAction::Cancel => &[
            (Status::NAME, &["in_use"], "only a use that is running can be cancelled"),
            KNOWN_LOT,
            KNOWN_OPERATOR,
        ],
        ParkingAction::Refund => &[
            (Status::NAME, &["completed"], "only a payment that was made can be cancelled"),
            LOT_IN_BUSINESS,
            KNOWN_OPERATOR,
        ],
        ParkingAction::WithdrawReceivable => &[
            (Status::NAME, &["unpaid"], "only an unpaid claim can be withdrawn"),
            LOT_IN_BUSINESS,
            KNOWN_OPERATOR,
        ],
        ParkingAction::OperatorMakeGood => &[(
            Operator::NAME,
            &["partner"],
            "directly operated lots need no make-good (24.9.6), the parking system refuses it",
        )],
        ParkingAction::Inspection => &[],
        ParkingAction::Coupon | ParkingAction::Points => &[
            (Status::NAME, &["completed"], "only a payment that was made can be compensated"),
            (LotKind::NAME, &["closed"], "only a closed lot's payment is compensated instead of cancelled"),
            KNOWN_OPERATOR,
        ],
    }
}

fn moves_money(action: ParkingAction) -> bool {
    matches!(
        action,
        ParkingAction::Cancel
            | ParkingAction::Refund
            | ParkingAction::WithdrawReceivable
            | ParkingAction::Coupon
            | ParkingAction::Points
    )
}

/// Every row that must not be followed.
pub(super) fn check(consultation: &Table, decision: &Table) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for table in [consultation, decision] {
        let combinations = table.combinations();
        for row in &table.rows {
            let hits: Vec<&Combination> =
                combinations.iter().filter(|combination| row.broken(combination) == 0).collect();
            problems.extend(check_row(row, &hits));
        }
    }
    if !decision.rows.is_empty() && !consultation.rows.iter().any(|row| row.then == Then::Decide) {
        let what =
            "no row of `[[decision]]` can ever be reached: no row of `[[consultation]]` says `decide = true`";
        problems.push(Problem::at(decision.rows[0].id_at.clone(), what));
    }
    problems
}

fn check_row(row: &Row, hits: &[&Combination]) -> Vec<Problem> {
    match (&row.then, row.table) {
        (Then::Decide, TableName::Consultation) => {
            ESTABLISHED.iter().filter_map(|need| unmet(row, hits, "decide", need)).collect()
        }
        (Then::Decide, TableName::Decision) => {
            vec![Problem::at(
                row.then_at.clone(),
                "`decide` belongs to `[[consultation]]`; a decision acts or hands over",
            )]
        }
        (Then::Outcome(Outcome::Settle { .. }), TableName::Consultation) => {
            let what = "a row of `[[consultation]]` cannot act: nothing is decided before use, identity and vehicle are";
            vec![Problem::at(row.then_at.clone(), what).help("write `decide = true`, or hand over")]
        }
        (Then::Outcome(Outcome::Settle { actions, .. }), TableName::Decision) => settling(row, actions, hits),
        (Then::Outcome(Outcome::HandOver { .. }), _) => Vec::new(),
    }
}

/// Without these nothing is disclosed and nothing is cancelled (guide, order of a consultation, 1–3).
const ESTABLISHED: &[Need] = &[
    ("use", &["one"], "exactly one use must be found"),
    ("identity", &["holder"], "nothing is disclosed or cancelled for anybody but the holder"),
    ("vehicle", &["own"], "the car must be the customer's own"),
];

fn settling(row: &Row, actions: &[ParkingAction], hits: &[&Combination]) -> Vec<Problem> {
    let needed = actions.iter().flat_map(|action| needs(*action).iter().map(|need| (action.korean(), need)));
    let mut problems: Vec<Problem> =
        needed.filter_map(|(action, need)| unmet(row, hits, action, need)).collect();
    problems.extend(unmet(row, hits, "settle", &KNOWN_STATUS));
    problems.extend(out_of_order(actions).map(|what| {
        let help = "the order is: one of `cancel`, `refund`, `withdraw_receivable`; then `operator_make_good`; then `inspection`";
        Problem::at(row.id_at.clone(), format!("row `{}`: {what}", row.id)).help(help)
    }));
    problems
}

/// The first situation of the row in which a fact is not as it must be.
fn unmet(row: &Row, hits: &[&Combination], what: &str, (input, allowed, why): &Need) -> Option<Problem> {
    let fits = |hit: &Combination| hit.value(input).is_none_or(|value| allowed.contains(&value.code));
    let example = hits.iter().find(|hit| !fits(hit))?;
    let what = format!("row `{}` may not {what} in this situation: {example}", row.id);
    Some(
        Problem::at(row.id_at.clone(), what)
            .help(format!("{why}; `{input}` must be {}", allowed.join(" or "))),
    )
}

fn out_of_order(actions: &[ParkingAction]) -> Option<&'static str> {
    let place = |wanted: ParkingAction| actions.iter().position(|action| *action == wanted);
    let twice = (1..actions.len()).any(|later| actions[..later].contains(&actions[later]));
    let money = actions.iter().filter(|action| moves_money(**action)).count();
    if twice {
        Some("an action is named twice")
    } else if money > 1 {
        Some("only one of cancel, refund and withdrawal can be done to a use")
    } else if money == 1 && !moves_money(actions[0]) {
        Some("what happens to the customer's money comes first")
    } else if money == 0 && place(ParkingAction::OperatorMakeGood).is_some() {
        Some("a make-good follows a cancellation, refund or withdrawal; there is none")
    } else if place(ParkingAction::Inspection).is_some_and(|place| place + 1 != actions.len()) {
        Some("the inspection request comes last")
    } else {
        None
    }
}
