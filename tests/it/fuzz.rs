//! Readers of foreign bytes, run on every input under `tests/fuzz/seeds`: samples, and findings of fuzzers.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use targets::TARGETS;

#[test]
fn every_seed_keeps_what_its_target_demands() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
    let folders =
        fs::read_dir(&seeds).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut folders: Vec<String> = folders.collect();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    folders.sort_unstable();
    names.sort_unstable();
    assert_eq!(folders, names, "each target has its folder of seeds");
    for (name, target) in TARGETS {
        for entry in fs::read_dir(seeds.join(name)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            assert!(catch_unwind(|| target(&bytes)).is_ok(), "{}", path.display());
        }
    }
}
