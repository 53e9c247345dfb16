//! The service's log during a test.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::Registry;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Collects the log of this thread, which runs everything of a test's own runtime, until it is dropped.
pub(crate) struct Log {
    written: Written,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn collected() -> Self {
        // With only one subscriber, a concurrent test without any may reach a log line first and disable it for all;
        // with two, both are asked.
        static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Registry::default()));
        LazyLock::force(&SECOND);
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_max_level(tracing::Level::INFO)
            .with_writer(move || writer.clone());
        Self { written, _guard: subscriber.set_default() }
    }

    /// The lines whose message contains this.
    pub(crate) fn lines(&self, message: &str) -> Vec<Value> {
        let written = self.written.0.lock().unwrap();
        let all = std::str::from_utf8(&written).unwrap().lines();
        let parsed = all.map(|line| serde_json::from_str::<Value>(line).unwrap());
        parsed.filter(|line| line["message"].as_str().is_some_and(|told| told.contains(message))).collect()
    }

    /// The only such line.
    pub(crate) fn line(&self, message: &str) -> Value {
        let lines = self.lines(message);
        assert_eq!(lines.len(), 1, "`{message}`: {lines:#?}");
        lines[0].clone()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
