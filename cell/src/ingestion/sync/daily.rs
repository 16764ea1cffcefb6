//! The schedule: one job per connection that starts a daily sync and queues itself for tomorrow.

use std::time::Duration;

use chrono::Utc;
use contracts::{ConnectionId, JobId};
use serde_json::{Value, json};

use super::Kind;
use crate::connections;
use crate::ingestion::Ingestion;
use crate::jobs::{self, Ended, Failure, Job, NewJob, Retry};
use crate::metering::Tally;
use crate::tenancy::OrgTx;

pub const DAILY_JOB: &str = "ingestion.daily";
const EVERY: Duration = Duration::from_secs(24 * 3600);
const MAX_ATTEMPTS: u16 = 100;

/// Queued once per connection: the job's id is the connection's.
pub async fn schedule_daily(tx: &mut OrgTx, connection: ConnectionId) -> Result<(), sqlx::Error> {
    let job = NewJob {
        job_id: JobId::from_uuid(connection.as_uuid()),
        kind: DAILY_JOB,
        key: format!("daily:{connection}"),
        payload: json!({"connection_id": connection}),
        run_at: Some(Utc::now() + EVERY),
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await
}

pub async fn run_daily(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let id = job.payload.get("connection_id").and_then(Value::as_str);
    let id: Option<ConnectionId> = id.and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Failure {
        message: "the job names no connection".to_owned(),
        retry: Retry::Never,
    })?;
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let started = connections::start_sync(&mut tx, id, Kind::Daily, Utc::now()).await;
    match started {
        Ok(_) => Ok(job.run_again(tx, EVERY, &job.payload).await?),
        // It was removed, so there is nothing left to schedule.
        Err(connections::Error::NotFound) => Ok(job.complete(tx, &Tally::default()).await?),
        // Paused or not set up: look again tomorrow.
        Err(connections::Error::NotReady) => Ok(job.run_again(tx, EVERY, &job.payload).await?),
        Err(error) => Err(Failure::retry(&error)),
    }
}
