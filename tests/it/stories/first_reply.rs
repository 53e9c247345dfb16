//! How long customers wait for the first reply, as the ledger counts it.

use std::time::Duration;

use misread::domain::case::FirstReplies;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

async fn counted(world: &World) -> FirstReplies {
    let sums = world.service.store().figure_sums().await.unwrap();
    FirstReplies::of(|name| sums.get(name).copied().unwrap_or_default())
}

#[tokio::test]
async fn a_customer_waits_for_the_queue_and_for_an_agents_release_and_once_only() {
    let world = World::with_policy(super::trust::all("assist")).await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.deliver_webhooks().await;
    world.pass(Duration::from_secs(90));
    world.until_idle().await;
    assert_eq!(counted(&world).await.count, 0, "a note is no reply");
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.replies(id).len(), 1);
    let found = counted(&world).await;
    assert_eq!((found.count, found.mean()), (1, Some(90 + 600)), "ten minutes until the release");
    assert_eq!((found.within(300), found.within(900)), (0, 1));

    world.customer_says(id, "주차패스 해지하고 싶어요").await;
    assert_eq!(counted(&world).await, found, "only the first");
}
