//! `misread policy` in Korean and for programs; see `policy_tools` for the rest.

use serde_json::{Value, json};

use super::process::Place;

const POLICY: &str = "config/policy.toml";

/// A place with the shipped policy, and a policy in which one row does less.
fn scene() -> Place {
    let place = Place::new();
    place.copy_config("");
    let policy = std::fs::read_to_string(place.path(POLICY)).unwrap();
    place.write("old.toml", &policy);
    place.write("new.toml", &policy.replacen(r#"["refund", "inspection"]"#, r#"["refund"]"#, 1));
    place
}

fn said(place: &mut Place, arguments: &[&str], code: i32) -> String {
    let ended = place.run(arguments);
    assert_eq!(ended.code, Some(code), "{arguments:?}: {}{}", ended.out, ended.err);
    ended.out + &ended.err
}

fn document(place: &mut Place, arguments: &[&str], code: i32) -> Value {
    let out = said(place, &[arguments, &["--json"]].concat(), code);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

#[test]
fn a_situation_may_be_typed_in_korean_in_any_order() {
    let mut place = Place::new();
    let english = ["policy", "explain", "status=unpaid", "lot=open", "operation=partner"];
    let expected = said(&mut place, &english, 0);
    assert!(expected.contains("적용  unpaid_open_partner [[decision]]"), "{expected}");
    for situation in [
        ["상태=미수", "주차장=운영 중", "운영=제휴"],
        ["운영 형태=제휴", "픽 상태=미수", "주차장=운영중"],
        ["운영형태=partner", "주차장=open", "status=미수"],
        // macOS passes typed text in NFD.
        ["\u{1109}\u{1161}\u{11bc}\u{1110}\u{1162}=미수", "LOT=open", "operation=제휴"],
    ] {
        let told = said(&mut place, &[&["policy", "explain"][..], &situation].concat(), 0);
        assert_eq!(told, expected, "{situation:?}");
    }
    for (situation, row) in [
        (["작성자=확인 안 됨"], "identity_unknown"),
        (["차량=본인 차량 아님"], "vehicle_not_own"),
        (["이용 건=여러 건"], "several_uses"),
    ] {
        let told = said(&mut place, &[&["policy", "explain"][..], &situation].concat(), 0);
        assert!(told.contains(&format!("적용  {row} [[consultation]]")), "{situation:?}: {told}");
    }
    let help = said(&mut place, &["policy", "explain", "--help"], 0);
    assert!(help.contains("상태=미수"), "{help}");
}

#[test]
fn what_is_not_known_is_told_with_all_that_is() {
    let mut place = Place::new();
    for (situation, told) in [
        ("상태=환불됨", "오류: `환불됨`은(는) `status`의 값이 아닙니다. 쓸 수 있는 값: `in_use` (이용 중), "),
        (
            "날씨=맑음",
            "오류: `날씨`은(는) 항목이 아닙니다. 쓸 수 있는 항목: `use` (이용 건), `identity` (작성자), ",
        ),
        (
            "작성자=본인",
            "오류: `본인`에 맞는 것이 여럿입니다. 이 가운데 하나를 적어 주세요: `proven` (계정 본인(시스템 확인)), ",
        ),
        ("상태=수", "오류: `수`은(는) `status`의 값이 아닙니다"),
    ] {
        let refused = said(&mut place, &["policy", "explain", situation], 2);
        assert!(refused.starts_with(told), "{situation}: {refused}");
    }
    let twice = said(&mut place, &["policy", "explain", "상태=미수", "status=completed"], 2);
    assert!(twice.starts_with("오류: `status`을(를) 두 번 적었습니다"), "{twice}");
}

#[test]
fn differences_can_be_a_gate_and_plain_use_stays_0() {
    let mut place = scene();
    for (new, flag, code) in
        [("old.toml", "--exit-code", 0), ("new.toml", "--exit-code", 3), ("new.toml", "--json", 0)]
    {
        said(&mut place, &["policy", "diff", "old.toml", new, flag], code);
    }
    said(&mut place, &["policy", "diff", "old.toml", "missing.toml", "--exit-code"], 2);
    for command in
        [&["policy", "diff"][..], &["policy", "backtest"], &["limits", "backtest"], &["case", "stuck"]]
    {
        let help = said(&mut place, &[command, &["--help"]].concat(), 0);
        assert!(help.contains("종료 코드: 0") && help.contains("--exit-code"), "{command:?}: {help}");
    }
}

#[test]
fn policy_macros_and_check_are_one_document_each_for_programs() {
    let mut place = scene();
    let shown = document(&mut place, &["policy", "show"], 0);
    let decision = &shown["tables"][1];
    assert_eq!(
        (&shown["tables"][0]["name"], &decision["name"]),
        (&json!("consultation"), &json!("decision"))
    );
    let rows = decision["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == "completed_open").unwrap();
    assert_eq!(
        row["then"],
        json!({ "what": "settle", "actions": ["refund", "inspection"], "reply": "payment_cancelled" })
    );
    assert_eq!(row["when"][0], json!({ "input": "status", "values": ["completed"] }));
    assert_eq!((&row["trust"], &row["own_trust"]), (&json!("auto"), &json!("auto")));

    let explained = document(&mut place, &["policy", "explain", "상태=미수", "주차장=폐점", "운영=직영"], 0);
    assert_eq!(explained["decision"]["row"], "unpaid_closed");
    assert_eq!(explained["rows"][0]["id"], "established");
    assert_eq!(explained["recorded"], Value::Null);
    let other = json!({ "row": "use_not_found", "input": "use", "wants": ["none"], "is": "one" });
    assert!(explained["others"].as_array().unwrap().contains(&other), "{explained}");

    let diff = document(&mut place, &["policy", "diff", "old.toml", "new.toml", "--exit-code"], 3);
    assert_eq!(
        (&diff["situations"], &diff["changes"][0]["before"]["row"]),
        (&json!(90), &json!("completed_open"))
    );
    assert_eq!(diff["changes"][0]["differences"], json!(["처리 제외: 기기 점검 요청"]));

    let macros = document(&mut place, &["macros", "list"], 0);
    let macros = macros["macros"].as_array().unwrap();
    let one = |name: &str| macros.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(
        (&one("payment_cancelled")["kind"], &one("payment_cancelled")["status"]),
        (&json!("macro"), &json!("solved"))
    );
    assert_eq!(one("payment_cancelled")["rows"][0], "completed_open");
    assert_eq!(
        (&one("why_hidden")["answers"], &one("question_coupon")["asks"]),
        (&json!("why_hidden"), &json!(["coupon"]))
    );
    let list = said(&mut place, &["macros", "list"], 0);
    assert_eq!(list.lines().count(), 1 + macros.len(), "{list}");

    let check = document(&mut place, &["check"], 0);
    assert_eq!((&check["good"], &check["environment"]), (&json!(true), &json!("not_looked_at")));
    place.set("MISREAD_CONFIG", "config");
    place.write("config/misread.toml", "[worker]\nconcurrency = 0\n");
    let wrong = document(&mut place, &["check"], 2);
    assert_eq!((&wrong["good"], &wrong["policy"]), (&json!(false), &Value::Null));
    assert_eq!(wrong["problems"][0]["place"], "config/misread.toml:2:15");
}
