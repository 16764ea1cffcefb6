//! The ledger's part: which files were loaded, for which days, read in which way.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use contracts::{BronzeId, ReplayId, SyncId};
use serde_json::Value;
use uuid::Uuid;

use crate::ingestion::replay::plan::{Covering, File, Known, Loads};
use crate::ingestion::silver::facts::{Landed, Load};
use crate::tenancy::OrgTx;

/// The pipelines whose files gave any of these days.
pub(in crate::ingestion::replay) async fn list_pipelines(
    tx: &mut OrgTx,
    start: NaiveDate,
    end: NaiveDate,
) -> Result<Vec<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select distinct coalesce(s.pipeline, split_part(l.pipeline_version, '@', 1)) as "pipeline!"
          from tenant.load_ledger l
          left join tenant.syncs s on s.org_id = $1 and s.sync_id = l.sync_id
         where l.org_id = $1 and l.range_end >= $2 and l.range_start <= $3
         order by 1
        "#,
        org,
        start,
        end,
    )
    .fetch_all(&mut **tx)
    .await
}

/// By advertiser and date, as the ledger notes it.
type Kept = BTreeSet<(String, NaiveDate)>;

/// Everything the ledger and the record of loaded days say of a range.
pub(in crate::ingestion::replay) async fn fetch_loads(
    tx: &mut OrgTx,
    pipeline: &str,
    dataset: &str,
    dsp: &str,
    range: (NaiveDate, NaiveDate),
) -> Result<Loads, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select l.bronze_id, l.range_start, l.range_end, l.reported_at, b.fetched_at,
               coalesce(s.pipeline, split_part(l.pipeline_version, '@', 1)) as "pipeline!",
               s.state -> 'advertisers' as advertisers, l.notes -> 'kept' as kept
          from tenant.load_ledger l
          join tenant.bronze_objects b on b.org_id = $1 and b.bronze_id = l.bronze_id
          left join tenant.syncs s on s.org_id = $1 and s.sync_id = l.sync_id
         where l.org_id = $1 and l.dataset = $2 and l.range_end >= $3 and l.range_start <= $4
        "#,
        org,
        dataset,
        range.0,
        range.1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut loads = Loads::default();
    for row in rows {
        let bronze_id = BronzeId::from_uuid(row.bronze_id);
        if row.pipeline != pipeline {
            loads.foreign.insert(bronze_id);
            continue;
        }
        let fetched_at = row.fetched_at;
        loads.files.push(File {
            bronze_id,
            fetched_at,
        });
        let kept: Kept = row
            .kept
            .and_then(|kept| serde_json::from_value(kept).ok())
            .unwrap_or_default();
        for one in row
            .advertisers
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let through = one["through"].as_str().and_then(|text| text.parse().ok());
            let (Some(id), Some(through)) = (one["advertiser_id"].as_str(), through) else {
                continue;
            };
            loads.coverings.push(Covering {
                bronze_id,
                fetched_at,
                reported_at: row.reported_at,
                advertiser_id: id.to_owned(),
                start: row.range_start,
                end: row.range_end.min(through),
                kept: kept
                    .iter()
                    .filter(|day| day.0 == id)
                    .map(|day| day.1)
                    .collect(),
            });
        }
    }
    loads.known = list_known(tx, dataset, dsp, range).await?;
    Ok(loads)
}

/// The file that each loaded day is from.
pub(in crate::ingestion::replay) async fn list_known(
    tx: &mut OrgTx,
    dataset: &str,
    dsp: &str,
    range: (NaiveDate, NaiveDate),
) -> Result<Vec<Known>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date, bronze_id
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and date between $4 and $5
        "#,
        org,
        dataset,
        dsp,
        range.0,
        range.1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let known = rows.into_iter().map(|row| Known {
        advertiser_id: row.advertiser_id,
        date: row.date,
        bronze_id: BronzeId::from_uuid(row.bronze_id),
    });
    Ok(known.collect())
}

/// A stored file, and the latest load of it by a sync.
pub(in crate::ingestion::replay) struct LoadedFile {
    pub(in crate::ingestion::replay) sha256: [u8; 32],
    pub(in crate::ingestion::replay) bytes: u64,
    pub(in crate::ingestion::replay) length_proven: bool,
    pub(in crate::ingestion::replay) sync_id: SyncId,
    /// What the load called its way of reading.
    pub(in crate::ingestion::replay) version: String,
    pub(in crate::ingestion::replay) range: (NaiveDate, NaiveDate),
}

pub(in crate::ingestion::replay) async fn find_file(
    tx: &mut OrgTx,
    dataset: &str,
    bronze_id: BronzeId,
) -> Result<Option<LoadedFile>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select b.sha256, b.bytes, b.length_proven, l.sync_id, l.pipeline_version, l.range_start,
               l.range_end
          from tenant.load_ledger l
          join tenant.bronze_objects b on b.org_id = $1 and b.bronze_id = l.bronze_id
         where l.org_id = $1 and l.dataset = $2 and l.bronze_id = $3
         -- What a replay alone brought has no load of its own.
         order by l.loaded_at
         limit 1
        "#,
        org,
        dataset,
        bronze_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sha256 = row.sha256.as_slice().try_into();
    Ok(Some(LoadedFile {
        sha256: sha256.map_err(|_| sqlx::Error::Decode("a hash has 32 bytes".into()))?,
        bytes: row.bytes.unsigned_abs(),
        length_proven: row.length_proven,
        sync_id: SyncId::from_uuid(row.sync_id),
        version: row.pipeline_version,
        range: (row.range_start, row.range_end),
    }))
}

/// The sync of some load that was read in this way.
pub(in crate::ingestion::replay) async fn find_sync_of_version(
    tx: &mut OrgTx,
    pipeline: &str,
    version: &str,
) -> Result<Option<SyncId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let found = sqlx::query_scalar!(
        r#"
        select l.sync_id
          from tenant.load_ledger l
          join tenant.syncs s on s.org_id = $1 and s.sync_id = l.sync_id
         where l.org_id = $1 and l.pipeline_version = $3 and s.pipeline = $2 and l.replay_id is null
         order by l.loaded_at desc
         limit 1
        "#,
        org,
        pipeline,
        version,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.map(SyncId::from_uuid))
}

/// The ways in which files of a pipeline were read, the latest first.
pub(in crate::ingestion::replay) async fn list_versions(
    tx: &mut OrgTx,
    pipeline: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select l.pipeline_version
          from tenant.load_ledger l
          join tenant.syncs s on s.org_id = $1 and s.sync_id = l.sync_id
         where l.org_id = $1 and s.pipeline = $2
         group by l.pipeline_version
         order by max(l.loaded_at) desc
         limit 20
        "#,
        org,
        pipeline,
    )
    .fetch_all(&mut **tx)
    .await
}

/// The latest sync of a pipeline that loaded a file.
pub(in crate::ingestion::replay) async fn find_sync_of_pipeline(
    tx: &mut OrgTx,
    pipeline: &str,
) -> Result<Option<SyncId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let found = sqlx::query_scalar!(
        r#"
        select l.sync_id
          from tenant.load_ledger l
          join tenant.syncs s on s.org_id = $1 and s.sync_id = l.sync_id
         where l.org_id = $1 and s.pipeline = $2
         order by l.loaded_at desc
         limit 1
        "#,
        org,
        pipeline,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.map(SyncId::from_uuid))
}

/// Notes in the ledger that a replay has put the file's days there. Days that were loaded in the
/// same way before keep the load they name.
pub(in crate::ingestion::replay) async fn record_load(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    load: &Load,
    file: &LoadedFile,
    landed: &Landed,
) -> Result<Uuid, sqlx::Error> {
    let org = tx.org().as_uuid();
    let summary = &landed.summary;
    sqlx::query_scalar!(
        r#"
        insert into tenant.load_ledger (
            org_id, load_id, dataset, bronze_id, sync_id, pipeline_version, range_start, range_end,
            rows_loaded, control_total, reported_at, notes, replay_id, replayed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, clock_timestamp())
            on conflict (org_id, dataset, bronze_id, pipeline_version) do update
           set replay_id = excluded.replay_id, replayed_at = excluded.replayed_at
        returning load_id
        "#,
        org,
        Uuid::now_v7(),
        load.dataset,
        load.bronze_id.as_uuid(),
        load.sync_id.as_uuid(),
        load.pipeline_version,
        file.range.0,
        file.range.1,
        landed.rows().cast_signed(),
        summary.control_total,
        summary.reported_at,
        summary.notes(),
        replay_id.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await
}
