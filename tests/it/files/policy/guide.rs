//! The shipped policy against the guide, which is written down here a second time, independently of the file: every
//! situation.

use std::collections::BTreeSet;

use misread::domain::parking::ParkingAction::{
    self, Cancel, Coupon, Inspection, OperatorMakeGood as MakeGood, Points, Refund,
    WithdrawReceivable as Withdraw,
};
use misread::domain::policy::{
    Found, Grant, Identity, Input, LotKind, Operator, Outcome, Progress, Request, Status, Team, Trust,
    VehicleMatch,
};
use misread::domain::words::Question;

use super::{Use, established, open_use, shipped};

/// The outcome by the guide.
enum Wants {
    Settled(&'static [ParkingAction], &'static str),
    Asked(&'static [Question], &'static str),
    Paid(&'static str),
    /// The team, a word of its task, and the interim reply until the ticket comes back.
    Person(Team, &'static str, Option<&'static str>),
}

use Wants::{Asked, Paid, Person, Settled};

/// One line of the guide: the policy's row, the guide's number for it, if any, and the outcome.
type Line = (&'static str, Option<u8>, Wants);

/// The guide's decision table (rows 1–10) with its OPEN notes, read from the top for one use.
fn guide(of_use: Use) -> Line {
    let Use { status, lot, operation, .. } = of_use;
    let agents = |row, word| (row, None, Person(Team::Agents, word, None));
    match (status, lot, operation) {
        (Status::CancelledByCustomer, ..) => {
            ("cancelled_by_customer", Some(1), Settled(&[Inspection], "nothing_charged"))
        }
        (Status::Settled, ..) => agents("already_settled", "이미 처리"),
        (Status::Unknown, ..) => agents("status_unknown", "픽 상태"),
        (_, LotKind::IncheonClosed, _) => agents("incheon_closed", "폐점 여부"),
        (_, LotKind::Unknown, _) => agents("lot_unknown", "인천공항 여부"),
        (_, _, Operator::Unknown) => agents("operation_unknown", "운영 형태"),
        (Status::InUse, _, Operator::Partner) => {
            ("in_use_partner", Some(2), Settled(&[Cancel, MakeGood, Inspection], "use_cancelled"))
        }
        (Status::InUse, _, Operator::Direct) => {
            ("in_use_direct", Some(3), Settled(&[Cancel, Inspection], "use_cancelled"))
        }
        (Status::Completed, LotKind::Open, _) => {
            ("completed_open", Some(4), Settled(&[Refund, Inspection], "payment_cancelled"))
        }
        (Status::Completed, LotKind::Closed, _) => compensated(of_use),
        (Status::Completed, LotKind::Incheon, _) => completed_at_the_airport(of_use),
        (Status::Unpaid, LotKind::Open, Operator::Partner) => (
            "unpaid_open_partner",
            Some(7),
            Settled(&[Withdraw, MakeGood, Inspection], "receivable_withdrawn"),
        ),
        (Status::Unpaid, LotKind::Open, Operator::Direct) => {
            ("unpaid_open_direct", Some(8), Settled(&[Withdraw, Inspection], "receivable_withdrawn"))
        }
        (Status::Unpaid, LotKind::Closed, _) => paid_first(of_use),
        (Status::Unpaid, LotKind::Incheon, _) => unpaid_at_the_airport(of_use),
    }
}

/// Row 5, and row 9 once the customer has paid.
fn compensated(of_use: Use) -> Line {
    match (of_use.amount, of_use.progress) {
        (Grant::AboveCap | Grant::Unknown, _) => above_the_cap(5),
        (Grant::WithinCap, Progress::None | Progress::AirportCalled) => {
            ("completed_closed", Some(5), Asked(&[Question::Coupon], "offer_coupon"))
        }
        (Grant::WithinCap, Progress::CouponAccepted) => {
            ("completed_closed_coupon", Some(5), Settled(&[Coupon], "coupon_granted"))
        }
        (Grant::WithinCap, Progress::CouponDeclined) => {
            ("completed_closed_points", Some(5), Settled(&[Points], "points_granted"))
        }
        (Grant::WithinCap, Progress::PaymentRequested) => {
            ("unpaid_closed_paid", Some(9), Settled(&[Points], "points_granted"))
        }
    }
}

/// Row 9.
fn paid_first(of_use: Use) -> Line {
    match of_use.amount {
        Grant::AboveCap | Grant::Unknown => above_the_cap(9),
        Grant::WithinCap => ("unpaid_closed", Some(9), Paid("please_pay")),
    }
}

fn above_the_cap(number: u8) -> Line {
    ("closed_above_cap", Some(number), Person(Team::Compensation, "보상 정책", None))
}

/// Row 6.
fn completed_at_the_airport(of_use: Use) -> Line {
    match (of_use.progress, of_use.operation) {
        (Progress::AirportCalled, Operator::Partner) => (
            "completed_incheon_called",
            Some(6),
            Settled(&[Refund, MakeGood, Inspection], "payment_cancelled"),
        ),
        (Progress::AirportCalled, _) => not_to_be_made_good(),
        _ => (
            "completed_incheon",
            Some(6),
            Person(Team::AirportDesk, "인천공항에 전화", Some("airport_interim")),
        ),
    }
}

/// Row 10.
fn unpaid_at_the_airport(of_use: Use) -> Line {
    match (of_use.progress, of_use.operation) {
        (Progress::AirportCalled, Operator::Partner) => (
            "unpaid_incheon_called",
            Some(10),
            Settled(&[Withdraw, MakeGood, Inspection], "receivable_withdrawn"),
        ),
        (Progress::AirportCalled, _) => not_to_be_made_good(),
        _ => (
            "unpaid_incheon",
            Some(10),
            Person(Team::AirportDesk, "인천공항에 전화", Some("airport_interim")),
        ),
    }
}

/// Rows 6 and 10 demand a make-good, but directly operated lots must not get one: the guide contradicts itself.
fn not_to_be_made_good() -> Line {
    ("incheon_direct_called", None, Person(Team::AirportDesk, "운영 형태", None))
}

fn every_use() -> Vec<Use> {
    let mut all = Vec::new();
    for status in Status::ALL.iter().copied() {
        for lot in LotKind::ALL.iter().copied() {
            for operation in Operator::ALL.iter().copied() {
                for progress in Progress::ALL.iter().copied() {
                    for amount in Grant::ALL.iter().copied() {
                        all.push(Use { status, lot, operation, progress, amount });
                    }
                }
            }
        }
    }
    all
}

fn assert_wanted(row: &str, outcome: &Outcome, wants: &Wants) {
    let fits = match (wants, outcome) {
        (Settled(actions, reply), Outcome::Settle { actions: are, reply: is }) => {
            are == actions && is == reply
        }
        (Asked(questions, reply), Outcome::Ask { questions: are, reply: is }) => {
            are == questions && is == reply
        }
        (Paid(reply), Outcome::AwaitPayment { reply: is }) => is == reply,
        (Person(team, word, interim), Outcome::HandOver { team: to, todo, interim: told }) => {
            to == team && todo.contains(word) && told.as_deref() == *interim
        }
        _ => false,
    };
    assert!(fits, "{row}: {outcome:?}");
}

/// Whether a row names the guide's row with this number as its source: `상담 가이드 결정표 5·9행`.
fn comes_from(source: &str, number: u8) -> bool {
    let numbers = source.split_once("결정표 ").and_then(|(_, rest)| rest.split_once('행'));
    numbers.is_some_and(|(numbers, _)| numbers.split('·').any(|one| one == number.to_string()))
}

#[test]
fn every_use_is_treated_as_the_guide_says_and_no_row_of_the_table_is_left_over() {
    let policy = shipped();
    let mut seen = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for of_use in every_use() {
        let (row, number, wants) = guide(of_use);
        let decision = policy.decide(&established(of_use));
        assert_eq!(decision.row, row, "{of_use:?}");
        assert_wanted(row, &decision.outcome, &wants);
        let source = &policy.row(row).unwrap().source;
        assert!(number.is_none_or(|number| comes_from(source, number)), "{row}: {source}");
        seen.insert(row);
        numbers.extend(number);
    }
    assert_eq!(numbers, (1..=10).collect());
    let of_the_file: BTreeSet<&str> = policy
        .rows()
        .filter(|row| row.table == misread::domain::policy::TableName::Decision)
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(seen, of_the_file);
}

/// The guide's order of a consultation, steps 1–3, with its notes and the levels of writers; `None`: the decision table
/// decides.
fn consultation(
    found: Found,
    identity: Identity,
    vehicle: VehicleMatch,
    request: Request,
) -> (&'static str, Option<Wants>) {
    let agents = |word| Some(Person(Team::Agents, word, None));
    // A customer who cannot answer is not asked, and objections or unread words are not ignored.
    match (identity, request) {
        (Identity::Excluded, _) => return ("writer_excluded", agents("누구의 문의인지")),
        (_, Request::Contradicted) => return ("request_contradicted", agents("확인 전에는 취소하지")),
        (_, Request::Unread) => return ("request_unread", agents("글(첨부 포함)")),
        // Step 1 comes first: a writer who is not the holder learns nothing, whether or not a use is known.
        (Identity::Denied, _) => return ("restricted", Some(Settled(&[], "restricted"))),
        _ => {}
    }
    if identity == Identity::Unknown {
        // The outcome does not depend on a use.
        return match vehicle {
            VehicleMatch::Own => ("identity_unknown", Some(Asked(&[Question::Identity], "ask_identity"))),
            VehicleMatch::NotOwn => ("vehicle_not_own_and_identity_unknown", agents("계정 본인인지")),
            VehicleMatch::Unknown | VehicleMatch::Contradicted | VehicleMatch::Unread => (
                "identity_and_vehicle_unknown",
                Some(Asked(&[Question::Identity, Question::Vehicle], "ask_both")),
            ),
        };
    }
    match (found, identity, vehicle) {
        (Found::None, ..) => ("use_not_found", agents("다시 조회")),
        (Found::Several, ..) => ("several_uses", agents("어느 이용 건")),
        (Found::Contradicted, ..) => ("use_contradicted", agents("어느 차량의 언제")),
        (Found::Unread, ..) => ("use_unread", agents("이용 일시를 읽고")),
        (Found::One, _, VehicleMatch::NotOwn) => ("vehicle_not_own", agents("등록된 차량")),
        (Found::One, _, VehicleMatch::Own) if identity == Identity::OwnWord => ("own_word", None),
        (Found::One, _, VehicleMatch::Own) => ("established", None),
        (Found::One, Identity::OwnWord, _) => ("own_word_vehicle", agents("확인 전에는 이용 내역을")),
        (Found::One, _, VehicleMatch::Contradicted) => ("vehicle_contradicted", agents("어느 차량에 대한")),
        (Found::One, _, VehicleMatch::Unknown | VehicleMatch::Unread) => {
            ("vehicle_unknown", Some(Asked(&[Question::Vehicle], "ask_vehicle")))
        }
    }
}

#[test]
fn nothing_is_decided_before_use_identity_and_vehicle_are_established_and_what_is_missing_is_asked() {
    let policy = shipped();
    let mut seen = BTreeSet::new();
    for (found, identity, vehicle, request) in every_consultation() {
        let mut situation = established(open_use(Status::Completed, LotKind::Open, Operator::Partner));
        (situation.found.value, situation.identity.value, situation.vehicle.value, situation.request.value) =
            (found, identity, vehicle, request);
        let decision = policy.decide(&situation);
        let (row, wants) = consultation(found, identity, vehicle, request);
        seen.insert(row);
        if let Some(wants) = wants {
            assert_eq!(decision.row, row, "{found:?} {identity:?} {vehicle:?} {request:?}");
            assert_eq!(decision.inputs.len(), 4, "{row}");
            assert_wanted(row, &decision.outcome, &wants);
        } else {
            assert_eq!((decision.row.as_str(), decision.inputs.len()), ("completed_open", 9), "{row}");
            // With only the writer's own word, no money moves without a person.
            let trust = if row == "own_word" { Trust::Assist } else { Trust::Auto };
            assert_eq!(decision.trust, trust, "{row}");
        }
    }
    let of_the_file: BTreeSet<&str> = policy
        .rows()
        .filter(|row| row.table == misread::domain::policy::TableName::Consultation)
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(seen, of_the_file);
}

fn every_consultation() -> Vec<(Found, Identity, VehicleMatch, Request)> {
    let mut all = Vec::new();
    for found in Found::ALL.iter().copied() {
        for identity in Identity::ALL.iter().copied() {
            for vehicle in VehicleMatch::ALL.iter().copied() {
                all.extend(Request::ALL.iter().map(|request| (found, identity, vehicle, *request)));
            }
        }
    }
    all
}

#[test]
fn money_moves_only_in_situations_that_are_fully_known() {
    let policy = shipped();
    for of_use in every_use() {
        let decision = policy.decide(&established(of_use));
        let Outcome::Settle { actions, .. } = decision.outcome else {
            continue;
        };
        let granted = actions.contains(&Coupon) || actions.contains(&Points);
        assert_eq!(actions.last() == Some(&Inspection), !granted, "{}: guide, step 5", decision.row);
        assert!(!actions.contains(&MakeGood) || of_use.operation == Operator::Partner, "{}", decision.row);
        if actions != [Inspection] {
            assert!(![LotKind::Unknown, LotKind::IncheonClosed].contains(&of_use.lot), "{}", decision.row);
            assert_ne!(of_use.operation, Operator::Unknown, "{}", decision.row);
        }
        assert!(!granted || of_use.amount == Grant::WithinCap, "{}", decision.row);
    }
}

#[test]
fn every_open_note_of_the_guide_and_every_default_of_ours_is_a_question_in_the_file() {
    let open = [
        // The guide asks for the writer's identity and does not say whether the answer is enough.
        ("own_word", "본인이라는 답변뿐인 작성자의 건을 상담사 없이"),
        ("vehicle_not_own", "본인 차량이 아니라고 하는 고객"),
        // OPEN in row 2: the make-good is only implied, and closed lots are not mentioned.
        ("in_use_partner", "보전처리가 맞나요? 폐점한 주차장에도"),
        // OPEN in row 4: no make-good is mentioned.
        ("completed_open", "보전처리에 대한 언급이 없어"),
        // OPEN: the value of coupon and points, and the cap.
        ("completed_closed", "24.7.26 보상 정책"),
        ("closed_above_cap", "보상 한도를 얼마로"),
        ("unpaid_closed", "24.7.26 보상 정책"),
        ("incheon_direct_called", "직영으로 기록되어 있으면"),
        // OPEN: Incheon Airport and closed.
        ("incheon_closed", "인천공항이면서 폐점"),
        ("already_settled", "이미 처리한 건"),
    ];
    let policy = shipped();
    let asked = policy.rows().filter_map(|row| Some((row.id.as_str(), row.question.as_deref()?)));
    let asked: Vec<(&str, &str)> = asked.collect();
    assert_eq!(asked.iter().map(|(row, _)| *row).collect::<Vec<_>>(), open.map(|(row, _)| row));
    for ((row, question), (_, word)) in asked.iter().zip(open) {
        assert!(question.contains(word), "{row}: {question}");
    }
}
