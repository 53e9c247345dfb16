use jiff::Timestamp;
use misread::domain::case::{Entry, PauseCause, StuckCause};

#[test]
fn a_pause_and_a_stop_read_back_as_they_were_written() {
    let failed = PauseCause::Failed { error: "GET /accounts/{account_id}: 503".to_owned() };
    let pauses = [
        PauseCause::WriteInFlight,
        PauseCause::JobInFlight,
        PauseCause::AccountUpdates,
        PauseCause::TicketUpdates,
        PauseCause::AccountRequests,
        PauseCause::Stopping,
        PauseCause::Conflicts,
        PauseCause::TicketMissing,
        failed.clone(),
    ];
    let stuck = [
        StuckCause::Failures { times: 12, last: failed },
        StuckCause::Permanent { error: "PUT /api/v2/tickets/{id}: 400".to_owned() },
        StuckCause::Claims { times: 6 },
        StuckCause::Circles { steps: 64 },
        StuckCause::NoteRefused { error: "422".to_owned() },
        StuckCause::CustomerNotInformed,
        StuckCause::NothingSaid,
        StuckCause::WriteBeforeRead,
    ];
    let until = Timestamp::UNIX_EPOCH;
    let pauses = pauses.map(|cause| Entry::Deferred { until, reason: cause.into(), failed: true });
    for entry in pauses.into_iter().chain(stuck.map(|cause| Entry::Stuck { reason: cause.into() })) {
        let json = serde_json::to_string(&entry).unwrap();
        assert!(json.contains(r#""reason":{"cause":""#), "{json}");
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    }
}

#[test]
fn what_earlier_versions_wrote_of_a_stop_reads_as_it_did() {
    let json = r#"{"entry":"stuck","reason":"claimed 6 times without a recorded step"}"#;
    let entry: Entry = serde_json::from_str(json).unwrap();
    let Entry::Stuck { reason } = &entry else { panic!("{json}") };
    assert_eq!(reason.korean(), "claimed 6 times without a recorded step");
    assert_eq!(serde_json::to_string(&entry).unwrap(), json);
}

#[test]
fn operators_read_korean_and_engineers_english() {
    let cause = StuckCause::Failures { times: 12, last: PauseCause::Conflicts };
    assert_eq!(
        cause.to_string(),
        "gave up after 12 failures in a row; the last: conflicts in a row: somebody else keeps changing the same thing"
    );
    assert_eq!(
        cause.korean(),
        "12번 이어서 실패해 멈췄습니다. 마지막 오류: 다른 사람이 같은 것을 계속 바꾸고 있습니다"
    );
}
