//! The rows of files in quarantine.

use chrono::{DateTime, Utc};
use contracts::{BronzeId, ConnectionId, SyncId};
use serde_json::Value;
use uuid::Uuid;

use super::{Entry, Refusal, decode};
use crate::ingestion::connector::ReportRequest;
use crate::tenancy::OrgTx;

struct Row {
    sync_id: Uuid,
    connection_id: Uuid,
    bronze_id: Uuid,
    pipeline: String,
    report: Value,
    code: String,
    message: String,
    line: Option<i64>,
    drifts: Value,
    request: Value,
    created_at: DateTime<Utc>,
    replay_sync_id: Option<Uuid>,
    replay_step: Option<String>,
}

impl TryFrom<Row> for Entry {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let request: ReportRequest = decode(row.request)?;
        Ok(Self {
            sync_id: SyncId::from_uuid(row.sync_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            bronze_id: BronzeId::from_uuid(row.bronze_id),
            pipeline: row.pipeline,
            report: decode(row.report)?,
            code: row.code,
            message: row.message,
            line: row.line.map(i64::unsigned_abs),
            drifts: decode(row.drifts)?,
            range: (!request.advertiser_ids.is_empty()).then_some((request.start, request.end)),
            created_at: row.created_at,
            replay: row
                .replay_sync_id
                .map(SyncId::from_uuid)
                .zip(row.replay_step),
        })
    }
}

pub(super) async fn insert(tx: &mut OrgTx, refusal: &Refusal<'_>) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let encode = |error: serde_json::Error| sqlx::Error::Encode(error.into());
    let report = serde_json::to_value(refusal.report).map_err(encode)?;
    let drifts = serde_json::to_value(&refusal.error.drifts).map_err(encode)?;
    sqlx::query!(
        r#"
        insert into tenant.quarantine (
            org_id, sync_id, bronze_id, pipeline, report, code, message, line, drifts)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (org_id, sync_id) do nothing
        "#,
        org,
        refusal.sync.sync_id.as_uuid(),
        refusal.bronze_id.as_uuid(),
        refusal.sync.pipeline,
        report,
        refusal.error.code,
        refusal.error.message,
        refusal.error.line.map(u64::cast_signed),
        drifts,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Newest first, those older than `before`.
pub(super) async fn list(
    tx: &mut OrgTx,
    before: Option<(DateTime<Utc>, SyncId)>,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (before_at, before_id) = before.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select q.sync_id, s.connection_id, q.bronze_id, q.pipeline, q.report, q.code, q.message,
               q.line, q.drifts, s.state -> 'request' as "request!", q.created_at,
               q.replay_sync_id, r.step as "replay_step?"
          from tenant.quarantine q
          join tenant.syncs s on s.org_id = $1 and s.sync_id = q.sync_id
          left join tenant.syncs r on r.org_id = $1 and r.sync_id = q.replay_sync_id
         where q.org_id = $1
           and ($2::timestamptz is null or (q.created_at, q.sync_id) < ($2, $3::uuid))
         order by q.created_at desc, q.sync_id desc
         limit $4
        "#,
        org,
        before_at,
        before_id.map(|id| id.as_uuid()),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

pub(super) async fn find(tx: &mut OrgTx, sync_id: SyncId) -> Result<Option<Entry>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select q.sync_id, s.connection_id, q.bronze_id, q.pipeline, q.report, q.code, q.message,
               q.line, q.drifts, s.state -> 'request' as "request!", q.created_at,
               q.replay_sync_id, r.step as "replay_step?"
          from tenant.quarantine q
          join tenant.syncs s on s.org_id = $1 and s.sync_id = q.sync_id
          left join tenant.syncs r on r.org_id = $1 and r.sync_id = q.replay_sync_id
         where q.org_id = $1 and q.sync_id = $2
        "#,
        org,
        sync_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Entry::try_from)
    .transpose()
}

/// The entry, for a replay: two clicks do not make two of them.
pub(super) async fn lock(tx: &mut OrgTx, sync_id: SyncId) -> Result<Option<Entry>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "select from tenant.quarantine where org_id = $1 and sync_id = $2 for update",
        org,
        sync_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    find(tx, sync_id).await
}

pub(super) async fn note_replay(
    tx: &mut OrgTx,
    sync_id: SyncId,
    replay: SyncId,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.quarantine
           set replay_sync_id = $3, replayed_at = clock_timestamp()
         where org_id = $1 and sync_id = $2
        "#,
        org,
        sync_id.as_uuid(),
        replay.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find_hash(
    tx: &mut OrgTx,
    bronze_id: BronzeId,
) -> Result<Option<[u8; 32]>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let hash = sqlx::query_scalar!(
        "select sha256 from tenant.bronze_objects where org_id = $1 and bronze_id = $2",
        org,
        bronze_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    let hash = hash.map(|hash| hash.as_slice().try_into());
    let wrong = |_| sqlx::Error::Decode("a hash has 32 bytes".into());
    hash.transpose().map_err(wrong)
}

/// Refused files whose days are still waiting for another one.
pub(super) struct Waiting {
    pub(super) files: i64,
    pub(super) since: DateTime<Utc>,
    pub(super) newest: SyncId,
}

/// A file is waited for until it was loaded after all, or a later report of its pipeline was: those
/// reach back. What was delivered is in no other file.
pub(super) async fn fetch_waiting(tx: &mut OrgTx) -> Result<Option<Waiting>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select count(*) as "files!", min(q.created_at) as since,
               (array_agg(q.sync_id order by q.created_at desc))[1] as newest
          from tenant.quarantine q
          join tenant.syncs s on s.org_id = $1 and s.sync_id = q.sync_id
          join tenant.connections c on c.org_id = $1 and c.connection_id = s.connection_id
          left join tenant.syncs r on r.org_id = $1 and r.sync_id = q.replay_sync_id
         where q.org_id = $1
           and r.step is distinct from 'done'
           and (c.connector = 'file_drop' or not exists (
               select from tenant.syncs l
                where l.org_id = $1 and l.connection_id = s.connection_id
                  and l.pipeline = s.pipeline and l.step = 'done'
                  and l.created_at > s.created_at))
        "#,
        org,
    )
    .fetch_one(&mut **tx)
    .await?;
    let found = row.since.zip(row.newest);
    Ok(found.map(|(since, newest)| Waiting {
        files: row.files,
        since,
        newest: SyncId::from_uuid(newest),
    }))
}
