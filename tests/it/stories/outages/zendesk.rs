//! Zendesk is unavailable, or refuses our credentials.

use std::time::Duration;

use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};

use super::{end_as_ever, minutes, ready};
use crate::world::World;
use crate::world::log::Log;

#[tokio::test]
async fn zendesk_may_be_gone_for_an_hour() {
    let log = Log::collected();
    let world = World::new().await;
    let faults = world.sandbox.zendesk.faults();
    for (times, fault) in
        [(20, Fault::Reset), (20, Fault::unavailable(Some(30))), (20, Fault::bad_gateway_html())]
    {
        faults.inject(FaultRule::always("/api/v2/", fault).times(times));
    }
    faults.inject(FaultRule::always("/api/v2/", Fault::unavailable(None)));
    let opened = minutes(&world, 0..60).await;

    let (status, told) = ready(&world).await;
    assert_eq!((status, &told["parking"]), (200, &"ok".into()), "deliveries are taken: {told}");
    assert!(told["zendesk"].as_str().unwrap().starts_with("failing since 2026-11-20T05:0"), "{told}");
    let outage = log.line("there is no usable answer");
    assert_eq!(outage["neighbour"], "zendesk");
    let waits = log.lines("trying again later").len();
    assert!((6..=70).contains(&waits), "{waits} lines for six tickets in an hour");

    faults.clear();
    end_as_ever(&world, &opened).await;
    let back = log.line("it answers again");
    assert!(back["after_seconds"].as_u64().is_some_and(|after| after >= 3_500), "{back}");
    assert_eq!(ready(&world).await.1["zendesk"], "ok");
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_by_their_names_and_no_ticket_is_stuck() {
    let log = Log::collected();
    let world = World::new().await;
    let refused = |status| Fault::Status {
        status,
        retry_after: None,
        body: r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#.to_owned(),
    };
    let faults = world.sandbox.zendesk.faults();
    faults.inject(FaultRule::always("/oauth/tokens", refused(401)).times(5));
    faults.inject(FaultRule::always("/oauth/tokens", refused(400)));
    let opened = minutes(&world, 0..50).await;
    let told = log.line("our credentials are refused");
    assert_eq!(told["check"], "MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET");
    assert!(told["reason"].as_str().unwrap().contains("invalid_client"), "{told}");
    assert_eq!(ready(&world).await.0, 200);
    // Six more hours pass until a person reacts.
    for _ in 0..12 {
        world.pass(Duration::from_mins(30));
        world.step().await;
    }
    for (id, _) in &opened {
        assert_eq!(world.state(*id).await, CaseState::Active);
    }
    let hours = log.lines("our credentials are refused").len();
    assert!((5..=8).contains(&hours), "told {hours} times in seven hours");
    faults.clear();
    end_as_ever(&world, &opened).await;
    log.line("it answers again");
}
