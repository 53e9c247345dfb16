//! Zendesk over HTTP.
