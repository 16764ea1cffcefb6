//! What a sync asks for: which days, in whose time zone. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::{Currency, SyncId};

use super::{Kind, Record, State, Target, TargetState};
use crate::ingestion::connector::ReportRequest;
use crate::ingestion::pipelines::Spec;

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

/// A sync somebody or something wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) kind: Kind,
    pub(crate) partner_id: &'a str,
    pub(crate) chosen: &'a [Chosen],
}

/// The last day that is over in this time zone.
pub(crate) fn last_complete_day(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&zone).date_naive();
    today.pred_opt().unwrap_or(today)
}

/// One request for all advertisers: from the earliest day any of them needs to the latest that is
/// complete anywhere. Each advertiser's rows count only up to its own last complete day.
pub(crate) fn plan(sync_id: SyncId, wish: &Wish<'_>, now: DateTime<Utc>) -> Option<Record> {
    let Wish { spec, chosen, .. } = *wish;
    let back = |end: NaiveDate, days: u32| end - Days::new(u64::from(days.max(1)) - 1);
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
        let first = back(end, spec.window.first_days);
        match (wish.kind, one.through) {
            // What may still change, and whatever was missed since.
            (Kind::Daily, Some(through)) => {
                first.max(back(through.min(end), spec.window.look_back_days))
            }
            (_, _) => first,
        }
    };
    let mut advertiser_ids: Vec<String> =
        chosen.iter().map(|one| one.advertiser_id.clone()).collect();
    advertiser_ids.sort();
    Some(Record {
        spec: Box::new(spec.clone()),
        request: ReportRequest {
            title: format!("cellplane {sync_id}"),
            partner_id: wish.partner_id.to_owned(),
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
