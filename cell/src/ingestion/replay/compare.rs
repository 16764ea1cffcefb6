//! Compares rows of silver with rows just read, one advertiser's day after the other.
//!
//! Rows come in the order of their keys, each with what either side has; only one day is open at a
//! time, so memory does not grow with the file.

use chrono::NaiveDate;
use contracts::replays::{ColumnDiff, MAX_SAMPLES, ReplayDiff, RowDiff};

use super::canonical::{self, COLUMNS, Hasher, Key, Sha256, Values, metric_name};
use crate::ingestion::reading::METRICS;

/// What silver has under a key and what was read; never neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub key: Key,
    pub before: Option<Values>,
    pub after: Option<Values>,
}

/// What became of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayState {
    Equal,
    Different,
    OnlyBefore,
    OnlyAfter,
    /// These three stay as they are, whatever was read.
    Unreadable,
    WithoutFile,
    Superseded,
}

impl DayState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Different => "different",
            Self::OnlyBefore => "only_before",
            Self::OnlyAfter => "only_after",
            Self::Unreadable => "unreadable",
            Self::WithoutFile => "without_file",
            Self::Superseded => "superseded",
        }
    }
}

/// A day and what it hashes to; no hash where there are no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub state: DayState,
    pub before: Option<Sha256>,
    pub after: Option<Sha256>,
}

/// A day to be compared, or to be kept for the reason given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub kept: Option<DayState>,
}

/// Walks rows along the days they may belong to, both ordered by advertiser, bytewise, and date.
pub struct Comparison<'a> {
    expected: std::vec::IntoIter<Expected>,
    open: Option<Open>,
    days: Vec<Day>,
    diff: &'a mut ReplayDiff,
    text: String,
}

struct Open {
    day: Expected,
    before: Hasher,
    after: Hasher,
    different: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("a row of {advertiser_id} on {date} is out of order or of no planned day")]
pub struct Stray {
    pub advertiser_id: String,
    pub date: NaiveDate,
}

impl<'a> Comparison<'a> {
    /// Counts go to `diff`, on top of what is there.
    pub fn new(expected: Vec<Expected>, diff: &'a mut ReplayDiff) -> Self {
        Self {
            expected: expected.into_iter(),
            open: None,
            days: Vec::new(),
            diff,
            text: String::new(),
        }
    }

    pub fn push(&mut self, mut pair: Pair) -> Result<(), Stray> {
        self.reach(&pair.key)?;
        let open = self.open.as_mut().expect("reached");
        if open.day.kept.is_some() {
            pair.after.clone_from(&pair.before);
        }
        for (values, hasher, side) in [
            (&pair.before, &mut open.before, &mut self.diff.before),
            (&pair.after, &mut open.after, &mut self.diff.after),
        ] {
            let Some(values) = values else { continue };
            self.text.clear();
            canonical::write_row(&mut self.text, &pair.key, values);
            hasher.add(&self.text);
            side.rows += 1;
            for (position, value) in values.metrics.iter().enumerate() {
                let Some(value) = value else { continue };
                let sum = side.sums.entry(metric_name(position).to_owned());
                let sum = sum.or_default();
                *sum = sum.saturating_add(*value);
            }
        }
        let count = match (&pair.before, &pair.after) {
            (Some(before), Some(after)) if before == after => &mut self.diff.rows_equal,
            (Some(_), Some(_)) => &mut self.diff.rows_different,
            (Some(_), None) => &mut self.diff.rows_only_before,
            (None, _) => &mut self.diff.rows_only_after,
        };
        *count += 1;
        if pair.before != pair.after {
            open.different = true;
            if self.diff.samples.len() < MAX_SAMPLES {
                self.diff.samples.push(sample(&pair));
            }
        }
        Ok(())
    }

    /// Opens the day of the key, closing what is before it.
    fn reach(&mut self, key: &Key) -> Result<(), Stray> {
        loop {
            if let Some(open) = &self.open
                && open.day.advertiser_id == key.advertiser_id
                && open.day.date == key.date
            {
                return Ok(());
            }
            self.close();
            let day = self.expected.next().ok_or_else(|| Stray {
                advertiser_id: key.advertiser_id.clone(),
                date: key.date,
            })?;
            self.open = Some(Open {
                day,
                before: Hasher::default(),
                after: Hasher::default(),
                different: false,
            });
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let (before, after) = (open.before.finish(), open.after.finish());
        let state = match open.day.kept {
            Some(kept) => kept,
            None if !open.different => DayState::Equal,
            None if before.is_none() => DayState::OnlyAfter,
            None if after.is_none() => DayState::OnlyBefore,
            None => DayState::Different,
        };
        let days = &mut self.diff.days;
        *match state {
            DayState::Equal => &mut days.equal,
            DayState::Different => &mut days.different,
            DayState::OnlyBefore => &mut days.only_before,
            DayState::OnlyAfter => &mut days.only_after,
            DayState::Unreadable => &mut days.unreadable,
            DayState::WithoutFile => &mut days.without_file,
            DayState::Superseded => &mut days.superseded,
        } += 1;
        self.days.push(Day {
            advertiser_id: open.day.advertiser_id,
            date: open.day.date,
            state,
            before,
            after,
        });
    }

    /// The days in their order, those without any row too.
    pub fn finish(mut self) -> Vec<Day> {
        self.close();
        while let Some(day) = self.expected.next() {
            self.open = Some(Open {
                day,
                before: Hasher::default(),
                after: Hasher::default(),
                different: false,
            });
            self.close();
        }
        self.days
    }
}

/// The columns that differ; all of them where one side has no row.
fn sample(pair: &Pair) -> RowDiff {
    let texts = |values: &Option<Values>| match values {
        Some(values) => values.texts(),
        None => Default::default(),
    };
    let (before, after) = (texts(&pair.before), texts(&pair.after));
    let columns = COLUMNS.iter().zip(before.into_iter().zip(after));
    let columns =
        columns
            .filter(|(_, (before, after))| before != after)
            .map(|(column, (before, after))| ColumnDiff {
                column: (*column).to_owned(),
                before,
                after,
            });
    RowDiff {
        advertiser_id: pair.key.advertiser_id.clone(),
        date: pair.key.date,
        line_item_id: pair.key.line_item_id.clone(),
        breakdown: pair.key.breakdown.clone(),
        columns: columns.collect(),
    }
}

const _: () = assert!(COLUMNS.len() == 5 + METRICS.len());

#[cfg(test)]
mod tests;
