//! The parts of the reading of messages: spelling, sentences, verbs, nouns, patterns, objections.

mod against;
mod conjugation;
mod dictionary;
mod neutral;
mod noun;
mod pattern;
mod spelling;
mod text;
