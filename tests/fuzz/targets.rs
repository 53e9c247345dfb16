//! Everything that reads bytes which others have written, with what must hold whatever they are.
//!
//! A target panics where something does not hold. The fuzzer looks for such bytes (`tests/fuzz/run`); `cargo test` feeds each
//! target with the inputs under `tests/fuzz/seeds`, to which every finding is added.

mod account;
mod answers;
mod case;
mod door;
mod files;
mod input;
mod journal;
mod parking;
mod replies;
mod samples;
mod texts;
mod transport;
mod words;
mod zendesk;

/// A name, which is also that of the folder of seeds, and what takes the bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: &[Target] = &[
    ("signature", door::signature),
    ("webhook", door::webhook),
    ("zendesk", zendesk::zendesk),
    ("parking", parking::parking),
    ("plates", texts::plates),
    ("used_at", texts::used_at),
    ("words", words::words),
    ("settings", files::settings),
    ("policy", files::policy),
    ("words_file", files::words_file),
    ("macros", files::macros),
    ("account_macros", account::macros),
    ("replies", replies::replies),
    ("journal", journal::journal),
    ("case", case::case),
];
