//! Which stored file gives which day. Pure: what loads left behind comes in, the plan goes out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use contracts::BronzeId;

/// A file that was loaded, and the days of one advertiser that it was loaded for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covering {
    pub bronze_id: BronzeId,
    pub fetched_at: DateTime<Utc>,
    /// When the source made it, if the file says so.
    pub reported_at: Option<DateTime<Utc>>,
    pub advertiser_id: String,
    pub start: NaiveDate,
    /// Its last complete day then.
    pub end: NaiveDate,
    /// Days that it had nothing of and that kept the rows of an earlier file.
    pub kept: BTreeSet<NaiveDate>,
}

/// What silver itself says of a day: the file it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub bronze_id: BronzeId,
}

/// Where a file stands among those of the plan's pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    pub bronze_id: BronzeId,
    pub fetched_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDay {
    pub advertiser_id: String,
    pub date: NaiveDate,
    /// None: silver has the day, and no stored file is known to have brought it.
    pub bronze_id: Option<BronzeId>,
    pub position: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    pub files: u32,
    pub positions: u32,
    pub days: Vec<PlannedDay>,
}

/// What is known of the loads of a pipeline, and of others into the same rows.
#[derive(Debug, Clone, Default)]
pub struct Loads {
    /// Of this pipeline.
    pub files: Vec<File>,
    pub coverings: Vec<Covering>,
    /// Of other pipelines.
    pub foreign: BTreeSet<BronzeId>,
    pub known: Vec<Known>,
}

/// A day belongs to the file that silver has it from. Where silver has nothing (it was lost, or the
/// day is empty) the file that the source made last of those that cover it gives the day, and of
/// equal ones the one fetched last: as loads have it.
pub fn plan_days(range: (NaiveDate, NaiveDate), loads: &Loads) -> Days {
    let order: BTreeMap<BronzeId, DateTime<Utc>> = loads
        .files
        .iter()
        .map(|file| (file.bronze_id, file.fetched_at))
        .collect();
    let mut winners: BTreeMap<(&str, NaiveDate), Option<BronzeId>> = BTreeMap::new();
    for ((advertiser_id, date), one) in covered(range, &loads.coverings) {
        winners.insert((advertiser_id, date), Some(one.bronze_id));
    }
    for known in &loads.known {
        if known.date < range.0 || known.date > range.1 {
            continue;
        }
        let day = (known.advertiser_id.as_str(), known.date);
        if order.contains_key(&known.bronze_id) {
            winners.insert(day, Some(known.bronze_id));
        } else if loads.foreign.contains(&known.bronze_id) {
            winners.remove(&day);
        } else {
            winners.insert(day, None);
        }
    }
    positioned(winners, &order)
}

fn covered(
    range: (NaiveDate, NaiveDate),
    coverings: &[Covering],
) -> BTreeMap<(&str, NaiveDate), &Covering> {
    let mut covered: BTreeMap<(&str, NaiveDate), &Covering> = BTreeMap::new();
    for one in ordered(coverings) {
        let (start, end) = (one.start.max(range.0), one.end.min(range.1));
        let days = start.iter_days().take_while(|date| *date <= end);
        for date in days.filter(|date| !one.kept.contains(date)) {
            let day = (one.advertiser_id.as_str(), date);
            // A file without a time of its own stands by when it came.
            let newer = |had: &&Covering| {
                had.reported_at
                    .zip(one.reported_at)
                    .is_some_and(|(had, has)| had > has)
            };
            if !covered.get(&day).is_some_and(newer) {
                covered.insert(day, one);
            }
        }
    }
    covered
}

fn ordered(coverings: &[Covering]) -> Vec<&Covering> {
    let mut ordered: Vec<&Covering> = coverings.iter().collect();
    ordered.sort_by_key(|one| (one.fetched_at, one.bronze_id));
    ordered
}

/// Files in the order they were fetched; days without one come last.
fn positioned(
    winners: BTreeMap<(&str, NaiveDate), Option<BronzeId>>,
    order: &BTreeMap<BronzeId, DateTime<Utc>>,
) -> Days {
    let used: BTreeSet<(DateTime<Utc>, BronzeId)> = winners
        .values()
        .flatten()
        .map(|id| (order.get(id).copied().unwrap_or_default(), *id))
        .collect();
    let positions: BTreeMap<BronzeId, u32> = used.iter().map(|(_, id)| *id).zip(0..).collect();
    let files = u32::try_from(positions.len()).unwrap_or(u32::MAX);
    let orphans = winners.values().any(Option::is_none);
    let days = winners
        .into_iter()
        .map(|((advertiser_id, date), bronze_id)| PlannedDay {
            advertiser_id: advertiser_id.to_owned(),
            date,
            bronze_id,
            position: bronze_id.map_or(files, |id| positions[&id]),
        });
    Days {
        files,
        positions: files + u32::from(orphans),
        days: days.collect(),
    }
}

#[cfg(test)]
mod tests;
