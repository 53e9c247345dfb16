use misread::domain::parking::{ParkingUse, Won};
use serde_json::{Value, json};

/// A use as the parking system tells it, with these keys besides.
fn parking_use(more: &str) -> ParkingUse {
    let Value::Object(more) = serde_json::from_str(more).unwrap() else { panic!("{more}") };
    let mut told = json!({
        "id": "use-1",
        "account_id": "acc-1",
        "vehicle": { "plate": "12가3456", "ownership_verified": false },
        "lot": {
            "id": "lot-1",
            "name": "역삼 하늘 주차장",
            "region": "서울 강남구 역삼동",
            "operation": "partner",
            "linkage": "linked",
            "closed": false,
            "airport": null,
            "self_cancel": true,
        },
        "status": "completed",
        "entered_at": "2026-11-20T14:05:00+09:00",
        "exited_at": "2026-11-20T16:00:00+09:00",
        "compensation": null,
    });
    told.as_object_mut().unwrap().extend(more);
    serde_json::from_str(&told.to_string()).unwrap()
}

#[test]
fn an_amount_that_is_no_whole_number_of_won_is_none() {
    for (json, amount) in [
        (r#"{"amount":8000}"#, Some(8_000)),
        (r#"{"amount":-8000}"#, Some(-8_000)),
        (r#"{"amount":8000.5}"#, None),
        (r#"{"amount":9200000000000000000000}"#, None),
        (r#"{"amount":null}"#, None),
        ("{}", None),
    ] {
        assert_eq!(parking_use(json).amount, amount.map(Won), "{json}");
    }
}
