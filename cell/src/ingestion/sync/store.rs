//! The rows of syncs and of the manifest of bronze.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BronzeId, ConnectionId, JobId, SyncId};
use serde_json::Value;
use uuid::Uuid;

use super::{Kind, Record, Starter, Sync};
use crate::ingestion::bronze::Stored;
use crate::tenancy::OrgTx;

struct Row {
    sync_id: Uuid,
    connection_id: Uuid,
    pipeline: String,
    kind: String,
    started_by: Option<String>,
    starter_id: Option<Uuid>,
    state: Value,
    revision: i64,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Sync {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let record = serde_json::from_value(row.state);
        let starter = row.started_by.map(|by| {
            Starter::find(&by, row.starter_id)
                .ok_or_else(|| sqlx::Error::Decode("an unknown starter of a sync".into()))
        });
        Ok(Self {
            sync_id: SyncId::from_uuid(row.sync_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            pipeline: row.pipeline,
            kind: Kind::find(&row.kind)
                .ok_or_else(|| sqlx::Error::Decode("an unknown kind of sync".into()))?,
            started_by: starter.transpose()?,
            record: record.map_err(|error| sqlx::Error::Decode(error.into()))?,
            revision: row.revision,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    sync_id: SyncId,
    connection_id: ConnectionId,
    (kind, starter): (Kind, Starter),
    record: &Record,
) -> Result<Sync, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (started_by, starter_id) = starter.columns();
    sqlx::query_as!(
        Row,
        r#"
        insert into tenant.syncs (
            org_id, sync_id, connection_id, pipeline, kind, started_by, starter_id, state, step)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning sync_id, connection_id, pipeline, kind, started_by, starter_id, state, revision, created_at,
                  started_at, finished_at
        "#,
        org,
        sync_id.as_uuid(),
        connection_id.as_uuid(),
        record.spec.pipeline,
        kind.as_str(),
        started_by,
        starter_id,
        encode(record)?,
        record.state.step(),
    )
    .fetch_one(&mut **tx)
    .await?
    .try_into()
}

pub(crate) async fn find(tx: &mut OrgTx, sync_id: SyncId) -> Result<Option<Sync>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select sync_id, connection_id, pipeline, kind, started_by, starter_id, state, revision, created_at,
               started_at, finished_at
          from tenant.syncs
         where org_id = $1 and sync_id = $2
        "#,
        org,
        sync_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Sync::try_from)
    .transpose()
}

pub(super) async fn find_unfinished(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    pipeline: &str,
) -> Result<Option<Sync>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select sync_id, connection_id, pipeline, kind, started_by, starter_id, state, revision, created_at,
               started_at, finished_at
          from tenant.syncs
         where org_id = $1 and connection_id = $2 and pipeline = $3 and finished_at is null
         order by created_at desc
         limit 1
        "#,
        org,
        connection_id.as_uuid(),
        pipeline,
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Sync::try_from)
    .transpose()
}

/// Which part of the list of syncs.
#[derive(Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) connection_id: Option<ConnectionId>,
    pub(crate) pipeline: Option<&'a str>,
    /// A step, or `running`.
    pub(crate) state: Option<&'a str>,
    /// The last of the page before.
    pub(crate) after: Option<SyncId>,
    pub(crate) limit: i64,
}

/// Newest first.
pub(crate) async fn list(tx: &mut OrgTx, page: &Page<'_>) -> Result<Vec<Sync>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select sync_id, connection_id, pipeline, kind, started_by, starter_id, state, revision, created_at,
               started_at, finished_at
          from tenant.syncs
         where org_id = $1 and connection_id = coalesce($2, connection_id)
           and pipeline = coalesce($3, pipeline)
           and ($4::text is null or step = $4 or ($4 = 'running' and finished_at is null))
           and ($5::uuid is null or (created_at, sync_id) < (
               select l.created_at, l.sync_id
                 from tenant.syncs l
                where l.org_id = $1 and l.sync_id = $5))
         order by created_at desc, sync_id desc
         limit $6
        "#,
        org,
        page.connection_id.map(ConnectionId::as_uuid),
        page.pipeline,
        page.state,
        page.after.map(SyncId::as_uuid),
        page.limit,
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .map(Sync::try_from)
    .collect()
}

/// When data last came in.
pub(crate) async fn last_success(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    pipeline: &str,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query_scalar!(
        r#"
        select max(finished_at)
          from tenant.syncs
         where org_id = $1 and connection_id = $2 and pipeline = $3 and step = 'done'
        "#,
        org,
        connection_id.as_uuid(),
        pipeline,
    );
    row.fetch_one(&mut **tx).await
}

/// The pipelines that a connection has ever been asked by.
pub(crate) async fn pipelines_of(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
) -> Result<Vec<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_scalar!(
        r#"
        select distinct pipeline
          from tenant.syncs
         where org_id = $1 and connection_id = $2
         order by pipeline
        "#,
        org,
        connection_id.as_uuid(),
    );
    rows.fetch_all(&mut **tx).await
}

/// Whether the month has been asked for since it was closed, whatever for.
pub(super) async fn month_is_read(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    pipeline: &str,
    month: (NaiveDate, NaiveDate),
    closed_at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select exists (
            select
              from tenant.syncs
             where org_id = $1 and connection_id = $2 and pipeline = $3 and created_at >= $6
               and step not in ('failed', 'cancelled')
               and state -> 'request' ->> 'start' <= $4 and state -> 'request' ->> 'end' >= $5
        ) as "found!"
        "#,
        org,
        connection_id.as_uuid(),
        pipeline,
        month.0.to_string(),
        month.1.to_string(),
        closed_at,
    )
    .fetch_one(&mut **tx)
    .await
}

/// The only write of a sync's state. `false`: somebody else has moved it on.
pub(super) async fn advance(
    tx: &mut OrgTx,
    seen: &Sync,
    record: &Record,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let written = sqlx::query!(
        r#"
        update tenant.syncs
           set state = $4, step = $5, revision = revision + 1,
               started_at = coalesce(started_at, clock_timestamp()),
               finished_at = case when $6 then clock_timestamp() end
         where org_id = $1 and sync_id = $2 and revision = $3
        "#,
        org,
        seen.sync_id.as_uuid(),
        seen.revision,
        encode(record)?,
        record.state.step(),
        record.state.over(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Ends pauses for one of these reasons then. Whoever has just taken one up finds it moved on.
pub(super) async fn shorten_pauses(
    tx: &mut OrgTx,
    reasons: &[String],
    until: DateTime<Utc>,
) -> Result<Vec<SyncId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = sqlx::query_scalar!(
        r#"
        update tenant.syncs
           set state = jsonb_set(state, '{state,until}', to_jsonb($3::text)), revision = revision + 1
         where org_id = $1 and step = 'paused' and state #>> '{state,problem,code}' = any ($2)
        returning sync_id
        "#,
        org,
        reasons,
        until.to_rfc3339(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(SyncId::from_uuid).collect())
}

/// A file of bronze, as a later step needs it.
pub(super) struct BronzeObject {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    pub(super) length_proven: bool,
}

/// What a fetched file is, for the manifest.
pub(super) struct NewBronze<'a> {
    pub(super) stored: Stored,
    pub(super) kind: &'static str,
    pub(super) connection_id: ConnectionId,
    pub(super) request: &'a Value,
    pub(super) report_id: Option<&'a str>,
    pub(super) query_id: Option<&'a str>,
    pub(super) length_proven: bool,
}

/// The connection's other syncs that wait for a report they have ordered and not asked for yet.
pub(super) async fn list_not_asked(tx: &mut OrgTx, sync: &Sync) -> Result<Vec<JobId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = sqlx::query_scalar!(
        r#"
        select sync_id
          from tenant.syncs
         where org_id = $1 and connection_id = $2 and step = 'waiting' and sync_id <> $3
           and (state->'state'->>'polls')::int = 0
           and not (state->'state'->>'scheduled')::boolean
        "#,
        org,
        sync.connection_id.as_uuid(),
        sync.sync_id.as_uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(JobId::from_uuid).collect())
}

/// Whether a sync of the org that began since then has ordered a second report.
pub(super) async fn has_asked_again(
    tx: &mut OrgTx,
    since: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select exists (
            select
              from tenant.syncs
             where org_id = $1 and created_at > $2 and (state->>'asked_again')::boolean
        ) as "asked!"
        "#,
        org,
        since,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Enters a file; the same bytes again are the same entry, also of a file that had expired.
pub(super) async fn ensure_bronze(
    tx: &mut OrgTx,
    new: &NewBronze<'_>,
) -> Result<BronzeId, sqlx::Error> {
    let org = tx.org().as_uuid();
    let id = sqlx::query_scalar!(
        r#"
        with entered as (
            insert into tenant.bronze_objects (
                org_id, bronze_id, sha256, bytes, kind, connection_id, request, report_id, query_id,
                length_proven)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (org_id, sha256) do update
               set fetched_at = excluded.fetched_at, expired_at = null, removed_at = null
             where bronze_objects.expired_at is not null
            returning bronze_id
        )
        select bronze_id as "bronze_id!" from entered
        union all
        select bronze_id from tenant.bronze_objects where org_id = $1 and sha256 = $3
         limit 1
        "#,
        org,
        BronzeId::new().as_uuid(),
        &new.stored.sha256[..],
        i64::try_from(new.stored.bytes).unwrap_or(i64::MAX),
        new.kind,
        new.connection_id.as_uuid(),
        new.request,
        new.report_id,
        new.query_id,
        new.length_proven,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(BronzeId::from_uuid(id))
}

pub(super) async fn fetch_bronze(
    tx: &mut OrgTx,
    bronze_id: BronzeId,
) -> Result<BronzeObject, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select sha256, bytes, length_proven
          from tenant.bronze_objects
         where org_id = $1 and bronze_id = $2
        "#,
        org,
        bronze_id.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    let sha256 = row.sha256.as_slice().try_into();
    Ok(BronzeObject {
        sha256: sha256.map_err(|_| sqlx::Error::Decode("a hash has 32 bytes".into()))?,
        bytes: row.bytes.unsigned_abs(),
        length_proven: row.length_proven,
    })
}

fn encode(record: &Record) -> Result<Value, sqlx::Error> {
    serde_json::to_value(record).map_err(|error| sqlx::Error::Encode(error.into()))
}
