//! What a sync asks for: which days, in whose time zone. Pure.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::Currency;

use super::{Kind, Record, State, Target, TargetState};
use crate::ingestion::connector::ReportRequest;
use crate::ingestion::pipelines::Spec;

/// How far back any sync reaches for a budget that is still running.
pub(crate) const LONGEST_DAYS: u32 = 366;

/// An advertiser that was chosen, and how far its data reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) advertiser_id: String,
    pub(crate) name: String,
    pub(crate) currency: Currency,
    pub(crate) time_zone: Tz,
    pub(crate) through: Option<NaiveDate>,
    /// The first day within reach that a report had nothing of and no later one has settled.
    pub(crate) doubted: Option<NaiveDate>,
}

/// A sync somebody or something wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) layer_version: u32,
    pub(crate) kind: Kind,
    pub(crate) partner_id: &'a str,
    pub(crate) chosen: &'a [Chosen],
    /// Both ends inclusive; none: what the kind of sync is about.
    pub(crate) range: Option<(NaiveDate, NaiveDate)>,
    /// Somebody waits for it.
    pub(crate) watched: bool,
}

/// The last day that is over in this time zone.
pub(crate) fn last_complete_day(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&zone).date_naive();
    today.pred_opt().unwrap_or(today)
}

/// One request for all advertisers: from the earliest day any of them needs to the latest that is
/// complete anywhere. Each advertiser's rows count only up to its own last complete day.
pub(crate) fn plan(wish: &Wish<'_>, now: DateTime<Utc>) -> Option<Record> {
    let Wish { spec, chosen, .. } = *wish;
    let back = |end: NaiveDate, days: u32| end - Days::new(u64::from(days.max(1)) - 1);
    // No further than what is asked for, and each morning no further than all of them have got:
    // that is what the source's own schedule goes by.
    let limit = match (wish.range, wish.kind, latest_zone(chosen, now)) {
        (Some((_, to)), _, _) => Some(to),
        (None, Kind::Daily, Some(zone)) if !wish.watched => Some(last_complete_day(zone, now)),
        (None, _, _) => None,
    };
    let through = |one: &Chosen| {
        let complete = last_complete_day(one.time_zone, now);
        limit.map_or(complete, |limit| complete.min(limit))
    };
    let targets: Vec<Target> = chosen
        .iter()
        .map(|one| Target {
            advertiser_id: one.advertiser_id.clone(),
            name: one.name.clone(),
            currency: one.currency,
            through: through(one),
            state: TargetState::Queued,
            rows: 0,
        })
        .collect();
    let start_of = |one: &Chosen| {
        let end = through(one);
        let first = back(end, spec.window.first_days);
        match (wish.kind, one.through) {
            // The newest day and those before it that may still change, and whatever was missed
            // or is doubted.
            (Kind::Daily, Some(through)) => {
                let before = through.min(end - Days::new(1));
                let start = first.max(back(before, spec.window.look_back_days));
                one.doubted.map_or(start, |doubted| start.min(doubted))
            }
            (_, _) => first,
        }
    };
    let mut advertiser_ids: Vec<String> =
        chosen.iter().map(|one| one.advertiser_id.clone()).collect();
    advertiser_ids.sort();
    let start = chosen.iter().map(start_of).min()?;
    let end = targets.iter().map(|one| one.through).max()?;
    let (start, end) = match wish.range {
        // Days that are not over anywhere are not asked for.
        Some((from, to)) => (from, to.min(end)),
        None => (start, end),
    };
    if start > end {
        return None;
    }
    Some(Record {
        spec: Box::new(spec.clone()),
        watched: wish.watched,
        zone: latest_zone(chosen, now),
        layer_version: wish.layer_version,
        request: ReportRequest {
            partner_id: wish.partner_id.to_owned(),
            advertiser_ids,
            start,
            end,
        },
        taken: None,
        advertisers: targets,
        asked_again: false,
        state: State::Queued,
    })
}

/// Where the days end last.
pub(crate) fn latest_zone(chosen: &[Chosen], now: DateTime<Utc>) -> Option<Tz> {
    let local = |one: &&Chosen| now.with_timezone(&one.time_zone).naive_local();
    chosen.iter().min_by_key(local).map(|one| one.time_zone)
}

/// The month before today's, where the source has certified it by now.
pub(crate) fn closed_month(
    close_day: u32,
    zone: Tz,
    now: DateTime<Utc>,
) -> Option<(NaiveDate, NaiveDate)> {
    let today = now.with_timezone(&zone).date_naive();
    // The day itself may still be the one on which it happens.
    if today.day() <= close_day {
        return None;
    }
    let last = today.with_day(1)?.pred_opt()?;
    Some((last.with_day(1)?, last))
}

/// A report that starts after a running budget did would make it look underspent.
pub(crate) fn reach_back(request: &mut ReportRequest, oldest_start: Option<NaiveDate>) {
    let limit = request.end - Days::new(u64::from(LONGEST_DAYS) - 1);
    if let Some(start) = oldest_start {
        request.start = request.start.min(start).max(limit).min(request.end);
    }
}

#[cfg(test)]
mod tests;
