//! On disk before the answer: an `fsync` completes between a delivery's write and its 200.

use super::scene::Scene;
use super::sender::{Delivery, Sent, send_together};
use super::trace::{Call, Operation, Trace};

/// The bytes of the header before each page of the write-ahead log. Its second word is the database's size for the last
/// page of a commit, otherwise 0 (sqlite.org/fileformat2.html#walformat).
const FRAME_HEADER: usize = 24;

/// The acknowledged deliveries that were not on disk when their answer began, each with the reason.
pub(super) fn answered_too_early(trace: &Trace, sent: &[Sent]) -> Vec<String> {
    let acknowledged = sent.iter().filter(|sent| sent.is_acknowledged());
    let told = acknowledged.filter_map(|sent| {
        let answer = answer(trace, sent).begin;
        let problem = match committed(trace, &sent.key) {
            Some(end) if is_synced(trace, end, answer) => return None,
            Some(_) => "was not synced",
            None => "was not committed",
        };
        Some(format!("{} {problem}", sent.key))
    });
    told.collect()
}

/// The call that sent the first bytes of the answer.
pub(super) fn answer<'a>(trace: &'a Trace, sent: &Sent) -> &'a Call {
    let to_sender = |call: &&Call| call.offset == u64::from(sent.port) && call.data.starts_with(b"HTTP/1.1 ");
    let mut answers = trace.of(Operation::Send).filter(to_sender);
    let answer = answers.next().expect("the answer was seen");
    assert!(answers.next().is_none(), "the port {} was used once", sent.port);
    answer
}

/// The time when the commit of this delivery was written, including its last page.
fn committed(trace: &Trace, key: &str) -> Option<usize> {
    let log: Vec<&Call> = trace.of(Operation::Write).filter(|call| call.is_on("-wal")).collect();
    let holds = log.iter().position(|call| call.contains(key))?;
    let header_of_commit = |call: &Call| call.data.len() == FRAME_HEADER && call.data[4..8] != [0; 4];
    // A page's header is written before the page.
    let header = (holds - 1..log.len()).find(|place| header_of_commit(log[*place]))?;
    let page =
        log[header + 1..].iter().find(|call| call.offset == log[header].offset + FRAME_HEADER as u64)?;
    page.is_done().then_some(page.end).flatten()
}

/// Whether the log was synced between two times.
fn is_synced(trace: &Trace, after: usize, before: usize) -> bool {
    trace.of(Operation::Sync).any(|sync| sync.is_on("-wal") && sync.begin > after && sync.is_done_by(before))
}

fn deliveries(numbers: std::ops::Range<usize>) -> Vec<Delivery> {
    numbers.map(Delivery::new).collect()
}

#[test]
fn every_delivery_is_on_disk_before_its_answer_also_in_group_commits() {
    let mut scene = Scene::new();
    let service = scene.serve();
    // Slow syncs make concurrent deliveries share a commit.
    scene.shim.faults(&["sync -wal WAIT"]);
    let mut sent = Vec::new();
    for (first, count) in [(1, 1), (100, 16), (200, 64), (300, 64)] {
        sent.extend(send_together(&service.address, &deliveries(first..first + count)));
    }
    service.process.terminated();
    assert!(sent.iter().all(|sent| sent.says("accepted")), "{sent:?}");
    let trace = scene.shim.seen();
    assert_eq!(answered_too_early(&trace, &sent), Vec::<String>::new());
    let mut commits: Vec<_> = sent.iter().map(|sent| committed(&trace, &sent.key)).collect();
    commits.dedup();
    let commits = commits.len();
    assert!(commits < sent.len() / 2, "{} deliveries took {commits} commits", sent.len());
    the_check_can_fail(&trace, &sent);
}

/// Falsifies the trace and expects a violation.
fn the_check_can_fail(trace: &Trace, sent: &[Sent]) {
    for sent in [&sent[0], &sent[10], &sent[100]] {
        let only = std::slice::from_ref(sent);
        let told = |trace: &Trace| answered_too_early(trace, only);
        let written = committed(trace, &sent.key).unwrap();
        // The answer is sent directly after the last write.
        let mut early = trace.clone();
        let place = early.calls.iter().position(|call| call.begin == answer(trace, sent).begin).unwrap();
        early.calls[place].begin = written + 1;
        assert_eq!(told(&early), [format!("{} was not synced", sent.key)]);
        // No sync succeeds, or it began before the last write had ended.
        for change in [|sync: &mut Call| sync.result = -5, |sync: &mut Call| sync.begin = 0] {
            let mut unsynced = trace.clone();
            let syncs = unsynced.calls.iter_mut().filter(|call| call.operation == Operation::Sync);
            syncs.for_each(change);
            assert_eq!(told(&unsynced), [format!("{} was not synced", sent.key)]);
        }
        let mut unwritten = trace.clone();
        unwritten.calls.retain(|call| call.operation != Operation::Write);
        assert_eq!(told(&unwritten), [format!("{} was not committed", sent.key)]);
    }
}

#[test]
fn what_a_killed_service_had_written_is_on_disk_before_it_is_called_a_repeat() {
    let mut scene = Scene::new();
    // The service also writes its chores at the start: a kill may strike one of those before the delivery is written.
    let repeated = (0..20).find_map(|round| {
        // It wakes no case.
        let delivery = Delivery { key: format!("delivery-{round:05}-of-nobody"), ticket: 0, ballast: 0 };
        let service = scene.serve();
        scene.shim.faults(&["sync -wal KILL"]);
        let first = delivery.send(&service.address);
        assert_eq!((first.answer.as_str(), service.process.ended().code), ("", None));
        scene.shim.faults(&[]);
        let service = scene.serve();
        let second = delivery.send(&service.address);
        assert!(second.is_acknowledged(), "{}", second.answer);
        second.says("repeat").then_some(second)
    });
    let second = repeated.expect("of twenty kills one strikes a delivery");
    assert_eq!(answered_too_early(&scene.shim.seen(), &[second]), Vec::<String>::new());
}
