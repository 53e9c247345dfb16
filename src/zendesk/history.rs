//! A ticket's history, from its audits (facts §3.10).

use super::account::Account;
use super::wire::{Audit, AuditsPage, Reading};
use super::write_identity::WriteIdentity;
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketChange;
use crate::http::ApiRequest;
use crate::ports::CallError;

/// A hundred audits, each with a long comment in three forms (text, plain text and HTML), exceed the usual size limit.
const AUDITS_CAP: usize = 16 << 20;
/// The most pages, of 100 audits each, read of one ticket. Zendesk allows 5,000 comments a ticket (facts §3.3).
const MOST_AUDIT_PAGES: usize = 100;

/// All changes of a ticket, oldest first.
pub(super) async fn changes(
    account: &Account,
    write_identity: &WriteIdentity,
    ticket_id: TicketId,
    requester_id: i64,
) -> Result<Vec<TicketChange>, CallError> {
    let service_id = write_identity.user_id().await?;
    let audits = audits(account, ticket_id).await?;
    let seals: Vec<&str> = audits.iter().filter_map(|audit| audit.seal_by(service_id)).collect();
    let keys = write_identity.keys_for(&seals).await?;
    let reading = Reading { ticket_id, requester_id, service_id, keys: &keys };
    let mut changes: Vec<TicketChange> = audits.into_iter().map(|audit| audit.into_change(reading)).collect();
    changes.sort_by_key(|change| change.audit_id);
    Ok(changes)
}

async fn audits(account: &Account, ticket_id: TicketId) -> Result<Vec<Audit>, CallError> {
    let text = ticket_id.to_string();
    let ids = [text.as_str()];
    let mut audits = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_AUDIT_PAGES {
        let mut query = vec![("page[size]", "100")];
        query.extend(cursor.as_deref().map(|cursor| ("page[after]", cursor)));
        let call = ApiRequest::get("api/v2/tickets/{id}/audits", &ids).query(&query).cap(AUDITS_CAP);
        let answer = account.get(&call).await?;
        let (page, next) = answer.json::<AuditsPage>()?.open(&answer, cursor.as_deref())?;
        audits.extend(page);
        if next.is_none() {
            return Ok(audits);
        }
        cursor = next;
    }
    let reason =
        format!("ticket {ticket_id} has more than {} audits; a person must look", MOST_AUDIT_PAGES * 100);
    Err(CallError::Permanent { reason })
}
