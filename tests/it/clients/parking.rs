//! The parking system's contract: requests, refusals, and contradictory responses.

use std::sync::Mutex;

use misread::domain::ids::{AccountId, LotId, UseId};
use misread::domain::parking::{Airport, Linkage, ParkingAction, UseStatus, Won};
use misread::http::CallMetrics;
use misread::parking::{Options, ParkingClient};
use misread::ports::{ActionOutcome, ActionRequest, Parking, UseQuery, UsesOf};
use serde_json::{Value, json};

use super::stub::{self, Reply, Stub, failure, html};
use super::{clock, key, parking_client, ticket_id};

fn parking_use(status: &str) -> Value {
    json!({
        "id": "use-1", "account_id": "account-1", "status": status, "a_key_from_the_future": {"x": 1},
        "vehicle": {"plate": "12가3456", "ownership_verified": true},
        "lot": {"id": "lot-1", "name": "역삼 주차장", "region": "서울 강남구 역삼동", "operation": "partner",
            "linkage": "teleported", "closed": false, "airport": "incheon", "self_cancel": true},
        "entered_at": "2026-03-01T09:00:00+09:00", "exited_at": null, "amount": 12000, "compensation": null,
    })
}

fn receipt(parking_use: &Value) -> Value {
    json!({"receipt_id": "r-1", "done_at": "2026-03-02T19:00:00+09:00", "replayed": false, "use": parking_use})
}

fn request(action: ParkingAction) -> ActionRequest {
    ActionRequest {
        ticket_id: ticket_id(5),
        action,
        use_id: UseId::new("use-1"),
        lot_id: LotId::new("lot-1"),
        amount: None,
    }
}

fn by_account() -> UseQuery {
    UseQuery { of: UsesOf::Account(AccountId::new("account-1")), entered: None }
}

async fn refund(reply: Reply) -> Result<ActionOutcome, misread::ports::CallError> {
    let stub = Stub::always(reply).await;
    parking_client(&stub.url).act(&key(5, 7), &request(ParkingAction::Refund)).await
}

#[tokio::test]
async fn an_account_is_read_with_its_vehicles() {
    let body = json!({"id": "account-1", "pass_active": true,
        "vehicles": [{"plate": "12가3456", "ownership_verified": false}]});
    let stub = Stub::always(stub::json(200, body)).await;
    let account = parking_client(&stub.url).account(&AccountId::new("account-1")).await.unwrap().unwrap();
    assert!(account.pass_active);
    assert_eq!(account.vehicles[0].plate, "12가3456");
    let seen = &stub.seen()[0];
    assert_eq!(seen.target, "/v1/accounts/account-1");
    assert_eq!(seen.header("authorization"), "Bearer parking-t0ken");
    assert_eq!(seen.header("user-agent"), concat!("misread/", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn an_unknown_account_is_none_and_a_wrong_address_is_not() {
    let account = AccountId::new("account-1");
    let unknown = Stub::always(stub::json(404, json!({"error": "not_found", "message": "no"}))).await;
    assert_eq!(parking_client(&unknown.url).account(&account).await, Ok(None));
    for reply in [html(404), stub::json(404, json!({"error": "no_such_route", "message": "?"}))] {
        let wrong = Stub::always(reply).await;
        assert_eq!(failure(parking_client(&wrong.url).account(&account).await).0, "retry");
    }
}

#[tokio::test]
async fn the_address_may_end_with_a_slash_and_must_be_plain() {
    let stub = Stub::always(stub::json(200, json!({"uses": [], "has_more": false}))).await;
    let client = |base_url: String| {
        let options = Options {
            calls: CallMetrics::default(),
            base_url,
            token: "t".into(),
            at_once: 16,
            timeout: std::time::Duration::from_secs(5),
            proxy: false,
        };
        ParkingClient::new(&options, clock())
    };
    client(format!("{}/v1/", stub.url)).unwrap().uses(&by_account()).await.unwrap();
    assert_eq!(stub.targets(), ["GET /v1/uses?account_id=account-1&limit=100"]);
    for wrong in
        ["", "127.0.0.1:80", "ftp://host/v1", "http://user@host/v1", "http://host/v1?x=1", "http://host/#v1"]
    {
        assert!(client(wrong.to_owned()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn ids_cannot_leave_their_place_in_the_path() {
    let stub = Stub::always(stub::json(404, json!({"error": "not_found", "message": "no"}))).await;
    let client = parking_client(&stub.url);
    for id in ["a/../uses?limit=1#x", "ab c", "%2e%2e", "계정"] {
        assert_eq!(client.account(&AccountId::new(id)).await, Ok(None));
    }
    assert_eq!(
        stub.targets(),
        [
            "GET /v1/accounts/a%2F..%2Fuses%3Flimit=1%23x",
            "GET /v1/accounts/ab%20c",
            "GET /v1/accounts/%252e%252e",
            "GET /v1/accounts/%EA%B3%84%EC%A0%95",
        ]
    );
    for id in ["", ".", ".."] {
        assert_eq!(failure(client.account(&AccountId::new(id)).await).0, "permanent", "{id:?}");
    }
    assert_eq!(stub.seen().len(), 4);
}

#[tokio::test]
async fn uses_are_found_by_account_or_by_plate_and_unknown_words_stay_readable() {
    let stub = Stub::always(stub::json(200, json!({"uses": [parking_use("towed")], "has_more": true}))).await;
    let client = parking_client(&stub.url);
    let page =
        client.uses(&UseQuery { of: UsesOf::Plate("12가3456".to_owned()), entered: None }).await.unwrap();
    assert!(page.has_more);
    assert_eq!(page.uses[0].status, UseStatus::Unknown);
    assert_eq!(page.uses[0].lot.linkage, Linkage::Other);
    assert_eq!(page.uses[0].lot.airport, Some(Airport::Incheon));
    assert_eq!(page.uses[0].amount, Some(Won(12_000)));
    assert_eq!(page.uses[0].entered_at, super::time("2026-03-01T00:00:00Z"));
    client.uses(&by_account()).await.unwrap();
    let expected =
        ["GET /v1/uses?plate=12%EA%B0%803456&limit=100", "GET /v1/uses?account_id=account-1&limit=100"];
    assert_eq!(stub.targets(), expected);
}

#[tokio::test]
async fn uses_are_found_by_their_time_of_entry() {
    let stub =
        Stub::always(stub::json(200, json!({"uses": [parking_use("completed")], "has_more": false}))).await;
    let client = parking_client(&stub.url);
    let within = async |from: &str, to: &str| {
        let entered = Some((super::time(from), super::time(to)));
        client.uses(&UseQuery { entered, ..by_account() }).await
    };
    // The use was entered at 2026-03-01T00:00:00Z; both ends belong to the window.
    for (from, to) in [
        ("2026-02-28T15:00:00Z", "2026-03-01T15:00:00Z"),
        ("2026-03-01T09:00:00+09:00", "2026-03-01T10:00:00+09:00"),
        ("2026-03-01T08:00:00.5+09:00", "2026-03-01T09:00:00+09:00"),
    ] {
        assert_eq!(within(from, to).await.unwrap().uses.len(), 1, "{from} to {to}");
    }
    assert_eq!(
        stub.targets()[2],
        "GET /v1/uses?account_id=account-1&limit=100&entered_from=2026-02-28T23%3A00%3A00.5Z&entered_to=2026-03-01T00%3A00%3A00Z"
    );
    for (from, to) in [
        ("2026-03-01T00:00:00.001Z", "2026-03-02T00:00:00Z"),
        ("2026-02-28T00:00:00Z", "2026-02-28T23:59:59Z"),
    ] {
        let (kind, text) = failure(within(from, to).await);
        assert_eq!(kind, "retry", "{from} to {to}");
        assert!(text.ends_with("it holds a use that was not asked for"), "{text}");
    }
}

/// The use after a grant.
fn compensated(kind: &str, amount: i64) -> Value {
    let mut parking_use = parking_use("completed");
    parking_use["compensation"] = json!({"kind": kind, "amount": amount});
    parking_use
}

#[tokio::test]
async fn a_compensation_is_posted_with_its_kind_and_amount() {
    for (action, kind) in [(ParkingAction::Coupon, "coupon"), (ParkingAction::Points, "points")] {
        let stub = Stub::always(stub::json(200, receipt(&compensated(kind, 12_000)))).await;
        let request = ActionRequest { amount: Some(Won(12_000)), ..request(action) };
        let outcome = parking_client(&stub.url).act(&key(5, 7), &request).await.unwrap();
        assert!(matches!(outcome, ActionOutcome::Done(_)), "{outcome:?}");
        let seen = &stub.seen()[0];
        assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v1/uses/use-1/compensation"));
        assert_eq!(seen.body, json!({"ticket_id": "5", "kind": kind, "amount": 12_000}));
        assert_eq!(seen.header("idempotency-key"), "misread-5-7");
    }
}

#[tokio::test]
async fn a_compensation_of_nothing_is_never_sent() {
    let stub = Stub::always(stub::json(200, receipt(&compensated("coupon", 0)))).await;
    for amount in [None, Some(Won(0)), Some(Won(-5_000))] {
        for action in [ParkingAction::Coupon, ParkingAction::Points] {
            let request = ActionRequest { amount, ..request(action) };
            let outcome = parking_client(&stub.url).act(&key(5, 7), &request).await;
            assert_eq!(failure(outcome).0, "permanent", "{amount:?}");
        }
    }
    assert!(stub.seen().is_empty());
}

#[tokio::test]
async fn a_receipt_that_does_not_show_the_grant_proves_nothing() {
    for shown in
        [parking_use("completed"), compensated("points", 12_000), compensated("coupon", 11_999), Value::Null]
    {
        let stub = Stub::always(stub::json(200, receipt(&shown))).await;
        let request = ActionRequest { amount: Some(Won(12_000)), ..request(ParkingAction::Coupon) };
        let (kind, text) = failure(parking_client(&stub.url).act(&key(5, 7), &request).await);
        assert_eq!(kind, "unknown", "{shown}");
        assert!(text.ends_with("its receipt does not show the compensation that was asked for"), "{text}");
    }
}

#[tokio::test]
async fn each_action_is_posted_to_its_place_with_its_key() {
    use ParkingAction::{Cancel, Inspection, OperatorMakeGood, Refund, WithdrawReceivable};
    let plain = json!({"ticket_id": "5", "reason": "lpr_misread"});
    let inspection = json!({"ticket_id": "5", "use_id": "use-1", "reason": "lpr_misread"});
    for (action, path, after, body) in [
        (Cancel, "/v1/uses/use-1/cancellation", parking_use("cancelled_by_centre"), &plain),
        (Refund, "/v1/uses/use-1/refund", parking_use("refunded"), &plain),
        (WithdrawReceivable, "/v1/uses/use-1/receivable-withdrawal", parking_use("withdrawn"), &plain),
        (OperatorMakeGood, "/v1/uses/use-1/operator-make-good", parking_use("unpaid"), &plain),
        (Inspection, "/v1/lots/lot-1/inspections", Value::Null, &inspection),
    ] {
        let stub = Stub::always(stub::json(200, receipt(&after))).await;
        let outcome = parking_client(&stub.url).act(&key(5, 7), &request(action)).await.unwrap();
        let ActionOutcome::Done(receipt) = outcome else { panic!("{outcome:?}") };
        assert_eq!(receipt.receipt_id, "r-1");
        let seen = &stub.seen()[0];
        assert_eq!((seen.method.as_str(), seen.target.as_str(), &seen.body), ("POST", path, body));
        assert_eq!(seen.header("idempotency-key"), "misread-5-7");
        assert_eq!(seen.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_same_key_again_brings_the_first_receipt_again() {
    let keys = Mutex::new(Vec::new());
    let stub = Stub::start(move |seen| {
        let mut keys = keys.lock().unwrap();
        let key = seen.header("idempotency-key").to_owned();
        let mut receipt = receipt(&parking_use("refunded"));
        receipt["replayed"] = json!(keys.contains(&key));
        keys.push(key);
        stub::json(200, receipt)
    })
    .await;
    let client = parking_client(&stub.url);
    for replayed in [false, true] {
        let outcome = client.act(&key(5, 7), &request(ParkingAction::Refund)).await.unwrap();
        let ActionOutcome::Done(receipt) = outcome else { panic!("{outcome:?}") };
        assert_eq!(receipt.replayed, replayed);
    }
}

#[tokio::test]
async fn a_conflict_brings_the_use_as_it_is_now() {
    let body = json!({"error": "state_conflict", "message": "홍길동", "use": parking_use("unpaid")});
    let outcome = refund(stub::json(409, body)).await.unwrap();
    let ActionOutcome::Conflict { error, parking_use } = outcome else { panic!("{outcome:?}") };
    assert_eq!((error.as_str(), parking_use.status), ("state_conflict", UseStatus::Unpaid));
}

#[tokio::test]
async fn a_conflict_that_does_not_show_the_use_leaves_everything_open() {
    let mut other = parking_use("unpaid");
    other["id"] = json!("use-2");
    for body in [
        json!({"error": "state_conflict", "message": ""}),
        json!({"error": "state_conflict", "message": "", "use": null}),
        json!({"error": "state_conflict", "message": "", "use": other}),
        json!({"message": "", "use": parking_use("unpaid")}),
    ] {
        assert_eq!(failure(refund(stub::json(409, &body)).await).0, "unknown", "{body}");
    }
    assert_eq!(failure(refund(html(409)).await).0, "unknown");
    let stub = Stub::always(html(409)).await;
    assert_eq!(failure(parking_client(&stub.url).uses(&by_account()).await).0, "retry");
}

#[tokio::test]
async fn a_refusal_is_told_by_its_word() {
    for (status, error) in [
        (400, "missing_key"),
        (404, "not_found"),
        (422, "lot_closed"),
        (422, "direct_lot"),
        (422, "idempotency_mismatch"),
    ] {
        let outcome =
            refund(stub::json(status, json!({"error": error, "message": "역삼 주차장"}))).await.unwrap();
        assert_eq!(outcome, ActionOutcome::Refused { error: error.to_owned() });
    }
    assert_eq!(failure(refund(html(422)).await).0, "permanent");
}

#[tokio::test]
async fn a_receipt_that_cannot_be_for_this_action_proves_nothing() {
    let mut other = parking_use("refunded");
    other["id"] = json!("use-2");
    let mut nameless = receipt(&parking_use("refunded"));
    nameless["receipt_id"] = json!("");
    for (body, why) in [
        (receipt(&other), "its receipt is for another use"),
        (receipt(&parking_use("completed")), "its receipt shows the use as if nothing had been done"),
        (nameless, "its receipt has no number"),
    ] {
        let (kind, text) = failure(refund(stub::json(200, body)).await);
        assert_eq!(kind, "unknown");
        assert!(text.ends_with(why), "{text}");
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_taken_for_the_answer() {
    let other =
        Stub::always(stub::json(200, json!({"id": "account-2", "pass_active": true, "vehicles": []}))).await;
    let account = parking_client(&other.url).account(&AccountId::new("account-1")).await;
    assert_eq!(failure(account).0, "retry");
    let stub =
        Stub::always(stub::json(200, json!({"uses": [parking_use("unpaid")], "has_more": false}))).await;
    let client = parking_client(&stub.url);
    for of in [UsesOf::Account(AccountId::new("account-2")), UsesOf::Plate("34나5678".to_owned())] {
        let query = UseQuery { of, entered: None };
        let (kind, text) = failure(client.uses(&query).await);
        assert_eq!(kind, "retry");
        assert!(text.ends_with("it holds a use that was not asked for"), "{text}");
    }
}
