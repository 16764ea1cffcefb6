//! What a sync asks for: which days, in whose time zone. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::{Currency, SyncId};

use super::{Kind, Record, State, Target, TargetState};
use crate::ingestion::connector::ReportRequest;
use crate::ingestion::silver::RESTATEMENT_DAYS;

/// How far back a first sync reaches, in days.
pub const BACKFILL_DAYS: u64 = 90;
/// How far back any sync reaches for a budget that is still running.
const LONGEST_DAYS: u64 = 366;

/// An advertiser that was chosen, and how far its data reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) advertiser_id: String,
    pub(crate) name: String,
    pub(crate) currency: Currency,
    pub(crate) time_zone: Tz,
    pub(crate) through: Option<NaiveDate>,
}

/// The last day that is over in this time zone.
pub(crate) fn last_complete_day(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&zone).date_naive();
    today.pred_opt().unwrap_or(today)
}

/// One request for all advertisers: from the earliest day any of them needs to the latest that is
/// complete anywhere. Each advertiser's rows count only up to its own last complete day.
pub(crate) fn plan(
    sync_id: SyncId,
    kind: Kind,
    partner_id: &str,
    chosen: &[Chosen],
    now: DateTime<Utc>,
) -> Option<Record> {
    let targets: Vec<Target> = chosen
        .iter()
        .map(|one| Target {
            advertiser_id: one.advertiser_id.clone(),
            name: one.name.clone(),
            currency: one.currency,
            through: last_complete_day(one.time_zone, now),
            state: TargetState::Queued,
            rows: 0,
        })
        .collect();
    let start_of = |one: &Chosen| {
        let end = last_complete_day(one.time_zone, now);
        let backfill = end - Days::new(BACKFILL_DAYS - 1);
        match (kind, one.through) {
            // What may still change, and whatever was missed since.
            (Kind::Daily, Some(through)) => backfill.max(through - Days::new(RESTATEMENT_DAYS - 1)),
            (Kind::Daily, None) | (Kind::Backfill, _) => backfill,
        }
    };
    let mut advertiser_ids: Vec<String> =
        chosen.iter().map(|one| one.advertiser_id.clone()).collect();
    advertiser_ids.sort();
    Some(Record {
        request: ReportRequest {
            title: format!("cellplane {sync_id}"),
            partner_id: partner_id.to_owned(),
            advertiser_ids,
            start: chosen.iter().map(start_of).min()?,
            end: targets.iter().map(|one| one.through).max()?,
        },
        advertisers: targets,
        state: State::Queued,
    })
}

/// A report that starts after a running budget did would make it look underspent.
pub(crate) fn reach_back(request: &mut ReportRequest, oldest_start: Option<NaiveDate>) {
    let limit = request.end - Days::new(LONGEST_DAYS - 1);
    if let Some(start) = oldest_start {
        request.start = request.start.min(start).max(limit).min(request.end);
    }
}

#[cfg(test)]
mod tests;
