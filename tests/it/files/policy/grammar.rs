//! The grammar of the policy file and its proof: every refusal, with its place.

use misread::domain::policy::Policy;

use super::{SHIPPED, edited, problems_of};

/// Exactly one problem, with this text.
fn problem_of(from: &str, to: &str) -> String {
    let problems = problems_of(from, to);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].at.is_some(), "{problems:#?}");
    problems[0].what.clone()
}

#[test]
fn an_incomplete_policy_is_refused_with_a_situation_that_no_row_decides() {
    let what = problem_of(
        r#"lot = ["open", "closed", "incheon"] }
actions = ["cancel", "operator_make_good""#,
        r#"lot = ["open", "incheon"] }
actions = ["cancel", "operator_make_good""#,
    );
    assert_eq!(
        what,
        "`[[decision]]`에 판단할 행이 없는 상황이 있습니다. 상황 15개, 예: 픽 상태: 이용 중, 주차장: 폐점, \
         운영 형태: 제휴, 진행: 처음, 보상 금액: 한도 이내"
    );
}

#[test]
fn an_ambiguous_policy_is_refused_with_both_rows_and_a_situation() {
    let what = problem_of("status = \"settled\"", "status = [\"settled\", \"unknown\"]");
    assert_eq!(
        what,
        "여러 행(`already_settled`, `status_unknown`)이 같은 상황을 판단합니다. 상황 225개, 예: \
         픽 상태: 알 수 없음, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내"
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
            "여러 행(`already_settled`, `third`)이 같은 상황을 판단합니다. 상황 225개, 예: \
             픽 상태: 센터 처리 완료, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
            "여러 행(`already_settled`, `status_unknown`, `third`)이 같은 상황을 판단합니다. 상황 225개, 예: \
             픽 상태: 알 수 없음, 주차장: 운영 중, 운영 형태: 직영, 진행: 처음, 보상 금액: 한도 이내",
        ]
    );
}

#[test]
fn a_row_that_no_situation_fits_is_refused() {
    let problems = problems_of(r#"when = { status = "settled" }"#, r"when = { status = [] }");
    let whats: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(
        whats.iter().any(|what| what.contains("행 `already_settled`은(는) 적용될 수 없습니다")
            && what.contains("`when`의 status (픽 상태)에 값이 없습니다")),
        "{whats:?}"
    );
    assert!(
        whats
            .iter()
            .any(|what| what.contains("상황 225개, 예: ") && what.contains("픽 상태: 센터 처리 완료")),
        "{whats:?}"
    );
}

#[test]
fn unknown_words_are_refused_with_the_list_of_known_ones() {
    for (from, to, what, help) in [
        (
            "status = \"settled\"",
            "status = \"setled\"",
            "`setled`은(는) `status`의 값이 아닙니다",
            "`settled` (센터 처리 완료)",
        ),
        (
            "lot = \"incheon\", op",
            "lot = [\"open\", \"incheon2\"], op",
            "`incheon2`은(는) `lot`의 값이 아닙니다",
            "`incheon` (인천공항)",
        ),
        (
            "when = { status = \"settled\" }",
            "when = { state = \"settled\" }",
            "`state`은(는) 이 표의 항목이 아닙니다",
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
            .contains("쓸 수 있는 값: `agents`, `airport_desk`")
    );
    assert!(
        problem_of("actions = [\"refund\", ", "actions = [\"refnd\", ")
            .contains("쓸 수 있는 값: `cancel`, `refund`")
    );
    assert!(
        problem_of("sentence = ", "sentense = ")
            .contains("모르는 키 `sentense`입니다. 쓸 수 있는 키: `id`, `sentence`")
    );
}

#[test]
fn a_row_says_what_it_is() {
    assert!(problem_of("id = \"completed_open\"\n", "").contains("이 행에 `id`이(가) 없습니다"));
    assert!(
        problem_of("id = \"completed_open\"", "id = \"completed_closed\"")
            .contains("id `completed_closed`을(를) 두 번 썼습니다")
    );
    assert!(problem_of("reason = \"이용완료", "reason = \"\" # ").contains("`reason`이(가) 비어 있습니다"));
    assert!(
        problem_of("sentence = \"결제까지 끝난 건은 결제취소한다.\"\n", "")
            .contains("이 행에 `sentence`이(가) 없습니다")
    );
    assert!(
        problem_of("source = \"상담 가이드 결정표 4행\"", "source = \" \"")
            .contains("`source`이(가) 비어 있습니다")
    );
}

/// The only problem of one row, with the text at its place.
fn problem_in(row: &str, from: &str, to: &str) -> (String, String) {
    let text = edited(row, from, to);
    let problems = Policy::parse(&text).expect_err("the policy must be refused");
    let [problem] = &problems[..] else { panic!("{row}: {problems:#?}") };
    (problem.what.clone(), text[problem.at.clone().unwrap()].to_owned())
}

#[test]
fn a_row_says_exactly_one_thing() {
    let actions = "actions = [\"refund\", \"inspection\"]\n";
    let reply = "reply = \"payment_cancelled\"\n";
    let others = [
        "hand_over = \"agents\"\n",
        "ask = [\"coupon\"]\n",
        "await_payment = true\n",
        "decide = true\n",
        "hand_over = \"agents\"\ntodo = \"확인\"\nask = [\"coupon\"]\n",
    ];
    for other in others {
        let (what, at) = problem_in("completed_open", reply, &format!("{reply}{other}"));
        assert!(
            what.starts_with("행에는 다음 가운데 하나만 씁니다: `decide = true`, `actions`와 `reply`, `ask`"),
            "{what}"
        );
        assert_eq!(at, "\"completed_open\"", "{other}");
    }
    let (what, at) = problem_in("completed_open", &format!("{actions}{reply}"), "");
    assert!(what.starts_with("행에는 다음 가운데 하나만 씁니다"), "{what}");
    assert_eq!(at, "\"completed_open\"");
}

#[test]
fn what_is_said_is_said_whole() {
    for (row, from, to, what, place) in [
        (
            "completed_open",
            "reply = \"payment_cancelled\"\n",
            "",
            "고객에게 알려야 합니다. `reply`가 없습니다",
            "\"completed_open\"",
        ),
        (
            "vehicle_unknown",
            "reply = \"ask_vehicle\"\n",
            "",
            "고객에게 알려야 합니다. `reply`가 없습니다",
            "\"vehicle_unknown\"",
        ),
        (
            "unpaid_closed",
            "reply = \"please_pay\"\n",
            "",
            "고객에게 알려야 합니다. `reply`가 없습니다",
            "\"unpaid_closed\"",
        ),
        (
            "status_unknown",
            "todo = ",
            "# ",
            "담당이 할 일을 알아야 합니다. `todo`가 없습니다",
            "\"status_unknown\"",
        ),
        ("status_unknown", "todo = \"", "todo = \"\" # ", "`todo`이(가) 비어 있습니다", "\"\""),
        (
            "completed_open",
            "reply = \"payment_cancelled\"",
            "reply = \"payment_cancelled\"\ntodo = \"확인\"",
            "`todo`는 `hand_over`와 함께 씁니다. 여기서는 읽을 사람이 없습니다",
            "\"확인\"",
        ),
        (
            "unpaid_closed",
            "reply = \"please_pay\"",
            "reply = \"please_pay\"\ntodo = \"결제\"",
            "`todo`는 `hand_over`와 함께 씁니다. 여기서는 읽을 사람이 없습니다",
            "\"결제\"",
        ),
        (
            "vehicle_unknown",
            "ask = [\"vehicle\"]",
            "ask = []",
            "`ask`가 비어 있습니다. 무엇을 물을지 쓰세요",
            "[]",
        ),
        (
            "vehicle_unknown",
            "ask = [\"vehicle\"]",
            "ask = [\"vehicle\", \"vehicle\"]",
            "`ask`에 같은 질문이 두 번 있습니다",
            "[\"vehicle\", \"vehicle\"]",
        ),
        (
            "vehicle_unknown",
            "ask = [\"vehicle\"]",
            "ask = [\"car\"]",
            "모르는 값 `car`입니다. 쓸 수 있는 값: `identity`, `vehicle`, `coupon`",
            "\"car\"",
        ),
        (
            "unpaid_closed",
            "await_payment = true",
            "await_payment = false",
            "`await_payment`에는 `true`만 쓸 수 있습니다",
            "false",
        ),
        (
            "established",
            "decide = true",
            "decide = false",
            "`decide`에는 `true`만 쓸 수 있습니다. 판단하지 않는 행은 `hand_over`로 이관합니다",
            "false",
        ),
        (
            "established",
            "decide = true",
            "decide = true\nreply = \"use_cancelled\"",
            "`decide` 행은 답하지 않습니다. `reply`를 빼세요",
            "\"use_cancelled\"",
        ),
    ] {
        assert_eq!(problem_in(row, from, to), (what.to_owned(), place.to_owned()), "{row}: {to}");
    }
}

#[test]
fn several_mistakes_are_told_at_once_each_with_its_place() {
    let broken = SHIPPED
        .replacen("status = \"settled\"", "status = \"setled\"", 1)
        .replacen("lot = \"incheon\"", "lott = \"incheon\"", 1)
        .replacen("reply = \"payment_cancelled\"\n", "", 1);
    let problems = Policy::parse(&broken).unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| &broken[problem.at.clone().unwrap()]).collect();
    assert_eq!(places, ["\"completed_open\"", "lott", "\"setled\""]);
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
