//! The rows of quotas, through the cell's own functions: no org's transaction reaches them.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::OrgId;
use contracts::quota::{self, PoolName, QuotaGrant, QuotaReport};
use uuid::Uuid;

use super::fair::Taker;
use crate::config::Quota as Settings;
use crate::tenancy::{CellTx, OrgTx};

/// A pool on a day; nobody else takes of it until the transaction ends.
pub(super) struct Open {
    pub(super) version: i64,
    pub(super) per_second_milli: u32,
    pub(super) slots: Vec<DateTime<Utc>>,
    pub(super) exhausted: bool,
    pub(super) standing: u32,
    /// Of the standing calls.
    pub(super) taken: u32,
    /// Borrowed and not taken.
    pub(super) leased: u32,
    pub(super) heard_at: Option<DateTime<Utc>>,
}

impl Open {
    pub(super) fn left(&self) -> u32 {
        self.standing
            .saturating_sub(self.taken)
            .saturating_add(self.leased)
    }
}

fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) async fn open(
    tx: &mut CellTx,
    pool: &PoolName,
    now: DateTime<Utc>,
    settings: &Settings,
) -> Result<Open, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select version as "version!", per_second_milli as "per_second_milli!", slots as "slots!",
               exhausted as "exhausted!", standing as "standing!", taken as "taken!",
               leased as "leased!", heard_at
          from cell.open_quota($1, $2, $3, $4, $5)
        "#,
        pool.as_str(),
        quota::day_of(now),
        now,
        number(settings.first_calls_per_day),
        number(settings.first_per_second_milli),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Open {
        version: row.version,
        per_second_milli: row.per_second_milli.unsigned_abs(),
        slots: row.slots,
        exhausted: row.exhausted,
        standing: row.standing.unsigned_abs(),
        taken: row.taken.unsigned_abs(),
        leased: row.leased.unsigned_abs(),
        heard_at: row.heard_at,
    })
}

pub(super) async fn list_orgs(
    tx: &mut CellTx,
    pool: &PoolName,
    day: NaiveDate,
) -> Result<Vec<(OrgId, Taker)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select listed_org as "org!", org_weight as "weight!", org_taken as "taken!"
          from cell.list_quota_orgs($1, $2)
        "#,
        pool.as_str(),
        day,
    )
    .fetch_all(&mut **tx)
    .await?;
    let taker = |weight: i32, taken: i32| Taker {
        weight: weight.unsigned_abs(),
        taken: taken.unsigned_abs(),
    };
    Ok(rows
        .into_iter()
        .map(|row| (OrgId::from_uuid(row.org), taker(row.weight, row.taken)))
        .collect())
}

pub(super) async fn take(
    tx: &mut CellTx,
    pool: &PoolName,
    now: DateTime<Utc>,
    org: OrgId,
    weight: u32,
    calls: u32,
    slots: &[DateTime<Utc>],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select cell.take_quota($1, $2, $3, $4, $5, $6, $7)::text",
        pool.as_str(),
        quota::day_of(now),
        now,
        org.as_uuid(),
        number(weight),
        number(calls),
        slots,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn deny(
    tx: &mut CellTx,
    pool: &PoolName,
    now: DateTime<Utc>,
    org: OrgId,
    weight: u32,
) -> Result<u32, sqlx::Error> {
    let denials = sqlx::query_scalar!(
        r#"select cell.deny_quota($1, $2, $3, $4, $5) as "denials!""#,
        pool.as_str(),
        quota::day_of(now),
        now,
        org.as_uuid(),
        number(weight),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(denials.unsigned_abs())
}

pub(super) async fn exhaust(
    tx: &mut CellTx,
    pool: &PoolName,
    day: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select cell.exhaust_quota($1, $2)::text",
        pool.as_str(),
        day
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// What to tell global-control besides what [`Open`] says.
pub(super) struct Told {
    pub(super) next_lease: Uuid,
    /// Orgs that were turned away lately.
    pub(super) wanting: i64,
    /// Leases that are over, and what was taken of each.
    pub(super) leases: Vec<(Uuid, u32)>,
    /// Taken of leases today.
    pub(super) leased: u32,
}

pub(super) async fn report(
    tx: &mut CellTx,
    pool: &PoolName,
    now: DateTime<Utc>,
) -> Result<Told, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select next_lease as "next_lease!", wanting as "wanting!", lease_ids as "lease_ids!",
               lease_taken as "lease_taken!", leased_today as "leased_today!"
          from cell.report_quota($1, $2, $3)
        "#,
        pool.as_str(),
        quota::day_of(now),
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    let taken = row.lease_taken.into_iter().map(i32::unsigned_abs);
    Ok(Told {
        next_lease: row.next_lease,
        wanting: row.wanting,
        leases: row.lease_ids.into_iter().zip(taken).collect(),
        leased: u32::try_from(row.leased_today).unwrap_or(u32::MAX),
    })
}

pub(super) async fn lower(
    tx: &mut CellTx,
    pool: &PoolName,
    day: NaiveDate,
    standing: u32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select cell.lower_quota($1, $2, $3)::text",
        pool.as_str(),
        day,
        number(standing),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn store_grant(
    tx: &mut CellTx,
    report: &QuotaReport,
    grant: &QuotaGrant,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let settled: Vec<Uuid> = report
        .settled
        .iter()
        .map(|one| one.lease_id.as_uuid())
        .collect();
    let lease = grant.lease.as_ref();
    sqlx::query!(
        r#"
        select cell.store_quota_grant(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)::text
        "#,
        grant.pool.as_str(),
        quota::day_of(now),
        grant.day,
        grant.share.version,
        number(grant.share.calls_per_day),
        number(grant.share.per_second_milli),
        number(grant.standing),
        grant.exhausted,
        lease.map(|lease| lease.lease_id.as_uuid()) as Option<Uuid>,
        lease.map(|lease| lease.day) as Option<NaiveDate>,
        lease.map(|lease| number(lease.calls)) as Option<i32>,
        lease.map(|lease| lease.expires_at) as Option<DateTime<Utc>>,
        &settled,
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// What the org of the transaction has taken on a day.
pub(super) async fn fetch_taken(
    tx: &mut OrgTx,
    pool: &PoolName,
    day: NaiveDate,
) -> Result<u32, sqlx::Error> {
    let taken = sqlx::query_scalar!(
        "select taken from cell.show_quota($1, $2)",
        pool.as_str(),
        day,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(taken.unwrap_or(0).unsigned_abs())
}

/// How far ahead leave was given; nobody else gives any until the transaction ends.
pub(super) struct Paces {
    pub(super) whole_to: DateTime<Utc>,
    pub(super) part_to: Option<DateTime<Utc>>,
    /// Of the cell's share, once global-control has said.
    pub(super) share_milli: Option<u32>,
}

pub(super) async fn lock_paces(
    tx: &mut CellTx,
    pool: &PoolName,
    part: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Paces, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select reaches_to as "reaches_to!", share_milli
          from cell.lock_paces($1, $2, $3)
        "#,
        pool.as_str(),
        part,
        now,
    )
    .fetch_all(&mut **tx)
    .await?;
    let whole = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Paces {
        whole_to: whole.reaches_to,
        part_to: rows.get(1).map(|row| row.reaches_to),
        share_milli: whole.share_milli.map(i32::unsigned_abs),
    })
}

pub(super) async fn store_paces(
    tx: &mut CellTx,
    pool: &PoolName,
    part: Option<&str>,
    (whole_to, part_to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select cell.store_paces($1, $2, $3, $4)::text",
        pool.as_str(),
        part,
        whole_to,
        part_to,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn forget_paces(
    tx: &mut CellTx,
    before: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("select cell.forget_paces($1)::text", before)
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}
