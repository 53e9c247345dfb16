//! The upkeep of the service's own storage.

use jiff::SignedDuration;
use misread::app::upkeep::Maintenance;
use misread::domain::ids::TicketId;
use misread::ports::{DeliveryContent, NewDelivery};
use sqlx::{Connection as _, SqliteConnection};
use tokio::task::JoinSet;

use crate::world::World;
use crate::world::log::Log;

#[tokio::test]
async fn a_write_ahead_log_that_grows_without_end_is_told_and_shrunk_when_that_can_be_done() {
    let log = Log::collected();
    let world = World::new().await;
    let (ledger, clock) = (world.service.store().clone(), world.clock.clone());
    let (late, year) = (SignedDuration::from_mins(10), SignedDuration::from_hours(24 * 365));
    let mut keeper = Maintenance::new(ledger.clone(), world.service.allowance().clone(), clock, late, year);
    keeper.look().await;
    let mut reader = SqliteConnection::connect(&world.ledger()).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM deliveries").execute(&mut reader).await.unwrap();
    let mut writes = JoinSet::new();
    for number in 0..300 {
        let (ledger, received_at) = (ledger.clone(), world.now());
        let content =
            DeliveryContent::Wake { ticket_id: TicketId::try_from(1).unwrap(), kind: "start".to_owned() };
        let (dedup_key, body) = (format!("d{number}"), "x".repeat(256 * 1024));
        writes.spawn(async move {
            ledger.accept(NewDelivery { dedup_key, received_at, body, content }).await.unwrap()
        });
    }
    writes.join_all().await;
    for _ in 0..3 {
        keeper.look().await;
    }
    let told = log.line("write-ahead log grows");
    assert_eq!(told["level"], "WARN");
    assert!(told["bytes"].as_u64().unwrap() > 64 << 20, "{told}");
    let health: serde_json::Value = world.readiness().await.json().await.unwrap();
    assert!(health["store_log_bytes"].as_u64().unwrap() > 64 << 20, "{health}");
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    keeper.look().await;
    assert!(ledger.log_bytes().unwrap() < 1 << 20, "{:?}", ledger.log_bytes());
    assert_eq!(log.lines("write-ahead log grows").len(), 1);
}
