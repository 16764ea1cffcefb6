//! The job that looks into a connection's folder: every new file becomes a delivery, every other one
//! is told of with the reason why not. Files there are read, never moved, changed or deleted.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use chrono::Utc;
use contracts::{ConnectionId, JobId, SyncId};
use serde_json::{Value, json};

use super::folder::{self, Found, Root};
use super::{Delivery, Error, deliver, find_taker, refuse_kind, store};
use crate::connections;
use crate::ingestion::Ingestion;
use crate::ingestion::bronze;
use crate::ingestion::sync::Starter;
use crate::jobs::{self, Ended, Failure, Job, NewJob, Retry};
use crate::metering::Tally;
use crate::tenancy::OrgTx;

pub const SCAN_JOB: &str = "ingestion.scan_folder";
const EVERY: Duration = Duration::from_secs(60);
/// Without a folder there may be one after the next start.
const EVERY_WITHOUT: Duration = Duration::from_secs(3_600);
const MAX_ATTEMPTS: u16 = 100;
/// So many files in one run; the rest are next.
const BATCH: usize = 50;
const LARGEST_BYTES: u64 = 16 << 30;

/// Queued once per connection: the job's id is the connection's.
pub(crate) async fn schedule(tx: &mut OrgTx, connection: ConnectionId) -> Result<(), sqlx::Error> {
    let job = NewJob {
        job_id: JobId::from_uuid(connection.as_uuid()),
        kind: SCAN_JOB,
        key: format!("scan:{connection}"),
        payload: json!({"connection_id": connection}),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await
}

pub async fn run(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let id = job.payload.get("connection_id").and_then(Value::as_str);
    let id: Option<ConnectionId> = id.and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Failure {
        message: "the job names no connection".to_owned(),
        retry: Retry::Never,
    })?;
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let connector = connections::find_connector(&mut tx, id).await;
    if connector.map_err(jobs::Error::from)?.is_none() {
        // It was removed, so there is nothing left to look for.
        return Ok(job.complete(tx, &Tally::default()).await?);
    }
    let taken = store::list_taken(&mut tx, id).await;
    let taken = taken.map_err(jobs::Error::from)?;
    tx.commit().await?;
    let Some(root) = ingestion.drop_folder.clone() else {
        let tx = ingestion.db.begin(&job.scope).await?;
        return Ok(job.run_again(tx, EVERY_WITHOUT, &job.payload).await?);
    };
    let org = job.scope.org();
    let listing = tokio::task::spawn_blocking(move || root.list(org, id)).await;
    let found = listing.map_err(|error| Failure::retry(&error))?;
    let mut found = found.map_err(|error| Failure::retry(&error))?;
    let now = Utc::now();
    found.retain(|one| {
        let bytes = i64::try_from(one.bytes).unwrap_or(i64::MAX);
        // A link stays one, however new it is.
        let settled = one.problem.is_some() || one.settled(now);
        settled && taken.get(&one.name) != Some(&(bytes, one.modified_at))
    });
    let more = found.len() > BATCH;
    for one in found.iter().take(BATCH) {
        take(&ingestion, &job, id, one).await?;
    }
    let after = if more { Duration::ZERO } else { EVERY };
    let tx = ingestion.db.begin(&job.scope).await?;
    Ok(job.run_again(tx, after, &job.payload).await?)
}

/// Takes one file, or notes why not. Only what may pass by itself is an error.
async fn take(
    ingestion: &Ingestion,
    job: &Job,
    connection: ConnectionId,
    found: &Found,
) -> Result<(), Failure> {
    let outcome = match found.problem {
        Some(reason) => Err(Error::Name(reason)),
        None => try_to_take(ingestion, job, connection, found).await,
    };
    let problem = match outcome {
        Ok(sync_id) => {
            tracing::info!(sync.id = %sync_id, "a file of the folder was taken");
            return Ok(());
        }
        Err(error @ (Error::Tenancy(_) | Error::Bronze(bronze::Error::Store(_)))) => {
            return Err(Failure::retry(&error));
        }
        // It is still being written; the next look finds it whole.
        Err(Error::Bronze(bronze::Error::Io(error)))
            if error.kind() == io::ErrorKind::InvalidData =>
        {
            return Ok(());
        }
        Err(error) => error.to_string(),
    };
    let mut tx = ingestion.db.begin(&job.scope).await?;
    job.prove_lease(&mut tx).await?;
    let noted = store::put_folder_file(&mut tx, connection, found, Err(&problem)).await;
    noted.map_err(jobs::Error::from)?;
    tx.commit().await?;
    Ok(())
}

async fn try_to_take(
    ingestion: &Ingestion,
    job: &Job,
    connection: ConnectionId,
    found: &Found,
) -> Result<SyncId, Error> {
    let scope = &job.scope;
    let mut tx = ingestion.db.begin_read(scope).await?;
    // Before its bytes are read: most of what nobody takes is large.
    find_taker(&mut tx, connection, &found.name, None).await?;
    tx.commit().await?;
    if found.bytes > LARGEST_BYTES {
        return Err(Error::TooLarge(LARGEST_BYTES));
    }
    let Some(root) = ingestion.drop_folder.clone() else {
        return Err(Error::NobodyTakesIt);
    };
    let (org, wanted) = (scope.org(), found.clone());
    let opening = tokio::task::spawn_blocking(move || open(&root, org, connection, &wanted));
    let opened = opening
        .await
        .map_err(|stopped| io_error(io::Error::other(stopped)))?;
    let (file, first) = opened.map_err(io_error)?;
    refuse_kind(&first)?;
    let watched = file.try_clone().map_err(io_error)?;
    let stored = ingestion.bronze.put_reader(org, file).await?;
    if !folder::is_same(&watched, found).map_err(io_error)? || stored.bytes != found.bytes {
        return Err(io_error(folder::changed()));
    }
    let mut tx = ingestion.db.begin(scope).await?;
    let taker = find_taker(&mut tx, connection, &found.name, None).await?;
    let delivery = Delivery {
        connection_id: connection,
        name: &found.name,
        starter: Starter::Folder,
        stored,
    };
    let sync = deliver(&mut tx, &delivery, &taker).await?;
    store::put_folder_file(&mut tx, connection, found, Ok(sync.sync_id)).await?;
    tx.commit().await?;
    Ok(sync.sync_id)
}

/// The file, back at its start, and its first bytes.
fn open(
    root: &Root,
    org: contracts::OrgId,
    connection: ConnectionId,
    found: &Found,
) -> io::Result<(File, Vec<u8>)> {
    let mut file = root.read(org, connection, found)?;
    let mut first = Vec::new();
    Read::by_ref(&mut file).take(8).read_to_end(&mut first)?;
    io::Seek::rewind(&mut file)?;
    Ok((file, first))
}

fn io_error(error: io::Error) -> Error {
    Error::Bronze(bronze::Error::Io(error))
}
