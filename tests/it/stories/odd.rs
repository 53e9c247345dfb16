//! Odd answers do not stick: what nobody expects is tried again for some minutes, and what is foreign in a text spoils nothing else.

use std::time::Duration;

use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

fn odd(status: u16) -> Fault {
    Fault::Status { status, retry_after: None, body: String::new() }
}

#[tokio::test]
async fn a_status_that_nobody_expects_is_tried_again_wherever_it_comes() {
    for (status, method, path) in [
        (418, "GET", "/tickets/"),
        (405, "GET", "/audits"),
        (400, "PUT", "/tickets/"),
        (451, "GET", "/uses"),
        (405, "POST", "/refund"),
        (402, "POST", "/inspections"),
    ] {
        let world = World::new().await;
        let faults = match path {
            "/uses" | "/refund" | "/inspections" => world.sandbox.parking.faults(),
            _ => world.sandbox.zendesk.faults(),
        };
        faults.inject(FaultRule::once(method, path, odd(status)).times(3));
        let id = world.open(&world.story(PAID));
        world.live().await;
        let how = format!("{status} to {method} {path}");
        assert_eq!(world.actions(id), [Refund, Inspection], "{how}");
        assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1), "{how}");
        assert_eq!(world.state(id).await, CaseState::Ended, "{how}");
    }
}

#[tokio::test]
async fn what_goes_on_being_odd_is_stuck_after_some_minutes_and_told() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", odd(418)));
    let began = world.now();
    let id = world.open(&world.story(PAID));
    world.live().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    let took = Duration::try_from(world.now().duration_since(began)).unwrap();
    assert!(took > Duration::from_mins(3) && took < Duration::from_mins(10), "{took:?}");
    let fields = world.ticket(id).fields;
    assert_eq!(fields.group_id, Some(ACCOUNT.agents_group));
    assert!(world.notes(id)[0].contains("자동 처리 멈춤"), "{:?}", world.notes(id));
}
