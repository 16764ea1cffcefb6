//! What is known of each advertiser's day: rows, sums, the load that brought it, and whether the
//! source had certified it. Written in the transaction that replaces the day's facts.
//!
//! A day is certified by when the source made the file, never by when we read it: a file from
//! before the month's close stays provisional however late it is loaded.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Load;
use crate::ingestion::reading::{Fact, METRICS};
use crate::tenancy::OrgTx;

mod store;

/// The zone that ends a day last: for advertisers whose own is not known.
const LATEST_ZONE: Tz = Tz::Etc__GMTPlus12;

/// A day's rows and sums; a metric without any value has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DaySums {
    pub(crate) rows: u64,
    /// In the order of [`METRICS`].
    pub(crate) sums: [Option<i64>; METRICS.len()],
}

impl DaySums {
    fn add(&mut self, values: &[Option<i64>; METRICS.len()]) -> Option<()> {
        self.rows += 1;
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Some(value) = *value {
                *sum = Some(sum.unwrap_or(0).checked_add(value)?);
            }
        }
        Some(())
    }
}

/// The sums of a file, gathered row by row while it is read.
#[derive(Debug)]
pub(crate) struct SumsByDay {
    range: (NaiveDate, NaiveDate),
    /// Of each advertiser, one entry per day of the range.
    days: BTreeMap<String, Vec<DaySums>>,
}

impl SumsByDay {
    pub(crate) fn new(range: (NaiveDate, NaiveDate)) -> Self {
        Self {
            range,
            days: BTreeMap::new(),
        }
    }

    /// Once per row that goes to silver.
    pub(crate) fn add(&mut self, fact: &Fact<'_>) -> Result<(), String> {
        let (start, end) = self.range;
        let (advertiser_id, date) = (fact.advertiser_id, fact.date);
        let position = usize::try_from((date - start).num_days()).ok();
        let position = position.filter(|_| date <= end);
        let position = position.ok_or_else(|| format!("{date} is outside the load's days"))?;
        if !self.days.contains_key(advertiser_id) {
            let days = usize::try_from((end - start).num_days() + 1).unwrap_or(0);
            let none = vec![DaySums::default(); days];
            self.days.insert(advertiser_id.to_owned(), none);
        }
        let of_advertiser = self.days.get_mut(advertiser_id);
        let day = of_advertiser.and_then(|days| days.get_mut(position));
        day.and_then(|day| day.add(&fact.metrics))
            .ok_or_else(|| format!("the sums of {date} are too large"))
    }

    fn get(&self, advertiser_id: &str, position: usize) -> DaySums {
        let days = self.days.get(advertiser_id);
        days.map_or_else(DaySums::default, |days| days[position])
    }
}

/// What a load's days are recorded with, besides their sums.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) dataset: &'a str,
    /// When the source made the file.
    pub(crate) reported_at: Option<DateTime<Utc>>,
    /// The day of the month on which the source certifies the month before.
    pub(crate) month_close_day: u32,
}

/// One advertiser's day, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LoadedDay {
    advertiser_id: String,
    date: NaiveDate,
    sums: DaySums,
    certified: bool,
}

/// Records every day that the load covers, those without rows as well: nothing was delivered then,
/// which is not the same as nothing being known. Call once per load, with the facts.
pub(crate) async fn record(
    tx: &mut OrgTx,
    load: &Load,
    origin: Origin<'_>,
    sums: &SumsByDay,
) -> Result<(), sqlx::Error> {
    let ids: Vec<String> = load
        .advertisers
        .iter()
        .map(|one| one.advertiser_id.clone())
        .collect();
    let zones = store::list_zones(tx, load.dsp, &ids).await?;
    let zone_of = |id: &str| zones.get(id).copied().unwrap_or(LATEST_ZONE);
    let mut days = Vec::new();
    for advertiser in &load.advertisers {
        let zone = zone_of(&advertiser.advertiser_id);
        let covered = load.range.0.iter_days().enumerate();
        let last = load.range.1.min(advertiser.through);
        days.extend(
            covered
                .take_while(|(_, date)| *date <= last)
                .map(|(position, date)| LoadedDay {
                    sums: sums.get(&advertiser.advertiser_id, position),
                    certified: certified(date, origin, zone),
                    advertiser_id: advertiser.advertiser_id.clone(),
                    date,
                }),
        );
    }
    store::replace(tx, load, origin, &days).await
}

/// Whether the source promised not to change this day any more when it made the file.
fn certified(date: NaiveDate, origin: Origin<'_>, zone: Tz) -> bool {
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
