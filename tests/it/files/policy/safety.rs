//! What no row may say: each rule with its message, the place it points at, and a situation in Korean.

use misread::domain::policy::Policy;
use misread::domain::problem::Problem;

use super::{SHIPPED, edited, problems_of};

/// The shipped policy with the consequence of one row replaced.
fn then(row: &str, consequence: &str) -> String {
    let start = SHIPPED.find(&format!("id = \"{row}\"\n")).unwrap_or_else(|| panic!("there is no row {row}"));
    let when = start + SHIPPED[start..].find("\nwhen = ").unwrap() + 1;
    let from = when + SHIPPED[when..].find('\n').unwrap() + 1;
    let to = SHIPPED[from..].find("\n\n").map_or(SHIPPED.len(), |end| from + end + 1);
    format!("{}{consequence}\n{}", &SHIPPED[..from], &SHIPPED[to..])
}

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
            "이용 건: 한 건, 본인 확인: 계정 본인, 차량 확인: 확인 안 됨",
            "the holder is asked only when it is not known; `identity` must be unknown",
        ),
        (
            "identity_unknown",
            "[\"vehicle\"]",
            "ask",
            "이용 건: 한 건, 본인 확인: 확인 안 됨, 차량 확인: 본인 차량",
            "the customer's own is asked only when it is not known; `vehicle` must be unknown",
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
        let problems = refused(&edited("established", from, &to));
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
fn a_decision_table_that_nothing_leads_to_is_refused() {
    let problems = refused(&then("established", "hand_over = \"agents\"\ntodo = \"확인\""));
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
