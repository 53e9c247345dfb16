//! Lists of ids: `?ids=1,2,3` (facts §3.1, §3.9).

use std::str::FromStr;

use super::paging::Parameters;
use crate::zendesk::refusal::Refusal;

/// The most objects in one request.
const MOST: usize = 100;

/// The ids in a query. Invalid ids are ignored.
pub(super) fn ids<T: FromStr>(query: &Parameters) -> Result<Vec<T>, Refusal> {
    let Some(list) = query.get("ids") else {
        return Err(Refusal::BadRequest("Missing parameter: ids".to_owned()));
    };
    let named: Vec<_> = list.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    at_most(named.len())?;
    Ok(named.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// Rejects a request with too many objects.
pub(super) fn at_most(count: usize) -> Result<(), Refusal> {
    if count > MOST { Err(Refusal::TooManyValues) } else { Ok(()) }
}
