//! The reading of customers' messages, measured on tables that people labelled by hand.

pub(crate) mod answers;
mod combinations;
mod evidence;
mod properties;
mod refusals;
mod share;
mod table;
