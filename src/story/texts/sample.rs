//! Sample customers for the preview: one for each situation in which a text may be sent.

use jiff::Timestamp;

use crate::domain::ids::{AccountId, LotId, UseId};
use crate::domain::parking::{Airport, Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won};
use crate::domain::policy::{Identity, Input, LotKind, Policy, Row, Status};

/// 2026-11-20, 14:05 in Seoul.
const ENTERED_AT: Timestamp = Timestamp::constant(1_795_151_100, 0);
/// Two hours later.
const EXITED_AT: Timestamp = Timestamp::constant(1_795_158_300, 0);

/// A customer who gets a text.
pub(super) struct Sample {
    /// The situation, in Korean.
    pub(super) label: String,
    /// The customer's use; `None` if the customer is not established as the holder.
    pub(super) parking_use: Option<ParkingUse>,
    /// Whether it is the first text on the ticket.
    pub(super) is_first: bool,
    /// Whether it follows an answer of the customer.
    pub(super) is_answer: bool,
    /// Whether it is read as a letter, not in a chat.
    pub(super) is_letter: bool,
}

/// Each sample with the text as the first one on the ticket, after an answer, after a wait, and in a chat.
pub(super) fn in_each_setting(samples: &[Sample]) -> Vec<Sample> {
    let settings = [
        ((true, false, true), "첫 글"),
        ((false, true, true), "답변에 이어"),
        ((false, false, true), "기다린 뒤"),
        ((true, false, false), "첫 글, 메시징"),
        ((false, true, false), "답변에 이어, 메시징"),
    ];
    let settings = settings.into_iter().flat_map(|((is_first, is_answer, is_letter), setting)| {
        samples.iter().map(move |sample| Sample {
            label: format!("{} · {setting}", sample.label),
            parking_use: sample.parking_use.clone(),
            is_first,
            is_answer,
            is_letter,
        })
    });
    settings.collect()
}

/// One sample for each identity to which a row sends this macro; without such a row, one of unknown identity. They have
/// no use: nothing about a use is disclosed to them.
pub(super) fn strangers(policy: &Policy, name: &str) -> Vec<Sample> {
    let sample = |label: String| Sample {
        label,
        parking_use: None,
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    let rows = policy.rows().filter(|row| row.reply() == Some(name));
    let of_rows: Vec<Sample> = rows
        .flat_map(|row| {
            let read_by = Identity::ALL.iter().filter(|identity| row.allows(**identity));
            read_by.map(|identity| sample(format!("{} · {}", row.id, identity_of(*identity))))
        })
        .collect();
    if of_rows.is_empty() { vec![sample(identity_of(Identity::Unknown))] } else { of_rows }
}

/// `작성자: 확인 안 됨`
fn identity_of(identity: Identity) -> String {
    format!("{}: {}", Identity::KOREAN, identity.korean())
}

/// Holders in every situation of the rows that send this macro; in all situations if no row sends it.
pub(super) fn holders(policy: &Policy, name: &str) -> Vec<Sample> {
    let rows = policy.rows().filter(|row| row.reply() == Some(name));
    let of_rows: Vec<Sample> = rows.flat_map(|row| of_situations(Some(row))).collect();
    if of_rows.is_empty() { of_situations(None) } else { of_rows }
}

fn of_situations(row: Option<&Row>) -> Vec<Sample> {
    let allows_status = |status: &Status| row.is_none_or(|row| row.allows(*status));
    let allows_lot = |lot: &LotKind| row.is_none_or(|row| row.allows(*lot));
    let lot = LotKind::ALL.iter().copied().find(allows_lot).unwrap_or(LotKind::Open);
    let statuses = Status::ALL.iter().copied().filter(allows_status);
    let uses = statuses.filter_map(|status| Some((status, use_status(status)?)));
    uses.flat_map(|(status, of_use)| {
        [false, true].map(|verified| sample(row, (status, of_use), lot, verified))
    })
    .collect()
}

fn sample(row: Option<&Row>, (status, of_use): (Status, UseStatus), lot: LotKind, verified: bool) -> Sample {
    let row = row.map_or(String::new(), |row| format!("{} · ", row.id));
    let ownership = if verified { "소유인증 완료" } else { "소유인증 안 됨" };
    Sample {
        label: format!("{row}{} · {ownership}", status.korean()),
        parking_use: Some(parking_use(of_use, lot, verified)),
        is_first: true,
        is_answer: false,
        is_letter: true,
    }
}

/// `None` for states in which a person answers: settled already, or unknown.
fn use_status(status: Status) -> Option<UseStatus> {
    match status {
        Status::InUse => Some(UseStatus::InUse),
        Status::Completed => Some(UseStatus::Completed),
        Status::Unpaid => Some(UseStatus::Unpaid),
        Status::CancelledByCustomer => Some(UseStatus::CancelledByCustomer),
        Status::Settled | Status::Unknown => None,
    }
}

fn parking_use(status: UseStatus, kind: LotKind, ownership_verified: bool) -> ParkingUse {
    let charged = matches!(status, UseStatus::Completed | UseStatus::Unpaid);
    ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acc-1"),
        vehicle: Vehicle { plate: "12가3456".to_owned(), ownership_verified },
        lot: lot(kind),
        status,
        entered_at: ENTERED_AT,
        exited_at: charged.then_some(EXITED_AT),
        amount: charged.then_some(Won(12_000)),
        compensation: None,
    }
}

fn lot(kind: LotKind) -> Lot {
    let (name, region) = match kind {
        LotKind::Open | LotKind::Unknown => ("강남 센트럴타워 주차장", "서울 강남구 역삼동"),
        LotKind::Closed => ("신촌 명물거리 주차장", "서울 서대문구 창천동"),
        LotKind::Incheon | LotKind::IncheonClosed => ("인천공항 제1여객터미널", "인천 중구 운서동"),
    };
    Lot {
        id: LotId::new("lot-1"),
        name: name.to_owned(),
        region: region.to_owned(),
        operation: Operation::Partner,
        linkage: Linkage::Linked,
        closed: kind == LotKind::Closed,
        airport: (kind == LotKind::Incheon).then_some(Airport::Incheon),
        self_cancel: kind == LotKind::Open,
    }
}
