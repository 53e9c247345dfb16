//! How long customers wait for the first reply, as the ledger counts it.

use std::time::Duration;

use misread::domain::case::FirstReplies;
use misread::worker::upkeep::erase;

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

#[tokio::test]
async fn a_reply_after_an_erasure_is_no_first_one() {
    let (world, id) = World::opened("본인 확인이 안 된 문의자").await;
    let found = counted(&world).await;
    assert_eq!((found.count, found.mean()), (1, Some(0)));
    world.hours_later(25).await;
    world.hours_later(49).await;
    erase(world.service.store().as_ref(), id, world.now(), "민지").await.unwrap();
    let before = world.replies(id).len();
    world.customer_says(id, "네 맞아요").await;
    assert_eq!(world.replies(id).len(), before + 1);
    assert_eq!(counted(&world).await, found);
}
