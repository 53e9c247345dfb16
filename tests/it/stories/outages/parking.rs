//! The parking system is unavailable, or its responses are nonsense.

use misread::sandbox::faults::{Fault, FaultRule};

use super::{end_as_ever, minutes, ready};
use crate::world::World;
use crate::world::log::Log;

fn nonsense(body: &str) -> Fault {
    Fault::Status { status: 200, retry_after: None, body: body.to_owned() }
}

#[tokio::test]
async fn the_parking_system_may_be_gone_for_an_hour() {
    let log = Log::collected();
    let world = World::new().await;
    let faults = world.sandbox.parking.faults();
    faults.inject(FaultRule::always("/v1/", Fault::Reset).times(25));
    faults.inject(FaultRule::always("/v1/", Fault::empty_server_error()));
    let opened = minutes(&world, 0..60).await;
    let (status, told) = ready(&world).await;
    assert_eq!((status, &told["zendesk"]), (200, &"ok".into()));
    assert!(told["parking"].as_str().unwrap().starts_with("failing since"), "{told}");
    assert_eq!(log.line("there is no usable answer")["neighbour"], "parking");
    faults.clear();
    end_as_ever(&world, &opened).await;
    assert_eq!(log.line("it answers again")["neighbour"], "parking");
    assert_eq!(ready(&world).await.1["parking"], "ok");
}

#[tokio::test]
async fn nonsense_from_the_parking_system_moves_nothing_and_stops_no_case_for_good() {
    let log = Log::collected();
    let world = World::new().await;
    let faults = world.sandbox.parking.faults();
    let answers = [
        "<html><h1>Maintenance</h1></html>",
        "",
        r#"{"error":"internal","message":"everything is broken"}"#,
        r#"{"uses":"none","has_more":"maybe"}"#,
        "{\"uses\":[{\"id\":7}],",
        r#"{"id":"acct-9999","pass_active":true,"vehicles":[]}"#,
        "[]",
        "null",
    ];
    for body in answers {
        faults.inject(FaultRule::always("/v1/", nonsense(body)).times(9));
    }
    let mut opened = minutes(&world, 0..40).await;
    faults.clear();
    faults.inject(FaultRule::always("/v1/", nonsense("<html></html>")));
    opened.extend(minutes(&world, 40..60).await);
    assert!(ready(&world).await.1["parking"].as_str().unwrap().starts_with("failing since"));
    let told = log.lines("trying again later");
    let names = |line: &serde_json::Value| line["reason"].as_str().unwrap().starts_with("GET /");
    assert!(told.iter().all(names) && told.len() <= 90, "{} lines", told.len());
    faults.clear();
    // An action with a nonsensical response is requested again under its key.
    faults.inject(FaultRule::once("POST", "/v1/", nonsense("<html></html>")));
    faults.inject(FaultRule::once("POST", "/v1/", nonsense(r#"{"error":"internal"}"#)));
    end_as_ever(&world, &opened).await;
}
