//! The same with PostgreSQL: the write-ahead log is synced between the write of a delivery's commit record and the 200.
//!
//! The library is preloaded into server and service, which write into one trace.

use std::collections::BTreeMap;

use super::order::answer;
use super::sender::{Delivery, Sent, send_together};
use super::shim::Shim;
use super::trace::{Call, Operation, Trace};
use crate::commands::process::Place;
use crate::commands::service::ready;
use crate::store::server::{self, Database};

// The format of the write-ahead log (PostgreSQL, access/xlog_internal.h and access/xlogrecord.h): the first page of a
// file has a longer header; a record begins at a multiple of 8 with its length, its transaction, …, and after 16 bytes
// its kind and its owner.
const PAGE: usize = 8192;
const SEGMENT_HEADER: usize = 40;
const PAGE_HEADER: usize = 24;
const RECORD_HEADER: usize = 24;
const OF_TRANSACTIONS: u8 = 1;
const KIND: u8 = 0x70;
const COMMIT: u8 = 0x00;

/// The log as written, by file.
#[derive(Default)]
struct Log(BTreeMap<String, Vec<u8>>);

/// A byte of the log: its file and its offset.
type At = (String, usize);

impl Log {
    fn of(trace: &Trace) -> Self {
        let mut log = Self::default();
        for write in writes(trace) {
            let file = log.0.entry(write.path.clone()).or_default();
            let (from, to) = extent(write);
            file.resize(file.len().max(to), 0);
            file[from..to].copy_from_slice(&write.data);
        }
        log
    }

    /// The end of each transaction's commit record.
    fn commits(&self) -> BTreeMap<u32, At> {
        // Records continue over pages and files, without their headers.
        let (mut stream, mut pages) = (Vec::new(), Vec::new());
        for (path, file) in &self.0 {
            for (number, page) in file.chunks(PAGE).enumerate() {
                let header = if number == 0 { SEGMENT_HEADER } else { PAGE_HEADER };
                pages.push((stream.len(), path, number * PAGE + header));
                stream.extend_from_slice(page.get(header..).unwrap_or_default());
            }
        }
        let word = |at: usize| u32::from_ne_bytes(stream[at..at + 4].try_into().unwrap());
        let is_commit = |at: &usize| {
            stream[at + 16] & KIND == COMMIT && stream[at + 17..at + 20] == [OF_TRANSACTIONS, 0, 0]
        };
        let commits = (0..stream.len() - RECORD_HEADER).step_by(8).filter(is_commit).map(|at| {
            let last = at + usize::try_from(word(at)).unwrap() - 1;
            let (first, path, place) = pages.iter().rfind(|(first, ..)| *first <= last).unwrap();
            (word(at + 4), ((*path).clone(), place + last - first))
        });
        commits.collect()
    }
}

/// Writes to files of the log.
fn writes(trace: &Trace) -> impl Iterator<Item = &Call> {
    trace.of(Operation::Write).filter(|call| is_log(&call.path))
}

fn is_log(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap();
    name.len() == 24 && name.bytes().all(|sign| sign.is_ascii_hexdigit())
}

fn extent(write: &Call) -> (usize, usize) {
    let from = usize::try_from(write.offset).unwrap();
    (from, from + write.data.len())
}

/// The acknowledged deliveries that were not on disk when their answer began; `of` gives the server process that stored
/// each.
fn answered_too_early(trace: &Trace, sent: &[Sent], of: &BTreeMap<String, u32>) -> Vec<String> {
    let log = Log::of(trace);
    let commits = log.commits();
    let told = sent.iter().filter(|sent| sent.is_acknowledged()).filter_map(|sent| {
        let answer = answer(trace, sent).begin;
        let Some((path, last)) = commits.get(&of[&sent.key]) else {
            return Some(format!("{} has no commit record", sent.key));
        };
        let page = last / PAGE * PAGE;
        let as_it_is_now = &log.0[path][page..=*last];
        let written = writes(trace).find(|write| {
            let (from, to) = extent(write);
            write.path == *path
                && from <= page
                && *last < to
                && write.data[page - from..=last - from] == *as_it_is_now
        });
        let written = written.and_then(|write| write.end).expect("what is in the log was written");
        let synced = trace
            .of(Operation::Sync)
            .any(|sync| sync.path == *path && sync.begin > written && sync.is_done_by(answer));
        (!synced).then(|| format!("{} was not synced", sent.key))
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_delivery_is_on_the_servers_disk_before_its_answer() {
    let mut shim = None;
    let server = server::own_within(|folder| {
        let watching = shim.insert(Shim::new(folder, "data/pg_wal"));
        let variables = watching.variables();
        variables.map(|(name, value)| format!("{name}='{value}'")).join(" ")
    });
    let (Some(server), Some(shim)) = (server, shim) else { return };
    let database = Database::on(&server, "").await;
    let mut place = Place::furnished();
    place.set("MISREAD_DATABASE_URL", &database.address);
    for (name, value) in shim.variables() {
        place.set(name, &value);
    }
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    // Slow syncs make concurrent deliveries share a commit.
    shim.faults(&["sync * WAIT"]);
    let mut sent = Vec::new();
    for (first, count) in [(1, 1), (100, 16), (200, 64)] {
        let deliveries: Vec<_> = (first..first + count).map(Delivery::new).collect();
        sent.extend(send_together(&address, &deliveries));
    }
    service.terminated();
    assert!(sent.iter().all(|sent| sent.says("accepted")), "{sent:?}");
    let transactions: Vec<(String, i64)> =
        sqlx::query_as("SELECT dedup_key, xmin::text::bigint FROM deliveries")
            .fetch_all(&mut database.connection().await)
            .await
            .unwrap();
    let of: BTreeMap<String, u32> =
        transactions.into_iter().map(|(key, number)| (key, number.try_into().unwrap())).collect();
    let trace = shim.seen();
    assert_eq!(answered_too_early(&trace, &sent, &of), Vec::<String>::new());
    let groups = of.values().collect::<std::collections::BTreeSet<_>>().len();
    assert!(groups < sent.len() / 2, "{} deliveries took {groups} commits", sent.len());

    // The check can fail: if no sync succeeded, or the answer was sent before it.
    let mut unsynced = trace.clone();
    let syncs = unsynced.calls.iter_mut().filter(|call| call.operation == Operation::Sync);
    syncs.for_each(|sync| sync.result = -5);
    assert_eq!(answered_too_early(&unsynced, &sent, &of).len(), sent.len());
    let mut early = trace.clone();
    let first = answer(&trace, &sent[0]).begin;
    let first_sync = trace.of(Operation::Sync).next().unwrap().begin;
    early.calls.iter_mut().filter(|call| call.begin == first).for_each(|call| call.begin = first_sync);
    assert_eq!(answered_too_early(&early, &sent[..1], &of), [format!("{} was not synced", sent[0].key)]);
}
