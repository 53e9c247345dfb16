//! The parking contract.

use misread::domain::ids::{LotId, UseId};
use misread::domain::parking::{ParkingUse, UseStatus};
use misread::sandbox::parking::ActionKind;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use super::stage::Stage;

const IN_USE: &str = "use-0002";
const IN_USE_AT_DIRECT_LOT: &str = "use-0004";
const COMPLETED: &str = "use-0005";
const UNPAID: &str = "use-0007";
const COMPLETED_AT_CLOSED_LOT: &str = "use-0009";
const UNPAID_AT_CLOSED_LOT: &str = "use-0011";

#[tokio::test]
async fn a_request_without_the_token_is_refused() {
    let stage = Stage::set().await;
    let url = format!("{}/v1/uses/{IN_USE}", stage.parking_url);
    let answers = [stage.http.get(&url), stage.http.get(&url).bearer_auth("another-token")];
    for request in answers {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "unauthorized");
    }
}

#[tokio::test]
async fn each_action_moves_a_use_to_its_state_and_leaves_a_receipt() {
    let stage = Stage::set().await;
    let actions = [
        (IN_USE, "cancellation", "cancelled_by_centre"),
        (COMPLETED, "refund", "refunded"),
        (UNPAID, "receivable-withdrawal", "withdrawn"),
    ];
    for (use_id, action, status) in actions {
        let response = stage.order(action, use_id, action).await;
        assert_eq!(response.status(), 200, "{action}");
        let receipt: Value = response.json().await.unwrap();
        assert_eq!(receipt["replayed"], false);
        assert_eq!(receipt["use"]["status"], status);
        assert_eq!(receipt["done_at"], "2026-03-02T01:00:00.25Z");
        let seen = stage.ask_parking(Method::GET, &format!("/v1/uses/{use_id}")).send().await.unwrap();
        assert_eq!(
            seen.json::<ParkingUse>().await.unwrap(),
            serde_json::from_value(receipt["use"].clone()).unwrap()
        );
    }
    let kinds: Vec<_> = stage.parking.actions().into_iter().map(|action| (action.kind, action.key)).collect();
    let expected = [
        (ActionKind::Cancellation, "cancellation"),
        (ActionKind::Refund, "refund"),
        (ActionKind::ReceivableWithdrawal, "receivable-withdrawal"),
    ];
    assert_eq!(kinds, expected.map(|(kind, key)| (kind, key.to_owned())));
}

#[tokio::test]
async fn the_same_key_and_request_is_done_once_and_answered_as_the_first_time() {
    let stage = Stage::set().await;
    let first: Value = stage.order("key-1", COMPLETED, "refund").await.json().await.unwrap();
    stage.clock.advance(Duration::from_hours(24 * 400));
    stage.parking.set_status(&UseId::new(COMPLETED), UseStatus::Unpaid).unwrap();

    let again: Value = stage.order("key-1", COMPLETED, "refund").await.json().await.unwrap();

    let mut expected = first;
    expected["replayed"] = json!(true);
    assert_eq!(again, expected);
    assert_eq!(stage.parking.actions().len(), 1);
}

#[tokio::test]
async fn a_key_cannot_be_used_for_another_request() {
    let stage = Stage::set().await;
    assert_eq!(stage.order("key-1", COMPLETED, "refund").await.status(), 200);
    let other_ticket = stage
        .ask_parking(Method::POST, &format!("/v1/uses/{COMPLETED}/refund"))
        .header("Idempotency-Key", "key-1")
        .json(&json!({ "ticket_id": "2", "reason": "lpr_misread" }));
    let answers =
        [other_ticket.send().await.unwrap(), stage.order("key-1", UNPAID, "receivable-withdrawal").await];
    for response in answers {
        assert_eq!(response.status(), 422);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "idempotency_mismatch");
    }
    assert_eq!(stage.parking.actions().len(), 1);
}

#[tokio::test]
async fn an_action_in_the_wrong_state_is_refused_with_the_use_as_it_is_and_may_succeed_later_under_its_key() {
    let stage = Stage::set().await;
    let id = UseId::new(IN_USE);
    stage.parking.set_status(&id, UseStatus::Completed).unwrap();

    let response = stage.order("key-1", IN_USE, "cancellation").await;
    assert_eq!(response.status(), 409);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"], "state_conflict");
    assert_eq!(body["use"]["status"], "completed");
    assert!(!body["use"]["exited_at"].is_null());
    assert!(stage.parking.actions().is_empty());

    stage.parking.set_status(&id, UseStatus::InUse).unwrap();
    assert_eq!(stage.order("key-1", IN_USE, "cancellation").await.status(), 200);
}

#[tokio::test]
async fn a_closed_lot_gives_no_money_back_but_a_running_use_ends_there_too() {
    let stage = Stage::set().await;
    let refused = [(COMPLETED_AT_CLOSED_LOT, "refund"), (UNPAID_AT_CLOSED_LOT, "receivable-withdrawal")];
    for (use_id, action) in refused {
        let response = stage.order(action, use_id, action).await;
        assert_eq!(response.status(), 422);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "lot_closed");
    }
    stage.parking.alter_lot(&LotId::new("lot-1002"), |lot| lot.closed = true).unwrap();
    assert_eq!(stage.order("key-3", IN_USE, "cancellation").await.status(), 200);
}

#[tokio::test]
async fn a_directly_operated_lot_is_never_made_good() {
    let stage = Stage::set().await;
    let response = stage.order("key-1", IN_USE_AT_DIRECT_LOT, "operator-make-good").await;
    assert_eq!(response.status(), 422);
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "direct_lot");

    assert_eq!(stage.order("key-2", IN_USE, "operator-make-good").await.status(), 200);
    let use_afterwards = stage.parking.parking_use(&UseId::new(IN_USE)).unwrap();
    assert_eq!(use_afterwards.status, UseStatus::InUse);
}

#[tokio::test]
async fn a_use_is_compensated_at_most_once() {
    let stage = Stage::set().await;
    let grant = async |key: &str, body: Value| {
        let request =
            stage.ask_parking(Method::POST, &format!("/v1/uses/{COMPLETED_AT_CLOSED_LOT}/compensation"));
        request.header("Idempotency-Key", key).json(&body).send().await.unwrap()
    };
    let coupon = json!({ "ticket_id": "1", "kind": "coupon", "amount": 5000 });
    assert_eq!(
        grant("key-0", json!({ "ticket_id": "1", "kind": "cash", "amount": 5000 })).await.status(),
        400
    );
    assert_eq!(
        grant("key-0", json!({ "ticket_id": "1", "kind": "coupon", "amount": 0 })).await.status(),
        400
    );
    assert_eq!(grant("key-1", coupon.clone()).await.status(), 200);

    let second = grant("key-2", json!({ "ticket_id": "1", "kind": "points", "amount": 5000 })).await;
    assert_eq!(second.status(), 409);
    let body: Value = second.json().await.unwrap();
    assert_eq!(body["error"], "already_compensated");
    assert_eq!(body["use"]["compensation"], json!({ "kind": "coupon", "amount": 5000 }));
    assert_eq!(grant("key-1", coupon).await.json::<Value>().await.unwrap()["replayed"], true);
}

#[tokio::test]
async fn a_lot_is_asked_to_inspect_its_device() {
    let stage = Stage::set().await;
    let inspect = async |key: &str, lot: &str, use_id: &str| {
        let request = stage.ask_parking(Method::POST, &format!("/v1/lots/{lot}/inspections"));
        let body = json!({ "ticket_id": "1", "use_id": use_id, "reason": "lpr_misread" });
        request.header("Idempotency-Key", key).json(&body).send().await.unwrap()
    };
    assert_eq!(inspect("key-1", "lot-9999", IN_USE).await.status(), 404);
    assert_eq!(inspect("key-1", "lot-1002", "use-9999").await.status(), 404);
    assert_eq!(inspect("key-1", "lot-1001", IN_USE).await.status(), 400);
    let done = inspect("key-1", "lot-1002", IN_USE).await;
    assert_eq!(done.status(), 200);
    assert!(done.json::<Value>().await.unwrap()["use"].is_null());
    assert_eq!(stage.parking.actions()[0].kind, ActionKind::Inspection);
}

#[tokio::test]
async fn actions_need_a_key_and_a_body_that_makes_sense() {
    let stage = Stage::set().await;
    let path = format!("/v1/uses/{COMPLETED}/refund");
    let body = json!({ "ticket_id": "1", "reason": "lpr_misread" });
    let request = || stage.ask_parking(Method::POST, &path);
    let bad = [
        request().json(&body),
        request().header("Idempotency-Key", "").json(&body),
        request().header("Idempotency-Key", "k".repeat(129)).json(&body),
        request().header("Idempotency-Key", "k").json(&json!({ "ticket_id": 1, "reason": "lpr_misread" })),
        request().header("Idempotency-Key", "k").json(&json!({ "ticket_id": "1", "reason": "because" })),
        request().header("Idempotency-Key", "k").body("{"),
    ];
    for request in bad {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "bad_request");
    }
    assert_eq!(stage.order("k", "use-9999", "refund").await.status(), 404);
    assert!(stage.parking.actions().is_empty());
}

#[tokio::test]
async fn uses_are_listed_newest_entry_first_and_cut_at_the_limit() {
    let stage = Stage::set().await;
    let list = async |query: &str| -> Value {
        let response = stage.ask_parking(Method::GET, &format!("/v1/uses?{query}")).send().await.unwrap();
        assert_eq!(response.status(), 200, "{query}");
        response.json().await.unwrap()
    };
    let ids = |page: &Value| -> Vec<String> {
        page["uses"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = list("account_id=acct-0015").await;
    assert_eq!(ids(&all), ["use-0015b", "use-0015"]);
    assert_eq!(all["has_more"], false);
    let first = list("account_id=acct-0015&limit=1").await;
    assert_eq!((ids(&first), &first["has_more"]), (vec!["use-0015b".to_owned()], &json!(true)));
    assert_eq!(ids(&list("plate=330러7074&entered_to=2026-02-27T12:00:00%2B09:00").await), ["use-0015"]);
    assert_eq!(ids(&list("plate=330러7074&entered_from=2026-02-27T12:00:00%2B09:00").await), ["use-0015b"]);
    let entered = |id: &str| stage.parking.parking_use(&UseId::new(id)).unwrap().entered_at;
    let (first, second) = (entered("use-0015"), entered("use-0015b"));
    let window = async |from, to| {
        ids(&list(&format!("account_id=acct-0015&entered_from={from}&entered_to={to}")).await)
    };
    assert_eq!(window(first, second).await, ["use-0015b", "use-0015"], "both ends belong to it");
    assert_eq!(window(first, first).await, ["use-0015"]);
    assert!(window(second, first).await.is_empty());
    assert!(ids(&list("plate=330러7074&account_id=acct-0001").await).is_empty());
    for query in ["", "limit=5", "plate=1&limit=0", "plate=1&limit=101", "plate=1&entered_from=yesterday"] {
        let response = stage.ask_parking(Method::GET, &format!("/v1/uses?{query}")).send().await.unwrap();
        assert_eq!(response.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn a_customer_pays_what_they_owe_and_nothing_else() {
    let stage = Stage::set().await;
    let unpaid = UseId::new(UNPAID_AT_CLOSED_LOT);
    let before = stage.parking.parking_use(&unpaid).unwrap();
    stage.parking.pay(&unpaid).unwrap();
    let paid = ParkingUse { status: UseStatus::Completed, ..before };
    assert_eq!(stage.parking.parking_use(&unpaid).unwrap(), paid);

    for id in [UNPAID_AT_CLOSED_LOT, IN_USE, COMPLETED, "use-9999"] {
        let before = stage.parking.parking_use(&UseId::new(id));
        stage.parking.pay(&UseId::new(id)).unwrap_err();
        assert_eq!(stage.parking.parking_use(&UseId::new(id)), before);
    }
    assert!(stage.parking.actions().is_empty(), "the centre did nothing");
}

#[tokio::test]
async fn accounts_show_their_vehicles() {
    let stage = Stage::set().await;
    let response = stage.ask_parking(Method::GET, "/v1/accounts/acct-0005").send().await.unwrap();
    let account: Value = response.json().await.unwrap();
    assert_eq!(account["vehicles"], json!([{ "plate": "서울32라1187", "ownership_verified": true }]));
    assert_eq!(stage.ask_parking(Method::GET, "/v1/accounts/nobody").send().await.unwrap().status(), 404);
}
