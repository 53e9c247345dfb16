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
    "알 수 없는 상태는 사람이 봐야 합니다",
);
const KNOWN_LOT: Need =
    (LotKind::NAME, &["open", "closed", "incheon"], "돈이 움직이기 전에 어떤 주차장인지 알아야 합니다");
const KNOWN_OPERATOR: Need =
    (Operator::NAME, &["direct", "partner"], "돈이 움직이기 전에 누가 운영하는 주차장인지 알아야 합니다");
const LOT_IN_BUSINESS: Need =
    (LotKind::NAME, &["open", "incheon"], "폐점한 주차장은 결제취소와 미수철회를 할 수 없습니다");

const PAID: Need = (Status::NAME, &["completed"], "결제가 끝난 건만 보상할 수 있습니다");
const CLOSED: Need = (LotKind::NAME, &["closed"], "폐점한 주차장의 결제만 취소 대신 보상합니다");
/// Giving the ticket back confirms only that the airport was called.
const AT_INCHEON: Need = (
    LotKind::NAME,
    &["incheon"],
    "돌려받은 티켓은 공항과 통화했다는 뜻입니다. 다른 곳에서는 `reply` 없이 이관하세요",
);
const WITHIN_CAP: Need = (Grant::NAME, &["within_cap"], "한도를 넘거나 금액이 없으면 사람이 보상을 정합니다");

/// What a question needs: known facts are not asked (guide, order of a consultation; decision table 5).
fn needs_of_question(question: Question) -> &'static [Need] {
    match question {
        Question::Identity => &[("identity", &["unknown"], "본인 확인은 확인되지 않았을 때만 묻습니다")],
        Question::Vehicle => &[(
            "vehicle",
            &["unknown", "contradicted", "unread"],
            "차량 확인은 확인되지 않았을 때만 묻습니다",
        )],
        Question::Coupon => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (Progress::NAME, &["none", "airport_called"], "쿠폰은 한 번만 제안합니다"),
            WITHIN_CAP,
        ],
    }
}

/// What a payment request needs (guide, decision table 9).
const PAYMENT_NEEDS: &[Need] = &[
    (Status::NAME, &["unpaid"], "미수인 건만 결제를 요청할 수 있습니다"),
    (LotKind::NAME, &["closed"], "다른 주차장에서는 결제를 요청하지 않고 미수철회합니다"),
    KNOWN_OPERATOR,
    WITHIN_CAP,
];

/// The parking system refuses all else (API contract; guide, words and decision table).
fn needs(action: ParkingAction) -> &'static [Need] {
    match action {
        ParkingAction::Cancel => {
            &[(Status::NAME, &["in_use"], "이용 중인 건만 픽 취소할 수 있습니다"), KNOWN_LOT, KNOWN_OPERATOR]
        }
        ParkingAction::Refund => &[
            (Status::NAME, &["completed"], "결제가 끝난 건만 결제취소할 수 있습니다"),
            LOT_IN_BUSINESS,
            KNOWN_OPERATOR,
        ],
        ParkingAction::WithdrawReceivable => &[
            (Status::NAME, &["unpaid"], "미수인 건만 미수철회할 수 있습니다"),
            LOT_IN_BUSINESS,
            KNOWN_OPERATOR,
        ],
        ParkingAction::OperatorMakeGood => &[(
            Operator::NAME,
            &["partner"],
            "직영 주차장은 보전처리가 필요 없고(24.9.6) 주차 시스템이 거절합니다",
        )],
        ParkingAction::Inspection => &[],
        ParkingAction::Coupon => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (Progress::NAME, &["coupon_accepted"], "쿠폰은 수락한 고객에게만 지급합니다"),
            WITHIN_CAP,
        ],
        ParkingAction::Points => &[
            PAID,
            CLOSED,
            KNOWN_OPERATOR,
            (
                Progress::NAME,
                &["coupon_declined", "payment_requested"],
                "T포인트는 쿠폰을 거절했거나 요청에 따라 결제한 고객에게만 지급합니다",
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
            "`[[decision]]`의 행이 적용될 수 없습니다. `[[consultation]]`에 `decide = true`인 행이 없습니다";
        problems.push(Problem::at(decision.rows[0].id_at.clone(), what));
    }
    problems
}

fn check_row(row: &Row, hits: &[&Combination]) -> Vec<Problem> {
    match (&row.then, row.table) {
        (Then::Decide, TableName::Consultation) => {
            ESTABLISHED.iter().filter_map(|need| unmet(row, hits, "결정표에 따른 처리", need)).collect()
        }
        (Then::Decide, TableName::Decision) => {
            vec![Problem::at(
                row.then_at.clone(),
                "`decide`는 `[[consultation]]`에만 씁니다. `[[decision]]`의 행은 처리하거나 이관합니다",
            )]
        }
        (Then::Outcome(Outcome::Settle { actions, .. }), TableName::Consultation) => {
            let what = "`[[consultation]]`의 행은 처리할 수 없습니다. 이용 건, 작성자, 차량을 확인하기 전에는 아무것도 처리하지 않습니다";
            let problem = Problem::at(row.then_at.clone(), what)
                .help("`decide = true`를 쓰거나, 이관하거나, 묻거나, `actions = []`로 답하세요");
            Vec::from_iter((!actions.is_empty()).then_some(problem))
        }
        (Then::Outcome(Outcome::Settle { actions, .. }), TableName::Decision) => settling(row, actions, hits),
        (Then::Outcome(Outcome::Ask { questions, .. }), table) => asking(row, questions, table, hits),
        (Then::Outcome(Outcome::AwaitPayment { .. }), TableName::Decision) => {
            PAYMENT_NEEDS.iter().filter_map(|need| unmet(row, hits, "결제 요청", need)).collect()
        }
        (Then::Outcome(Outcome::AwaitPayment { .. }), TableName::Consultation) => {
            vec![Problem::at(row.then_at.clone(), "`await_payment`는 `[[decision]]`에만 씁니다")]
        }
        (Then::Outcome(Outcome::HandOver { interim: Some(_), .. }), TableName::Consultation) => {
            let what = "`[[consultation]]`의 행은 `reply` 없이 이관합니다. 티켓을 돌려줄 사람이 없습니다";
            vec![Problem::at(row.then_at.clone(), what)]
        }
        (Then::Outcome(Outcome::HandOver { interim: Some(_), .. }), TableName::Decision) => {
            Vec::from_iter(unmet(row, hits, "티켓을 돌려받을 때까지 대기", &AT_INCHEON))
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
        let what = "`identity`와 `vehicle`은 `[[consultation]]`에서, `coupon`은 `[[decision]]`에서 묻습니다";
        return vec![Problem::at(row.then_at.clone(), what)];
    }
    let needed = questions.iter().flat_map(|question| needs_of_question(*question));
    needed.filter_map(|need| unmet(row, hits, "질문", need)).collect()
}

/// Without these nothing is disclosed and nothing is cancelled (guide, order of a consultation, 1–3).
const ESTABLISHED: &[Need] = &[
    ("use", &["one"], "이용 건이 정확히 하나여야 합니다"),
    (
        "identity",
        &["proven", "account_tied", "own_word"],
        "본인으로 확인되지 않은 사람에게는 알리거나 취소하지 않습니다",
    ),
    ("vehicle", &["own"], "고객이 이용하는 차량이어야 합니다"),
    ("request", &["stands"], "고객의 말을 이해하지 못했거나 요청과 어긋나면 처리하지 않습니다"),
];

fn settling(row: &Row, actions: &[ParkingAction], hits: &[&Combination]) -> Vec<Problem> {
    let needed = actions.iter().flat_map(|action| needs(*action).iter().map(|need| (action.korean(), need)));
    let mut problems: Vec<Problem> =
        needed.filter_map(|(action, need)| unmet(row, hits, action, need)).collect();
    problems.extend(unmet(row, hits, "자동 처리", &KNOWN_STATUS));
    problems.extend(before_the_call(row, actions, hits));
    problems.extend(out_of_order(actions).map(|what| {
        let help = "순서: `cancel`, `refund`, `withdraw_receivable`, `coupon`, `points` 가운데 하나, 다음에 `operator_make_good`, 다음에 `inspection`";
        Problem::at(row.id_at.clone(), format!("행 `{}`: {what}", row.id)).help(help)
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
    let what =
        format!("행 `{}`은(는) 이 상황에서 {}을(를) 할 수 없습니다: {example}", row.id, action.korean());
    Some(Problem::at(row.id_at.clone(), what).help(
        "인천공항은 상담사가 먼저 공항과 통화합니다. `lot`이 incheon이면 `progress`는 airport_called여야 합니다",
    ))
}

/// The first situation of the row in which a needed fact does not hold.
fn unmet(row: &Row, hits: &[&Combination], what: &str, (input, allowed, why): &Need) -> Option<Problem> {
    let fits = |hit: &Combination| hit.value(input).is_none_or(|value| allowed.contains(&value.code));
    let example = hits.iter().find(|hit| !fits(hit))?;
    let what = format!("행 `{}`은(는) 이 상황에서 {what}을(를) 할 수 없습니다: {example}", row.id);
    Some(
        Problem::at(row.id_at.clone(), what)
            .help(format!("{why}. `{input}`에 쓸 수 있는 값: {}", allowed.join(", "))),
    )
}

fn out_of_order(actions: &[ParkingAction]) -> Option<&'static str> {
    let place = |wanted: ParkingAction| actions.iter().position(|action| *action == wanted);
    let twice = (1..actions.len()).any(|later| actions[..later].contains(&actions[later]));
    let money = actions.iter().filter(|action| moves_money(**action)).count();
    if twice {
        Some("같은 처리를 두 번 썼습니다")
    } else if money > 1 {
        Some("한 이용 건에는 픽 취소, 결제취소, 미수철회, 쿠폰, T포인트 가운데 하나만 할 수 있습니다")
    } else if money == 1 && !moves_money(actions[0]) {
        Some("고객의 돈에 관한 처리를 맨 앞에 씁니다")
    } else if money == 0 && place(ParkingAction::OperatorMakeGood).is_some() {
        Some("보전처리는 픽 취소, 결제취소, 미수철회 뒤에 합니다. 그런 처리가 없습니다")
    } else if place(ParkingAction::Inspection).is_some_and(|place| place + 1 != actions.len()) {
        Some("기기 점검 요청은 맨 뒤에 씁니다")
    } else {
        None
    }
}
