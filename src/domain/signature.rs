//! Zendesk's webhook signature.
