//! The rows of the ledger and of the watermarks.

use serde_json::json;

use crate::ingestion::silver::facts::{Landed, Load};
use crate::tenancy::OrgTx;

/// Notes that the file is loaded and how far each advertiser's data reaches now.
pub(in crate::ingestion::silver::facts) async fn record(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let summary = &landed.summary;
    let mut notes = summary.notes();
    notes["kept"] = json!(landed.doubts.kept);
    sqlx::query!(
        r#"
        insert into tenant.load_ledger (
            org_id, load_id, dataset, bronze_id, sync_id, pipeline_version,
            range_start, range_end, rows_loaded, control_total, reported_at, notes)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (org_id, dataset, bronze_id, pipeline_version) do update
           set load_id = excluded.load_id, sync_id = excluded.sync_id, notes = excluded.notes,
               loaded_at = clock_timestamp()
        "#,
        org,
        load.load_id,
        load.dataset,
        load.bronze_id.as_uuid(),
        load.sync_id.as_uuid(),
        load.pipeline_version,
        landed.range.0,
        landed.range.1,
        landed.rows().cast_signed(),
        summary.control_total,
        summary.reported_at,
        notes,
    )
    .execute(&mut **tx)
    .await?;
    advance_watermarks(tx, load, landed).await
}

/// To the latest day, from the first one behind the last gap. Told from the days themselves, because
/// loads come in any order: a later one may close a gap, an older one may lie before it.
async fn advance_watermarks(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = landed.advertisers.iter();
    let ids: Vec<String> = ids.map(|one| one.advertiser_id.clone()).collect();
    sqlx::query!(
        r#"
        with days as (
            select advertiser_id, date,
                   date - row_number() over (partition by advertiser_id order by date)::int as run
              from tenant.loaded_days
             where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
        ), runs as (
            select advertiser_id, min(date) as since, max(date) as through
              from days
             group by advertiser_id, run
        )
        insert into tenant.watermarks as w (org_id, dataset, dsp, advertiser_id, since, through)
        select distinct on (advertiser_id) $1::uuid, $2, $3, advertiser_id, since, through
          from runs
         order by advertiser_id, through desc
            on conflict (org_id, dataset, dsp, advertiser_id) do update
           set through = excluded.through, since = excluded.since, loaded_at = clock_timestamp()
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
