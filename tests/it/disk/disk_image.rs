//! The content of a folder after a power cut, from the recorded calls of a program.
//!
//! A file has what was written before its last successful sync began. Later writes, and writes before a failed sync,
//! may or may not be there, sector by sector; so may names that were created or removed since their folder's last sync.
//! A sector is written as a whole: if a later write to it is there, the earlier ones are too.

use std::collections::{BTreeMap, HashMap};

use super::trace::{Call, Operation, Trace};
use crate::simulation::rng::Rng;

const SECTOR: u64 = 512;

/// The fate of data that was not synced.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    Lost,
    Kept,
    /// Only the later half of the writes is there.
    Later,
    /// A random part of the writes is there, for each sector.
    Torn(Rng),
}

/// A change of one file's content, and whether it is certainly there.
struct Change<'a> {
    call: &'a Call,
    is_synced: bool,
}

impl Fate {
    /// The number of unsynced changes that are there, of `waiting`.
    fn survivors(&mut self, waiting: usize) -> usize {
        match self {
            Self::Lost => 0,
            Self::Kept | Self::Later => waiting,
            Self::Torn(rng) => usize::try_from(rng.between(0, i64::try_from(waiting).unwrap())).unwrap(),
        }
    }
}

/// The names and contents in `folder` after a cut at `moment`.
pub(super) fn after_cut(
    trace: &Trace,
    folder: &str,
    moment: usize,
    fate: &mut Fate,
) -> BTreeMap<String, Vec<u8>> {
    let mut changes: HashMap<u64, Vec<Change>> = HashMap::new();
    let syncs: Vec<&Call> = trace.of(Operation::Sync).collect();
    for call in &trace.calls {
        let is_change = matches!(call.operation, Operation::Write | Operation::Truncate);
        if is_change && call.begin < moment && (call.result >= 0 || call.end.is_none()) {
            let is_synced = is_synced(&syncs, call, moment);
            changes.entry(call.inode).or_default().push(Change { call, is_synced });
        }
    }
    let mut files = BTreeMap::new();
    for (name, inode) in names(trace, folder, moment, fate) {
        let content = content(changes.get(&inode).map_or(&[][..], Vec::as_slice), fate);
        files.insert(name, content);
    }
    files
}

/// Whether the first sync of the file after this call had succeeded by `moment`.
fn is_synced(syncs: &[&Call], call: &Call, moment: usize) -> bool {
    let after = |sync: &&Call| {
        sync.inode == call.inode
            && call.end.is_some_and(|end| sync.begin > end)
            && sync.end.is_some_and(|end| end < moment)
    };
    syncs.iter().copied().find(after).is_some_and(Call::is_done)
}

/// The existing names with their files.
fn names(trace: &Trace, folder: &str, moment: usize, fate: &mut Fate) -> BTreeMap<String, u64> {
    let mut names = BTreeMap::new();
    let mut waiting = Vec::new();
    for call in trace.calls.iter().filter(|call| call.is_done_by(moment) && call.path.starts_with(folder)) {
        match call.operation {
            Operation::Create | Operation::Remove | Operation::Rename | Operation::Link => waiting.push(call),
            Operation::Sync if call.path == folder => apply(waiting.drain(..), &mut names),
            _ => {}
        }
    }
    let there = fate.survivors(waiting.len());
    apply(waiting.into_iter().take(there), &mut names);
    names
}

fn apply<'a>(calls: impl Iterator<Item = &'a Call>, names: &mut BTreeMap<String, u64>) {
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    for call in calls {
        let (name, other) = (last(&call.path), last(&String::from_utf8_lossy(&call.data)));
        let inode = names.get(&name).copied();
        match (call.operation, inode) {
            (Operation::Create, _) => drop(names.insert(name, call.inode)),
            (Operation::Link | Operation::Rename, Some(inode)) => drop(names.insert(other, inode)),
            _ => {}
        }
        if matches!(call.operation, Operation::Remove | Operation::Rename) {
            names.remove(&last(&call.path));
        }
    }
}

fn content(changes: &[Change], fate: &mut Fate) -> Vec<u8> {
    let last_there = last_there(changes, fate);
    let mut bytes = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        if change.call.operation == Operation::Truncate {
            if change.is_synced || matches!(fate, Fate::Kept) {
                bytes.resize(usize::try_from(change.call.offset).unwrap(), 0);
            }
        } else if change.is_synced {
            put(&mut bytes, usize::try_from(change.call.offset).unwrap(), written(change.call));
        } else {
            for (sector, from, data) in pieces(change.call) {
                if last_there[&sector].is_some_and(|last| number <= last) {
                    put(&mut bytes, from, data);
                }
            }
        }
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, from: usize, data: &[u8]) {
    bytes.resize(bytes.len().max(from + data.len()), 0);
    bytes[from..from + data.len()].copy_from_slice(data);
}

/// For each sector with unsynced changes, the last change that is there, if any.
fn last_there(changes: &[Change], fate: &mut Fate) -> BTreeMap<u64, Option<usize>> {
    let mut of_sector: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let unsynced: Vec<usize> = (0..changes.len()).filter(|number| !changes[*number].is_synced).collect();
    let sectors = unsynced.iter().flat_map(|number| pieces(changes[*number].call));
    of_sector.extend(sectors.map(|(sector, ..)| (sector, Vec::new())));
    for (number, change) in changes.iter().enumerate().filter(|(_, change)| !written(change.call).is_empty())
    {
        let (from, length) = (change.call.offset, written(change.call).len() as u64);
        for (_, numbers) in of_sector.range_mut(from / SECTOR..=(from + length - 1) / SECTOR) {
            numbers.push(number);
        }
    }
    let later = unsynced.get(unsynced.len() / 2).copied().unwrap_or_default();
    let mut verdict = |numbers: Vec<usize>| {
        let sure = numbers.iter().rposition(|number| changes[*number].is_synced).map_or(0, |place| place + 1);
        let is_early = matches!(fate, Fate::Later) && numbers.last().is_some_and(|number| *number < later);
        let there = sure + if is_early { 0 } else { fate.survivors(numbers.len() - sure) };
        there.checked_sub(1).map(|place| numbers[place])
    };
    of_sector.into_iter().map(|(sector, numbers)| (sector, verdict(numbers))).collect()
}

/// The bytes that a write wrote; a short write wrote only a part.
fn written(call: &Call) -> &[u8] {
    let is_write = call.operation == Operation::Write;
    let data = if is_write { call.data.as_slice() } else { &[] };
    let length = call.end.map_or(data.len(), |_| usize::try_from(call.result).unwrap());
    &data[..length.min(data.len())]
}

/// A write split at sector boundaries: sector, offset in the file, bytes.
fn pieces(call: &Call) -> impl Iterator<Item = (u64, usize, &[u8])> {
    let (data, mut at) = (written(call), 0);
    std::iter::from_fn(move || {
        let place = call.offset + at as u64;
        let room = usize::try_from(SECTOR - place % SECTOR).unwrap();
        let length = room.min(data.len() - at);
        let piece = (place / SECTOR, usize::try_from(place).unwrap(), &data[at..at + length]);
        at += length;
        (length > 0).then_some(piece)
    })
}
