use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::ports::{Clock, ClockStanding, Clocks, LedgerTime, StoreError};

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_770_000_000_000 + millisecond).unwrap()
}

fn milliseconds(count: i64) -> SignedDuration {
    SignedDuration::from_millis(count)
}

/// A machine at the time zero, whose steady clock shows what it holds.
#[derive(Debug)]
struct Machine(Mutex<SignedDuration>);

#[async_trait]
impl Clock for Machine {
    fn now(&self) -> Timestamp {
        at(0)
    }

    fn steady(&self) -> SignedDuration {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, _: Timestamp) {}
}

/// A ledger whose clock shows this time, and which takes a while to say so.
#[derive(Debug)]
struct SlowLedger(Arc<Machine>, Timestamp, SignedDuration);

#[async_trait]
impl LedgerTime for SlowLedger {
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        *self.0.0.lock().unwrap() += self.2;
        Ok(Some(self.1))
    }
}

/// The ledger's time at the zero of the steady clock, and how far it is ahead, when its clock is asked.
async fn told(
    began: SignedDuration,
    theirs: Timestamp,
    took: SignedDuration,
) -> (Timestamp, Option<SignedDuration>) {
    let own = Arc::new(Machine(Mutex::new(began)));
    let clocks = Clocks::new(Arc::clone(&own) as Arc<dyn Clock>, SignedDuration::from_secs(30));
    clocks.ask(&SlowLedger(Arc::clone(&own), theirs, took)).await.unwrap();
    assert_eq!(own.steady(), began + took, "it is asked once");
    (clocks.now() - own.steady(), clocks.standing().database_ahead)
}

#[tokio::test]
async fn an_answer_is_taken_to_be_given_in_the_middle_of_the_wait_for_it() {
    let (anchor, ahead) = told(milliseconds(500), at(90_010), milliseconds(20)).await;
    assert_eq!((anchor, ahead), (at(89_500), Some(milliseconds(90_000))));
    let (_, level) = told(milliseconds(500), at(15), milliseconds(20)).await;
    assert_eq!(level, Some(SignedDuration::ZERO), "within what cannot be told");
}

#[test]
fn the_clock_that_is_furthest_off_beyond_the_bound_is_named() {
    let seconds = SignedDuration::from_secs;
    let standing =
        |database, desk| ClockStanding { database_ahead: database, desk_ahead: desk, at_most: seconds(30) };
    assert_eq!(standing(None, None).beyond(), None);
    assert_eq!(standing(Some(seconds(30)), Some(seconds(-30))).beyond(), None);
    let both = standing(Some(seconds(31)), Some(seconds(-90)));
    assert_eq!(both.beyond(), Some(("zendesk", seconds(-90))));
}
