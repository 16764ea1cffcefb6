//! SQL of quotas. Everything that changes a pool's numbers holds the pool's row first.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use contracts::CellId;
use contracts::quota::{Lease, PoolName, QuotaReport, SetPool, Settled};

use super::Error as QuotaError;
use super::book::{Book, Line};
use crate::db::{Error, GlobalTx};

/// Days and leases are kept this long, for whoever asks what happened.
const KEEP_DAYS: i32 = 40;

pub(super) struct Pool {
    pub(super) terms: SetPool,
    pub(super) exhausted_day: Option<NaiveDate>,
}

struct PoolRow {
    pool: String,
    calls_per_day: i32,
    per_second_milli: i32,
    headroom: i32,
    reserve: i32,
    exhausted_day: Option<NaiveDate>,
}

impl TryFrom<PoolRow> for Pool {
    type Error = Error;

    fn try_from(row: PoolRow) -> Result<Self, Error> {
        Ok(Self {
            terms: SetPool {
                pool: row.pool.parse().map_err(Error::stored)?,
                calls_per_day: row.calls_per_day.unsigned_abs(),
                per_second_milli: row.per_second_milli.unsigned_abs(),
                headroom: row.headroom.unsigned_abs(),
                reserve: row.reserve.unsigned_abs(),
            },
            exhausted_day: row.exhausted_day,
        })
    }
}

fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) async fn fetch_now(tx: &mut GlobalTx) -> Result<DateTime<Utc>, Error> {
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
        .fetch_one(tx.connection())
        .await?;
    Ok(now)
}

/// Nobody else changes anything of the pool until this transaction ends.
pub(super) async fn lock_pool(tx: &mut GlobalTx, pool: &PoolName) -> Result<Option<Pool>, Error> {
    sqlx::query_as!(
        PoolRow,
        r#"
        select pool, calls_per_day, per_second_milli, headroom, reserve, exhausted_day
        from quota_pools
        where pool = $1
        for update
        "#,
        pool.as_str(),
    )
    .fetch_optional(tx.connection())
    .await?
    .map(Pool::try_from)
    .transpose()
}

pub(super) async fn list_pools(tx: &mut GlobalTx) -> Result<Vec<Pool>, Error> {
    sqlx::query_as!(
        PoolRow,
        r#"
        select pool, calls_per_day, per_second_milli, headroom, reserve, exhausted_day
        from quota_pools
        order by pool
        "#,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Pool::try_from)
    .collect()
}

pub(super) async fn upsert_pool(tx: &mut GlobalTx, terms: &SetPool) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into quota_pools (pool, calls_per_day, per_second_milli, headroom, reserve)
        values ($1, $2, $3, $4, $5)
        on conflict (pool) do update
        set calls_per_day = excluded.calls_per_day,
            per_second_milli = excluded.per_second_milli,
            headroom = excluded.headroom,
            reserve = excluded.reserve,
            exhausted_day = null,
            updated_at = now()
        "#,
        terms.pool.as_str(),
        number(terms.calls_per_day),
        number(terms.per_second_milli),
        number(terms.headroom),
        number(terms.reserve),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn set_exhausted(
    tx: &mut GlobalTx,
    pool: &PoolName,
    day: NaiveDate,
) -> Result<(), Error> {
    sqlx::query!(
        "update quota_pools set exhausted_day = $2, updated_at = now() where pool = $1",
        pool.as_str(),
        day,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn ensure_share(
    tx: &mut GlobalTx,
    pool: &PoolName,
    cell: CellId,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into quota_shares (
            pool, cell_id, version, assured_calls, assured_milli, offered_calls, offered_milli
        )
        values ($1, $2, 0, 0, 0, 0, 0)
        on conflict (pool, cell_id) do nothing
        "#,
        pool.as_str(),
        cell.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn fetch_book(
    tx: &mut GlobalTx,
    pool: SetPool,
    today: NaiveDate,
) -> Result<Book, Error> {
    let rows = sqlx::query!(
        r#"
        select
            shares.cell_id, placed_orgs, version, assured_calls, assured_milli, offered_calls,
            offered_milli, today.standing as "today?", tomorrow.standing as "tomorrow?"
        from quota_shares as shares
        join cells on cells.cell_id = shares.cell_id
        left join quota_days as today
            on today.pool = shares.pool and today.cell_id = shares.cell_id and today.day = $2
        left join quota_days as tomorrow
            on tomorrow.pool = shares.pool and tomorrow.cell_id = shares.cell_id
            and tomorrow.day = $3
        where shares.pool = $1
        order by shares.cell_id
        "#,
        pool.pool.as_str(),
        today,
        today + Days::new(1),
    )
    .fetch_all(tx.connection())
    .await?;
    let sums = sqlx::query!(
        r#"
        select
            (
                select coalesce(sum(standing), 0)
                from quota_days
                where pool = $1 and day = $2
                    and not exists (
                        select
                        from quota_shares
                        where quota_shares.pool = quota_days.pool
                            and quota_shares.cell_id = quota_days.cell_id
                    )
            ) as "gone!",
            (
                select coalesce(sum(calls), 0) from quota_leases where pool = $1 and day = $2
            ) as "lent!"
        "#,
        pool.pool.as_str(),
        today,
    )
    .fetch_one(tx.connection())
    .await?;
    let lines = rows.into_iter().map(|row| Line {
        cell: CellId::from_uuid(row.cell_id),
        orgs: row.placed_orgs.unsigned_abs(),
        version: row.version,
        assured_calls: row.assured_calls.unsigned_abs(),
        assured_milli: row.assured_milli.unsigned_abs(),
        offered_calls: row.offered_calls.unsigned_abs(),
        offered_milli: row.offered_milli.unsigned_abs(),
        today: row.today.map(i32::unsigned_abs),
        tomorrow: row.tomorrow.map(i32::unsigned_abs),
    });
    Ok(Book {
        pool,
        lines: lines.collect(),
        gone_today: u32::try_from(sums.gone).unwrap_or(u32::MAX),
        lent_today: u32::try_from(sums.lent).unwrap_or(u32::MAX),
    })
}

pub(super) async fn save_line(
    tx: &mut GlobalTx,
    pool: &PoolName,
    today: NaiveDate,
    line: &Line,
    taken: u32,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        update quota_shares
        set version = $3,
            assured_calls = $4,
            assured_milli = $5,
            offered_calls = $6,
            offered_milli = $7,
            reported_at = clock_timestamp()
        where pool = $1 and cell_id = $2
        "#,
        pool.as_str(),
        line.cell.as_uuid(),
        line.version,
        number(line.assured_calls),
        number(line.assured_milli),
        number(line.offered_calls),
        number(line.offered_milli),
    )
    .execute(tx.connection())
    .await?;
    let days = [
        (today, line.today, taken),
        (today + Days::new(1), line.tomorrow, 0),
    ];
    for (day, standing, taken) in days {
        let Some(standing) = standing else { continue };
        sqlx::query!(
            r#"
            insert into quota_days (pool, day, cell_id, standing, taken)
            values ($1, $2, $3, $4, $5)
            on conflict (pool, day, cell_id) do update
            set standing = excluded.standing,
                taken = greatest(quota_days.taken, excluded.taken)
            "#,
            pool.as_str(),
            day,
            line.cell.as_uuid(),
            number(standing),
            number(taken),
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// The lease that an earlier answer of ours was about, if there was one.
pub(super) async fn find_lease(
    tx: &mut GlobalTx,
    cell: CellId,
    pool: &PoolName,
    report: &QuotaReport,
) -> Result<Option<Lease>, QuotaError> {
    let row = sqlx::query!(
        "select pool, cell_id, day, calls, expires_at from quota_leases where lease_id = $1",
        report.lease_id.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await
    .map_err(Error::from)?;
    let Some(row) = row else { return Ok(None) };
    if row.cell_id != cell.as_uuid() || row.pool != pool.as_str() {
        return Err(QuotaError::ForeignLease);
    }
    Ok(Some(Lease {
        lease_id: report.lease_id,
        day: row.day,
        calls: row.calls.unsigned_abs(),
        expires_at: row.expires_at,
    }))
}

pub(super) async fn insert_lease(
    tx: &mut GlobalTx,
    pool: &PoolName,
    cell: CellId,
    lease: &Lease,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into quota_leases (lease_id, pool, day, cell_id, calls, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        lease.lease_id.as_uuid(),
        pool.as_str(),
        lease.day,
        cell.as_uuid(),
        number(lease.calls),
        lease.expires_at,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What was not taken is free again. Only the first word counts: a late one cannot lower it further.
pub(super) async fn settle(
    tx: &mut GlobalTx,
    pool: &PoolName,
    cell: CellId,
    settled: &[Settled],
) -> Result<(), Error> {
    let ids: Vec<uuid::Uuid> = settled.iter().map(|one| one.lease_id.as_uuid()).collect();
    let taken: Vec<i32> = settled.iter().map(|one| number(one.taken)).collect();
    sqlx::query!(
        r#"
        update quota_leases
        set calls = least(calls, said.taken), settled = true
        from unnest($3::uuid[], $4::integer[]) as said (lease_id, taken)
        where quota_leases.lease_id = said.lease_id
            and pool = $1 and cell_id = $2 and not settled
        "#,
        pool.as_str(),
        cell.as_uuid(),
        &ids,
        &taken,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn list_taken(
    tx: &mut GlobalTx,
    pool: &PoolName,
    day: NaiveDate,
) -> Result<BTreeMap<CellId, u32>, Error> {
    let rows = sqlx::query!(
        "select cell_id, taken from quota_days where pool = $1 and day = $2",
        pool.as_str(),
        day,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (CellId::from_uuid(row.cell_id), row.taken.unsigned_abs()))
        .collect())
}

pub(super) async fn release(tx: &mut GlobalTx, cell: CellId, day: NaiveDate) -> Result<(), Error> {
    sqlx::query!(
        r#"
        select pool
        from quota_pools
        where pool in (select pool from quota_shares where cell_id = $1)
        order by pool
        for update
        "#,
        cell.as_uuid(),
    )
    .fetch_all(tx.connection())
    .await?;
    sqlx::query!(
        r#"
        insert into quota_days (pool, day, cell_id, standing, taken)
        select pool, $2, cell_id, assured_calls, 0
        from quota_shares
        where cell_id = $1
        on conflict (pool, day, cell_id) do nothing
        "#,
        cell.as_uuid(),
        day,
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "delete from quota_shares where cell_id = $1",
        cell.as_uuid()
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn clean_up(tx: &mut GlobalTx) -> Result<u64, Error> {
    let leases = sqlx::query!(
        "delete from quota_leases where day < (now() - make_interval(days => $1))::date",
        KEEP_DAYS,
    )
    .execute(tx.connection())
    .await?
    .rows_affected();
    let days = sqlx::query!(
        "delete from quota_days where day < (now() - make_interval(days => $1))::date",
        KEEP_DAYS,
    )
    .execute(tx.connection())
    .await?
    .rows_affected();
    Ok(leases + days)
}
