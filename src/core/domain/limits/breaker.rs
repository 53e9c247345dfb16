//! The circuit breaker: if an hour exceeds the usual rate, every effect needs a person until a person lifts the breaker.
//!
//! The limits stop what is too much for one account, lot or day. The breaker stops what no single limit detects: a parking
//! system that suddenly refuses everything, a policy change that hands every ticket over, amounts that are all ten times
//! too high.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::parking::Won;

/// The span that is compared with the usual rate.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The span before it that defines the usual rate.
pub const WEEK: SignedDuration = SignedDuration::from_hours(HOURS_OF_A_WEEK);
const HOURS_OF_A_WEEK: i64 = 7 * 24;
/// A younger ledger has no usual rate yet: its first hours are averaged over a whole day.
const FEWEST_HOURS: i64 = 24;

/// The quantities that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The money moved, in KRW.
    Won,
    /// Actions that the parking system refused.
    Refusals,
    /// Tickets that were handed over to a team.
    HandOvers,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 3] = [Self::Won, Self::Refusals, Self::HandOvers];

    /// Its name in the ledger and in logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Refusals => "refusals",
            Self::HandOvers => "hand_overs",
        }
    }

    /// Its Korean name in the centre.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Won => "자동 처리 금액",
            Self::Refusals => "주차 시스템이 거절한 요청",
            Self::HandOvers => "상담사에게 넘긴 티켓",
        }
    }

    /// An amount of it in Korean.
    pub fn amount(self, amount: i64) -> String {
        match self {
            Self::Won => Won(amount).to_string(),
            Self::Refusals | Self::HandOvers => format!("{amount}건"),
        }
    }
}

/// The count of each measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// KRW.
    pub won: i64,
    /// Refused actions.
    pub refusals: i64,
    /// Tickets.
    pub hand_overs: i64,
}

impl Tally {
    /// The count of this measure.
    pub fn of(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Won => self.won,
            Measure::Refusals => self.refusals,
            Measure::HandOvers => self.hand_overs,
        }
    }

    /// The count of this measure, mutable.
    pub fn of_mut(&mut self, measure: Measure) -> &mut i64 {
        match measure {
            Measure::Won => &mut self.won,
            Measure::Refusals => &mut self.refusals,
            Measure::HandOvers => &mut self.hand_overs,
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            won: self.won.saturating_add(more.won),
            refusals: self.refusals.saturating_add(more.refusals),
            hand_overs: self.hand_overs.saturating_add(more.hand_overs),
        }
    }

    /// The difference of both.
    #[must_use]
    pub fn minus(self, less: Self) -> Self {
        self.plus(Self { won: -less.won, refusals: -less.refusals, hand_overs: -less.hand_overs })
    }

    /// Whether all counts are zero.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// When the breaker opens; from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// An hour is too much above this multiple of the usual rate.
    pub factor: u32,
    /// An hour is never too much up to here, however low the usual rate is.
    pub at_least: Tally,
}

/// The counts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// In the last [`HOUR`], or since the breaker was lifted.
    pub hour: Tally,
    /// In the [`WEEK`] before that.
    pub before: Tally,
    /// How long before that hour the oldest event was counted; `None`: there is none.
    pub reaches_back: Option<SignedDuration>,
}

/// An hour that exceeded the usual rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The measure that exceeded it.
    pub measure: Measure,
    /// The hour's amount, including what was about to be moved.
    pub in_hour: i64,
    /// The usual amount of an hour.
    pub usual: i64,
    /// The highest amount that would have passed.
    pub most: i64,
}

impl Breaker {
    /// The highest amount of a measure that an hour may have.
    pub fn most(&self, measure: Measure, counted: &Counted) -> i64 {
        counted.usual(measure).saturating_mul(self.factor.into()).max(self.at_least.of(measure))
    }

    /// The first measure by which an hour exceeds the usual rate.
    pub fn trip(&self, counted: &Counted) -> Option<Trip> {
        Measure::ALL.into_iter().find_map(|measure| {
            let (in_hour, most) = (counted.hour.of(measure), self.most(measure, counted));
            let usual = counted.usual(measure);
            (in_hour > most).then_some(Trip { measure, in_hour, usual, most })
        })
    }
}

impl Counted {
    /// The usual amount of an hour: the mean over the week before, including nights and weekends; the factor allows for
    /// peaks.
    pub fn usual(&self, measure: Measure) -> i64 {
        let hours = self.reaches_back.map_or(0, |span| span.as_hours()).clamp(FEWEST_HOURS, HOURS_OF_A_WEEK);
        self.before.of(measure) / hours
    }
}

/// In Korean, for notes and operators.
impl fmt::Display for Trip {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { measure, in_hour, most, .. } = self;
        let (in_hour, most) = (measure.amount(*in_hour), measure.amount(*most));
        // Both amounts end in 원 or 건, which take these particles.
        write!(text, "최근 한 시간 집계: {} {in_hour}이 기준 {most}을 넘었습니다.", measure.korean())
    }
}

/// The events in the breaker's own journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Event {
    Tripped(Trip),
    /// A person lifted it.
    Lifted {
        by: String,
        /// The reason, in their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
}

/// An event with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Happened {
    pub at: Timestamp,
    pub event: Event,
}

impl Happened {
    /// The trip that keeps the breaker open, if this is the latest event.
    pub fn open(&self) -> Option<&Trip> {
        match &self.event {
            Event::Tripped(trip) => Some(trip),
            Event::Lifted { .. } => None,
        }
    }
}
