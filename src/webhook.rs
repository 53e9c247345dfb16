//! The door: verified webhooks, stored before they are answered.
