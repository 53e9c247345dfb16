use misread::domain::case::{Entry, EscalationCause, StepBackCause, StuckCause};
use misread::domain::ids::TicketId;
use misread::domain::limits::{Limit, Measure, Trip, UnfitAmount};
use misread::domain::parking::{ParkingAction, Won};

fn ticket(id: i64) -> TicketId {
    TicketId::try_from(id).unwrap()
}

fn causes() -> Vec<EscalationCause> {
    use EscalationCause::*;
    let above = UnfitAmount::AboveLimit { amount: Won(950_000), limit: Won(200_000) };
    vec![
        ReplyChanged,
        TrustLowered,
        AmountUnfit { problem: UnfitAmount::Absent },
        AmountUnfit { problem: UnfitAmount::NotPositive { amount: Won(-8_000) } },
        AmountUnfit { problem: above },
        LimitReached { limit: Limit::Lot },
        AskedInVain { times: 2 },
        ActionRefused { action: ParkingAction::Refund, reason: "use_settled".to_owned() },
        ActionNotDone { action: ParkingAction::Points },
        UseUnclear,
        ReplyRefused { reason: "422".to_owned(), missing_fields: Vec::new() },
        ReplyRefused { reason: "422".to_owned(), missing_fields: vec!["환불 사유".to_owned()] },
        ReplyUnwritable { macro_name: "use_cancelled".to_owned(), problem: "매크로가 없음".to_owned() },
        MessagingChannel,
        CopiedPeople { copies: 2 },
        WroteAfterSettled,
        PaymentOverdue,
        WroteBeforePayment,
        NoAnswer,
        CopiedPersonWrote { name: "김참조".to_owned() },
        OutsiderWrote,
        SolvedWhileAnswering,
        RequesterReplaced,
        WroteMeanwhile,
        SettledEarlier { ticket_id: ticket(7), action: ParkingAction::Coupon },
        FollowUpNamesNoUse { follows: ticket(7) },
        Ordered { by: "박운영".to_owned(), stuck: None },
        Ordered { by: "박운영".to_owned(), stuck: Some(StuckCause::Claims { times: 6 }.into()) },
    ]
}

#[test]
fn a_cause_in_the_journal_reads_back_as_it_was_written() {
    for cause in causes() {
        let entry = Entry::from(cause);
        let json = serde_json::to_string(&entry).unwrap();
        assert!(json.starts_with(r#"{"entry":"escalated","reason":{"cause":""#), "{json}");
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    }
    let trip = Trip { measure: Measure::Refusals, in_hour: 9, usual: 1, most: 5 };
    for entry in [
        Entry::SteppedBack { reason: StepBackCause::UnknownWrites.into() },
        Entry::Restrained { reason: trip.into() },
    ] {
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry, "{json}");
    }
}

/// Copied from a journal of the version that wrote prose.
#[test]
fn the_prose_of_earlier_versions_reads_as_it_did() {
    let read = |json| serde_json::from_str::<Entry>(json).unwrap();
    let json = r#"{"entry":"escalated","reason":"2번 여쭤보았습니다.","todo":"다시 확인해 주세요.","draft":"안녕하세요"}"#;
    let Entry::Escalated(escalation) = read(json) else { panic!("{json}") };
    assert_eq!(escalation.reason.to_string(), "2번 여쭤보았습니다.");
    assert_eq!(escalation.todo(), "다시 확인해 주세요.");
    assert_eq!(escalation.draft.as_deref(), Some("안녕하세요"));
    assert_eq!(serde_json::to_string(&Entry::Escalated(escalation)).unwrap(), json);
    for json in [
        r#"{"entry":"stepped_back","reason":"다른 담당자가 이미 고객님께 답변했습니다."}"#,
        r#"{"entry":"restrained","reason":"최근 한 시간 집계: 거절 9건이 기준 5건을 넘었습니다."}"#,
    ] {
        assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
    }
}

#[test]
fn every_cause_tells_agents_what_was_found_and_what_to_do_in_whole_sentences() {
    for cause in causes() {
        for text in [cause.to_string(), cause.todo()] {
            assert!(text.ends_with('.') && !text.ends_with(".."), "{cause:?}: {text}");
        }
    }
}
