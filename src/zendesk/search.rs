//! Searches tickets by tag (facts §3.12: the export has cursors and no limit of a thousand).

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;

use super::ZendeskClient;
use super::wire::PageMeta;
use crate::account::missed::{MissedQuery, StatusRange};
use crate::account::sliding_window::Lane;
use crate::domain::ids::TicketId;
use crate::http::ApiRequest;
use crate::ports::{CallError, Found, FoundPage, Search};

/// The size of a hundred tickets with long texts and all the fields of a large account.
const PAGE_CAP: usize = 32 << 20;

#[derive(Deserialize)]
struct Page {
    results: Vec<Shape>,
    meta: PageMeta,
}

#[derive(Deserialize)]
struct Shape {
    id: TicketId,
    updated_at: Timestamp,
}

#[async_trait]
impl Search for ZendeskClient {
    async fn find(&self, told: &MissedQuery, from: Option<&str>) -> Result<FoundPage, CallError> {
        let _begun = self.account.begin(None, Lane::Backlog).await?;
        let text = query(told);
        let mut query = vec![("query", text.as_str()), ("filter[type]", "ticket"), ("page[size]", "100")];
        query.extend(from.map(|from| ("page[after]", from)));
        let answer = self
            .account
            .get(&ApiRequest::get("api/v2/search/export", &[]).query(&query).cap(PAGE_CAP))
            .await?;
        let Page { results, meta } = answer.json()?;
        let next = meta.next(&answer, from)?;
        let found = |Shape { id, updated_at }| Found { ticket_id: id, updated_at };
        Ok(FoundPage { tickets: results.into_iter().map(found).collect(), next })
    }
}

/// In Zendesk's search syntax: a repeated key means any of its values, with a minus none of them.
pub fn query(told: &MissedQuery) -> String {
    let bound = match told.standing {
        StatusRange::New => "status<open",
        StatusRange::NewOrOpen => "status<pending",
        StatusRange::Pending => "status:pending",
        StatusRange::Unsolved => "status<solved",
    };
    let since = told.changed_since.map(|since| format!(" updated>{since:.0}"));
    let any = told.any_of.iter().map(|tag| format!(" tags:{tag}"));
    let none = told.none_of.iter().map(|tag| format!(" -tags:{tag}"));
    since.into_iter().chain(any).chain(none).fold(bound.to_owned(), |query, term| query + &term)
}
