//! The rows of layers and switches. A version of a layer is inserted and never changed.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use contracts::{BronzeId, UserId};
use serde_json::Value;
use uuid::Uuid;

use super::change::NewLayer;
use super::dry_run::{Days, File};
use super::{Layer, Spec};
use crate::ingestion::silver::days::DaySums;
use crate::tenancy::OrgTx;

struct Row {
    pipeline: String,
    version: i32,
    layer: Option<Value>,
    made_over: Option<Value>,
    comment: String,
    changed_by: Uuid,
    changed_at: chrono::DateTime<chrono::Utc>,
}

impl From<Row> for Layer {
    fn from(row: Row) -> Self {
        Self {
            pipeline: row.pipeline,
            version: row.version.unsigned_abs(),
            value: row.layer,
            made_over: row.made_over,
            comment: row.comment,
            changed_by: UserId::from_uuid(row.changed_by),
            changed_at: row.changed_at,
        }
    }
}

/// One change of an org's pipelines at a time, since some are judged by the others.
pub(super) async fn lock(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtext('pipelines'), uuid_hash($1))::text as "locked""#,
        org,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find_layer(
    tx: &mut OrgTx,
    pipeline: &str,
) -> Result<Option<Layer>, sqlx::Error> {
    let mut newest = list_versions(tx, pipeline, None, 1).await?;
    Ok(newest.pop())
}

/// Newest first, below `before` if that is given.
pub(super) async fn list_versions(
    tx: &mut OrgTx,
    pipeline: &str,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Layer>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select pipeline, version, layer, made_over, comment, changed_by, changed_at
          from tenant.pipeline_layers
         where org_id = $1 and pipeline = $2 and version < coalesce($3, 2147483647)
         order by version desc
         limit $4
        "#,
        org,
        pipeline,
        before,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Layer::from).collect())
}

/// The newest version of each.
pub(super) async fn list_layers(tx: &mut OrgTx) -> Result<BTreeMap<String, Layer>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select distinct on (pipeline)
               pipeline, version, layer, made_over, comment, changed_by, changed_at
          from tenant.pipeline_layers
         where org_id = $1
         order by pipeline, version desc
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    let named = |row: Row| (row.pipeline.clone(), Layer::from(row));
    Ok(rows.into_iter().map(named).collect())
}

pub(super) async fn insert_layer(
    tx: &mut OrgTx,
    new: &NewLayer<'_>,
    version: u32,
    made_over: Option<&Value>,
) -> Result<Layer, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into tenant.pipeline_layers (
            org_id, pipeline, version, layer, made_over, comment, changed_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        returning pipeline, version, layer, made_over, comment, changed_by, changed_at
        "#,
        org,
        new.pipeline,
        i32::try_from(version).unwrap_or(i32::MAX),
        new.value,
        new.value.and(made_over),
        new.comment,
        new.changed_by.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.into())
}

pub(super) async fn find_switch(
    tx: &mut OrgTx,
    pipeline: &str,
) -> Result<Option<bool>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        "select enabled from tenant.pipeline_switches where org_id = $1 and pipeline = $2",
        org,
        pipeline,
    )
    .fetch_optional(&mut **tx)
    .await
}

pub(super) async fn list_switches(tx: &mut OrgTx) -> Result<BTreeMap<String, bool>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        "select pipeline, enabled from tenant.pipeline_switches where org_id = $1",
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.pipeline, row.enabled))
        .collect())
}

pub(super) async fn put_switch(
    tx: &mut OrgTx,
    pipeline: &str,
    enabled: bool,
    changed_by: UserId,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.pipeline_switches (org_id, pipeline, enabled, changed_by)
        values ($1, $2, $3, $4)
            on conflict (org_id, pipeline) do update
           set enabled = excluded.enabled, changed_by = excluded.changed_by,
               changed_at = clock_timestamp()
        "#,
        org,
        pipeline,
        enabled,
        changed_by.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The file that the pipeline loaded last.
pub(super) async fn find_latest_file(
    tx: &mut OrgTx,
    pipeline: &str,
) -> Result<Option<BronzeId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let id = sqlx::query_scalar!(
        r#"
        select l.bronze_id
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
    Ok(id.map(BronzeId::from_uuid))
}

pub(super) async fn find_file(
    tx: &mut OrgTx,
    bronze_id: BronzeId,
) -> Result<Option<File>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select sha256, bytes, length_proven, request
          from tenant.bronze_objects
         where org_id = $1 and bronze_id = $2 and kind = 'report'
        "#,
        org,
        bronze_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sha256 = row.sha256.as_slice().try_into();
    Ok(Some(File {
        sha256: sha256.map_err(|_| sqlx::Error::Decode("a hash has 32 bytes".into()))?,
        bytes: row.bytes.unsigned_abs(),
        length_proven: row.length_proven,
        request: serde_json::from_value(row.request).ok(),
    }))
}

/// How far each advertiser's data reaches.
pub(super) async fn list_watermarks(
    tx: &mut OrgTx,
    spec: &Spec,
    advertiser_ids: &[String],
) -> Result<HashMap<String, NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, through
          from tenant.watermarks
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
        "#,
        org,
        spec.dataset_key(),
        spec.dsp(),
        advertiser_ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().map(|row| (row.advertiser_id, row.through));
    Ok(rows.collect())
}

/// What silver has of these advertisers' days.
pub(super) async fn list_days(
    tx: &mut OrgTx,
    spec: &Spec,
    advertiser_ids: &[String],
    first: NaiveDate,
) -> Result<Days, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date, row_count, impressions, billable_impressions, clicks,
               conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3
           and advertiser_id = any ($4) and date >= $5
        "#,
        org,
        spec.dataset_key(),
        spec.dsp(),
        advertiser_ids,
        first,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut days = Days::new();
    for row in rows {
        let sums = DaySums {
            rows: row.row_count.unsigned_abs(),
            sums: [
                row.impressions,
                row.billable_impressions,
                row.clicks,
                row.conversions_micros,
                row.revenue_micros,
                row.media_cost_micros,
                row.billable_cost_micros,
            ],
        };
        days.insert((row.advertiser_id, row.date), sums);
    }
    Ok(days)
}
