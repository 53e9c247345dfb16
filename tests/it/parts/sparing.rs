use std::sync::{Arc, Mutex};

use misread::telemetry::sparing::Sparing;
use tracing::subscriber::with_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer, Registry};

/// Counts the lines that pass.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<u64>>);

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        *self.0.lock().unwrap() += 1;
    }
}

#[test]
fn the_first_lines_of_a_failure_are_logged_and_the_others_counted() {
    let (sparing, lines) = (Sparing::default(), Lines::default());
    let logged = || std::mem::take(&mut *lines.0.lock().unwrap());
    with_default(Registry::default().with(sparing.clone()).with(lines.clone()), || {
        let refuse = |kind: &str| tracing::warn!(kind, "refused");
        (0..25).for_each(|_| refuse("too large"));
        assert_eq!(logged(), 10);
        refuse("token");
        assert_eq!(logged(), 1, "each kind has its own count");
        (0..25).for_each(|number| tracing::error!(number, "from another place"));
        (0..25).for_each(|_| tracing::info!("no failure"));
        assert_eq!(logged(), 10 + 25);
        let mut spared = sparing.take(|_| true);
        spared.sort();
        let told = |(message, kind): (&str, &str)| (message.to_owned(), kind.to_owned(), 15);
        assert_eq!(spared, [("from another place", ""), ("refused", "too large")].map(told));
        refuse("too large");
        assert_eq!(logged(), 1, "its minute begins anew");
        assert_eq!(sparing.take(|_| true), []);
    });
}
