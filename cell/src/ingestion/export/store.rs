//! Which file each day is from.

use chrono::NaiveDate;
use contracts::{BronzeId, SyncId};

use super::{ExportedDay, ExportedFile};
use crate::tenancy::OrgTx;

pub(super) async fn list_days(
    tx: &mut OrgTx,
    range: (NaiveDate, NaiveDate),
) -> Result<Vec<ExportedDay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select d.dataset, d.dsp, d.advertiser_id, d.date, d.bronze_id,
               l.sync_id as "sync_id?", l.pipeline_version as "pipeline_version?"
          from tenant.loaded_days d
          left join tenant.load_ledger l on l.org_id = $1 and l.load_id = d.load_id
         where d.org_id = $1 and d.date between $2 and $3
         order by d.dataset, d.dsp, d.advertiser_id, d.date
        "#,
        org,
        range.0,
        range.1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = rows.into_iter().map(|row| ExportedDay {
        dataset: row.dataset,
        dsp: row.dsp,
        advertiser_id: row.advertiser_id,
        date: row.date,
        bronze_id: BronzeId::from_uuid(row.bronze_id),
        sync_id: row.sync_id.map(SyncId::from_uuid),
        pipeline_version: row.pipeline_version,
    });
    Ok(days.collect())
}

pub(super) async fn list_files(
    tx: &mut OrgTx,
    range: (NaiveDate, NaiveDate),
) -> Result<Vec<ExportedFile>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select b.bronze_id, b.sha256, b.bytes, b.fetched_at
          from tenant.bronze_objects b
         where b.org_id = $1 and exists (
               select from tenant.loaded_days d
                where d.org_id = $1 and d.bronze_id = b.bronze_id and d.date between $2 and $3)
         order by b.fetched_at, b.bronze_id
        "#,
        org,
        range.0,
        range.1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let files = rows.into_iter().map(|row| {
        let bronze_id = BronzeId::from_uuid(row.bronze_id);
        ExportedFile {
            bronze_id,
            file: format!("{bronze_id}.csv"),
            sha256: hex::encode(row.sha256),
            bytes: row.bytes.unsigned_abs(),
            fetched_at: row.fetched_at,
        }
    });
    Ok(files.collect())
}
