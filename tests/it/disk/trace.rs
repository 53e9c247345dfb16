//! The preloaded library's records, as calls in their true order.

use std::collections::HashMap;

/// The kind of a call; the numbers are the library's.
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

/// One call. Times are positions in the trace: if one call's end is before another's begin there, it was so in reality.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) begin: usize,
    /// `None` if it had not ended when the trace was read.
    pub(super) end: Option<usize>,
    /// The call's result; for a failure the negative error number.
    pub(super) result: i64,
    /// The file's path; empty for a socket.
    pub(super) path: String,
    pub(super) inode: u64,
    /// The offset of a write, the length of a truncation, or the port at a socket's other end.
    pub(super) offset: u64,
    /// The written bytes, or the second name.
    pub(super) data: Vec<u8>,
}

impl Call {
    /// Whether it succeeded.
    pub(super) fn is_done(&self) -> bool {
        self.end.is_some() && self.result >= 0
    }

    /// Whether it succeeded before `moment`.
    pub(super) fn is_done_by(&self, moment: usize) -> bool {
        self.result >= 0 && self.end.is_some_and(|end| end < moment)
    }

    /// Whether the file's path has this ending.
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
    /// The time after the last call.
    pub(super) end: usize,
}

impl Trace {
    /// Reads a trace; an incomplete last record is left out.
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
