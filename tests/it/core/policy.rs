//! What is made of a policy file: its map, and its text with other values.

mod edit;
mod map;
