//! Entries made of bytes: few ids, so that they meet; every kind, so that any may follow any.

use std::collections::BTreeSet;

use jiff::Timestamp;
use misread::domain::case::{
    Action, Awaited, Case, Effect, Ending, Entry, Escalation, EscalationCause, Heard, Named, Occasion, Order,
    OrderKind, Reason, StepBackCause, StuckCause, Waiting, Write, WriteKind,
};
use misread::domain::ids::{AccountId, EffectKey, LotId, Position, UseId};
use misread::domain::parking::{
    Account, Airport, Compensation, CompensationKind, Operation, ParkingUse, Receipt, UseStatus, Vehicle, Won,
};
use misread::domain::plate::Plate;
use misread::domain::policy::{Decision, InputValue, Outcome, Team, Trust};
use misread::domain::ticket::{
    Audience, ByMacro, ChangeAuthor, Place, Requester, Ticket, TicketChange, TicketStatus, TicketUpdate,
    UserRole, Warning,
};
use misread::domain::words::{Asked, Question, Wish};

use super::super::input::Input;
use super::super::samples::{ACTIONS, parking_use, playbook, situations, ticket_id, time};

const SAID: &[&str] = &[
    "제가 주차한 적이 없어요",
    "네 본인이고 제 차 맞아요",
    "아니요 제 차 아니에요",
    "네",
    "아니요",
    "쿠폰 받을게요",
    "쿠폰 필요 없어요",
    "감사합니다",
    "매번 문의해야 하나요?",
    "어떤 차량이 입차한 건가요?",
    "주차패스 해지해 주세요",
    "왜 주차장 이름을 가리나요?",
    "34나5678 맞아요",
    "환불이 아직 안 됐어요",
    "모르겠어요",
];
const QUESTIONS: &[&[Question]] = &[
    &[Question::Identity],
    &[Question::Vehicle],
    &[Question::Identity, Question::Vehicle],
    &[Question::Coupon],
    &[],
];
const KINDS: &[WriteKind] = &[
    WriteKind::Reply,
    WriteKind::Note,
    WriteKind::HandOver,
    WriteKind::StepBackNote,
    WriteKind::StuckNote,
    WriteKind::Reminder,
    WriteKind::SilentClose,
    WriteKind::Prepared,
    WriteKind::ShadowNote,
    WriteKind::Restore,
    WriteKind::TagNote,
    WriteKind::Resumed,
];
const ENDINGS: &[Ending] = &[
    Ending::Settled,
    Ending::Silent,
    Ending::HandedOver,
    Ending::Shadowed,
    Ending::SteppedBack,
    Ending::TicketClosed,
    Ending::TicketGone,
    Ending::AlreadySolved,
    Ending::NotOurs,
];
const OCCASIONS: &[Occasion] = &[
    Occasion::Start,
    Occasion::Customer,
    Occasion::GivenBack,
    Occasion::Released,
    Occasion::TimeUp { last: false },
    Occasion::TimeUp { last: true },
    Occasion::Ordered,
];
const WISHES: &[Wish] = &[Wish::SelfCancel, Wish::CancelPass, Wish::WhoWasIt, Wish::WhyHidden];

/// Any entry at all, whatever the journal says so far.
pub(super) fn any(input: &mut Input<'_>, case: &Case) -> Entry {
    match input.byte() % 26 {
        0 => Entry::Woken { delivery: input.byte().into(), kind: input.text(), received_at: None },
        1 => Entry::TicketRead { ticket: Box::new(ticket(input)) },
        2 => Entry::TicketGone,
        3 => changes(input, case),
        4 => account(input, AccountId::new("acct-1")),
        5 => uses(input),
        6 | 7 => Entry::Decided { decision: Box::new(decision(input)) },
        8 => heard(input),
        9 => Entry::TurnBegan {
            occasion: input.pick(OCCASIONS),
            audit_id: input.flag().then(|| input.byte().into()),
        },
        10 => {
            let (awaited, until, last) = (awaited(input), moment(input), input.flag());
            Entry::Waiting(Waiting { awaited, until: (!last).then_some(until), last })
        }
        11 => Entry::TimeUp,
        12 => Entry::NothingNew,
        13 | 14 => Entry::Intended {
            effect: effect(input),
            together: input.flag(),
            sealed: false,
            first_since: None,
        },
        15 | 16 => {
            let of = Position(u32::from(input.byte()) % (case.last.0 + 2));
            let effect = if input.flag() { effect(input) } else { Effect::Act(action(input)) };
            outcome(input, of, &effect)
        }
        17 => Entry::NotFound { of: Position(u32::from(input.byte()) % (case.last.0 + 2)) },
        18 => Entry::Escalated(escalation(input)),
        19 => Entry::SteppedBack { reason: stepped_back(input) },
        20 => Entry::Deferred {
            until: moment(input),
            reason: Reason::Prose(String::new()),
            failed: input.flag(),
        },
        21 => Entry::Ended { ending: input.pick(ENDINGS) },
        22 => Entry::Stuck { reason: stuck(input) },
        23 => order(input),
        24 => Entry::Erased { entries: case.last.0, ending: input.pick(ENDINGS), by: None },
        _ => Entry::WriteConflict { of: Position(u32::from(input.byte()) % (case.last.0 + 2)) },
    }
}

/// What operations order.
pub(super) fn order(input: &mut Input<'_>) -> Entry {
    let what = input.pick(&[OrderKind::Retry, OrderKind::HandOver]);
    Entry::Ordered { delivery: 1, order: Order { what, by: "운영자".to_owned(), reason: None } }
}

/// What a look at the ticket brings: mostly the ticket and its history.
pub(super) fn look(input: &mut Input<'_>, case: &Case) -> Vec<Entry> {
    if input.byte() == 255 {
        return vec![Entry::TicketGone];
    }
    vec![Entry::TicketRead { ticket: Box::new(ticket(input)) }, changes(input, case)]
}

pub(super) fn account(input: &mut Input<'_>, id: AccountId) -> Entry {
    let vehicles: Vec<Vehicle> = (0..input.byte() % 4)
        .map(|_| Vehicle {
            plate: input.pick(&["12가3456", "34나5678", ""]).to_owned(),
            ownership_verified: input.flag(),
        })
        .collect();
    let account = Account { id: id.clone(), vehicles, pass_active: true };
    Entry::AccountRead { id, account: (input.byte() != 255).then_some(account) }
}

pub(super) fn uses(input: &mut Input<'_>) -> Entry {
    let count = input.pick(&[1, 0, 2, 3]);
    Entry::UsesRead { uses: (0..count).map(|_| one_use(input)).collect(), has_more: input.byte() == 255 }
}

/// What became of an effect; at the end of the bytes, it was done.
pub(super) fn outcome(input: &mut Input<'_>, of: Position, effect: &Effect) -> Entry {
    let kind = input.byte() % 8;
    let reason = || "said no".to_owned();
    match (effect, kind) {
        (_, 1) => Entry::OutcomeUnknown { of, reason: reason() },
        (_, 2) => Entry::Refused {
            of,
            reason: reason(),
            ticket_closed: input.flag(),
            missing_fields: if input.flag() { vec!["환불 사유".to_owned()] } else { Vec::new() },
        },
        (Effect::Act(_), 3) => {
            Entry::ActionConflict { of, error: reason(), parking_use: Box::new(one_use(input)) }
        }
        (Effect::Write(_), 3) => Entry::WriteConflict { of },
        (Effect::Act(action), _) => {
            let parking_use = (action.action != ACTIONS[1]).then(|| after(action, one_use(input)));
            let receipt = Receipt {
                receipt_id: "r".to_owned(),
                done_at: moment(input),
                replayed: input.flag(),
                parking_use,
            };
            Entry::Acted { of, receipt: Box::new(receipt) }
        }
        (Effect::Write(_), _) => {
            let updated_at = moment(input);
            Entry::Written {
                of,
                audit_id: Some(input.byte().into()),
                updated_at,
                found_by_marker: false,
                crossed: input.flag(),
            }
        }
    }
}

fn after(action: &Action, found: ParkingUse) -> ParkingUse {
    ParkingUse { id: action.use_id.clone(), ..found }
}

fn ticket(input: &mut Input<'_>) -> Ticket {
    use TicketStatus::{Closed, Hold, New, Open, Pending, Solved, Unknown};
    let status = input.pick(&[Open, Open, Pending, New, Solved, Closed, Hold, Unknown]);
    let tags = input.pick(&[
        &["no_self_use"][..],
        &["no_self_use", "misread_done"],
        &["misread_waiting", "no_self_use"],
        &[],
    ]);
    let external_id = input.pick(&[Some("acct-1"), None, Some("acct-2")]).map(AccountId::new);
    Ticket {
        id: ticket_id(),
        status,
        updated_at: moment(input),
        description: String::new(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        group_id: None,
        assignee_id: None,
        requester: Requester {
            id: 7,
            name: "홍길동".to_owned(),
            external_id,
            verified: !input.flag(),
            role: Some(UserRole::EndUser),
            suspended: false,
        },
        plate: input.pick(&[Some("12가3456"), None, Some("모름"), Some("34나5678")]).map(str::to_owned),
        consultation_type: None,
        used_at: input
            .pick(&[None, Some("2026-11-20"), Some("11/20 14:05"), Some("어제")])
            .map(str::to_owned),
        comments: None,
        place: Place::default(),
        follows: None,
        audience: Audience {
            messaging: input.flag(),
            copies: usize::from(input.byte() % 2),
            ..Audience::default()
        },
    }
}

/// A history in which our own marks may stand.
fn changes(input: &mut Input<'_>, case: &Case) -> Entry {
    let mut changes: Vec<TicketChange> = (0..input.byte() % 8).map(|_| change(input, case)).collect();
    changes.sort_by_key(|change| (change.at, change.audit_id));
    Entry::ChangesRead { changes, held: None }
}

fn change(input: &mut Input<'_>, case: &Case) -> TicketChange {
    let author = input.pick(&[
        ChangeAuthor::Requester,
        ChangeAuthor::Service,
        ChangeAuthor::Rule,
        ChangeAuthor::Other { user_id: 9 },
    ]);
    let mark = || Position(u32::from(input.byte()) % (case.last.0 + 1));
    let marker = (author == ChangeAuthor::Service).then(mark);
    let said = match (author, input.byte()) {
        (ChangeAuthor::Requester, 255) => Some(input.text()),
        (ChangeAuthor::Requester, nth) => SAID.get(usize::from(nth)).map(|said| (*said).to_owned()),
        _ => None,
    };
    let tags = input.pick(&[&[][..], &["misread_airport_called"], &["misread_release"]]);
    TicketChange {
        audit_id: input.byte().into(),
        at: moment(input),
        author,
        marker: marker.map(|position| EffectKey::new(ticket_id(), position).to_string()),
        sealed: None,
        in_interface: true,
        spoke_publicly: input.flag(),
        said,
        added_tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
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

fn one_use(input: &mut Input<'_>) -> ParkingUse {
    use UseStatus::{CancelledByCustomer, Completed, InUse, Refunded, Unknown, Unpaid};
    let mut parking_use = parking_use();
    parking_use.id = UseId::new(input.pick(&["use-1", "use-2"]));
    parking_use.status = input.pick(&[Completed, Unpaid, InUse, Refunded, CancelledByCustomer, Unknown]);
    parking_use.lot.closed = input.flag();
    parking_use.lot.airport = input.pick(&[None, None, Some(Airport::Incheon), Some(Airport::Unknown)]);
    parking_use.lot.operation = input.pick(&[Operation::Partner, Operation::Direct, Operation::Unknown]);
    parking_use.amount =
        input.pick(&[Some(Won(8000)), None, Some(Won(90_000)), Some(Won(-1)), Some(Won(i64::MIN))]);
    parking_use.entered_at = moment(input);
    parking_use.vehicle.ownership_verified = input.flag();
    let granted = Compensation { kind: CompensationKind::Coupon, amount: Won(8000) };
    parking_use.compensation = (input.byte() == 255).then_some(granted);
    parking_use
}

fn decision(input: &mut Input<'_>) -> Decision {
    if input.flag() {
        let all = situations();
        return playbook().policy.decide(&all[usize::from(input.byte()) % all.len()]);
    }
    let reply =
        input.pick(&["payment_cancelled", "ask_both", "please_pay", "airport_interim", "gone"]).to_owned();
    let outcome = match input.byte() % 4 {
        0 => Outcome::Settle { actions: (0..input.byte() % 4).map(|_| input.pick(ACTIONS)).collect(), reply },
        1 => Outcome::Ask { questions: input.pick(QUESTIONS).to_vec(), reply },
        2 => Outcome::AwaitPayment { reply },
        _ => {
            let interim = input.flag().then_some(reply);
            Outcome::HandOver { team: input.pick(Team::ALL), todo: input.text(), interim }
        }
    };
    Decision {
        policy: "0".to_owned(),
        row: "row".to_owned(),
        reason: String::new(),
        trust: input.pick(&[Trust::Auto, Trust::Assist, Trust::Shadow]),
        inputs: vec![InputValue::of(
            "identity",
            input.pick(&["holder", "proven", "account_tied", "own_word", "unknown", "?"]),
            "",
        )],
        outcome,
    }
}

fn heard(input: &mut Input<'_>) -> Entry {
    let text = input.pick(SAID);
    Entry::Heard(Heard {
        audits: vec![input.byte().into()],
        reading: playbook().words.read(&Asked::of(input.pick(QUESTIONS)), text),
        understood: input.flag(),
        named: Named {
            plates: Plate::mentioned(text).iter().map(ToString::to_string).collect(),
            ..Named::default()
        },
        warnings: input.flag().then_some(Warning::NotSignedIn).into_iter().collect(),
        unreadable: usize::from(input.byte() % 2),
        doubtful: input.byte() == 8,
        automatic: input.byte() == 7,
    })
}

fn effect(input: &mut Input<'_>) -> Effect {
    if input.flag() {
        return Effect::Act(action(input));
    }
    let kind = input.pick(KINDS);
    let update = TicketUpdate {
        body: input.text(),
        public: kind.is_public(),
        status: Some(TicketStatus::Solved),
        group_id: None,
        tags: None,
        consultation_type: None,
        by_macro: ByMacro::default(),
    };
    Effect::Write(Write {
        kind,
        update,
        macro_name: Some("payment_cancelled".to_owned()),
        answers: (0..input.byte() % 3).map(|_| input.pick(WISHES)).collect(),
        awaits: input.flag().then(|| awaited(input)),
        promises: input.flag().then(String::new),
        hands_to: input.flag().then(|| input.pick(Team::ALL)),
        misspelt_tags: Box::default(),
    })
}

fn action(input: &mut Input<'_>) -> Action {
    let action = input.pick(ACTIONS);
    let amount = input.flag().then_some(Won(8000));
    Action {
        action,
        use_id: UseId::new(input.pick(&["use-1", "use-2"])),
        lot_id: LotId::new("lot-1"),
        amount,
    }
}

fn awaited(input: &mut Input<'_>) -> Awaited {
    match input.byte() % 4 {
        0 => Awaited::Answer { questions: input.pick(QUESTIONS).to_vec() },
        1 => Awaited::Payment,
        2 => Awaited::GiveBack,
        _ => Awaited::Release,
    }
}

fn moment(input: &mut Input<'_>) -> Timestamp {
    let nth = input.byte();
    match nth {
        255 => Timestamp::MAX,
        254 => Timestamp::MIN,
        _ => time("2026-11-22T03:04:05Z") + jiff::SignedDuration::from_secs(nth.into()),
    }
}

/// A cause, or the prose of an earlier version.
fn escalation(input: &mut Input<'_>) -> Escalation {
    let draft = input.flag().then(|| input.text());
    if input.flag() {
        return Escalation { reason: Reason::Prose("이유".to_owned()), todo: Some(input.text()), draft };
    }
    let cause = match input.byte() % 3 {
        0 => EscalationCause::WroteMeanwhile,
        1 => EscalationCause::CopiedPersonWrote { name: input.text() },
        _ => EscalationCause::Ordered { by: input.text(), stuck: input.flag().then(|| stuck(input)) },
    };
    Escalation { draft, ..cause.into() }
}

fn stepped_back(input: &mut Input<'_>) -> Reason<StepBackCause> {
    if input.flag() { Reason::Prose(input.text()) } else { StepBackCause::ChangedByOthers.into() }
}

fn stuck(input: &mut Input<'_>) -> Reason<StuckCause> {
    if input.flag() {
        Reason::Prose(input.text())
    } else {
        StuckCause::Permanent { error: input.text() }.into()
    }
}
