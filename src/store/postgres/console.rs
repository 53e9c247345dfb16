//! Sessions and access log of the console.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;

use super::PostgresStore;
use super::connect::bounded;
use crate::domain::ids::TicketId;
use crate::ports::{AccessFilter, AccessPage, ConsoleBook, NewAccess, Session, StoreError};
use crate::store::column::{self, unavailable};
use crate::store::console::{self, AccessRow, SessionRow};

impl PostgresStore {
    async fn write(&self, query: Query<'_, Postgres, PgArguments>) -> Result<u64, StoreError> {
        let mut connection = self.another().await?;
        let written = bounded(query.execute(&mut connection)).await;
        Ok(written.map_err(|error| unavailable(&error))?.rows_affected())
    }
}

#[async_trait]
impl ConsoleBook for PostgresStore {
    async fn open_session(&self, session: &Session) -> Result<(), StoreError> {
        let open = sqlx::query(console::OPEN_SESSION)
            .bind(&session.token_hash)
            .bind(column::text(&session.name))
            .bind(console::signed_in_by(session.by))
            .bind(session.created_at.as_millisecond())
            .bind(session.expires_at.as_millisecond());
        self.write(open).await.map(drop)
    }

    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let query = sqlx::query_as(console::SESSION).bind(token_hash).bind(now.as_millisecond());
        let found: Option<SessionRow> =
            bounded(query.fetch_optional(&self.readers)).await.map_err(|error| unavailable(&error))?;
        found.map(console::session).transpose()
    }

    async fn end_session(&self, token_hash: &str) -> Result<(), StoreError> {
        let end = sqlx::query(console::END_SESSION).bind(token_hash);
        self.write(end).await.map(drop)
    }

    async fn end_sessions_of(&self, name: &str) -> Result<u64, StoreError> {
        let end = sqlx::query(console::END_SESSIONS_OF).bind(column::text(name));
        self.write(end).await
    }

    async fn sessions(&self, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let query = sqlx::query_as(console::SESSIONS).bind(now.as_millisecond());
        let rows: Vec<SessionRow> =
            bounded(query.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))?;
        rows.into_iter().map(console::session).collect()
    }

    async fn record_access(&self, access: &NewAccess) -> Result<(), StoreError> {
        let record = sqlx::query(console::RECORD)
            .bind(access.at.as_millisecond())
            .bind(column::text(&access.name))
            .bind(access.act.name())
            .bind(access.ticket_id.map(TicketId::get))
            .bind(access.reason.as_deref().map(column::text))
            .bind(&access.session);
        self.write(record).await.map(drop)
    }

    async fn accesses(
        &self,
        filter: &AccessFilter,
        before: Option<i64>,
        limit: usize,
        within: u32,
    ) -> Result<AccessPage, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        let mut cut: Option<i64> = None;
        if *filter != AccessFilter::default() {
            let query = sqlx::query_scalar(console::CUT).bind(before).bind(i64::from(within));
            cut = bounded(query.fetch_optional(&self.readers)).await.map_err(|error| unavailable(&error))?;
        }
        let query = sqlx::query_as(console::ACCESSES)
            .bind(before)
            .bind(cut.unwrap_or(i64::MIN))
            .bind(filter.ticket_id.map(TicketId::get))
            .bind(filter.name.as_deref().map(column::text))
            .bind(column::limit(limit.saturating_add(1)));
        let rows: Vec<AccessRow> =
            bounded(query.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))?;
        console::access_page(rows, limit, cut)
    }

    async fn has_opened(&self, session: &str, ticket_id: TicketId) -> Result<bool, StoreError> {
        let query = sqlx::query_as(console::HAS_OPENED).bind(session).bind(ticket_id.get());
        let found: Option<(i32,)> =
            bounded(query.fetch_optional(&self.readers)).await.map_err(|error| unavailable(&error))?;
        Ok(found.is_some())
    }

    async fn forget_console(&self, now: Timestamp, before: Timestamp) -> Result<(), StoreError> {
        let sessions = sqlx::query(console::FORGET_SESSIONS).bind(now.as_millisecond());
        self.write(sessions).await?;
        let accesses = sqlx::query(console::FORGET_ACCESSES).bind(before.as_millisecond());
        self.write(accesses).await.map(drop)
    }
}
