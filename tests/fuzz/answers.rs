//! What holds of every failure that a client tells: it is short, in its time, and quotes nothing of the answer.

use std::time::Duration;

use misread::ports::CallError;

/// Customers, lots and plates have Korean names; an ASCII text quotes none of them.
pub(super) fn check_told(reason: &str) {
    assert!(reason.len() < 2000, "{} bytes are told", reason.len());
    assert!(reason.is_ascii() && !reason.contains(char::is_control), "it may quote a customer: {reason}");
}

pub(super) fn check_failure(failure: &CallError) {
    match failure {
        CallError::Retry { after, reason } => {
            let window = Duration::from_secs(1)..=Duration::from_mins(10);
            assert!(after.is_none_or(|after| window.contains(&after)), "{after:?}");
            check_told(reason);
        }
        CallError::NotYet { wait } => assert!(*wait <= Duration::from_mins(10), "{wait:?}"),
        CallError::Unknown { reason } | CallError::Permanent { reason } => check_told(reason),
    }
}
