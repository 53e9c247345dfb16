//! The JSON documents of `misread limits`. Programs read them: the names must not change.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::ids::{AccountId, LotId, TicketId};
use crate::domain::limits::{Counted, Event, Happened, Limits, Measure, Most, Report, Sum, Trip};
use crate::ports::MovedLately;

/// The help on the JSON document of `limits show`.
pub(super) const SHOW_HELP: &str = "\
JSON(--json): {\"limits\": {per_action: {won}, per_day, per_lot_day, per_account_30_days: {won, count}}, \"moved\": {day: {won, count},
lots: [{lot_id, won, count}], accounts: [{account_id, won, count}]}, \"hour\": [{measure(won·refusals·hand_overs), now, usual, most}],
\"breaker\": {open, since, measure, in_hour, most}}";
/// The help on exit codes and the JSON document of `limits backtest`.
pub(super) const BACKTEST_HELP: &str = "\
종료 코드: 0 정상(막았을 티켓이 있어도 0), 1 실패, 2 잘못된 명령이나 설정. --exit-code를 쓰면 막았을 티켓이 있거나 차단기가 열렸을 때 3입니다.

JSON(--json): {\"movements\", \"won\", \"stopped\": [{limit(설정 이름), count, won, tickets: [{ticket_id, at, won}](--at-most까지)}],
\"trips\": [{at, measure, in_hour, usual, most}]}";

#[derive(Serialize)]
pub(super) struct Shown {
    limits: LimitsShown,
    moved: MovedShown,
    hour: Vec<HourShown>,
    breaker: BreakerShown,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "they are the names of the settings")]
struct LimitsShown {
    per_action: WonOnly,
    per_day: Amount,
    per_lot_day: Amount,
    per_account_30_days: Amount,
}

#[derive(Serialize)]
struct WonOnly {
    won: i64,
}

#[derive(Serialize)]
struct Amount {
    won: i64,
    count: u32,
}

#[derive(Serialize)]
struct MovedShown {
    day: Amount,
    lots: Vec<OfLot>,
    accounts: Vec<OfAccount>,
}

#[derive(Serialize)]
struct OfLot {
    lot_id: LotId,
    #[serde(flatten)]
    sum: Amount,
}

#[derive(Serialize)]
struct OfAccount {
    account_id: AccountId,
    #[serde(flatten)]
    sum: Amount,
}

#[derive(Serialize)]
struct HourShown {
    measure: Measure,
    now: i64,
    usual: i64,
    most: i64,
}

#[derive(Serialize)]
struct BreakerShown {
    open: bool,
    /// The time of the last opening or closing; `None` if the breaker never opened.
    since: Option<Timestamp>,
    measure: Option<Measure>,
    in_hour: Option<i64>,
    most: Option<i64>,
    lifted_by: Option<String>,
    lifted_because: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Backtested {
    movements: usize,
    won: i64,
    stopped: Vec<StoppedBy>,
    trips: Vec<Tripped>,
}

#[derive(Serialize)]
struct StoppedBy {
    limit: &'static str,
    count: usize,
    won: i64,
    tickets: Vec<StoppedTicket>,
}

#[derive(Serialize)]
struct StoppedTicket {
    ticket_id: TicketId,
    at: Timestamp,
    won: i64,
}

#[derive(Serialize)]
struct Tripped {
    at: Timestamp,
    measure: Measure,
    in_hour: i64,
    usual: i64,
    most: i64,
}

impl From<Most> for Amount {
    fn from(most: Most) -> Self {
        Self { won: most.won.0, count: most.times }
    }
}

impl From<Sum> for Amount {
    fn from(sum: Sum) -> Self {
        Self { won: sum.won, count: sum.times }
    }
}

pub(super) fn shown(
    limits: &Limits,
    moved: &MovedLately,
    counted: &Counted,
    latest: Option<&Happened>,
) -> Shown {
    let hour = |measure: Measure| HourShown {
        measure,
        now: counted.hour.of(measure),
        usual: counted.usual(measure),
        most: limits.breaker.most(measure, counted),
    };
    let lot = |(lot_id, sum): &(LotId, Sum)| OfLot { lot_id: lot_id.clone(), sum: (*sum).into() };
    let account = |(account_id, sum): &(AccountId, Sum)| OfAccount {
        account_id: account_id.clone(),
        sum: (*sum).into(),
    };
    Shown {
        limits: LimitsShown {
            per_action: WonOnly { won: limits.per_action.0 },
            per_day: limits.per_day.into(),
            per_lot_day: limits.per_lot.into(),
            per_account_30_days: limits.per_account.into(),
        },
        moved: MovedShown {
            day: moved.day.into(),
            lots: moved.lots.iter().map(lot).collect(),
            accounts: moved.accounts.iter().map(account).collect(),
        },
        hour: Measure::ALL.into_iter().map(hour).collect(),
        breaker: breaker(latest),
    }
}

fn breaker(latest: Option<&Happened>) -> BreakerShown {
    let trip: Option<&Trip> = latest.and_then(Happened::open);
    let (lifted_by, lifted_because) = match latest.map(|latest| &latest.event) {
        Some(Event::Lifted { by, because }) => (Some(by.clone()), because.clone()),
        Some(Event::Tripped(_)) | None => (None, None),
    };
    BreakerShown {
        open: trip.is_some(),
        since: latest.map(|latest| latest.at),
        measure: trip.map(|trip| trip.measure),
        in_hour: trip.map(|trip| trip.in_hour),
        most: trip.map(|trip| trip.most),
        lifted_by,
        lifted_because,
    }
}

/// The document of `limits backtest`, with at most `at_most` tickets for each limit.
pub(super) fn backtest(report: &Report, at_most: usize) -> Backtested {
    let stopped = report.stopped.iter().map(|(limit, stopped)| StoppedBy {
        limit,
        count: stopped.len(),
        won: stopped.iter().map(|one| one.won).sum(),
        tickets: stopped
            .iter()
            .take(at_most)
            .map(|one| StoppedTicket { ticket_id: one.ticket_id, at: one.at, won: one.won })
            .collect(),
    });
    let trip = |(at, trip): &(Timestamp, Trip)| Tripped {
        at: *at,
        measure: trip.measure,
        in_hour: trip.in_hour,
        usual: trip.usual,
        most: trip.most,
    };
    Backtested {
        movements: report.movements,
        won: report.won,
        stopped: stopped.collect(),
        trips: report.trips.iter().map(trip).collect(),
    }
}
