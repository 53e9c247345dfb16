use std::collections::BTreeSet;

use jiff::Timestamp;
use misread::domain::case::{Case, Effect, EffectRecord, EffectState, WriteKind};
use misread::domain::ids::{EffectKey, Position, TicketId};
use misread::domain::marker;
use misread::domain::ticket::{ChangeAuthor, TicketChange, TicketUpdate};

use super::write;

fn note(text: &str) -> TicketUpdate {
    TicketUpdate::note(text.to_owned())
}

fn record(sealed: bool, audit_id: Option<i64>) -> EffectRecord {
    let write = write(WriteKind::Note, note("처리했습니다"));
    EffectRecord {
        position: Position(7),
        after: 0,
        effect: Effect::Write(write),
        together: false,
        sealed,
        audit_id,
        since: Timestamp::UNIX_EPOCH,
        state: EffectState::Unknown,
    }
}

fn change(author: ChangeAuthor, marker: Option<&str>, sealed: Option<&TicketUpdate>) -> TicketChange {
    TicketChange {
        audit_id: 12,
        at: Timestamp::UNIX_EPOCH,
        author,
        marker: marker.map(str::to_owned),
        sealed: sealed.map(marker::digest),
        in_interface: false,
        spoke_publicly: false,
        said: None,
        added_tags: Vec::new(),
        removed_tags: Vec::new(),
        touched: BTreeSet::new(),
        by_program: None,
        warnings: BTreeSet::new(),
        attachments: 0,
        requester_changed: false,
        said_by_other: None,
        outsider: None,
        service_user: None,
    }
}

#[test]
fn a_write_is_known_by_its_audit_or_by_its_sealed_marker() {
    let ticket = TicketId::try_from(5).unwrap();
    let key = EffectKey::new(ticket, Position(7));
    let (ours, own, other) = (ChangeAuthor::Service, note("처리했습니다"), note("환불했습니다"));
    let another = ChangeAuthor::Other { user_id: 9 };
    let marker = Some("misread-5-7");
    for (record, change, expected) in [
        (record(true, None), change(ours, marker, Some(&own)), true),
        (record(true, None), change(ours, marker, Some(&other)), false),
        (record(true, None), change(ours, marker, None), false),
        (record(true, None), change(ours, Some("misread-5-9"), Some(&own)), false),
        (record(true, None), change(another, marker, Some(&own)), false),
        (record(false, None), change(ours, marker, None), true),
        (record(false, None), change(ours, marker, Some(&other)), false),
        (record(false, None), change(another, marker, None), false),
        (record(true, Some(12)), change(ours, None, None), true),
        (record(true, Some(11)), change(ours, marker, Some(&own)), false),
    ] {
        assert_eq!(record.is(&change, &key), expected, "{record:?} {change:?}");
    }
}

#[test]
fn a_write_without_number_and_marker_is_the_services_first_change_after_its_intention() {
    let mut case = Case::new(TicketId::try_from(5).unwrap());
    let by = |author, audit_id| TicketChange { audit_id, ..change(author, None, None) };
    let (ours, another) = (ChangeAuthor::Service, ChangeAuthor::Other { user_id: 9 });
    case.changes = Some(vec![by(ours, 3), by(another, 7), by(ours, 8), by(ours, 9)]);
    for (after, audit_id, expected) in
        [(5, None, Some(8)), (8, None, Some(9)), (9, None, None), (5, Some(12), Some(12))]
    {
        let write = EffectRecord { after, ..record(true, audit_id) };
        assert_eq!(case.audit_of(&write), expected, "{after} {audit_id:?}");
    }
}
