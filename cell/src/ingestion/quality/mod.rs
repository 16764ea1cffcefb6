//! Whether the data is all there, on time and right: a calendar of days by state, freshness against a
//! target, our sums against the source's own, and the way back from a figure to its line in a file.
//!
//! Days are the advertiser's own. A day is due some hours after its end; before that, nothing is
//! said of it.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use contracts::SyncId;
use serde::Serialize;

use crate::ingestion::pipelines::{self, Spec};
use crate::ingestion::silver::facts;

pub(crate) mod attention;

pub mod http;

pub mod lineage;

pub mod reconciliation;

mod store;

/// For an advertiser whose zone is not known, the one that ends a day last.
const LATEST_ZONE: Tz = Tz::Etc__GMTPlus12;
/// Of datasets that ship with nothing: a day and a few hours.
const USUAL_TARGET_HOURS: u32 = 29;

/// What is known of an advertiser's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarState {
    /// Loaded, and certified by the source.
    Complete,
    /// Loaded; the source may still change it.
    Provisional,
    /// Loaded, and nothing was delivered.
    Empty,
    /// A report had nothing of it, and it is read again to see whether that is so.
    Unconfirmed,
    /// A hole: later days are loaded.
    Missing,
    /// Due, and not loaded yet.
    Late,
    /// The latest file that covers it was refused.
    Quarantined,
}

/// An advertiser and how far its data reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) dsp: String,
    pub(crate) advertiser_id: String,
    pub(crate) name: String,
    pub(crate) time_zone: Option<String>,
    pub(crate) since: Option<NaiveDate>,
    pub(crate) through: Option<NaiveDate>,
    pub(crate) loaded_at: Option<DateTime<Utc>>,
}

impl Reach {
    pub(crate) fn zone(&self) -> Tz {
        let zone = self.time_zone.as_deref().and_then(|name| name.parse().ok());
        zone.unwrap_or(LATEST_ZONE)
    }
}

/// A day that was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LoadedDay {
    pub(crate) rows: i64,
    pub(crate) certified: bool,
    pub(crate) doubted: bool,
    pub(crate) reported_at: Option<DateTime<Utc>>,
    pub(crate) loaded_at: DateTime<Utc>,
    pub(crate) loaded_by: Option<SyncId>,
}

/// A sync whose file was refused, and the days it was to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldUp {
    pub(crate) sync_id: SyncId,
    pub(crate) finished_at: DateTime<Utc>,
    pub(crate) start: NaiveDate,
    pub(crate) end: NaiveDate,
    pub(crate) advertiser_ids: Vec<String>,
}

/// One cell of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CalendarDay {
    pub date: NaiveDate,
    pub state: CalendarState,
    /// Of what is loaded, also while a later file is in quarantine.
    pub rows: Option<i64>,
    pub loaded_at: Option<DateTime<Utc>>,
    /// The sync whose file is loaded.
    pub loaded_by: Option<SyncId>,
    /// When the source made the file.
    pub reported_at: Option<DateTime<Utc>>,
    /// The sync whose file is in quarantine.
    pub sync_id: Option<SyncId>,
}

/// The days of one advertiser from `from` to `to` about which there is something to say.
pub(crate) fn calendar(
    reach: &Reach,
    loaded: &HashMap<NaiveDate, LoadedDay>,
    held_up: &[HeldUp],
    (from, to): (NaiveDate, NaiveDate),
    due: NaiveDate,
) -> Vec<CalendarDay> {
    let held_up: Vec<&HeldUp> = held_up
        .iter()
        .filter(|one| one.advertiser_ids.contains(&reach.advertiser_id))
        .collect();
    let starts = held_up.iter().map(|one| one.start).chain(reach.since);
    let Some(expected_from) = starts.min() else {
        return Vec::new();
    };
    let cell = |date: NaiveDate| {
        let known = loaded.get(&date);
        let refused = held_up.iter().rfind(|one| {
            let later = known.is_none_or(|known| one.finished_at > known.loaded_at);
            later && one.start <= date && date <= one.end
        });
        let state = match known {
            _ if refused.is_some() => CalendarState::Quarantined,
            Some(known) if known.rows == 0 && known.doubted => CalendarState::Unconfirmed,
            Some(known) if known.rows == 0 => CalendarState::Empty,
            Some(known) if known.certified => CalendarState::Complete,
            Some(_) => CalendarState::Provisional,
            None if reach.through.is_some_and(|through| date < through) => CalendarState::Missing,
            None if date <= due => CalendarState::Late,
            None => return None,
        };
        Some(CalendarDay {
            date,
            state,
            rows: known.map(|known| known.rows),
            loaded_at: known.map(|known| known.loaded_at),
            loaded_by: known.and_then(|known| known.loaded_by),
            reported_at: known.and_then(|known| known.reported_at),
            sync_id: refused.map(|one| one.sync_id),
        })
    };
    let days = from.max(expected_from).iter_days();
    days.take_while(|date| *date <= to)
        .filter_map(cell)
        .collect()
}

/// The last day whose data has to be here: it ended at least so many hours ago.
pub(crate) fn due_through(zone: Tz, now: DateTime<Utc>, target_hours: u32) -> NaiveDate {
    let then = now - TimeDelta::hours(i64::from(target_hours));
    let today = then.with_timezone(&zone).date_naive();
    today.pred_opt().unwrap_or(today)
}

/// How long ago the day ended in its zone.
pub(crate) fn age(through: NaiveDate, zone: Tz, now: DateTime<Utc>) -> TimeDelta {
    let next = through + Days::new(1);
    // A day without a midnight begins an hour later; the difference does not matter here.
    let end = next
        .and_time(chrono::NaiveTime::MIN)
        .and_local_timezone(zone)
        .earliest()
        .map_or_else(
            || next.and_time(chrono::NaiveTime::MIN).and_utc(),
            |at| at.to_utc(),
        );
    now - end
}

/// How many hours after its end a day has to be here: a full interval of its pipeline, begun at
/// the earliest hour.
pub(crate) fn target_hours(dataset: &str) -> u32 {
    let all = pipelines::built_in();
    let found = all.iter().find(|spec| facts::dataset_name(spec) == dataset);
    let hours = |spec: &Spec| spec.schedule.every_hours + spec.schedule.not_before_hour;
    found.map_or(USUAL_TARGET_HOURS, hours)
}

#[cfg(test)]
mod tests;
