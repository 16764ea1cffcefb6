//! The schedule: one job per connection and pipeline that starts the morning's sync, now and then
//! the reading again of a month that has been closed, and queues itself for the next morning.

use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use contracts::{ConnectionId, JobId};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::plan::{closed_month, last_complete_day, latest_zone};
use super::queries::Purpose;
use super::reports::midnight_after;
use super::{FIRST_PIPELINE, Kind, latency, store};
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

/// Queued once per connection and pipeline, because its id follows from them.
pub async fn schedule_daily(
    tx: &mut OrgTx,
    connection: ConnectionId,
    pipeline: &str,
) -> Result<(), sqlx::Error> {
    let job = NewJob {
        job_id: job_id(connection, pipeline),
        kind: DAILY_JOB,
        key: format!("daily:{connection}:{pipeline}"),
        payload: json!({"connection_id": connection, "pipeline": pipeline}),
        run_at: Some(Utc::now() + EVERY),
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

/// When the morning's report will be there, going by the last ones.
fn next_look(
    spec: &Spec,
    zone: Tz,
    seen: &[Duration],
    id: ConnectionId,
    now: DateTime<Utc>,
) -> Duration {
    if spec.schedule.every_hours != 24 {
        return Duration::from_secs(u64::from(spec.schedule.every_hours.max(1)) * 3600);
    }
    let earliest = Duration::from_secs(u64::from(spec.schedule.not_before_hour) * 3600);
    let offset = first_look(seen).clamp(earliest, LAST_LOOK.max(earliest));
    let spread = id.as_uuid().as_u128() % u128::from(SPREAD_SECONDS);
    let spread = Duration::from_secs(u64::try_from(spread).unwrap_or(0));
    let yesterday = last_complete_day(zone, now);
    let due = |midnight: DateTime<Utc>| {
        midnight + TimeDelta::from_std(offset + spread).unwrap_or(TimeDelta::hours(7))
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

#[cfg(test)]
mod tests {
    //! Once a morning, late enough, and when mornings are late, later.

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
}
