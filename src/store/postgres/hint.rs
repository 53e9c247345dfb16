//! Notifications between replicas that deliveries have arrived. They are only a hint that shortens the others' wait:
//! polling finds the work too, and correctness does not depend on them.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;

const CHANNEL: &str = "misread_work";
/// The pause before listening again.
const PAUSE: Duration = Duration::from_secs(1);

/// Notifies the others after each signal, many at once as one. Separate from the commits, because PostgreSQL lets only one
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

/// Signals whenever another replica reports deliveries, and whenever a notification may have been lost.
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
        // `None` means that the connection was lost and re-established.
        while let Some(hint) = listener.try_recv().await? {
            if hint.payload() != replica {
                break;
            }
        }
    }
}
