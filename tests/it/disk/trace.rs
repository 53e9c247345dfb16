//! What the preloaded library wrote down, as calls in true order.

use std::collections::HashMap;

/// What a call was about; the numbers are the library's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Create = 1,
    Write,
    Truncate,
    Sync,
    Remove,
    Rename,
    Link,
    Send,
}

/// One call. Times are places in the trace: where one call's end is before another's begin, so it was in the world.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) begin: usize,
    /// `None`: it had not ended when the trace was read.
    pub(super) end: Option<usize>,
    /// What it returned; for a failure minus the error's number.
    pub(super) result: i64,
    /// Of the file; empty for a socket.
    pub(super) path: String,
    pub(super) inode: u64,
    /// Where a write goes, the length of a truncation, the port at a socket's other end.
    pub(super) offset: u64,
    /// What was written; the other name where there are two.
    pub(super) data: Vec<u8>,
}

impl Call {
    /// Whether it ended well.
    pub(super) fn is_done(&self) -> bool {
        self.end.is_some() && self.result >= 0
    }

    /// Whether it ended well before `moment`.
    pub(super) fn is_done_by(&self, moment: usize) -> bool {
        self.result >= 0 && self.end.is_some_and(|end| end < moment)
    }

    /// Whether the file's path ends so.
    pub(super) fn is_on(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        self.data.windows(text.len()).any(|part| part == text.as_bytes())
    }
}

/// All calls, in the order in which they began.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    pub(super) calls: Vec<Call>,
    /// One after the last time.
    pub(super) end: usize,
}

impl Trace {
    /// Reads a trace; a record that is still being written is left out.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let (mut calls, mut open, mut reader): (Vec<Call>, HashMap<i64, usize>, _) =
            (Vec::new(), HashMap::new(), Reader(bytes));
        let mut time = 0;
        while let Some(record) = reader.record() {
            let Record { is_end, thread, call } = record;
            if call.operation == Operation::Create {
                // Told only when the file is there.
                calls.push(Call { begin: time, end: Some(time), ..call });
            } else if is_end {
                let begun = &mut calls[open.remove(&thread).expect("what ends has begun")];
                assert_eq!(begun.operation, call.operation, "a thread makes one call at a time");
                (begun.end, begun.result) = (Some(time), call.result);
            } else {
                open.insert(thread, calls.len());
                calls.push(Call { begin: time, end: None, ..call });
            }
            time += 1;
        }
        Self { calls, end: time }
    }

    pub(super) fn of(&self, operation: Operation) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.operation == operation)
    }
}

struct Record {
    is_end: bool,
    thread: i64,
    call: Call,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn record(&mut self) -> Option<Record> {
        let [phase, operation] = self.number()?;
        let path_length = usize::from(u16::from_ne_bytes(self.number()?));
        let data_length = usize::try_from(u32::from_ne_bytes(self.number()?)).unwrap();
        let [thread, offset, result] =
            [self.number()?, self.number()?, self.number()?].map(i64::from_ne_bytes);
        let inode = u64::from_ne_bytes(self.number()?);
        let path = String::from_utf8(self.take(path_length)?.to_vec()).unwrap();
        let data = self.take(data_length)?.to_vec();
        let operation = match operation {
            1 => Operation::Create,
            2 => Operation::Write,
            3 => Operation::Truncate,
            4 => Operation::Sync,
            5 => Operation::Remove,
            6 => Operation::Rename,
            7 => Operation::Link,
            8 => Operation::Send,
            unknown => panic!("operation {unknown}"),
        };
        let offset = u64::try_from(offset).unwrap();
        let call = Call { operation, begin: 0, end: None, result, path, inode, offset, data };
        Some(Record { is_end: phase == 2, thread, call })
    }

    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N).map(|bytes| bytes.try_into().unwrap())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
