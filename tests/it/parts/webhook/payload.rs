//! Valid and invalid bodies.

use misread::domain::ids::TicketId;
use misread::ports::DeliveryContent;
use misread::webhook::payload::read;
use proptest::prelude::*;

fn wake(id: i64, kind: &str) -> DeliveryContent {
    DeliveryContent::Wake { ticket_id: TicketId::try_from(id).unwrap(), kind: kind.to_owned() }
}

fn problem(body: &[u8]) -> String {
    match read(body) {
        DeliveryContent::Poison { problem } => problem,
        wake => panic!("taken as {wake:?}"),
    }
}

#[test]
fn a_trigger_names_its_ticket_as_text_or_as_a_number() {
    assert_eq!(read(br#"{"ticket_id":"35436","kind":"self_use"}"#), wake(35436, "self_use"));
    assert_eq!(read(br#"{"ticket_id":35436,"kind":"self_use"}"#), wake(35436, "self_use"));
    assert_eq!(read(b"{\n   \"ticket_id\": \"1\"\n}\n"), wake(1, "unspecified"));
    let with_more = r#"{"schema":"v1","ticket_id":"7","tags":"본인_미사용 vip","updated_at":"2026-01-02T03:04:05Z","x":[{}]}"#;
    assert_eq!(read(with_more.as_bytes()), wake(7, "unspecified"));
}

#[test]
fn a_kind_is_only_a_word_for_the_journal() {
    for kind in [r#""""#, r#""  ""#, "null", "5", "{}"] {
        let body = format!(r#"{{"ticket_id":1,"kind":{kind}}}"#);
        assert_eq!(read(body.as_bytes()), wake(1, "unspecified"), "{kind}");
    }
    let long = format!(r#"{{"ticket_id":1,"kind":"{}"}}"#, "가".repeat(5_000));
    assert_eq!(read(long.as_bytes()), wake(1, &"가".repeat(100)));
    assert_eq!(read(br#"{"ticket_id":1,"kind":"a\u0000\nb"}"#), wake(1, "ab"));
}

#[test]
fn an_event_names_its_ticket_in_its_detail() {
    let event = r#"{
   "account_id": 22129848, "id": "2b24ef10-19a5-4740-93bf-8f98ec4c4bc0", "subject": "zen:ticket:6159",
   "time": "2025-01-08T10:12:07.672717030Z", "type": "zen:event-type:ticket.comment_added",
   "zendesk_event_version": "2022-11-06",
   "detail": {"id": "6159", "status": "OPEN", "tags": ["vip"], "external_id": null},
   "event": {"comment": {"id": "8448387011838", "body": "text", "is_public": false}}
}
"#;
    assert_eq!(read(event.as_bytes()), wake(6159, "zen:event-type:ticket.comment_added"));
    let numeric = br#"{"type":"zen:event-type:ticket.created","detail":{"id":6159}}"#;
    assert_eq!(read(numeric), wake(6159, "zen:event-type:ticket.created"));
}

#[test]
fn nonsense_is_poison_with_a_clear_problem() {
    let deep = "[".repeat(100_000);
    let cases: &[(&[u8], &str)] = &[
        (b"", "not JSON at line 1, column 0"),
        (b"{\"ticket_id\":", "not JSON at line 1, column 13"),
        (b"ticket_id=5", "not JSON at line 1, column 2"),
        (b"\xef\xbb\xbf{\"ticket_id\":1}", "not JSON at line 1, column 1"),
        (b"{\"ticket_id\":1}{}", "not JSON at line 1, column 16"),
        (b"{\"ticket_id\":1,}", "not JSON at line 1, column 16"),
        (b"{\"ticket_id\":\"\xff\"}", "not UTF-8 from byte 15"),
        (deep.as_bytes(), "not JSON at line 1, column 128"),
        (b"[]", "not a JSON object"),
        (b"5", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "neither `ticket_id` nor an event's `type`"),
        (
            b"{\"type\":\"zen:event-type:user.created\",\"detail\":{\"id\":\"1\"}}",
            "an event whose `type` does not begin with `zen:event-type:ticket.`",
        ),
        (b"{\"type\":5}", "an event whose `type` does not begin with `zen:event-type:ticket.`"),
        (b"{\"type\":\"zen:event-type:ticket.created\"}", "a ticket event without `detail.id`"),
        (
            b"{\"type\":\"zen:event-type:ticket.created\",\"detail\":[1]}",
            "a ticket event without `detail.id`",
        ),
        (
            b"{\"type\":\"zen:event-type:ticket.created\",\"detail\":{\"id\":\"0\"}}",
            "`detail.id` is not a whole number from 1 up",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(problem(body), *expected, "{}", String::from_utf8_lossy(&body[..body.len().min(80)]));
    }
}

#[test]
fn a_ticket_id_that_is_none_is_poison() {
    let ids = [
        "\"\"",
        "\"{{ticket.id}}\"",
        "\"-1\"",
        "\" 5\"",
        "\"5.0\"",
        "0",
        "-3",
        "5.5",
        "1e3",
        "null",
        "true",
        "[1]",
        "{}",
    ];
    for id in ids.into_iter().chain(["9223372036854775808", "\"9223372036854775808\""]) {
        let body = format!(r#"{{"ticket_id":{id}}}"#);
        assert_eq!(problem(body.as_bytes()), "`ticket_id` is not a whole number from 1 up", "{id}");
    }
}

#[test]
fn of_a_key_that_stands_there_twice_the_last_one_counts() {
    assert_eq!(read(br#"{"ticket_id":1,"ticket_id":2}"#), wake(2, "unspecified"));
}

proptest! {
    #[test]
    fn no_poison_quotes_the_customers_words(words in "[가-힣]{4,40}", place in 0..4_usize) {
        let body = match place {
            0 => words.clone(),
            1 => format!(r#"{{"ticket_id":"{words}"}}"#),
            2 => format!(r#"{{"type":"zen:event-type:ticket.created","detail":{{"id":"{words}"}}}}"#),
            _ => format!(r#"{{"{words}":"{words}","type":"{words}"}}"#),
        };
        prop_assert!(!problem(body.as_bytes()).contains(&words));
    }

    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&body);
    }
}

#[test]
fn half_a_character_spoils_nothing_else() {
    let wake = read(br#"{"ticket_id":"35001","kind":"\ud83d","text":"\ude00 \ud83d"}"#);
    let ticket_id = TicketId::try_from(35_001).unwrap();
    assert_eq!(wake, DeliveryContent::Wake { ticket_id, kind: "\u{fffd}".to_owned() });
}
