//! Days that a report has nothing of. A report may lack an advertiser or its last days and still add up
//! to its own totals, so nothing is taken as empty because one report says so. Pure.
//!
//! A day with rows keeps them, and one that is not known becomes empty with a doubt, until a report of
//! another morning says the same. A gap with rows behind it is believed: that report reached further.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::ingestion::silver::facts::Loaded;

/// What a source lacks it lacks for hours, so a report of the same morning confirms nothing.
const CONFIRMS_AFTER: TimeDelta = TimeDelta::hours(12);

/// What is known of a day already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) has_rows: bool,
    pub(super) doubted_at: Option<DateTime<Utc>>,
}

pub(super) type KnownDays = HashMap<(String, NaiveDate), Known>;

/// What a report leaves in doubt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Days that keep the rows they have.
    pub kept: BTreeSet<(String, NaiveDate)>,
    /// Days that become empty, but not for certain.
    pub empty: BTreeSet<(String, NaiveDate)>,
    /// There were rows here, or nothing is known that would let one expect none: worth another report.
    pub surprising: bool,
}

/// A report of these advertisers' days, and those it has rows of.
pub(super) struct Said<'a> {
    pub(super) range: (NaiveDate, NaiveDate),
    pub(super) advertisers: &'a [Loaded],
    pub(super) with_rows: BTreeSet<(&'a str, NaiveDate)>,
    pub(super) made_at: DateTime<Utc>,
}

pub(super) fn weigh(said: &Said<'_>, known: &KnownDays) -> Doubts {
    let mut doubts = Doubts::default();
    let confirms = |known: &Known| {
        known
            .doubted_at
            .is_some_and(|at| said.made_at >= at + CONFIRMS_AFTER)
    };
    for one in said.advertisers {
        let id = one.advertiser_id.as_str();
        let last = said.range.1.min(one.through);
        let days = said.range.0.iter_days().take_while(|date| *date <= last);
        // From here on it has nothing of the advertiser.
        let reaches = said
            .with_rows
            .range((id, NaiveDate::MIN)..=(id, last))
            .next_back();
        let ends = reaches.map_or(Some(said.range.0), |(_, last)| last.succ_opt());
        for date in days.filter(|date| !said.with_rows.contains(&(id, *date))) {
            let (behind, first) = (ends.is_some_and(|ends| date >= ends), ends == Some(date));
            let day = (id.to_owned(), date);
            match known.get(&day) {
                Some(known) if confirms(known) => {}
                Some(Known { has_rows: true, .. }) => {
                    doubts.surprising = true;
                    doubts.kept.insert(day);
                }
                // Known to be empty.
                Some(Known {
                    doubted_at: None, ..
                }) => {}
                Some(_) | None if behind => {
                    doubts.surprising |= first;
                    doubts.empty.insert(day);
                }
                Some(_) | None => {}
            }
        }
    }
    doubts
}

#[cfg(test)]
mod tests;
