//! The internal note: what an agent must know.
