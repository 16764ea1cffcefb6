//! Providers' quotas, leased to cells: a standing share by weight of orgs, and short leases out of a
//! reserve. `book` holds the arithmetic and the promise; rows hold what was promised.
//!
//! Everything of one pool happens under the lock of its row, and an answer that was lost is given
//! again: shares carry versions and leases the id that the cell chose.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::CellId;
use contracts::quota::{self, Lease, QuotaGrant, QuotaReport, SetPool};
use serde::Serialize;
use serde_json::json;

use self::book::{Line, Whose};
use crate::audit::{self, Action, Actor, Entry};
use crate::cells;
use crate::db::{self, GlobalTx};

pub mod http;

mod book;

mod store;

/// Long enough for one report, short enough that a cell that dies keeps little from the others.
const LEASE_TIME: Duration = Duration::from_secs(600);
/// What is too large for a row is no number of calls.
const MOST: u32 = 100_000_000;
const MOST_SETTLED: usize = 1000;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such quota")]
    NotFound,
    #[error("there is no such cell")]
    NoCell,
    #[error("the cell's clock is on another day than ours")]
    Clock,
    #[error("the lease belongs to another cell or quota")]
    ForeignLease,
    #[error("a number is out of range")]
    Range,
    #[error("headroom and reserve together are more than the calls of a day")]
    NothingLeft,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// A pool as an operator sees it.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct PoolSummary {
    #[serde(flatten)]
    pub pool: SetPool,
    pub day: chrono::NaiveDate,
    pub exhausted: bool,
    /// Neither claimed nor lent today.
    pub free: u32,
    pub lent: u32,
    pub cells: Vec<Holding>,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Holding {
    pub cell_id: CellId,
    pub version: i64,
    pub calls_per_day: u32,
    pub per_second_milli: u32,
    pub orgs: u32,
    /// What it may take today, leases aside.
    pub standing: u32,
    /// What it said it has taken today.
    pub taken: u32,
}

/// Hears a cell and answers it. `now` is the database's clock: there is one of it.
pub async fn answer(
    tx: &mut GlobalTx,
    cell: CellId,
    report: &QuotaReport,
    now: DateTime<Utc>,
) -> Result<QuotaGrant, Error> {
    let fits = [report.standing, report.taken, report.wanted]
        .iter()
        .all(|n| *n <= MOST)
        && report.settled.len() <= MOST_SETTLED
        && report.share_version >= 0;
    if !fits {
        return Err(Error::Range);
    }
    let today = quota::day_of(now);
    let whose = match (report.day - today).num_days() {
        -1 => Whose::Yesterday,
        0 => Whose::Today,
        1 => Whose::Tomorrow,
        _ => return Err(Error::Clock),
    };
    let pool = store::lock_pool(tx, &report.pool)
        .await?
        .ok_or(Error::NotFound)?;
    if !cells::is_known(tx, cell).await? {
        return Err(Error::NoCell);
    }
    store::settle(tx, &report.pool, cell, &report.settled).await?;
    store::ensure_share(tx, &report.pool, cell).await?;
    let mut book = store::fetch_book(tx, pool.terms.clone(), today).await?;
    let at = book.lines.iter().position(|line| line.cell == cell);
    let at = at.ok_or(Error::NoCell)?;
    book.hear(at, report, whose);
    book.offer(at);
    let exhausted = report.exhausted && whose == Whose::Today || pool.exhausted_day == Some(today);
    let mut lease = store::find_lease(tx, cell, &report.pool, report).await?;
    if lease.is_none() && whose == Whose::Today && !exhausted {
        let calls = book.lend(report.wanted);
        if calls > 0 {
            let fresh = Lease {
                lease_id: report.lease_id,
                day: today,
                calls,
                expires_at: quota::end_of(today).min(now + LEASE_TIME),
            };
            store::insert_lease(tx, &report.pool, cell, &fresh).await?;
            lease = Some(fresh);
        }
    }
    let line = book.lines[at];
    store::save_line(tx, &report.pool, today, &line, taken(report, whose)).await?;
    if exhausted && pool.exhausted_day != Some(today) {
        tracing::warn!(cell.id = %cell, pool = %report.pool, "the provider says its quota is used up");
        store::set_exhausted(tx, &report.pool, today).await?;
    }
    Ok(QuotaGrant {
        pool: report.pool.clone(),
        day: today,
        share: line.share(),
        standing: line.today.unwrap_or(0),
        lease,
        exhausted,
    })
}

/// What a report says of today.
fn taken(report: &QuotaReport, whose: Whose) -> u32 {
    if whose == Whose::Today {
        report.taken
    } else {
        0
    }
}

/// Says what a provider allows. Less than before is in force once the cells have let go of the rest.
pub async fn set_pool(tx: &mut GlobalTx, terms: &SetPool) -> Result<(), Error> {
    let numbers = [
        terms.calls_per_day,
        terms.per_second_milli,
        terms.headroom,
        terms.reserve,
    ];
    if numbers.iter().any(|n| *n > MOST) {
        return Err(Error::Range);
    }
    if terms.headroom + terms.reserve > terms.calls_per_day {
        return Err(Error::NothingLeft);
    }
    store::upsert_pool(tx, terms).await?;
    let entry = Entry::new(Action::QuotaChanged, Actor::Operator);
    audit::record(tx, entry.details(json!(terms))).await?;
    Ok(())
}

pub async fn list(tx: &mut GlobalTx, now: DateTime<Utc>) -> Result<Vec<PoolSummary>, Error> {
    let today = quota::day_of(now);
    let mut pools = Vec::new();
    for pool in store::list_pools(tx).await? {
        let name = pool.terms.pool.clone();
        let book = store::fetch_book(tx, pool.terms.clone(), today).await?;
        let taken = store::list_taken(tx, &name, today).await?;
        let holding = |line: &Line| Holding {
            cell_id: line.cell,
            version: line.version,
            calls_per_day: line.assured_calls,
            per_second_milli: line.assured_milli,
            orgs: line.orgs,
            standing: line.today.unwrap_or(line.assured_calls),
            taken: taken.get(&line.cell).copied().unwrap_or(0),
        };
        pools.push(PoolSummary {
            day: today,
            exhausted: pool.exhausted_day == Some(today),
            free: book.free_today(),
            lent: book.lent_today,
            cells: book.lines.iter().map(holding).collect(),
            pool: pool.terms,
        });
    }
    Ok(pools)
}

/// A cell leaves the fleet: its shares are free again, what it may have taken today is not.
pub async fn release(tx: &mut GlobalTx, cell: CellId, now: DateTime<Utc>) -> Result<(), db::Error> {
    store::release(tx, cell, quota::day_of(now)).await
}

pub async fn clean_up(tx: &mut GlobalTx) -> Result<u64, db::Error> {
    store::clean_up(tx).await
}

pub async fn fetch_now(tx: &mut GlobalTx) -> Result<DateTime<Utc>, db::Error> {
    store::fetch_now(tx).await
}
