//! Splits lists into pages: by cursor or by offset (facts §3.10, §7).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::zendesk::refusal::Refusal;

/// The page size limit of most lists.
pub(super) const LARGEST_PAGE: usize = 100;
/// The last offset page; further items need cursors.
const LAST_OFFSET_PAGE: usize = 100;

/// A query string's parameters by name.
pub(super) type Parameters = HashMap<String, String>;

/// The default direction of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// A list with its sort key: a cursor contains the key of the last item shown, so that items added or moved between two
/// pages cause no duplicates.
#[derive(Debug)]
pub(super) struct List<'a, K, T> {
    /// The key of the items in the response.
    pub(super) name: &'a str,
    /// The list's URL, without a query.
    pub(super) url: String,
    pub(super) items: Vec<(K, T)>,
    pub(super) order: Order,
}

impl<K: Ord + Serialize + DeserializeOwned, T> List<'_, K, T> {
    /// One page in the requested order; renders only its own items.
    pub(super) fn page(
        mut self,
        query: &Parameters,
        render: impl FnMut(T) -> Value,
    ) -> Result<Value, Refusal> {
        match (query.get("sort"), query.get("sort_order").map(String::as_str)) {
            (Some(sort), _) if sort.starts_with('-') => self.order = Order::Descending,
            (Some(_), _) | (None, Some("asc")) => self.order = Order::Ascending,
            (None, Some("desc")) => self.order = Order::Descending,
            (None, _) => {}
        }
        self.items.sort_by(|(one, _), (other, _)| match self.order {
            Order::Ascending => one.cmp(other),
            Order::Descending => other.cmp(one),
        });
        if query.keys().any(|key| key.starts_with("page[")) {
            self.cursor_page(query, render)
        } else {
            self.offset_page(query, render)
        }
    }

    fn offset_page(self, query: &Parameters, render: impl FnMut(T) -> Value) -> Result<Value, Refusal> {
        let (page, size) = offset(query);
        if page > LAST_OFFSET_PAGE {
            let description =
                format!("Offset pages end at {LAST_OFFSET_PAGE}: use cursor pagination beyond it");
            return Err(Refusal::BadRequest(description));
        }
        let count = self.items.len();
        let link = |page: usize| {
            link(&self.url, query, &[("page", page.to_string()), ("per_page", size.to_string())])
        };
        let next = (page * size < count).then(|| link(page + 1));
        let previous = (page > 1).then(|| link(page - 1));
        let items = self.items.into_iter().map(|(_, item)| item);
        let items: Vec<_> = items.skip((page - 1) * size).take(size).map(render).collect();
        Ok(json!({ self.name: items, "count": count, "next_page": next, "previous_page": previous }))
    }

    /// Both links are always present, as recorded.
    fn cursor_page(mut self, query: &Parameters, render: impl FnMut(T) -> Value) -> Result<Value, Refusal> {
        let size = page_size(query, LARGEST_PAGE)?;
        let order = self.order;
        let follows = |key: &K, cursor: &K| match order {
            Order::Ascending => key > cursor,
            Order::Descending => key < cursor,
        };
        let has_more = if let Some(cursor) = cursor::<K>(query, "page[before]")? {
            self.items.retain(|(key, _)| *key != cursor && !follows(key, &cursor));
            let surplus = self.items.len().saturating_sub(size);
            self.items.drain(..surplus);
            surplus > 0
        } else {
            if let Some(cursor) = cursor::<K>(query, "page[after]")? {
                self.items.retain(|(key, _)| follows(key, &cursor));
            }
            let has_more = self.items.len() > size;
            self.items.truncate(size);
            has_more
        };
        let (first, last) = (self.items.first(), self.items.last());
        let [first, last] = [first, last].map(|item| item.map(|(key, _)| encode(key)));
        let to = |side: &str, cursor: &Option<String>| {
            let cursor = cursor.clone()?;
            Some(link(&self.url, query, &[(side, cursor), ("page[size]", size.to_string())]))
        };
        let links = json!({ "prev": to("page[before]", &first), "next": to("page[after]", &last) });
        let meta = json!({ "has_more": has_more, "after_cursor": last, "before_cursor": first });
        let items: Vec<_> = self.items.into_iter().map(|(_, item)| item).map(render).collect();
        Ok(json!({ self.name: items, "meta": meta, "links": links }))
    }
}

/// The requested page, from 1, and its size.
pub(super) fn offset(query: &Parameters) -> (usize, usize) {
    let number =
        |key: &str, otherwise| query.get(key).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    (number("page", 1).max(1), number("per_page", LARGEST_PAGE).clamp(1, LARGEST_PAGE))
}

/// The size of a cursor page.
pub(super) fn page_size(query: &Parameters, largest: usize) -> Result<usize, Refusal> {
    match query.get("page[size]").map(|text| text.parse::<usize>()) {
        None => Ok(LARGEST_PAGE),
        Some(Ok(size)) if (1..=largest).contains(&size) => Ok(size),
        Some(_) => Err(Refusal::BadRequest("page[size] is invalid".to_owned())),
    }
}

/// The key in the query's cursor, if there is one.
pub(super) fn cursor<K: DeserializeOwned>(query: &Parameters, name: &str) -> Result<Option<K>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let key = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    key.map(Some).ok_or_else(|| Refusal::BadRequest(format!("{name} is invalid")))
}

/// A cursor with a key: opaque to clients.
pub(super) fn encode<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(json!(key).to_string())
}

/// The URL of another page: the same query with other page parameters.
pub(super) fn link(url: &str, query: &Parameters, page: &[(&str, String)]) -> String {
    let is_page = |name: &str| name == "page" || name == "per_page" || name.starts_with("page[");
    let mut pairs: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.retain(|(name, _)| !is_page(name));
    pairs.sort_unstable();
    pairs.extend(page.iter().map(|(name, value)| (*name, value.as_str())));
    reqwest::Url::parse_with_params(url, pairs).map_or_else(|_| url.to_owned(), Into::into)
}
