//! The schedule: one job per connection and pipeline that starts the morning's sync, now and then
//! the reading again of a month that has been closed, and queues itself for the next morning.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use contracts::{ConnectionId, JobId};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::plan::{closed_month, last_complete_day, latest_zone};
use super::queries::Purpose;
use super::reports::midnight_after;
use super::{FIRST_PIPELINE, Kind, Starter, latency, store};
use crate::connections::{self, Start, Wanted};
use crate::ingestion::Ingestion;
use crate::ingestion::pipelines::{self, Spec};
use crate::jobs::{self, Ended, Failure, Job, NewJob, Retry};
use crate::metering::Tally;
use crate::tenancy::{self, OrgTx};

pub const DAILY_JOB: &str = "ingestion.daily";
const EVERY: Duration = Duration::from_secs(24 * 3600);
const MAX_ATTEMPTS: u16 = 100;
/// When a morning's report is looked for before any has been seen, and the latest it ever is.
const FIRST_LOOK: Duration = Duration::from_secs(7 * 3600);
const LAST_LOOK: Duration = Duration::from_secs(13 * 3600);
/// Later than the latest of the last mornings, so that one look is enough.
const MARGIN: Duration = Duration::from_secs(300);
const MORNINGS: usize = 7;
/// Connections are spread over this long.
const SPREAD_SECONDS: u64 = 1800;
/// And the reading again of a closed month over so many days.
pub(super) const MONTH_CLOSE_DAYS: u128 = 7;

/// Queued once per connection and pipeline, because its id follows from them. `wanted`: to know when
/// the first look is due; without it, in a day.
pub(crate) async fn schedule_daily(
    tx: &mut OrgTx,
    connection: ConnectionId,
    pipeline: &str,
    wanted: Option<&Wanted>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let first = wanted.and_then(|wanted| {
        let zone = latest_zone(&wanted.chosen, now)?;
        Some(next_look(&wanted.spec, zone, &[], connection, now))
    });
    let job = NewJob {
        job_id: job_id(connection, pipeline),
        kind: DAILY_JOB,
        key: format!("daily:{connection}:{pipeline}"),
        payload: json!({"connection_id": connection, "pipeline": pipeline}),
        run_at: Some(now + first.unwrap_or(EVERY)),
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await
}

/// The first pipeline's is the connection's own id, as it was before there were others.
pub(crate) fn job_id(connection: ConnectionId, pipeline: &str) -> JobId {
    if pipeline == FIRST_PIPELINE {
        return JobId::from_uuid(connection.as_uuid());
    }
    let hash = digest(&SHA256, format!("daily:{connection}:{pipeline}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    JobId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

pub async fn run_daily(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let text = |name: &str| job.payload.get(name).and_then(Value::as_str);
    let id: Option<ConnectionId> = text("connection_id").and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Failure {
        message: "the job names no connection".to_owned(),
        retry: Retry::Never,
    })?;
    let pipeline = text("pipeline").unwrap_or(FIRST_PIPELINE);
    let now = Utc::now();
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let on = pipelines::find(&mut tx, pipeline).await;
    if !on.map_err(tenancy::Error::from)?.enabled {
        return Ok(job.run_again(tx, EVERY, &job.payload).await?);
    }
    let wanted = match connections::wanted(&mut tx, id, pipeline).await {
        Ok(wanted) => wanted,
        // It was removed, so there is nothing left to schedule.
        Err(connections::Error::NotFound) => {
            return Ok(job.complete(tx, &Tally::default()).await?);
        }
        // Paused, not set up, or the pipeline cannot run for now: look again tomorrow.
        Err(connections::Error::NotReady | connections::Error::NoPipeline(_)) => {
            return Ok(job.run_again(tx, EVERY, &job.payload).await?);
        }
        Err(error) => return Err(Failure::retry(&error)),
    };
    let begun = begin(&mut tx, id, &wanted, now).await;
    let next = begun.map_err(|error| Failure::retry(&error))?;
    Ok(job.run_again(tx, next, &job.payload).await?)
}

/// Starts what is due and says when to look again.
async fn begin(
    tx: &mut OrgTx,
    id: ConnectionId,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Duration, connections::Error> {
    let start = |kind, range| Start {
        pipeline: &wanted.spec.pipeline,
        kind,
        range,
        watched: false,
        starter: Starter::Schedule,
    };
    let Some(zone) = latest_zone(&wanted.chosen, now) else {
        return Ok(EVERY);
    };
    connections::start_wanted(tx, id, wanted, start(Kind::Daily, None), now).await?;
    let close_day = wanted.spec.window.month_close_day;
    let closed = closed_month(close_day + month_close_delay(id), zone, now);
    if let Some(month) = closed {
        let had = |one: &super::plan::Chosen| one.through.is_some_and(|through| through >= month.0);
        let again = wanted.chosen.iter().any(had);
        let pipeline = &wanted.spec.pipeline;
        let closed_at = midnight_after(month.1 + Days::new(close_day.into()), zone);
        if again && !store::month_is_read(tx, id, pipeline, month, closed_at).await? {
            let wish = start(Kind::MonthClose, Some(month));
            connections::start_wanted(tx, id, wanted, wish, now).await?;
        }
    }
    let seen = latency::store::list(tx, id, Purpose::Scheduled).await;
    let seen = seen.map_err(tenancy::Error::from)?;
    Ok(next_look(&wanted.spec, zone, &seen, id, now))
}

/// A run costs several requests, and the day's are shared: were every connection's month read again
/// on the same day, a thousand orgs would need two days' worth.
fn month_close_delay(id: ConnectionId) -> u32 {
    u32::try_from(id.as_uuid().as_u128() % MONTH_CLOSE_DAYS).unwrap_or(0)
}

/// When a morning's report is looked for first, from midnight, going by the latest mornings.
pub(super) fn first_look(seen: &[Duration]) -> Duration {
    let learned = seen.iter().take(MORNINGS).max();
    learned.map_or(FIRST_LOOK, |latest| *latest + MARGIN)
}

/// When the next sync is due: each morning when its report will be there, going by the last ones; or
/// so often a day, or every so many days, never before the spec's hour.
fn next_look(
    spec: &Spec,
    zone: Tz,
    seen: &[Duration],
    id: ConnectionId,
    now: DateTime<Utc>,
) -> Duration {
    let spread = id.as_uuid().as_u128() % u128::from(SPREAD_SECONDS);
    let spread = TimeDelta::seconds(i64::try_from(spread).unwrap_or(0));
    let every = spec.schedule.every_hours.max(1);
    if every != 24 {
        return (next_slot(spec, zone, now) + spread - now)
            .to_std()
            .unwrap_or(EVERY);
    }
    let earliest = Duration::from_secs(u64::from(spec.schedule.not_before_hour) * 3600);
    let offset = first_look(seen).clamp(earliest, LAST_LOOK.max(earliest));
    let yesterday = last_complete_day(zone, now);
    let due = |midnight: DateTime<Utc>| {
        midnight + TimeDelta::from_std(offset).unwrap_or(TimeDelta::hours(7)) + spread
    };
    let today = due(midnight_after(yesterday, zone));
    let next = if today > now + TimeDelta::minutes(1) {
        today
    } else {
        due(midnight_after(
            yesterday.succ_opt().unwrap_or(yesterday),
            zone,
        ))
    };
    (next - now).to_std().unwrap_or(EVERY)
}

/// Several times a day: the hours are counted from the spec's first hour of each local day. Less than
/// once a day: so many whole days on, at that hour.
fn next_slot(spec: &Spec, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let every = spec.schedule.every_hours.max(1);
    let yesterday = last_complete_day(zone, now);
    let begins = |days: u64| {
        let first_hour = TimeDelta::hours(spec.schedule.not_before_hour.into());
        let local = (yesterday + Days::new(days + 1)).and_time(NaiveTime::MIN) + first_hour;
        let at = zone.from_local_datetime(&local).earliest();
        // An hour that a clock skips.
        let at = at.map(|at| at.with_timezone(&Utc));
        at.unwrap_or_else(|| midnight_after(yesterday + Days::new(days), zone) + first_hour)
    };
    if every > 24 {
        return begins(every.div_ceil(24).into());
    }
    let step = TimeDelta::hours(every.into());
    let (today, tomorrow) = (begins(0), begins(1));
    // What is left of the day after its last slot belongs to nobody.
    let ends = midnight_after(yesterday + Days::new(1), zone);
    let mut slot = today;
    while slot <= now {
        slot += step;
    }
    if slot < ends { slot } else { tomorrow }
}

#[cfg(test)]
mod tests {
    //! Once a morning, late enough, and when mornings are late, later; or as often as a spec says.

    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};
    use contracts::ConnectionId;

    use super::next_look;
    use crate::ingestion::pipelines;

    #[test]
    fn the_next_look_is_after_the_latest_of_the_last_mornings() {
        let spec = pipelines::find_built_in("dv360_line_item_days").unwrap();
        let zone = chrono_tz::America::New_York;
        let id = ConnectionId::new();
        let at = |now: &str, seen: &[Duration]| {
            let now: DateTime<Utc> = now.parse().unwrap();
            let local = (now + next_look(&spec, zone, seen, id, now)).with_timezone(&zone);
            (local.date_naive().to_string(), local.time())
        };
        let time = |text: &str| text.parse::<chrono::NaiveTime>().unwrap();
        // Half past noon in New York: tomorrow, seven o'clock and up to half an hour.
        let (day, first) = at("2026-07-10T16:30:00Z", &[]);
        assert_eq!(day, "2026-07-11");
        assert!(
            first >= time("07:00:00") && first < time("07:30:00"),
            "{first}"
        );
        let late = [Duration::from_secs(9 * 3600), Duration::from_secs(6 * 3600)];
        let (_, later) = at("2026-07-10T16:30:00Z", &late);
        assert_eq!(later - first, TimeDelta::minutes(125));
        // Before this morning's: today.
        assert_eq!(at("2026-07-10T08:00:00Z", &[]).0, "2026-07-10");
        // Never later than the early afternoon, never before the spec allows.
        let (_, latest) = at("2026-07-10T16:30:00Z", &[Duration::from_secs(20 * 3600)]);
        assert!(latest < time("13:30:00"), "{latest}");
        let (_, earliest) = at("2026-07-10T16:30:00Z", &[Duration::from_secs(60)]);
        assert!(earliest >= time("05:00:00"), "{earliest}");
    }

    #[test]
    fn other_schedules_keep_to_their_hours_in_the_advertisers_zone() {
        let zone = chrono_tz::America::New_York;
        let next = |every_hours, not_before_hour, now: &str| {
            let mut spec = pipelines::find_built_in("dv360_line_item_days").unwrap();
            spec.schedule.every_hours = every_hours;
            spec.schedule.not_before_hour = not_before_hour;
            let slot = super::next_slot(&spec, zone, now.parse().unwrap());
            slot.with_timezone(&zone).format("%d %H:%M").to_string()
        };
        // New York is four hours behind in July.
        for (every, from, now, expected) in [
            (6, 5, "2026-07-10T05:00:00Z", "10 05:00"),
            (6, 5, "2026-07-10T09:00:00Z", "10 11:00"),
            (6, 5, "2026-07-10T20:59:00Z", "10 17:00"),
            (6, 5, "2026-07-11T03:30:00Z", "11 05:00"),
            (1, 0, "2026-07-10T14:20:00Z", "10 11:00"),
            (13, 12, "2026-07-10T17:00:00Z", "11 12:00"),
            (48, 9, "2026-07-10T14:20:00Z", "12 09:00"),
            (168, 9, "2026-07-10T14:20:00Z", "17 09:00"),
            // The clock is put back on 1 November, and the hour is a local one.
            (6, 5, "2026-11-01T04:30:00Z", "01 05:00"),
        ] {
            assert_eq!(next(every, from, now), expected, "{every} {from} {now}");
        }
    }
}
