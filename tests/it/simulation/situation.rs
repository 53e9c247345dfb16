//! The beginning of a run: an account, its uses, the writer, and the ticket's content.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use misread::domain::ids::{AccountId, LotId, UseId};
use misread::domain::parking::{
    Account, Airport, Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won,
};
use misread::domain::ticket::{Requester, UserRole};

use super::opening::{ANOTHER_PLATE, Excluded, Kind as Opened, Opening, exclude, retie};
use super::rng::Rng;
use super::utterances::{Kind, Matter, UTTERANCES};

/// 14:00 in Korea.
pub(super) const BIRTH: &str = "2026-11-20T05:00:00Z";
/// The cap of compensations in these runs.
pub(super) const CAP: Won = Won(30_000);

/// The facts at the beginning, with the labels for the oracle.
#[derive(Clone, Debug)]
pub(super) struct Situation {
    pub(super) account: Account,
    pub(super) uses: Vec<ParkingUse>,
    pub(super) requester: Requester,
    /// The plate field as typed, and the plate that it means.
    pub(super) plate: (Option<String>, Option<String>),
    /// The field 이용 일시 as typed, and the day that it means.
    pub(super) used_at: (Option<String>, Option<Date>),
    pub(super) message: String,
    pub(super) opening: Opening,
    /// The plate that the message names.
    pub(super) named: Option<String>,
    pub(super) excluded: Option<Excluded>,
    pub(super) wish: Option<Matter>,
}

/// Name, region, and their differences: no name is part of another text.
const LOTS: [(&str, &str); 4] = [
    ("한빛타워 지하주차장", "서울 강남구 역삼동"),
    ("소망상가 제2주차장", "경기 성남시 백현동"),
    ("푸른언덕 노외주차장", "부산 해운대구 우동"),
    ("제1터미널 장기주차장", "인천 중구 운서동"),
];
const PLATES: [&str; 3] = ["12가3456", "123나4567", "서울32다1187"];
/// The charges of the first use; one of them is the cap, and one is just above it.
const AMOUNTS: [i64; 5] = [4_300, 17_500, 30_000, 30_100, 48_700];
const AMOUNTS_OF_OTHERS: [i64; 4] = [0, 5_200, 6_600, 7_900];

impl Situation {
    /// `evidence` draws the writer and their words separately, so that the rest of a run stays the same.
    pub(super) fn random(rng: &mut Rng, evidence: &mut Rng) -> Self {
        let holder = AccountId::new("acct-holder");
        let verified = rng.percent(50);
        let registered = if rng.percent(35) { 2 } else { 1 };
        let vehicle = |plate: &str| Vehicle { plate: plate.to_owned(), ownership_verified: verified };
        let account = Account {
            id: holder.clone(),
            vehicles: PLATES[..registered].iter().map(|plate| vehicle(plate)).collect(),
            pass_active: rng.percent(50),
        };
        let count = rng.weigh(&[(86, 1), (10, 2), (2, 3), (2, 0)]);
        let uses: Vec<ParkingUse> = (0..count).map(|nth| a_use(rng, nth, &account)).collect();
        let (plate, used_at) = (plate(rng, &uses), used_at(rng, &uses));
        let external_id = match rng.between(0, 99) {
            0..78 => Some(holder),
            78..80 => Some(AccountId::new("acct-stranger")),
            _ => None,
        };
        let mut requester = Requester {
            id: 501,
            name: rng.pick(&["김서연", "{{ticket.id}}", "박 지훈\n{% raw %}"]).to_owned(),
            verified: external_id.is_some() && rng.percent(75),
            external_id,
            role: Some(UserRole::EndUser),
            suspended: false,
        };
        let (honest, wish) = first_message(rng);
        let excluded = Excluded::random(evidence);
        retie(&mut requester, evidence);
        exclude(&mut requester, excluded);
        let mut opening = Opening::random(evidence);
        let read_as_typed = plate.0.is_none() || plate.1.is_some();
        if !read_as_typed && matches!(opening.kind, Opened::SamePlate | Opened::OtherPlate) {
            opening.kind = Opened::Honest;
        }
        let of_use = uses.first().map_or(PLATES[0], |parking_use| parking_use.vehicle.plate.as_str());
        let named = match opening.kind {
            Opened::SamePlate => Some(of_use.to_owned()),
            Opened::OtherPlate => Some(ANOTHER_PLATE.to_owned()),
            _ => None,
        };
        let message = opening.text(honest, of_use);
        let wish = wish.filter(|_| !matches!(opening.kind, Opened::Against(_) | Opened::Blank));
        Self { account, uses, requester, plate, used_at, message, opening, named, excluded, wish }
    }

    /// The plate that the customer gave in the field, or else in the message.
    pub(super) fn given_plate(&self) -> Option<&String> {
        self.plate.1.as_ref().or(self.named.as_ref())
    }
}

fn first_message(rng: &mut Rng) -> (String, Option<Matter>) {
    let mut message = rng
        .pick(&["저 주차한 적 없는데 결제됐어요. 취소해 주세요.", "본인 미사용입니다", "거기 간 적이 없어요"])
        .to_owned();
    let wishes: Vec<_> = UTTERANCES.iter().filter(|said| matches!(said.kind, Kind::Wish(_))).collect();
    let wish = rng.percent(25).then(|| *rng.pick(&wishes));
    if let Some(wish) = wish {
        message = format!("{message} {}", wish.text);
    }
    let matter = wish.and_then(|wish| if let Kind::Wish(matter) = wish.kind { Some(matter) } else { None });
    (message, matter)
}

/// The nth use; no two share a lot, a day or an amount.
pub(super) fn a_use(rng: &mut Rng, nth: usize, account: &Account) -> ParkingUse {
    let status = rng.weigh(&[
        (30, UseStatus::Completed),
        (25, UseStatus::Unpaid),
        (25, UseStatus::InUse),
        (10, UseStatus::CancelledByCustomer),
        (4, UseStatus::Refunded),
        (3, UseStatus::Withdrawn),
        (3, UseStatus::Unknown),
    ]);
    let birth: Timestamp = BIRTH.parse().unwrap();
    let days = if status == UseStatus::InUse { 0 } else { 2 + 3 * i64::try_from(nth).unwrap() };
    let days = if status == UseStatus::Unpaid && nth == 0 && rng.percent(30) { 400 } else { days };
    let minutes = rng.between(30, 180);
    let entered_at = birth - SignedDuration::from_hours(24 * days) - SignedDuration::from_mins(minutes);
    let ended = status != UseStatus::InUse;
    let vehicles: Vec<&Vehicle> = account.vehicles.iter().collect();
    ParkingUse {
        id: UseId::new(format!("use-{nth}")),
        account_id: account.id.clone(),
        vehicle: rng.pick(&vehicles).clone(),
        lot: lot(rng, nth),
        status,
        entered_at,
        exited_at: ended.then(|| entered_at + SignedDuration::from_mins(20)),
        amount: (ended && !rng.percent(4)).then(|| amount(rng, nth)),
        compensation: None,
    }
}

/// The charge of the nth use.
pub(super) fn amount(rng: &mut Rng, nth: usize) -> Won {
    Won(if nth == 0 { rng.pick(&AMOUNTS) } else { AMOUNTS_OF_OTHERS[nth % 4] })
}

fn lot(rng: &mut Rng, nth: usize) -> Lot {
    let kind = rng.between(0, 99);
    let (incheon, closed) = match kind {
        0..40 => (false, false),
        40..75 => (false, true),
        75..97 => (true, false),
        _ => (true, true),
    };
    let (name, region) = if incheon { LOTS[3] } else { LOTS[nth % 3] };
    Lot {
        id: LotId::new(format!("lot-{nth}")),
        name: name.to_owned(),
        region: region.to_owned(),
        operation: rng.weigh(&[
            (60, Operation::Partner),
            (if incheon { 10 } else { 37 }, Operation::Direct),
            (3, Operation::Unknown),
        ]),
        linkage: rng.pick(&[Linkage::Linked, Linkage::Unlinked, Linkage::Other]),
        closed,
        airport: if rng.percent(2) { Some(Airport::Unknown) } else { incheon.then_some(Airport::Incheon) },
        self_cancel: !incheon && rng.percent(75),
    }
}

fn plate(rng: &mut Rng, uses: &[ParkingUse]) -> (Option<String>, Option<String>) {
    let right = uses.first().map_or(PLATES[0].to_owned(), |parking_use| parking_use.vehicle.plate.clone());
    match rng.between(0, 99) {
        0..48 => (Some(right.clone()), Some(right)),
        48..57 => (Some(format!(" {right}. ")), Some(right)),
        57..60 => (Some("77허7777".to_owned()), Some("77허7777".to_owned())),
        60..65 => (Some("모름".to_owned()), None),
        _ => (None, None),
    }
}

fn used_at(rng: &mut Rng, uses: &[ParkingUse]) -> (Option<String>, Option<Date>) {
    let Some(first) = uses.first() else {
        return (None, None);
    };
    let day = day(first.entered_at);
    match rng.between(0, 99) {
        0..22 => (Some(day.to_string()), Some(day)),
        22..24 => (Some(day.yesterday().unwrap().to_string()), day.yesterday().ok()),
        24..30 => (Some("며칠 전".to_owned()), None),
        _ => (None, None),
    }
}

/// The day in Korea.
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Asia/Seoul").unwrap()).date()
}
