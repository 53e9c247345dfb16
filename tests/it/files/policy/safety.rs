//! What no row may say: each rule with its message, its place, and a situation in Korean.

use misread::domain::policy::{Found, Identity, Input, Policy, Request, TableName, Then, VehicleMatch};
use misread::domain::problem::Problem;

use super::{SHIPPED, edited, problems_of, shipped};

/// A policy with another consequence in one row, and another trust if the row has one.
fn then_in(text: &str, row: &str, consequence: &str) -> String {
    let start = text.find(&format!("id = \"{row}\"\n")).unwrap_or_else(|| panic!("there is no row {row}"));
    let when = start + text[start..].find("\nwhen = ").unwrap() + 1;
    let from = when + text[when..].find('\n').unwrap() + 1;
    let to = text[from..].find("\n\n").map_or(text.len(), |end| from + end + 1);
    format!("{}{consequence}\n{}", &text[..from], &text[to..])
}

/// The same with the shipped policy.
fn then(row: &str, consequence: &str) -> String {
    then_in(SHIPPED, row, consequence)
}

/// The `decide` rows.
const GATES: [&str; 2] = ["established", "own_word"];

fn refused(text: &str) -> Vec<Problem> {
    Policy::parse(text).expect_err("the policy must be refused")
}

/// One of the problems has exactly this text, and its place is the row's id.
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
            "질문",
            "이용 건: 한 건, 작성자: 계정 본인(시스템 확인), 차량 확인: 확인 안 됨, 요청 내용: 취소 요청",
            "본인 확인은 확인되지 않았을 때만 묻습니다. `identity`에 쓸 수 있는 값: unknown",
        ),
        (
            "identity_unknown",
            "[\"vehicle\"]",
            "질문",
            "이용 건: 찾지 못함, 작성자: 확인 안 됨, 차량 확인: 본인 차량, 요청 내용: 취소 요청",
            "차량 확인은 확인되지 않았을 때만 묻습니다. `vehicle`에 쓸 수 있는 값: unknown, contradicted, unread",
        ),
    ] {
        let text = then(row, &format!("ask = {questions}\nreply = \"ask_both\""));
        assert_told(
            &text,
            row,
            &format!("행 `{row}`은(는) 이 상황에서 {what}을(를) 할 수 없습니다: {situation}"),
            help,
        );
    }
}

#[test]
fn a_coupon_is_offered_once_within_the_cap_and_only_for_a_payment_at_a_closed_lot() {
    let ask = "ask = [\"coupon\"]\nreply = \"offer_coupon\"";
    for (row, situation, help) in [
        (
            "completed_closed_points",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 거절, 보상 금액: 한도 이내",
            "쿠폰은 한 번만 제안합니다. `progress`에 쓸 수 있는 값: none, airport_called",
        ),
        (
            "closed_above_cap",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과",
            "한도를 넘거나 금액이 없으면 사람이 보상을 정합니다. `amount`에 쓸 수 있는 값: within_cap",
        ),
        (
            "completed_open",
            "픽 상태: 이용완료(결제완료), 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "폐점한 주차장의 결제만 취소 대신 보상합니다. `lot`에 쓸 수 있는 값: closed",
        ),
        (
            "unpaid_closed",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "결제가 끝난 건만 보상할 수 있습니다. `status`에 쓸 수 있는 값: completed",
        ),
    ] {
        let what = format!("행 `{row}`은(는) 이 상황에서 질문을(를) 할 수 없습니다: {situation}");
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
            "쿠폰은 수락한 고객에게만 지급합니다. `progress`에 쓸 수 있는 값: coupon_accepted",
        ),
        (
            "completed_closed",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "`progress`에 쓸 수 있는 값: coupon_accepted",
        ),
        (
            "completed_closed_coupon",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 수락, 보상 금액: 한도 이내"),
            "T포인트는 쿠폰을 거절했거나 요청에 따라 결제한 고객에게만 지급합니다. `progress`에 쓸 수 있는 값: coupon_declined, payment_requested",
        ),
        (
            "completed_open",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "폐점한 주차장의 결제만 취소 대신 보상합니다. `lot`에 쓸 수 있는 값: closed",
        ),
        (
            "completed_open",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"),
            "`lot`에 쓸 수 있는 값: closed",
        ),
        (
            "unpaid_closed",
            "points",
            "T포인트 지급",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내".to_owned(),
            "결제가 끝난 건만 보상할 수 있습니다. `status`에 쓸 수 있는 값: completed",
        ),
        (
            "closed_above_cap",
            "coupon",
            "쿠폰 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과"),
            "한도를 넘거나 금액이 없으면 사람이 보상을 정합니다. `amount`에 쓸 수 있는 값: within_cap",
        ),
        (
            "closed_above_cap",
            "points",
            "T포인트 지급",
            format!("{paid}, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과"),
            "`amount`에 쓸 수 있는 값: within_cap",
        ),
    ] {
        let text = then(row, &format!("actions = [\"{action}\"]\nreply = \"points_granted\""));
        let what = format!("행 `{row}`은(는) 이 상황에서 {korean}을(를) 할 수 없습니다: {situation}");
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
    let what = "행 `completed_closed_coupon`은(는) 이 상황에서 쿠폰 지급을(를) 할 수 없습니다: 픽 상태: 이용완료(결제완료), \
                주차장: 폐점, 운영 형태: 직영, 진행: 쿠폰 수락, 보상 금액: 금액 없음";
    // The rows do not cover every situation any more either; the table is safe only after both are corrected.
    assert_told(&text, "completed_closed_coupon", what, "`amount`에 쓸 수 있는 값: within_cap");
}

#[test]
fn the_payment_is_asked_for_only_where_the_claim_cannot_be_withdrawn() {
    let pay = "await_payment = true\nreply = \"please_pay\"";
    for (row, situation, help) in [
        (
            "unpaid_open_direct",
            "픽 상태: 미수, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "다른 주차장에서는 결제를 요청하지 않고 미수철회합니다. `lot`에 쓸 수 있는 값: closed",
        ),
        (
            "unpaid_incheon",
            "픽 상태: 미수, 주차장: 인천공항, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "`lot`에 쓸 수 있는 값: closed",
        ),
        (
            "completed_closed",
            "픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "미수인 건만 결제를 요청할 수 있습니다. `status`에 쓸 수 있는 값: unpaid",
        ),
        (
            "closed_above_cap",
            "픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과",
            "`amount`에 쓸 수 있는 값: within_cap",
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
        let what = format!("행 `{row}`은(는) 이 상황에서 결제 요청을(를) 할 수 없습니다: {situation}");
        assert_told(&text, row, &what, help);
    }
}

#[test]
fn at_incheon_airport_nothing_is_refunded_or_withdrawn_before_the_call() {
    let help = "인천공항은 상담사가 먼저 공항과 통화합니다. `lot`이 incheon이면 `progress`는 airport_called";
    for (row, action, korean, status) in [
        ("completed_incheon", "refund", "결제취소", "이용완료(결제완료)"),
        ("unpaid_incheon", "withdraw_receivable", "미수철회", "미수"),
    ] {
        let text =
            then(row, &format!("actions = [\"{action}\", \"inspection\"]\nreply = \"payment_cancelled\""));
        let what = format!(
            "행 `{row}`은(는) 이 상황에서 {korean}을(를) 할 수 없습니다: 픽 상태: {status}, 주차장: 인천공항, 운영 형태: 직영, \
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
            "`[[consultation]]`의 행은 처리할 수 없습니다. 이용 건, 작성자, 차량을 확인하기 전에는 아무것도 처리하지 않습니다",
            "\"restricted\"",
        ),
        (
            "use_not_found",
            "actions = [\"cancel\"]\nreply = \"use_cancelled\"",
            "`[[consultation]]`의 행은 처리할 수 없습니다. 이용 건, 작성자, 차량을 확인하기 전에는 아무것도 처리하지 않습니다",
            "\"use_cancelled\"",
        ),
        (
            "vehicle_unknown",
            "await_payment = true\nreply = \"please_pay\"",
            "`await_payment`는 `[[decision]]`에만 씁니다",
            "\"please_pay\"",
        ),
        (
            "use_not_found",
            "hand_over = \"agents\"\ntodo = \"확인\"\nreply = \"airport_interim\"",
            "`[[consultation]]`의 행은 `reply` 없이 이관합니다. 티켓을 돌려줄 사람이 없습니다",
            "\"airport_interim\"",
        ),
        (
            "vehicle_unknown",
            "ask = [\"coupon\"]\nreply = \"offer_coupon\"",
            "`identity`와 `vehicle`은 `[[consultation]]`에서, `coupon`은 `[[decision]]`에서 묻습니다",
            "\"offer_coupon\"",
        ),
        (
            "completed_closed",
            "ask = [\"identity\"]\nreply = \"ask_identity\"",
            "`identity`와 `vehicle`은 `[[consultation]]`에서, `coupon`은 `[[decision]]`에서 묻습니다",
            "\"ask_identity\"",
        ),
        (
            "completed_closed",
            "ask = [\"coupon\", \"vehicle\"]\nreply = \"ask_vehicle\"",
            "`identity`와 `vehicle`은 `[[consultation]]`에서, `coupon`은 `[[decision]]`에서 묻습니다",
            "\"ask_vehicle\"",
        ),
        (
            "completed_open",
            "decide = true",
            "`decide`는 `[[consultation]]`에만 씁니다. `[[decision]]`의 행은 처리하거나 이관합니다",
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
        (r#"["operator_make_good", "cancel", "inspection"]"#, "고객의 돈에 관한 처리를 맨 앞에"),
        (r#"["operator_make_good", "inspection"]"#, "보전처리는 픽 취소, 결제취소, 미수철회 뒤에"),
        (r#"["cancel", "inspection", "operator_make_good"]"#, "기기 점검 요청은 맨 뒤에"),
        (r#"["cancel", "cancel"]"#, "같은 처리를 두 번"),
        (r#"["cancel", "refund"]"#, "가운데 하나만"),
        (r#"["cancel", "coupon"]"#, "가운데 하나만"),
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
    assert!(both.iter().any(|problem| problem.what.contains("쿠폰, T포인트 가운데 하나만")), "{both:#?}");
}

#[test]
fn actions_that_the_parking_system_refuses_are_refused_with_the_situation() {
    let in_use_direct =
        |actions: &str| then("in_use_direct", &format!("actions = [{actions}]\nreply = \"use_cancelled\""));
    let situation = "픽 상태: 이용 중, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내";
    let text = in_use_direct("\"cancel\", \"operator_make_good\", \"inspection\"");
    assert_eq!(refused(&text).len(), 1);
    let what = format!("행 `in_use_direct`은(는) 이 상황에서 보전처리을(를) 할 수 없습니다: {situation}");
    assert_told(&text, "in_use_direct", &what, "`operation`에 쓸 수 있는 값: partner");
    for (action, korean) in [("refund", "결제취소"), ("withdraw_receivable", "미수철회")] {
        let problems = refused(&in_use_direct(&format!("\"{action}\", \"inspection\"")));
        let what = format!("행 `in_use_direct`은(는) 이 상황에서 {korean}을(를) 할 수 없습니다");
        assert!(problems.iter().all(|problem| problem.what.contains(&what)), "{problems:#?}");
        assert!(
            problems.iter().any(|problem| problem.what.contains("주차장: 폐점")),
            "a closed lot: {problems:#?}"
        );
    }
    let text = then("completed_open", "actions = [\"cancel\", \"inspection\"]\nreply = \"use_cancelled\"");
    assert!(
        refused(&text)[0].what.contains("행 `completed_open`은(는) 이 상황에서 픽 취소을(를) 할 수 없습니다"),
        "{:#?}",
        refused(&text)
    );
}

#[test]
fn money_cannot_be_moved_on_facts_that_are_not_known() {
    for row in ["status_unknown", "lot_unknown", "operation_unknown", "already_settled"] {
        let problems = refused(&then(row, "actions = [\"cancel\"]\nreply = \"use_cancelled\""));
        let what = format!("행 `{row}`은(는) 이 상황에서");
        assert!(problems.iter().all(|problem| problem.what.contains(&what)), "{problems:#?}");
    }
}

/// The shipped policy in which a `decide` row has other values of one input; an empty list removes the input, so that
/// every value counts.
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

/// The conditions of a shipped row, as in the file.
fn shipped_when(row: &str) -> &'static str {
    let (_, rest) = SHIPPED.split_once(&format!("id = \"{row}\"\n")).unwrap();
    rest.lines().find(|line| line.starts_with("when = ")).unwrap()
}

/// The conditions for using the decision table, written down a second time: each input with the sufficient values, and
/// the reason.
fn established() -> [(&'static str, Vec<&'static str>, &'static [&'static str], &'static str); 4] {
    fn codes<I: Input>() -> Vec<&'static str> {
        I::ALL.iter().map(|value| value.code()).collect()
    }
    [
        (
            Found::NAME,
            codes::<Found>(),
            &["one"],
            "이용 건이 정확히 하나여야 합니다. `use`에 쓸 수 있는 값: one",
        ),
        (
            Identity::NAME,
            codes::<Identity>(),
            &["proven", "account_tied", "own_word"],
            "본인으로 확인되지 않은 사람에게는 알리거나 취소하지 않습니다. `identity`에 쓸 수 있는 값: proven, account_tied, own_word",
        ),
        (
            VehicleMatch::NAME,
            codes::<VehicleMatch>(),
            &["own"],
            "고객이 이용하는 차량이어야 합니다. `vehicle`에 쓸 수 있는 값: own",
        ),
        (
            Request::NAME,
            codes::<Request>(),
            &["stands"],
            "고객의 말을 이해하지 못했거나 요청과 어긋나면 처리하지 않습니다. `request`에 쓸 수 있는 값: stands",
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
                    let what = format!(
                        "행 `{gate}`은(는) 이 상황에서 결정표에 따른 처리을(를) 할 수 없습니다: 이용 건: "
                    );
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
            let what = format!("행 `{}`은(는) 이 상황에서 결정표에 따른 처리을(를) 할 수 없습니다: ", row.id);
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
            let told = |problem: &Problem| {
                problem.what.starts_with("`[[consultation]]`의 행은 처리할 수 없습니다. ")
            };
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
            .any(|problem| problem.what.contains("`[[consultation]]`에 `decide = true`인 행이 없습니다")),
        "{problems:#?}"
    );
}

#[test]
fn only_what_comes_back_from_the_airport_desk_is_waited_for() {
    let text = then(
        "closed_above_cap",
        "hand_over = \"compensation\"\ntodo = \"확인\"\nreply = \"airport_interim\"",
    );
    let what = "행 `closed_above_cap`은(는) 이 상황에서 티켓을 돌려받을 때까지 대기을(를) 할 수 없습니다: \
                픽 상태: 이용완료(결제완료), 주차장: 폐점, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 초과";
    assert_told(&text, "closed_above_cap", what, "`lot`에 쓸 수 있는 값: incheon");
}
