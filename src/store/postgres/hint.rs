//! Replicas tell each other that deliveries have come. Only a hint, which saves the others a wait: whoever misses it finds the
//! work by looking, and nobody relies on it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;

const CHANNEL: &str = "misread_work";
/// The pause before listening again.
const PAUSE: Duration = Duration::from_secs(1);

/// After each ring tells the others, many rings at once as one. Apart from the commits, because PostgreSQL lets only one
/// transaction that notifies commit at a time.
pub(super) async fn give(readers: PgPool, replica: String, accepted: Arc<Notify>) {
    loop {
        accepted.notified().await;
        let told = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(&replica).execute(&readers);
        if let Err(error) = told.await {
            tracing::debug!(%error, "the other replicas were not told of new work; they find it by looking");
        }
    }
}

/// Rings whenever another replica tells of deliveries, and whenever something may have been missed.
pub(super) async fn take(readers: PgPool, replica: String, work_arrived: Arc<Notify>) {
    loop {
        if let Err(error) = listen(&readers, &replica, &work_arrived).await {
            tracing::debug!(%error, "other replicas' hints are not heard; their work is found by looking");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen(readers: &PgPool, replica: &str, work_arrived: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(readers).await?;
    listener.listen(CHANNEL).await?;
    loop {
        work_arrived.notify_one();
        // Without an answer the connection was lost and made again.
        while let Some(hint) = listener.try_recv().await? {
            if hint.payload() != replica {
                break;
            }
        }
    }
}
