//! What no row may say: each rule with its message, the place it points at, and a situation in Korean.

use misread::domain::policy::{Found, Identity, Input, Policy, Request, TableName, Then, VehicleMatch};
use misread::domain::problem::Problem;

use super::{SHIPPED, edited, problems_of, shipped};

/// A policy with the consequence of one row replaced, and its trust, where the row says one.
fn then_in(text: &str, row: &str, consequence: &str) -> String {
    let start = text.find(&format!("id = \"{row}\"\n")).unwrap_or_else(|| panic!("there is no row {row}"));
    let when = start + text[start..].find("\nwhen = ").unwrap() + 1;
    let from = when + text[when..].find('\n').unwrap() + 1;
    let to = text[from..].find("\n\n").map_or(text.len(), |end| from + end + 1);
    format!("{}{consequence}\n{}", &text[..from], &text[to..])
}

/// The same of the shipped policy.
fn then(row: &str, consequence: &str) -> String {
    then_in(SHIPPED, row, consequence)
}

/// The rows that pass on to the decision table.
const GATES: [&str; 2] = ["established", "own_word"];

fn refused(text: &str) -> Vec<Problem> {
    Policy::parse(text).expect_err("the policy must be refused")
}

/// One of the problems says exactly this, and points at the row's id.
fn assert_told(text: &str, row: &str, what: &str, help: &str) {
    let problems = refused(text);
    let helps = |problem: &&Problem| problem.help.as_ref().is_some_and(|said| said.contains(help));
    let found = problems.iter().filter(|problem| problem.what == what).find(helps);
    let found = found.unwrap_or_else(|| panic!("{row}: {problems:#?}"));
    assert_eq!(&text[found.at.clone().unwrap()], format!("\"{row}\""));
}

#[test]
fn what_is_known_is_not_asked() {
    for (row, questions, what, situation, help) in [
        (
            "vehicle_unknown",
            "[\"identity\", \"vehicle\"]",
            "ask",
            "이용 건: 한 건, 작성자: 계정 본인(시스템 확인), 차량 확인: 확인 안 됨, 요청 내용: 취소 요청",
            "the writer is the holder is asked only when it is not known; `identity` must be unknown",
        ),
        (
            "identity_unknown",
            "[\"vehicle\"]",
            "ask",
            "이용 건: 찾지 못함, 작성자: 확인 안 됨, 차량 확인: 본인 차량, 요청 내용: 취소 요청",
            "the car is one that the customer uses is asked only when it is not known; `vehicle` must be unknown or \
             contradicted or unread",
        ),
    ] {
        let text = then(row, &format!("ask = {questions}\nreply = \"ask_both\""));
        assert_told(&text, row, &format!("row `{row}` may not {what} in this situation: {situation}"), help);
    }
}

#[test]
fn a_coupon_is_offered_once_within_the_cap_and_only_for_a_payment_at_a_closed_lot() {
    let ask = "ask = [\"coupon\"]\nreply = \"offer_coupon\"";
    for (row, situation, help) in [
        (
            "completed_closed_points",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 거절, 보상 금액: 한도 이내",
            "a coupon is offered once; `progress` must be none or airport_called",
        ),
        (
            "closed_above_cap",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과",
            "a person decides on the compensation; `amount` must be within_cap",
        ),
        (
            "completed_open",
            "픽 상태: 이용완료(결제완료), 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "compensated instead of cancelled; `lot` must be closed",
        ),
        (
            "unpaid_closed",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "only a payment that was made can be compensated; `status` must be completed",
        ),
    ] {
        let what = format!("row `{row}` may not ask in this situation: {situation}");
        assert_told(&then(row, ask), row, &what, help);
    }
}

#[test]
fn nothing_is_granted_without_the_customers_word_or_payment_nor_above_the_cap_nor_elsewhere() {
    let paid = "픽 상태: 이용완료(결제완료)";
    for (row, action, korean, situation, help) in [
        (
            "completed_closed_points",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 거절, 보상 금액: 한도 이내"),
            "a coupon is granted to a customer who accepted it; `progress` must be coupon_accepted",
        ),
        (
            "completed_closed",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "`progress` must be coupon_accepted",
        ),
        (
            "completed_closed_coupon",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 수락, 보상 금액: 한도 이내"),
            "declined the coupon, or who paid because we asked; `progress` must be coupon_declined or payment_requested",
        ),
        (
            "completed_open",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "only a closed lot's payment is compensated instead of cancelled; `lot` must be closed",
        ),
        (
            "completed_open",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "`lot` must be closed",
        ),
        (
            "unpaid_closed",
            "points",
            "T포인트 지급",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내".to_owned(),
            "only a payment that was made can be compensated; `status` must be completed",
        ),
        (
            "closed_above_cap",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과"),
            "above the cap, or without an amount, a person decides on the compensation; `amount` must be within_cap",
        ),
        (
            "closed_above_cap",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과"),
            "`amount` must be within_cap",
        ),
    ] {
        let text = then(row, &format!("actions = [\"{action}\"]\nreply = \"points_granted\""));
        let what = format!("row `{row}` may not {korean} in this situation: {situation}");
        assert_told(&text, row, &what, help);
    }
}

#[test]
fn a_grant_without_an_amount_is_refused_too() {
    let text = edited("closed_above_cap", "amount = [\"above_cap\", \"unknown\"]", "amount = \"above_cap\"");
    let text = text.replacen(
        "progress = \"coupon_accepted\", amount = \"within_cap\"",
        "progress = \"coupon_accepted\", amount = [\"within_cap\", \"unknown\"]",
        1,
    );
    let what = "row `completed_closed_coupon` may not 쿠폰 지급 in this situation: 픽 상태: 이용완료(결제완료), \
                주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 수락, 보상 금액: 금액 없음";
    // The rows no longer cover every situation either; the table is safe only when both are mended.
    assert_told(&text, "completed_closed_coupon", what, "`amount` must be within_cap");
}

#[test]
fn the_payment_is_asked_for_only_where_the_claim_cannot_be_withdrawn() {
    let pay = "await_payment = true\nreply = \"please_pay\"";
    for (row, situation, help) in [
        (
            "unpaid_open_direct",
            "픽 상태: 미수, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "anywhere else the claim is withdrawn instead; `lot` must be closed",
        ),
        (
            "unpaid_incheon",
            "픽 상태: 미수, 주차장: 인천공항, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "`lot` must be closed",
        ),
        (
            "completed_closed",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "only an unpaid claim can be paid; `status` must be unpaid",
        ),
        (
            "closed_above_cap",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과",
            "`amount` must be within_cap",
        ),
    ] {
        let text = then(row, pay);
        let text = if row == "closed_above_cap" {
            text.replacen(
                "status = [\"completed\", \"unpaid\"], lot = \"closed\"",
                "status = \"unpaid\", lot = \"closed\"",
                1,
            )
        } else {
            text
        };
        let what = format!("row `{row}` may not ask for the payment in this situation: {situation}");
        assert_told(&text, row, &what, help);
    }
}

#[test]
fn at_incheon_airport_nothing_is_refunded_or_withdrawn_before_the_call() {
    let help = "at Incheon Airport an agent calls the airport first; `progress` must be airport_called";
    for (row, action, korean, status) in [
        ("completed_incheon", "refund", "결제취소", "이용완료(결제완료)"),
        ("unpaid_incheon", "withdraw_receivable", "미수철회", "미수"),
    ] {
        let text =
            then(row, &format!("actions = [\"{action}\", \"inspection\"]\nreply = \"payment_cancelled\""));
        let what = format!(
            "row `{row}` may not {korean} in this situation: 픽 상태: {status}, 주차장: 인천공항, 운영 형태: 직영, \
             진행: 처음, 보상 금액: 한도 이내"
        );
        assert_eq!(refused(&text).len(), 1, "{:#?}", refused(&text));
        assert_told(&text, row, &what, help);
    }
}

#[test]
fn the_consultation_neither_acts_nor_waits_for_money_nor_for_a_ticket_to_come_back() {
    for (row, consequence, what, place) in [
        (
            "restricted",
            "actions = [\"inspection\"]\nreply = \"restricted\"",
            "a row of `[[consultation]]` cannot act: nothing is decided before use, identity and vehicle are",
            "\"restricted\"",
        ),
        (
            "use_not_found",
            "actions = [\"cancel\"]\nreply = \"use_cancelled\"",
            "a row of `[[consultation]]` cannot act: nothing is decided before use, identity and vehicle are",
            "\"use_cancelled\"",
        ),
        (
            "vehicle_unknown",
            "await_payment = true\nreply = \"please_pay\"",
            "`await_payment` belongs to `[[decision]]`",
            "\"please_pay\"",
        ),
        (
            "use_not_found",
            "hand_over = \"agents\"\ntodo = \"확인\"\nreply = \"airport_interim\"",
            "a row of `[[consultation]]` hands over without a `reply`: nobody gives the ticket back",
            "\"airport_interim\"",
        ),
        (
            "vehicle_unknown",
            "ask = [\"coupon\"]\nreply = \"offer_coupon\"",
            "`identity` and `vehicle` are asked in `[[consultation]]`, `coupon` in `[[decision]]`",
            "\"offer_coupon\"",
        ),
        (
            "completed_closed",
            "ask = [\"identity\"]\nreply = \"ask_identity\"",
            "`identity` and `vehicle` are asked in `[[consultation]]`, `coupon` in `[[decision]]`",
            "\"ask_identity\"",
        ),
        (
            "completed_closed",
            "ask = [\"coupon\", \"vehicle\"]\nreply = \"ask_vehicle\"",
            "`identity` and `vehicle` are asked in `[[consultation]]`, `coupon` in `[[decision]]`",
            "\"ask_vehicle\"",
        ),
        (
            "completed_open",
            "decide = true",
            "`decide` belongs to `[[consultation]]`; a decision acts or hands over",
            "true",
        ),
    ] {
        let text = then(row, consequence);
        let problems = refused(&text);
        let [problem] = &problems[..] else { panic!("{row}: {problems:#?}") };
        assert_eq!(problem.what, what, "{row}");
        assert_eq!(&text[problem.at.clone().unwrap()], place, "{row}");
    }
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
        (r#"["cancel", "coupon"]"#, "only one of"),
    ] {
        let problems = problems_of(partner, actions);
        assert!(
            problems
                .iter()
                .any(|problem| problem.what.contains("`in_use_partner`") && problem.what.contains(what)),
            "{problems:#?}"
        );
    }
    let both = refused(&then(
        "completed_closed_points",
        "actions = [\"coupon\", \"points\"]\nreply = \"points_granted\"",
    ));
    assert!(both.iter().any(|problem| problem.what.contains("coupon and points can be done")), "{both:#?}");
}

#[test]
fn actions_that_the_parking_system_refuses_are_refused_with_the_situation() {
    let in_use_direct =
        |actions: &str| then("in_use_direct", &format!("actions = [{actions}]\nreply = \"use_cancelled\""));
    let situation = "픽 상태: 이용 중, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내";
    let text = in_use_direct("\"cancel\", \"operator_make_good\", \"inspection\"");
    assert_eq!(refused(&text).len(), 1);
    let what = format!("row `in_use_direct` may not 보전처리 in this situation: {situation}");
    assert_told(&text, "in_use_direct", &what, "`operation` must be partner");
    for (action, korean) in [("refund", "결제취소"), ("withdraw_receivable", "미수철회")] {
        let problems = refused(&in_use_direct(&format!("\"{action}\", \"inspection\"")));
        let what = format!("`in_use_direct` may not {korean}");
        assert!(problems.iter().all(|problem| problem.what.contains(&what)), "{problems:#?}");
        assert!(
            problems.iter().any(|problem| problem.what.contains("주차장: 폐점")),
            "a closed lot: {problems:#?}"
        );
    }
    let text = then("completed_open", "actions = [\"cancel\", \"inspection\"]\nreply = \"use_cancelled\"");
    assert!(refused(&text)[0].what.contains("`completed_open` may not 픽 취소"), "{:#?}", refused(&text));
}

#[test]
fn money_cannot_be_moved_on_facts_that_are_not_known() {
    for row in ["status_unknown", "lot_unknown", "operation_unknown", "already_settled"] {
        let problems = refused(&then(row, "actions = [\"cancel\"]\nreply = \"use_cancelled\""));
        let what = format!("row `{row}` may not");
        assert!(problems.iter().all(|problem| problem.what.contains(&what)), "{problems:#?}");
    }
}

/// The shipped policy in which a row that passes on does so with other values of one input; an empty list leaves the input out, so
/// that every value counts.
fn passing_on(gate: &str, input: &str, values: &[&str]) -> String {
    let when = shipped_when(gate);
    let (before, rest) = when.split_once(&format!("{input} = ")).unwrap();
    let end =
        if rest.starts_with('[') { rest.find(']').unwrap() + 1 } else { rest.find([',', ' ']).unwrap() };
    let after = &rest[end..];
    let condition = match values {
        [] => format!("{}{}", before, after.trim_start_matches([',', ' '])),
        _ => format!("{before}{input} = {values:?}{after}"),
    };
    edited(gate, when, &condition)
}

/// The line of conditions of a shipped row.
fn shipped_when(row: &str) -> &'static str {
    let (_, rest) = SHIPPED.split_once(&format!("id = \"{row}\"\n")).unwrap();
    rest.lines().find(|line| line.starts_with("when = ")).unwrap()
}

/// What must hold before the decision table is asked, written down once more: each input with the values that suffice, and why.
fn established() -> [(&'static str, Vec<&'static str>, &'static [&'static str], &'static str); 4] {
    fn codes<I: Input>() -> Vec<&'static str> {
        I::ALL.iter().map(|value| value.code()).collect()
    }
    [
        (Found::NAME, codes::<Found>(), &["one"], "exactly one use must be found; `use` must be one"),
        (
            Identity::NAME,
            codes::<Identity>(),
            &["proven", "account_tied", "own_word"],
            "nothing is disclosed or cancelled for anybody who is not established as the holder; `identity` must be proven or \
             account_tied or own_word",
        ),
        (
            VehicleMatch::NAME,
            codes::<VehicleMatch>(),
            &["own"],
            "the car must be one that the customer uses; `vehicle` must be own",
        ),
        (
            Request::NAME,
            codes::<Request>(),
            &["stands"],
            "nothing is done while the customer's words are not understood or speak against it; `request` must be stands",
        ),
    ]
}

#[test]
fn no_row_passes_on_what_is_not_established_neither_alone_nor_beside_what_is() {
    for gate in GATES {
        for (input, values, enough, help) in established() {
            let open: Vec<&str> = values.iter().copied().filter(|value| !enough.contains(value)).collect();
            assert_eq!(open.len() + enough.len(), values.len(), "{input}: {enough:?}");
            for value in open {
                let beside = [enough, &[value]].concat();
                for values in [vec![value], beside, Vec::new()] {
                    let text = passing_on(gate, input, &values);
                    let problems = refused(&text);
                    let told = |problem: &&Problem| problem.help.as_deref() == Some(help);
                    let found = problems.iter().find(told);
                    let found = found.unwrap_or_else(|| panic!("{gate} {input} {values:?}: {problems:#?}"));
                    let what = format!("row `{gate}` may not decide in this situation: 이용 건: ");
                    assert!(found.what.starts_with(&what), "{found:#?}");
                    assert_eq!(&text[found.at.clone().unwrap()], format!("\"{gate}\""));
                }
            }
        }
    }
}

#[test]
fn no_other_row_of_the_consultation_passes_on_and_none_acts_not_even_one_that_passes_on() {
    let policy = shipped();
    let rows: Vec<_> = policy.rows().filter(|row| row.table == TableName::Consultation).collect();
    assert!(rows.len() > 10, "{}", rows.len());
    for row in rows {
        let gate = GATES.contains(&row.id.as_str());
        assert_eq!(row.then == Then::Decide, gate, "{}", row.id);
        if !gate {
            let problems = refused(&then(&row.id, "decide = true"));
            let what = format!("row `{}` may not decide in this situation: ", row.id);
            assert!(
                problems.iter().any(|problem| problem.what.starts_with(&what)),
                "{}: {problems:#?}",
                row.id
            );
        }
        for action in [
            "cancel",
            "refund",
            "withdraw_receivable",
            "coupon",
            "points",
            "operator_make_good",
            "inspection",
        ] {
            let acts = format!("actions = [\"{action}\"]\nreply = \"restricted\"");
            let problems = refused(&then(&row.id, &acts));
            let told =
                |problem: &Problem| problem.what.starts_with("a row of `[[consultation]]` cannot act: ");
            assert!(problems.iter().any(told), "{} {action}: {problems:#?}", row.id);
        }
    }
}

#[test]
fn a_decision_table_that_nothing_leads_to_is_refused() {
    let person = "hand_over = \"agents\"\ntodo = \"확인\"";
    let [first, second] = GATES;
    for gate in GATES {
        assert!(Policy::parse(&then(gate, person)).is_ok(), "the other row still passes on");
    }
    let problems = refused(&then_in(&then(first, person), second, person));
    assert!(
        problems
            .iter()
            .any(|problem| problem.what.contains("no row of `[[consultation]]` says `decide = true`")),
        "{problems:#?}"
    );
}

#[test]
fn only_what_comes_back_from_the_airport_desk_is_waited_for() {
    let text = then(
        "closed_above_cap",
        "hand_over = \"compensation\"\ntodo = \"확인\"\nreply = \"airport_interim\"",
    );
    let what = "row `closed_above_cap` may not wait for the ticket to come back in this situation: \
                픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과";
    assert_told(&text, "closed_above_cap", what, "`lot` must be incheon");
}
