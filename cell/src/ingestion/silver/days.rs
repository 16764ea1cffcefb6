//! What is known of each advertiser's day: rows, sums, the load that brought it, and whether the
//! source had certified it. Written in the transaction that replaces the day's facts.
//!
//! A day is certified by when the source made the file, never by when we read it: a file from
//! before the month's close stays provisional however late it is loaded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use super::facts::{Landed, Load, Scope};
use crate::ingestion::reading::METRICS;
use crate::tenancy::OrgTx;
pub use doubts::Doubts;

mod doubts;

mod store;

/// The zone that ends a day last: for advertisers whose own is not known.
const LATEST_ZONE: Tz = Tz::Etc__GMTPlus12;

/// A day's rows and sums; a metric without any value has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySums {
    pub rows: u64,
    /// In the order of [`METRICS`].
    pub sums: [Option<i64>; METRICS.len()],
}

impl DaySums {
    /// One row more. `None`: a sum is larger than any real one.
    pub(crate) fn add(&mut self, values: &[Option<i64>; METRICS.len()]) -> Option<()> {
        self.rows += 1;
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Some(value) = *value {
                *sum = Some(sum.unwrap_or(0).checked_add(value)?);
            }
        }
        Some(())
    }
}

/// What a load's days are recorded with, besides their sums.
#[derive(Debug, Clone, Copy)]
struct Origin {
    /// When the source made the file.
    reported_at: Option<DateTime<Utc>>,
    /// The day of the month on which the source certifies the month before.
    month_close_day: u32,
    /// Rather than one read before, of which chosen days are put back.
    is_report: bool,
}

/// One advertiser's day, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LoadedDay {
    advertiser_id: String,
    date: NaiveDate,
    sums: DaySums,
    certified: bool,
    /// That it is empty is not certain.
    doubted: bool,
}

/// Days of the load's advertisers within its range that a file brought which the source made later.
pub(super) async fn list_newer(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
    reported_at: DateTime<Utc>,
) -> Result<BTreeSet<(String, NaiveDate)>, sqlx::Error> {
    store::list_newer(tx, load, landed, reported_at).await
}

/// Takes days out of the load that silver has rows of and the report nothing, and notes what it leaves
/// in doubt.
pub(super) async fn doubt(
    tx: &mut OrgTx,
    load: &Load,
    landed: &mut Landed,
) -> Result<(), sqlx::Error> {
    let Scope::Asked { .. } = load.scope else {
        return Ok(());
    };
    let known = store::list_known(tx, load, landed).await?;
    let made_at = landed.summary.reported_at.unwrap_or_else(Utc::now);
    let found = landed
        .days
        .iter()
        .map(|day| (day.advertiser_id.as_str(), day.date));
    // Of what a later file has, this one says nothing.
    let newer = landed.newer.iter().map(|(id, date)| (id.as_str(), *date));
    let said = doubts::Said {
        range: landed.range,
        advertisers: &landed.advertisers,
        with_rows: found.chain(newer).collect(),
        made_at,
    };
    landed.doubts = doubts::weigh(&said, &known);
    store::doubt(tx, load, &landed.doubts.kept, made_at).await
}

/// Whether anything is known of one of these days. A day that has rows is known: both are written
/// and dropped together.
pub(super) async fn knows_any(
    tx: &mut OrgTx,
    load: &Load,
    days: &[(String, NaiveDate)],
) -> Result<bool, sqlx::Error> {
    store::knows_any(tx, load, days).await
}

/// Records every day that the load covers, those without rows as well: nothing was delivered then,
/// which is not the same as nothing being known. Part of every load.
pub(super) async fn record(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
    month_close_day: u32,
) -> Result<(), sqlx::Error> {
    let origin = Origin {
        reported_at: landed.summary.reported_at,
        month_close_day,
        is_report: !matches!(load.scope, Scope::Chosen { .. }),
    };
    let ids: Vec<String> = landed
        .advertisers
        .iter()
        .map(|one| one.advertiser_id.clone())
        .collect();
    let zones = store::list_zones(tx, &load.dsp, &ids).await?;
    let zone_of = |id: &str| zones.get(id).copied().unwrap_or(LATEST_ZONE);
    let loaded = |(advertiser_id, date, sums): (&str, NaiveDate, DaySums)| LoadedDay {
        sums,
        certified: certified(date, origin, zone_of(advertiser_id)),
        doubted: landed
            .doubts
            .empty
            .contains(&(advertiser_id.to_owned(), date)),
        advertiser_id: advertiser_id.to_owned(),
        date,
    };
    let days: Vec<LoadedDay> = covered(load, landed).into_iter().map(loaded).collect();
    store::replace(tx, load, origin, &days).await
}

/// The days that the load stands for and what it has of them, but for those that stay as they are.
pub(super) fn covered<'a>(
    load: &'a Load,
    landed: &'a Landed,
) -> Vec<(&'a str, NaiveDate, DaySums)> {
    let mut days = asked_or_found(load, landed);
    if landed.keeps_days() {
        days.retain(|(id, date, _)| {
            let day = ((*id).to_owned(), *date);
            !landed.newer.contains(&day) && !landed.doubts.kept.contains(&day)
        });
    }
    days
}

fn asked_or_found<'a>(load: &'a Load, landed: &'a Landed) -> Vec<(&'a str, NaiveDate, DaySums)> {
    let found = || landed.days.iter();
    let sums: BTreeMap<(&str, NaiveDate), DaySums> = found()
        .map(|day| ((day.advertiser_id.as_str(), day.date), day.sums))
        .collect();
    let mut days = Vec::new();
    let range = match &load.scope {
        Scope::Asked { range, .. } => range,
        Scope::Found => {
            days.extend(sums.into_iter().map(|((id, date), sums)| (id, date, sums)));
            return days;
        }
        Scope::Chosen { days: chosen, .. } => {
            for (id, dates) in chosen {
                let sums = |date| sums.get(&(id.as_str(), date)).copied().unwrap_or_default();
                days.extend(dates.iter().map(|date| (id.as_str(), *date, sums(*date))));
            }
            return days;
        }
    };
    for advertiser in &landed.advertisers {
        let id = advertiser.advertiser_id.as_str();
        let last = range.1.min(advertiser.through);
        for date in range.0.iter_days().take_while(|date| *date <= last) {
            days.push((id, date, sums.get(&(id, date)).copied().unwrap_or_default()));
        }
    }
    days
}

/// Whether the source promised not to change this day any more when it made the file.
fn certified(date: NaiveDate, origin: Origin, zone: Tz) -> bool {
    let closes = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|first| {
            let later = u64::from(origin.month_close_day.max(1) - 1);
            first.checked_add_days(Days::new(later))
        });
    let reported = origin
        .reported_at
        .map(|at| at.with_timezone(&zone).date_naive());
    match (reported, closes) {
        (Some(reported), Some(closes)) => reported >= closes,
        (None, _) | (_, None) => false,
    }
}

#[cfg(test)]
mod tests;
