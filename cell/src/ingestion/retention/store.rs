//! Finding and dropping what is kept no longer.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Amount, Bounds, Dropped};
use crate::ingestion::silver::facts;
use crate::tenancy::OrgTx;

pub(super) async fn count_due(tx: &mut OrgTx, bounds: &Bounds) -> Result<Amount, sqlx::Error> {
    let org = tx.org().as_uuid();
    let silver = sqlx::query!(
        r#"
        select count(*) as "days!", coalesce(sum(row_count), 0)::bigint as "rows!"
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and date < $4
        "#,
        org,
        bounds.dataset,
        bounds.dsp,
        bounds.silver_before,
    )
    .fetch_one(&mut **tx)
    .await?;
    let files = list_due_files(tx, bounds, None).await?;
    Ok(Amount {
        days: silver.days,
        rows: silver.rows,
        files: i64::try_from(files.len()).unwrap_or(i64::MAX),
        bytes: files.iter().map(|one| one.bytes).sum(),
    })
}

struct DueFile {
    bronze_id: Uuid,
    bytes: i64,
}

/// Files of the pipeline that nobody needs any more, the oldest first. One that others have as well
/// stays as long as any of them keeps it; of entities, what the newest full list and the changes
/// since came in stays, so that there is always something to begin from.
async fn list_due_files(
    tx: &mut OrgTx,
    bounds: &Bounds,
    most: Option<i64>,
) -> Result<Vec<DueFile>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (names, befores): (Vec<String>, Vec<DateTime<Utc>>) =
        bounds.keepers.iter().cloned().unzip();
    sqlx::query_as!(
        DueFile,
        r#"
        with owners as (
            select bronze_id, request ->> 'pipeline' as pipeline
              from tenant.bronze_objects
             where org_id = $1 and kind = 'report' and expired_at is null
             union
            select bronze_id, pipeline from tenant.deliveries where org_id = $1
             union
            select bronze_id, entities.pipeline
              from tenant.bronze_objects, unnest($5::text[]) entities (pipeline)
             where org_id = $1 and kind = 'entities' and expired_at is null
        )
        select b.bronze_id, b.bytes
          from tenant.bronze_objects b
         where b.org_id = $1 and b.expired_at is null
           and exists (select from owners o where o.bronze_id = b.bronze_id and o.pipeline = $2)
           and not exists (
               select from owners o
                 join unnest($3::text[], $4::timestamptz[]) keeper (pipeline, before)
                   on keeper.pipeline = o.pipeline
                where o.bronze_id = b.bronze_id and b.fetched_at >= keeper.before)
           and not exists (
               select from tenant.loaded_days l
                where l.org_id = $1 and l.bronze_id = b.bronze_id and l.date >= $6)
           and not exists (
               select from tenant.quarantine q
                where q.org_id = $1 and q.bronze_id = b.bronze_id and q.replayed_at is null)
           and not exists (
               select from tenant.entity_loads e
                where e.org_id = $1 and e.bronze_id = b.bronze_id and e.position >= (
                    select max(f.position) from tenant.entity_loads f
                     where f.org_id = $1 and f.dsp = e.dsp and f.advertiser_id = e.advertiser_id
                       and f.since = '{}'))
         order by b.fetched_at, b.bronze_id
         limit $7
        "#,
        org,
        bounds.pipeline,
        &names,
        &befores,
        &bounds.entity_pipelines,
        bounds.settled_before,
        most,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Some of the oldest days, with what is known of them. The bound stands in each condition, so that
/// later months are not looked at.
pub(super) async fn drop_days(
    tx: &mut OrgTx,
    bounds: &Bounds,
    most: i64,
) -> Result<(i64, i64), sqlx::Error> {
    facts::lock_dataset(tx, &bounds.dataset, &bounds.dsp).await?;
    let org = tx.org().as_uuid();
    // The name is one of three constants.
    let sql = format!(
        "with due as (
             select advertiser_id, date
               from tenant.loaded_days
              where org_id = $1 and dataset = $2 and dsp = $3 and date < $4
              order by date, advertiser_id
              limit $5
         ), facts as (
             delete from tenant.{} f
              using due
              where f.org_id = $1 and f.dataset = $2 and f.dsp = $3 and f.date < $4
                and f.advertiser_id = due.advertiser_id and f.date = due.date
         ), days as (
             delete from tenant.loaded_days l
              using due
              where l.org_id = $1 and l.dataset = $2 and l.dsp = $3
                and l.advertiser_id = due.advertiser_id and l.date = due.date
             returning l.row_count
         )
         select count(*), coalesce(sum(row_count), 0)::bigint from days",
        bounds.table.as_str()
    );
    let dropped: (i64, i64) = sqlx::query_as(AssertSqlSafe(sql))
        .bind(org)
        .bind(&bounds.dataset)
        .bind(&bounds.dsp)
        .bind(bounds.silver_before)
        .bind(most)
        .fetch_one(&mut **tx)
        .await?;
    sqlx::query!(
        r#"
        update tenant.watermarks
           set since = $4
         where org_id = $1 and dataset = $2 and dsp = $3 and since < $4 and through >= $4
        "#,
        org,
        bounds.dataset,
        bounds.dsp,
        bounds.silver_before,
    )
    .execute(&mut **tx)
    .await?;
    Ok(dropped)
}

pub(super) async fn expire_files(
    tx: &mut OrgTx,
    bounds: &Bounds,
    most: i64,
) -> Result<(i64, i64), sqlx::Error> {
    let due = list_due_files(tx, bounds, Some(most)).await?;
    let due: Vec<Uuid> = due.iter().map(|one| one.bronze_id).collect();
    let org = tx.org().as_uuid();
    let expired = sqlx::query!(
        r#"
        with expired as (
            update tenant.bronze_objects
               set expired_at = clock_timestamp()
             where org_id = $1 and bronze_id = any ($2) and expired_at is null
            returning bytes
        )
        select count(*) as "files!", coalesce(sum(bytes), 0)::bigint as "bytes!" from expired
        "#,
        org,
        &due,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((expired.files, expired.bytes))
}

pub(super) async fn lock_expired(
    tx: &mut OrgTx,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<[u8; 32]>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_scalar!(
        r#"
        select sha256
          from tenant.bronze_objects
         where org_id = $1 and expired_at < $2 and removed_at is null
         order by expired_at
         limit $3
           for update
        "#,
        org,
        before,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    let hash = |bytes: Vec<u8>| {
        let hash = bytes.as_slice().try_into();
        hash.map_err(|_| sqlx::Error::Decode("a hash has 32 bytes".into()))
    };
    rows.into_iter().map(hash).collect()
}

pub(super) async fn mark_removed(tx: &mut OrgTx, files: &[[u8; 32]]) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let hashes: Vec<Vec<u8>> = files.iter().map(|hash| hash.to_vec()).collect();
    sqlx::query!(
        r#"
        update tenant.bronze_objects
           set removed_at = clock_timestamp()
         where org_id = $1 and sha256 = any ($2)
        "#,
        org,
        &hashes,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What is kept of a pipeline, and since which day.
pub(super) async fn fetch_kept(
    tx: &mut OrgTx,
    bounds: &Bounds,
) -> Result<(Amount, Option<NaiveDate>), sqlx::Error> {
    let org = tx.org().as_uuid();
    let silver = sqlx::query!(
        r#"
        select count(*) as "days!", coalesce(sum(row_count), 0)::bigint as "rows!",
               min(date) as since
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3
        "#,
        org,
        bounds.dataset,
        bounds.dsp,
    )
    .fetch_one(&mut **tx)
    .await?;
    let bronze = sqlx::query!(
        r#"
        select count(*) as "files!", coalesce(sum(b.bytes), 0)::bigint as "bytes!"
          from tenant.bronze_objects b
         where b.org_id = $1 and b.expired_at is null
           and (b.kind = 'report' and b.request ->> 'pipeline' = $2
                or b.kind = 'entities' and $2 = any ($3)
                or exists (
                    select from tenant.deliveries d
                     where d.org_id = $1 and d.bronze_id = b.bronze_id and d.pipeline = $2))
        "#,
        org,
        bounds.pipeline,
        &bounds.entity_pipelines,
    )
    .fetch_one(&mut **tx)
    .await?;
    let amount = Amount {
        days: silver.days,
        rows: silver.rows,
        files: bronze.files,
        bytes: bronze.bytes,
    };
    Ok((amount, silver.since))
}

/// Adds to what the run has dropped of the pipeline so far.
pub(super) async fn note_drop(
    tx: &mut OrgTx,
    id: Uuid,
    pipeline: &str,
    amount: Amount,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.retention_drops as d (
            org_id, drop_id, pipeline, days, rows, files, bytes)
        values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (org_id, drop_id) do update
           set days = d.days + excluded.days, rows = d.rows + excluded.rows,
               files = d.files + excluded.files, bytes = d.bytes + excluded.bytes
        "#,
        org,
        id,
        pipeline,
        amount.days,
        amount.rows,
        amount.files,
        amount.bytes,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Newest first, those before `before`.
pub(super) async fn list_drops(
    tx: &mut OrgTx,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Dropped>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select drop_id, pipeline, days, rows, files, bytes, dropped_at
          from tenant.retention_drops
         where org_id = $1 and ($2::uuid is null or drop_id < $2)
         order by drop_id desc
         limit $3
        "#,
        org,
        before,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let dropped = rows.into_iter().map(|row| Dropped {
        drop_id: row.drop_id,
        pipeline: row.pipeline,
        amount: Amount {
            days: row.days,
            rows: row.rows,
            files: row.files,
            bytes: row.bytes,
        },
        dropped_at: row.dropped_at,
    });
    Ok(dropped.collect())
}
