//! The days, weeks or months of a page, with the sums of their figures.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::console::dispatch::{Refused, Visit};
use crate::domain::seoul::seoul;

/// The length of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Day,
    Week,
    Month,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub(super) fn korean(self) -> &'static str {
        match self {
            Self::Day => "날마다",
            Self::Week => "주마다",
            Self::Month => "달마다",
        }
    }

    /// The columns of a page.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Day => 14,
            Self::Week | Self::Month => 12,
        }
    }

    /// The first day of the span that this day belongs to; a week begins on Monday.
    pub fn start(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()),
            Self::Month => day.first_of_month(),
        }
    }

    pub fn back(self, start: Date) -> Date {
        match self {
            Self::Day => start.saturating_sub(1.days()),
            Self::Week => start.saturating_sub(7.days()),
            Self::Month => start.saturating_sub(1.months()),
        }
    }

    pub(super) fn forth(self, start: Date) -> Date {
        match self {
            Self::Day => start.saturating_add(1.days()),
            Self::Week => start.saturating_add(7.days()),
            Self::Month => start.saturating_add(1.months()),
        }
    }

    pub(super) fn label(self, start: Date) -> String {
        match self {
            Self::Day => format!("{}.{}.", start.month(), start.day()),
            Self::Week => format!("{}.{}. 주", start.month(), start.day()),
            Self::Month => format!("{}년 {}월", start.year(), start.month()),
        }
    }
}

/// The spans of a page, the earliest first, with the sums of their figures.
pub(super) struct Spans {
    pub(super) step: Step,
    pub(super) starts: Vec<Date>,
    /// By span and name.
    sums: BTreeMap<(usize, String), u64>,
}

impl Spans {
    pub(super) async fn of(visit: &Visit<'_>) -> Result<Self, Refused> {
        let step = match visit.fields.text("by") {
            "" => Step::Day,
            text => {
                let known = Step::ALL.into_iter().find(|step| step.name() == text);
                known.ok_or(Refused::NotFound)?
            }
        };
        let today = seoul(visit.now).date();
        let until = match visit.fields.text("until") {
            "" => today,
            text => text.parse::<Date>().ok().ok_or(Refused::Form("날짜는 2026-11-30처럼 적어 주세요."))?,
        };
        let mut starts = vec![step.start(until.min(today))];
        while starts.len() < step.columns()
            && let Some(first) = starts.first().copied()
        {
            starts.insert(0, step.back(first));
        }
        let mut sums = BTreeMap::new();
        for (span, start) in starts.iter().enumerate() {
            let found = visit.console.parts.ledger.figure_sums_between(*start, step.forth(*start)).await?;
            sums.extend(found.into_iter().map(|(name, count)| ((span, name), count)));
        }
        Ok(Self { step, starts, sums })
    }

    pub(super) fn count(&self, span: usize, name: &str) -> u64 {
        self.sums.get(&(span, name.to_owned())).copied().unwrap_or_default()
    }

    pub(super) fn sum(&self, span: usize, names: &[&str]) -> u64 {
        names.iter().map(|name| self.count(span, name)).sum()
    }

    pub(super) fn each<T>(&self, of: impl Fn(usize) -> T) -> Vec<T> {
        (0..self.starts.len()).map(of).collect()
    }

    /// The names that occur and begin so.
    pub(super) fn names(&self, prefix: &str) -> Vec<String> {
        let found = self.sums.keys().map(|(_, name)| name).filter(|name| name.starts_with(prefix));
        found.collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }

    pub(super) fn labels(&self) -> Vec<String> {
        self.starts.iter().map(|start| self.step.label(*start)).collect()
    }
}
