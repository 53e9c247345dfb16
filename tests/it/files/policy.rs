//! The policy file: what it decides and what it may not say.

use misread::domain::parking::ParkingAction::{
    Cancel, Inspection, OperatorMakeGood as MakeGood, Refund, WithdrawReceivable as Withdraw,
};
use misread::domain::policy::{
    Decision, Found, Identity, Input, LotKind, OneUse, Operator, Outcome, Policy, Situation, Sourced, Status,
    Team, VehicleMatch,
};
use misread::domain::problem::Problem;

const SHIPPED: &str = include_str!("../../../config/policy.toml");

fn shipped() -> Policy {
    Policy::parse(SHIPPED).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn sourced<T>(value: T) -> Sourced<T> {
    Sourced { value, source: "주차 시스템".to_owned() }
}

fn established(status: Status, lot: LotKind, operation: Operator) -> Situation {
    Situation {
        found: sourced(Found::One),
        identity: sourced(Identity::Holder),
        vehicle: sourced(VehicleMatch::Own),
        one: Some(OneUse { status: sourced(status), lot: sourced(lot), operation: sourced(operation) }),
    }
}

fn decide(status: Status, lot: LotKind, operation: Operator) -> Decision {
    shipped().decide(&established(status, lot, operation))
}

/// The problems of the shipped policy after one change.
fn problems_of(from: &str, to: &str) -> Vec<Problem> {
    assert!(SHIPPED.contains(from), "the policy no longer says {from}");
    Policy::parse(&SHIPPED.replacen(from, to, 1)).expect_err("the policy must be refused")
}

/// Exactly one problem, and what it says.
fn problem_of(from: &str, to: &str) -> String {
    let problems = problems_of(from, to);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].at.is_some(), "{problems:#?}");
    problems[0].what.clone()
}

#[test]
fn every_row_of_the_guide_that_ends_in_one_go_is_settled_as_the_guide_says() {
    use LotKind::{Closed, Incheon, Open};
    use Operator::{Direct, Partner};
    let cancelled = Status::CancelledByCustomer;
    let (in_use, completed, unpaid) = (Status::InUse, Status::Completed, Status::Unpaid);
    let rows = [
        (
            cancelled,
            vec![Open, Closed, Incheon],
            Partner,
            "cancelled_by_customer",
            vec![Inspection],
            "nothing_charged",
        ),
        (
            cancelled,
            vec![LotKind::Unknown],
            Direct,
            "cancelled_by_customer",
            vec![Inspection],
            "nothing_charged",
        ),
        (
            in_use,
            vec![Open, Closed, Incheon],
            Partner,
            "in_use_partner",
            vec![Cancel, MakeGood, Inspection],
            "use_cancelled",
        ),
        (
            in_use,
            vec![Open, Closed, Incheon],
            Direct,
            "in_use_direct",
            vec![Cancel, Inspection],
            "use_cancelled",
        ),
        (completed, vec![Open], Partner, "completed_open", vec![Refund, Inspection], "payment_cancelled"),
        (completed, vec![Open], Direct, "completed_open", vec![Refund, Inspection], "payment_cancelled"),
        (
            unpaid,
            vec![Open],
            Partner,
            "unpaid_open_partner",
            vec![Withdraw, MakeGood, Inspection],
            "receivable_withdrawn",
        ),
        (
            unpaid,
            vec![Open],
            Direct,
            "unpaid_open_direct",
            vec![Withdraw, Inspection],
            "receivable_withdrawn",
        ),
    ];
    for (status, lots, operation, row, actions, reply) in rows {
        for lot in lots {
            let decision = decide(status, lot, operation);
            assert_eq!(decision.row, row, "{status:?} {lot:?} {operation:?}");
            let outcome = Outcome::Settle { actions: actions.clone(), reply: reply.to_owned() };
            assert_eq!(decision.outcome, outcome, "{row}");
        }
    }
}

#[test]
fn what_needs_a_person_goes_to_the_right_team_with_something_to_do() {
    let rows = [
        (
            Status::Completed,
            LotKind::Closed,
            Operator::Partner,
            "completed_closed",
            Team::Compensation,
            "쿠폰",
        ),
        (Status::Unpaid, LotKind::Closed, Operator::Direct, "unpaid_closed", Team::Compensation, "T포인트"),
        (
            Status::Completed,
            LotKind::Incheon,
            Operator::Partner,
            "completed_incheon",
            Team::AirportDesk,
            "인천공항에 전화",
        ),
        (
            Status::Unpaid,
            LotKind::Incheon,
            Operator::Partner,
            "unpaid_incheon",
            Team::AirportDesk,
            "인천공항에 전화",
        ),
        (
            Status::InUse,
            LotKind::IncheonClosed,
            Operator::Partner,
            "incheon_closed",
            Team::Agents,
            "폐점 여부",
        ),
        (
            Status::Completed,
            LotKind::IncheonClosed,
            Operator::Unknown,
            "incheon_closed",
            Team::Agents,
            "폐점 여부",
        ),
        (Status::Settled, LotKind::Open, Operator::Partner, "already_settled", Team::Agents, "이미 처리"),
        (Status::Unknown, LotKind::Open, Operator::Partner, "status_unknown", Team::Agents, "픽 상태"),
        (Status::Unpaid, LotKind::Unknown, Operator::Partner, "lot_unknown", Team::Agents, "인천공항 여부"),
        (Status::InUse, LotKind::Open, Operator::Unknown, "operation_unknown", Team::Agents, "운영 형태"),
        (Status::Completed, LotKind::Open, Operator::Unknown, "operation_unknown", Team::Agents, "운영 형태"),
    ];
    for (status, lot, operation, row, team, word) in rows {
        let decision = decide(status, lot, operation);
        assert_eq!(decision.row, row, "{status:?} {lot:?} {operation:?}");
        let Outcome::HandOver { team: to, todo } = decision.outcome else { panic!("{row} acts by itself") };
        assert_eq!(to, team, "{row}");
        assert!(todo.contains(word), "{row}: {todo}");
    }
}

#[test]
fn nothing_is_decided_before_use_identity_and_vehicle_are_established() {
    let policy = shipped();
    for found in Found::ALL {
        for identity in Identity::ALL {
            for vehicle in VehicleMatch::ALL {
                let mut situation = established(Status::Completed, LotKind::Open, Operator::Partner);
                (situation.found.value, situation.identity.value, situation.vehicle.value) =
                    (*found, *identity, *vehicle);
                let decision = policy.decide(&situation);
                let expected = match (found, identity, vehicle) {
                    (Found::None, ..) => "use_not_found",
                    (Found::Several, ..) => "several_uses",
                    (Found::One, Identity::Unknown, _) => "identity_unknown",
                    (Found::One, Identity::Holder, VehicleMatch::Unknown) => "vehicle_unknown",
                    (Found::One, Identity::Holder, VehicleMatch::Own) => "completed_open",
                };
                assert_eq!(decision.row, expected);
                assert_eq!(matches!(decision.outcome, Outcome::Settle { .. }), expected == "completed_open");
                assert_eq!(decision.inputs.len(), if expected == "completed_open" { 6 } else { 3 });
            }
        }
    }
}

#[test]
fn money_moves_only_in_situations_that_are_fully_known() {
    for status in Status::ALL {
        for lot in LotKind::ALL {
            for operation in Operator::ALL {
                let decision = decide(*status, *lot, *operation);
                let Outcome::Settle { actions, .. } = decision.outcome else {
                    continue;
                };
                assert_eq!(actions.last(), Some(&Inspection), "{}: guide, step 5", decision.row);
                assert!(!actions.contains(&MakeGood) || *operation == Operator::Partner, "{}", decision.row);
                if actions != [Inspection] {
                    assert!(![LotKind::Unknown, LotKind::IncheonClosed].contains(lot), "{}", decision.row);
                    assert_ne!(*operation, Operator::Unknown, "{}", decision.row);
                }
            }
        }
    }
}

#[test]
fn a_use_that_was_found_but_not_described_goes_to_a_person() {
    let mut situation = established(Status::InUse, LotKind::Open, Operator::Direct);
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
            ("identity", "holder"),
            ("vehicle", "own"),
            ("status", "in_use"),
            ("lot", "open"),
            ("operation", "direct")
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
fn every_row_can_be_shown_and_every_open_default_has_its_question() {
    let policy = shipped();
    let open: Vec<&str> =
        policy.rows().filter(|row| row.question.is_some()).map(|row| row.id.as_str()).collect();
    assert_eq!(
        open,
        [
            "in_use_partner",
            "completed_open",
            "completed_closed",
            "unpaid_closed",
            "incheon_closed",
            "already_settled"
        ]
    );
    for row in policy.rows() {
        assert!(row.sentence.ends_with("다."), "{}: {}", row.id, row.sentence);
        assert!(
            row.reason.ends_with("다.") || row.reason.ends_with("(24.9.6)."),
            "{}: {}",
            row.id,
            row.reason
        );
        assert!(row.source.starts_with("상담 가이드"), "{}: {}", row.id, row.source);
        assert_eq!(policy.row(&row.id).map(|found| &found.sentence), Some(&row.sentence));
    }
}

#[test]
fn an_incomplete_policy_is_refused_with_a_situation_that_nobody_decides() {
    let what = problem_of(
        r#"lot = ["open", "closed", "incheon"] }
actions = ["cancel", "operator_make_good""#,
        r#"lot = ["open", "incheon"] }
actions = ["cancel", "operator_make_good""#,
    );
    assert_eq!(
        what,
        "no row of `[[decision]]` decides this situation: 픽 상태: 이용 중, 주차장: 폐점, 운영 형태: 제휴"
    );
}

#[test]
fn an_ambiguous_policy_is_refused_with_both_rows_and_a_situation() {
    let what = problem_of("status = \"settled\"", "status = [\"settled\", \"unknown\"]");
    assert_eq!(
        what,
        "rows `already_settled` and `status_unknown` both decide 15 situations, for example: \
         픽 상태: 알 수 없음, 주차장: 운영 중, 운영 형태: 직영"
    );
}

#[test]
fn all_rows_that_claim_a_situation_are_named_together() {
    let third = "\n[[decision]]\nid = \"third\"\nsentence = \"x\"\nreason = \"x\"\nsource = \"x\"\n\
                 when = { status = [\"settled\", \"unknown\"] }\nhand_over = \"agents\"\ntodo = \"x\"\n";
    let text = SHIPPED.replacen("status = \"settled\"", "status = [\"settled\", \"unknown\"]", 1) + third;
    let whats: Vec<String> =
        Policy::parse(&text).unwrap_err().into_iter().map(|problem| problem.what).collect();
    assert_eq!(
        whats,
        [
            "rows `already_settled` and `third` both decide 15 situations, for example: \
             픽 상태: 센터 처리 완료, 주차장: 운영 중, 운영 형태: 직영",
            "rows `already_settled` and `status_unknown` and `third` all decide 15 situations, for example: \
             픽 상태: 알 수 없음, 주차장: 운영 중, 운영 형태: 직영",
        ]
    );
}

#[test]
fn a_row_that_no_situation_fits_is_refused() {
    let problems = problems_of(r#"when = { status = "settled" }"#, r"when = { status = [] }");
    let whats: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(
        whats.iter().any(|what| what.contains("`already_settled` can never be reached")
            && what.contains("leaves status (픽 상태) no value")),
        "{whats:?}"
    );
    assert!(
        whats
            .iter()
            .any(|what| what.contains("decides 15 situations") && what.contains("픽 상태: 센터 처리 완료")),
        "{whats:?}"
    );
}

#[test]
fn a_decision_table_that_nothing_leads_to_is_refused() {
    let problems = problems_of("\ndecide = true", "\nhand_over = \"agents\"\ntodo = \"확인\"");
    assert!(
        problems
            .iter()
            .any(|problem| problem.what.contains("no row of `[[consultation]]` says `decide = true`")),
        "{problems:#?}"
    );
}

#[test]
fn orders_that_cannot_work_are_refused() {
    let partner = r#"["cancel", "operator_make_good", "inspection"]"#;
    for (actions, what) in [
        (r#"["operator_make_good", "cancel", "inspection"]"#, "customer's money comes first"),
        (r#"["operator_make_good", "inspection"]"#, "a make-good follows"),
        (r#"["cancel", "inspection", "operator_make_good"]"#, "inspection request comes last"),
        (r#"["cancel", "cancel"]"#, "named twice"),
        (r#"["cancel", "refund"]"#, "only one of"),
    ] {
        let problems = problems_of(partner, actions);
        assert!(
            problems
                .iter()
                .any(|problem| problem.what.contains("`in_use_partner`") && problem.what.contains(what)),
            "{problems:#?}"
        );
    }
}

#[test]
fn actions_that_the_parking_system_refuses_are_refused_with_the_situation() {
    let direct = r#"actions = ["cancel", "inspection"]"#;
    let what = problem_of(direct, r#"actions = ["cancel", "operator_make_good", "inspection"]"#);
    assert_eq!(
        what,
        "row `in_use_direct` may not 보전처리 in this situation: 픽 상태: 이용 중, 주차장: 운영 중, 운영 형태: 직영"
    );
    for (action, korean) in [("refund", "결제취소"), ("withdraw_receivable", "미수철회")] {
        let problems = problems_of(direct, &format!("actions = [\"{action}\", \"inspection\"]"));
        assert!(
            problems
                .iter()
                .all(|problem| problem.what.contains(&format!("`in_use_direct` may not {korean}"))),
            "{problems:#?}"
        );
        assert!(
            problems.iter().any(|problem| problem.what.contains("주차장: 폐점")),
            "a closed lot: {problems:#?}"
        );
    }
    let what = problem_of(r#"actions = ["refund", "inspection"]"#, r#"actions = ["cancel", "inspection"]"#);
    assert!(what.contains("`completed_open` may not 픽 취소"), "{what}");
}

#[test]
fn money_cannot_be_moved_on_facts_that_are_not_known() {
    let acting = |row: &str, todo_starts: &str| {
        let start = SHIPPED.find(&format!("id = \"{row}\"")).unwrap();
        let outcome = start + SHIPPED[start..].find("hand_over").unwrap();
        let end = outcome + SHIPPED[outcome..].find(todo_starts).unwrap();
        let end = end + SHIPPED[end..].find('\n').unwrap();
        format!("{}actions = [\"cancel\"]\nreply = \"use_cancelled\"{}", &SHIPPED[..outcome], &SHIPPED[end..])
    };
    for row in ["status_unknown", "lot_unknown", "operation_unknown", "already_settled"] {
        let problems = Policy::parse(&acting(row, "todo")).unwrap_err();
        assert!(
            problems.iter().all(|problem| problem.what.contains(&format!("row `{row}` may not"))),
            "{problems:#?}"
        );
    }
    let problems = Policy::parse(&acting("identity_unknown", "todo")).unwrap_err();
    assert!(problems[0].what.contains("`[[consultation]]` cannot act"), "{problems:#?}");
}

#[test]
fn the_consultation_cannot_pass_on_what_is_not_established() {
    for (from, word) in [
        ("use = \"one\", identity = \"holder\", vehicle = \"own\"", "이용 건"),
        ("identity = \"holder\", vehicle = \"own\"", "본인 확인"),
        ("vehicle = \"own\" }", "차량 확인"),
    ] {
        let to = from
            .replace("\"one\"", "\"none\"")
            .replace("\"holder\"", "\"unknown\"")
            .replace("\"own\"", "\"unknown\"");
        let problems = problems_of(from, &to);
        assert!(
            problems
                .iter()
                .any(|problem| problem.what.contains("`established` may not decide in this situation")
                    && problem.what.contains(word)),
            "{problems:#?}"
        );
    }
}

#[test]
fn unknown_words_are_refused_with_the_list_of_known_ones() {
    for (from, to, what, help) in [
        (
            "status = \"settled\"",
            "status = \"setled\"",
            "`setled` is not a value of `status`",
            "`settled` (센터 처리 완료)",
        ),
        (
            "lot = \"incheon\", op",
            "lot = [\"open\", \"incheon2\"], op",
            "`incheon2` is not a value of `lot`",
            "`incheon` (인천공항)",
        ),
        (
            "when = { status = \"settled\" }",
            "when = { state = \"settled\" }",
            "`state` is not an input",
            "`status` (픽 상태)",
        ),
    ] {
        let problems = problems_of(from, to);
        let found = problems
            .iter()
            .find(|problem| problem.what.contains(what))
            .unwrap_or_else(|| panic!("{problems:#?}"));
        assert!(found.help.as_ref().is_some_and(|found| found.contains(help)), "{found:#?}");
    }
    assert!(
        problem_of("hand_over = \"airport_desk\"", "hand_over = \"airport\"")
            .contains("expected one of `agents`, `airport_desk`")
    );
    assert!(
        problem_of("actions = [\"refund\", ", "actions = [\"refnd\", ")
            .contains("expected one of `cancel`, `refund`")
    );
    assert!(
        problem_of("sentence = ", "sentense = ")
            .contains("unknown field `sentense`, expected one of `id`, `sentence`")
    );
}

#[test]
fn a_row_says_what_it_is_and_exactly_one_thing() {
    assert!(problem_of("id = \"completed_open\"\n", "").contains("this row has no `id`"));
    assert!(
        problem_of("id = \"completed_open\"", "id = \"completed_closed\"")
            .contains("the id `completed_closed` is used twice")
    );
    assert!(problem_of("reason = \"이용완료", "reason = \"\" # ").contains("`reason` is empty"));
    assert!(problem_of("reply = \"payment_cancelled\"\n", "").contains("`reply` is missing"));
    assert!(
        problem_of(
            "reply = \"payment_cancelled\"\n",
            "reply = \"payment_cancelled\"\nhand_over = \"agents\"\n"
        )
        .contains("exactly one of")
    );
    assert!(problem_of("\ndecide = true", "\ndecide = false").contains("can only be `true`"));
}

#[test]
fn several_mistakes_are_told_at_once_each_with_its_place() {
    let broken = SHIPPED
        .replacen("status = \"settled\"", "status = \"setled\"", 1)
        .replacen("lot = \"incheon\"", "lott = \"incheon\"", 1)
        .replacen("reply = \"payment_cancelled\"\n", "", 1);
    let problems = Policy::parse(&broken).unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| &broken[problem.at.clone().unwrap()]).collect();
    assert_eq!(places, ["[\"refund\", \"inspection\"]", "lott", "\"setled\""]);
}

#[test]
fn no_text_can_make_reading_panic() {
    for text in [
        "",
        "[[decision]]",
        "[[consultation]]\n",
        "consultation = 3",
        "decision = [1]",
        "x",
        "[[decision]]\nwhen = 3",
        "\u{0}",
    ] {
        assert!(Policy::parse(text).is_err(), "{text:?}");
    }
}
