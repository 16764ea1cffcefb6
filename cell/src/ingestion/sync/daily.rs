//! The schedule: one job per connection and pipeline that starts a daily sync and queues itself for
//! tomorrow.

use std::time::Duration;

use chrono::Utc;
use contracts::{ConnectionId, JobId};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{FIRST_PIPELINE, Kind};
use crate::connections;
use crate::ingestion::Ingestion;
use crate::jobs::{self, Ended, Failure, Job, NewJob, Retry};
use crate::metering::Tally;
use crate::tenancy::OrgTx;

pub const DAILY_JOB: &str = "ingestion.daily";
const EVERY: Duration = Duration::from_secs(24 * 3600);
const MAX_ATTEMPTS: u16 = 100;

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
    let id = job.payload.get("connection_id").and_then(Value::as_str);
    let id: Option<ConnectionId> = id.and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Failure {
        message: "the job names no connection".to_owned(),
        retry: Retry::Never,
    })?;
    let pipeline = job.payload.get("pipeline").and_then(Value::as_str);
    let pipeline = pipeline.unwrap_or(FIRST_PIPELINE);
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let started = connections::start_sync(&mut tx, id, pipeline, Kind::Daily, Utc::now()).await;
    match started {
        Ok(_) => Ok(job.run_again(tx, EVERY, &job.payload).await?),
        // It was removed, so there is nothing left to schedule.
        Err(connections::Error::NotFound | connections::Error::NoPipeline(_)) => {
            Ok(job.complete(tx, &Tally::default()).await?)
        }
        // Paused or not set up: look again tomorrow.
        Err(connections::Error::NotReady) => Ok(job.run_again(tx, EVERY, &job.payload).await?),
        Err(error) => Err(Failure::retry(&error)),
    }
}
