//! The breaker: where an hour leaves the usual, nothing goes out without a person any more until one lifts it.
//!
//! The limits stop what is too much of one account, lot or day. The breaker stops what no single limit sees: a parking system that
//! suddenly refuses everything, a policy change that hands every ticket over, amounts that are all ten times too high.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::parking::Won;

/// The span that is held against the usual.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The span before it that says what is usual.
pub const WEEK: SignedDuration = SignedDuration::from_hours(HOURS_OF_A_WEEK);
const HOURS_OF_A_WEEK: i64 = 7 * 24;
/// A ledger that is younger has no usual yet: its first hours are held against those of a whole day.
const FEWEST_HOURS: i64 = 24;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// KRW that were moved.
    Won,
    /// Actions that the parking system refused.
    Refusals,
    /// Tickets that were handed over to a team.
    HandOvers,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Won, Self::Refusals, Self::HandOvers];

    /// Its name in the ledger and in logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Refusals => "refusals",
            Self::HandOvers => "hand_overs",
        }
    }

    /// The centre's word for it.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Won => "자동 처리 금액",
            Self::Refusals => "주차 시스템이 거절한 요청",
            Self::HandOvers => "상담사에게 넘긴 티켓",
        }
    }

    /// So much of it, in the centre's words.
    pub fn amount(self, amount: i64) -> String {
        match self {
            Self::Won => Won(amount).to_string(),
            Self::Refusals | Self::HandOvers => format!("{amount}건"),
        }
    }
}

/// How much of each measure.
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
    /// Of this measure.
    pub fn of(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Won => self.won,
            Measure::Refusals => self.refusals,
            Measure::HandOvers => self.hand_overs,
        }
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, measure: Measure) -> &mut i64 {
        match measure {
            Measure::Won => &mut self.won,
            Measure::Refusals => &mut self.refusals,
            Measure::HandOvers => &mut self.hand_overs,
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            won: self.won.saturating_add(more.won),
            refusals: self.refusals.saturating_add(more.refusals),
            hand_overs: self.hand_overs.saturating_add(more.hand_overs),
        }
    }

    /// This without what is in the other.
    #[must_use]
    pub fn minus(self, less: Self) -> Self {
        self.plus(Self { won: -less.won, refusals: -less.refusals, hand_overs: -less.hand_overs })
    }

    /// Whether there is nothing of any.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// When the breaker opens; from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// So many times the usual of an hour is too much.
    pub factor: u32,
    /// Up to here an hour is never too much, however little is usual.
    pub at_least: Tally,
}

/// What has been counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// In the last [`HOUR`], or since the breaker was lifted.
    pub hour: Tally,
    /// In the [`WEEK`] before.
    pub before: Tally,
    /// How long before that hour the oldest of it was counted; `None`: nothing was.
    pub reaches_back: Option<SignedDuration>,
}

/// An hour that left the usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// By what.
    pub measure: Measure,
    /// How much there was of it, with what was about to be moved.
    pub in_hour: i64,
    /// How much an hour usually has.
    pub usual: i64,
    /// How much would have passed.
    pub most: i64,
}

impl Breaker {
    /// The most of a measure that an hour may have.
    pub fn most(&self, measure: Measure, counted: &Counted) -> i64 {
        counted.usual(measure).saturating_mul(self.factor.into()).max(self.at_least.of(measure))
    }

    /// The first measure by which an hour has left the usual.
    pub fn trip(&self, counted: &Counted) -> Option<Trip> {
        Measure::ALL.into_iter().find_map(|measure| {
            let (in_hour, most) = (counted.hour.of(measure), self.most(measure, counted));
            let usual = counted.usual(measure);
            (in_hour > most).then_some(Trip { measure, in_hour, usual, most })
        })
    }
}

impl Counted {
    /// How much an hour usually has: the mean of the week before, nights and weekends among it; the factor allows for peaks.
    pub fn usual(&self, measure: Measure) -> i64 {
        let hours = self.reaches_back.map_or(0, |span| span.as_hours()).clamp(FEWEST_HOURS, HOURS_OF_A_WEEK);
        self.before.of(measure) / hours
    }
}

impl Trip {
    /// For notes and for operations.
    pub fn korean(&self) -> String {
        let Self { measure, in_hour, most, .. } = self;
        let (in_hour, most) = (measure.amount(*in_hour), measure.amount(*most));
        // Both amounts end in 원 or 건, which take these particles.
        format!("최근 한 시간 집계: {} {in_hour}이 기준 {most}을 넘었습니다.", measure.korean())
    }
}

/// What the breaker's own journal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It opened.
    Tripped(Trip),
    /// A person lifted it.
    Lifted {
        /// Who.
        by: String,
        /// Why, in their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
}

/// An event with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

impl Happened {
    /// Why nothing goes out, if this is the latest event.
    pub fn open(&self) -> Option<&Trip> {
        match &self.event {
            Event::Tripped(trip) => Some(trip),
            Event::Lifted { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{Breaker, Counted, Measure, Tally};

    const BREAKER: Breaker =
        Breaker { factor: 5, at_least: Tally { won: 1_000, refusals: 10, hand_overs: 20 } };

    fn counted(hour: Tally, before: Tally, hours: i64) -> Counted {
        Counted { hour, before, reaches_back: Some(SignedDuration::from_hours(hours)) }
    }

    #[test]
    fn an_hour_beyond_the_factor_of_the_usual_opens_the_breaker_and_one_that_reaches_it_does_not() {
        let before = Tally { won: 168 * 1_000, refusals: 168 * 4, hand_overs: 168 * 10 };
        for (hour, expected) in [
            (Tally { won: 5_000, refusals: 20, hand_overs: 50 }, None),
            (Tally { won: 5_001, ..Tally::default() }, Some(Measure::Won)),
            (Tally { refusals: 21, ..Tally::default() }, Some(Measure::Refusals)),
            (Tally { hand_overs: 51, ..Tally::default() }, Some(Measure::HandOvers)),
        ] {
            let trip = BREAKER.trip(&counted(hour, before, 168));
            assert_eq!(trip.as_ref().map(|trip| trip.measure), expected, "{hour:?}");
        }
    }

    #[test]
    fn below_the_least_no_hour_is_too_much_and_a_young_ledger_has_no_usual() {
        let nothing = Counted { reaches_back: None, ..Counted::default() };
        let at_least = Counted { hour: BREAKER.at_least, ..nothing };
        assert_eq!(BREAKER.trip(&at_least), None);
        let mut more = at_least;
        more.hour.won += 1;
        let trip = BREAKER.trip(&more).unwrap();
        assert_eq!((trip.usual, trip.most, trip.in_hour), (0, 1_000, 1_001));
        // One busy hour is no usual: it counts as one of a day's.
        let busy = Tally { won: 24_000, ..Tally::default() };
        assert_eq!(counted(Tally::default(), busy, 1).usual(Measure::Won), 1_000);
        assert_eq!(counted(Tally::default(), busy, 48).usual(Measure::Won), 500);
    }
}
