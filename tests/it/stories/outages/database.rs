//! PostgreSQL is unavailable for a minute.

use std::time::Duration;

use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::zendesk::{AttemptOutcome, InvocationStatus};

use super::{PAID, ready};
use crate::store::server::{self, Database};
use crate::world::World;
use crate::world::log::Log;

#[tokio::test]
async fn a_minute_without_the_database_loses_no_delivery_and_needs_no_restart() {
    let log = Log::collected();
    let Some(mut server) = server::own() else { return };
    let world = World::on_database(Database::on(&server, "").await).await;
    let before = world.open(&world.story(PAID));
    world.sandbox.zendesk.deliver_webhooks().await;

    server.stop().unwrap();
    let meanwhile = world.open(&world.story("직영 주차장 미수"));
    for _ in 0..12 {
        world.step().await;
        world.pass(Duration::from_secs(5));
    }
    let sent = world.sandbox.zendesk.invocations().pop().unwrap();
    let refused = |outcome| matches!(outcome, AttemptOutcome::Answered { status: 503, retry_after: Some(_) });
    assert!(
        sent.attempts.len() > 1 && sent.attempts.iter().all(|attempt| refused(attempt.outcome)),
        "{sent:?}"
    );
    let (status, told) = ready(&world).await;
    assert_eq!((status, &told["store"]), (503, &"failing".into()), "{told}");
    assert!(!log.lines("delivery not stored").is_empty());
    assert!(!log.lines("due cases could not be claimed").is_empty());
    assert!(!log.lines("not ready: the store cannot be written to").is_empty());
    server.start().unwrap();

    world.until_idle().await;
    let sent = world.sandbox.zendesk.invocations();
    assert!(sent.iter().all(|sent| sent.status == InvocationStatus::Delivered), "{sent:?}");
    assert_eq!(world.actions(before), [Refund, Inspection]);
    for id in [before, meanwhile] {
        assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    }
    assert_eq!(ready(&world).await.0, 200);
}
