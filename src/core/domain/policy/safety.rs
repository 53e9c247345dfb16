//! Rules that no row may break, whatever the policy file says: actions that cannot work, and money moved on unknown facts.

use super::table::{Combination, Row, Table, TableName, Then};
use super::{Grant, Input, LotKind, Operator, Outcome, Progress, Status};
use crate::domain::parking::ParkingAction;
use crate::domain::problem::Problem;
use crate::domain::words::Question;

/// A fact that an action needs: the input, the values under which it is possible, and why.
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

const PAID: Need = (Status::NAME, &["completed"], "only a payment that was made can be compensated");
const CLOSED: Need =
    (LotKind::NAME, &["closed"], "only a closed lot's payment is compensated instead of cancelled");
/// Giving the ticket back confirms only that the airport was called.
const AT_INCHEON: Need = (
    LotKind::NAME,
    &["incheon"],
    "a ticket that comes back says that the airport was called; elsewhere hand over without a `reply`",
);
const WITHIN_CAP: Need = (
    Grant::NAME,
    &["within_cap"],
    "above the cap, or without an amount, a person decides on the compensation",
);

/// What a question needs: known facts are not asked (guide, order of a consultation; decision table 5).
fn needs_of_question(question: Question) -> &'static [Need] {
    match question {
        Question::Identity => &[(
            "identity",
            &["unknown"],
            "whether the writer is the holder is asked only when it is not known",
        )],
        Question::Vehicle => &[(
            "vehicle",
            &["unknown", "contradicted", "unread"],
            "whether the car is one that the customer uses is asked only when it is not known",
        )],
        Question::Coupon => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (Progress::NAME, &["none", "airport_called"], "a coupon is offered once"),
            WITHIN_CAP,
        ],
    }
}

/// What a payment request needs (guide, decision table 9).
const PAYMENT_NEEDS: &[Need] = &[
    (Status::NAME, &["unpaid"], "only an unpaid claim can be paid"),
    (LotKind::NAME, &["closed"], "anywhere else the claim is withdrawn instead"),
    KNOWN_OPERATOR,
    WITHIN_CAP,
];

/// The parking system refuses all else (API contract; guide, words and decision table).
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
        ParkingAction::Coupon => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (Progress::NAME, &["coupon_accepted"], "a coupon is granted to a customer who accepted it"),
            WITHIN_CAP,
        ],
        ParkingAction::Points => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (
                Progress::NAME,
                &["coupon_declined", "payment_requested"],
                "T points are granted to a customer who declined the coupon, or who paid because we asked",
            ),
            WITHIN_CAP,
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

/// All rows that break a rule.
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
        (Then::Outcome(Outcome::Settle { actions, .. }), TableName::Consultation) => {
            let what = "a row of `[[consultation]]` cannot act: nothing is decided before use, identity and vehicle are";
            let problem = Problem::at(row.then_at.clone(), what)
                .help("write `decide = true`, hand over, ask, or answer with `actions = []`");
            Vec::from_iter((!actions.is_empty()).then_some(problem))
        }
        (Then::Outcome(Outcome::Settle { actions, .. }), TableName::Decision) => settling(row, actions, hits),
        (Then::Outcome(Outcome::Ask { questions, .. }), table) => asking(row, questions, table, hits),
        (Then::Outcome(Outcome::AwaitPayment { .. }), TableName::Decision) => {
            PAYMENT_NEEDS.iter().filter_map(|need| unmet(row, hits, "ask for the payment", need)).collect()
        }
        (Then::Outcome(Outcome::AwaitPayment { .. }), TableName::Consultation) => {
            vec![Problem::at(row.then_at.clone(), "`await_payment` belongs to `[[decision]]`")]
        }
        (Then::Outcome(Outcome::HandOver { interim: Some(_), .. }), TableName::Consultation) => {
            let what =
                "a row of `[[consultation]]` hands over without a `reply`: nobody gives the ticket back";
            vec![Problem::at(row.then_at.clone(), what)]
        }
        (Then::Outcome(Outcome::HandOver { interim: Some(_), .. }), TableName::Decision) => {
            Vec::from_iter(unmet(row, hits, "wait for the ticket to come back", &AT_INCHEON))
        }
        (Then::Outcome(Outcome::HandOver { interim: None, .. }), _) => Vec::new(),
    }
}

fn asking(row: &Row, questions: &[Question], table: TableName, hits: &[&Combination]) -> Vec<Problem> {
    let belongs = |question: Question| match question {
        Question::Identity | Question::Vehicle => TableName::Consultation,
        Question::Coupon => TableName::Decision,
    };
    if questions.iter().any(|question| belongs(*question) != table) {
        let what = "`identity` and `vehicle` are asked in `[[consultation]]`, `coupon` in `[[decision]]`";
        return vec![Problem::at(row.then_at.clone(), what)];
    }
    let needed = questions.iter().flat_map(|question| needs_of_question(*question));
    needed.filter_map(|need| unmet(row, hits, "ask", need)).collect()
}

/// Without these nothing is disclosed and nothing is cancelled (guide, order of a consultation, 1–3).
const ESTABLISHED: &[Need] = &[
    ("use", &["one"], "exactly one use must be found"),
    (
        "identity",
        &["proven", "account_tied", "own_word"],
        "nothing is disclosed or cancelled for anybody who is not established as the holder",
    ),
    ("vehicle", &["own"], "the car must be one that the customer uses"),
    (
        "request",
        &["stands"],
        "nothing is done while the customer's words are not understood or speak against it",
    ),
];

fn settling(row: &Row, actions: &[ParkingAction], hits: &[&Combination]) -> Vec<Problem> {
    let needed = actions.iter().flat_map(|action| needs(*action).iter().map(|need| (action.korean(), need)));
    let mut problems: Vec<Problem> =
        needed.filter_map(|(action, need)| unmet(row, hits, action, need)).collect();
    problems.extend(unmet(row, hits, "settle", &KNOWN_STATUS));
    problems.extend(before_the_call(row, actions, hits));
    problems.extend(out_of_order(actions).map(|what| {
        let help = "the order is: one of `cancel`, `refund`, `withdraw_receivable`, `coupon`, `points`; then `operator_make_good`; then `inspection`";
        Problem::at(row.id_at.clone(), format!("row `{}`: {what}", row.id)).help(help)
    }));
    problems
}

/// A payment or claim at Incheon Airport before the agent's call (guide, decision table 6 and 10).
fn before_the_call(row: &Row, actions: &[ParkingAction], hits: &[&Combination]) -> Option<Problem> {
    let waits =
        |action: &ParkingAction| matches!(action, ParkingAction::Refund | ParkingAction::WithdrawReceivable);
    let action = actions.iter().find(|action| waits(action))?;
    let is =
        |hit: &Combination, input: &str, code: &str| hit.value(input).is_some_and(|value| value.code == code);
    let example = hits
        .iter()
        .find(|hit| is(hit, LotKind::NAME, "incheon") && !is(hit, Progress::NAME, "airport_called"))?;
    let what = format!("row `{}` may not {} in this situation: {example}", row.id, action.korean());
    Some(Problem::at(row.id_at.clone(), what).help(
        "at Incheon Airport an agent calls the airport first; `progress` must be airport_called for `lot` incheon",
    ))
}

/// The first situation of the row in which a needed fact does not hold.
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
        Some("only one of cancel, refund, withdrawal, coupon and points can be done to a use")
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
