//! libFuzzer's way to the targets. `tests/fuzz/run` builds and starts it; `FUZZ_TARGET` names the target.
#![no_main]

#[path = "targets.rs"]
mod targets;

use std::sync::OnceLock;

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
        let (_, target) = found.unwrap_or_else(|| panic!("FUZZ_TARGET names no target: `{name}`"));
        TARGET.get_or_init(|| *target);
    },
    |data: &[u8]| TARGET.get().expect("init comes first")(data)
);
