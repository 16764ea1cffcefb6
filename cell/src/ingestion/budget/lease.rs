//! The cell's side of a lease: says what it holds and wants, and takes over the answer.
//!
//! Without global-control the last share goes on, day after day; what was borrowed ends by itself.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::LeaseId;
use contracts::quota::{self, PoolName, QuotaGrant, QuotaReport, Settled};
use tokio_util::sync::CancellationToken;

use super::{Budget, part_left, store};
use crate::global::GlobalControl;
use crate::tenancy;

/// What an org that was turned away is taken to need: a report with its retries.
const CALLS_WANTED: u32 = 10;
/// Kept whatever the time of day.
const LEAST_KEPT: u32 = 20;
/// Who has not heard for this long keeps everything: nothing could be borrowed back.
const RECENTLY: TimeDelta = TimeDelta::minutes(1);

/// Reports until `shutdown`. A failure is news only when it begins and when it ends.
pub async fn keep(budget: Budget, global: GlobalControl, shutdown: CancellationToken) {
    let mut reached = true;
    let every = budget.0.settings.report_every_ms.max(1);
    let mut ticks = tokio::time::interval(Duration::from_millis(every.into()));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match exchange_all(&budget, &global).await {
            Ok(()) if !reached => {
                tracing::info!("quota is leased again");
                reached = true;
            }
            Ok(()) => {}
            Err(error) if reached => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "working from the last share of the quota"
                );
                reached = false;
            }
            Err(_) => {}
        }
    }
}

async fn exchange_all(budget: &Budget, global: &GlobalControl) -> anyhow::Result<()> {
    for pool in budget.pools() {
        let report = report(budget, pool, Utc::now()).await?;
        let grant = global.send_quota(&report).await?;
        accept(budget, &report, &grant, Utc::now()).await?;
    }
    Ok(())
}

/// What the cell holds and wants. Leases that are over are settled, and late in the day what will
/// hardly be needed is given back, before anybody is told so.
pub async fn report(
    budget: &Budget,
    pool: &PoolName,
    now: DateTime<Utc>,
) -> Result<QuotaReport, tenancy::Error> {
    let day = quota::day_of(now);
    let mut tx = budget.0.db.begin_cell().await?;
    let mut open = store::open(&mut tx, pool, now, &budget.0.settings).await?;
    let told = store::report(&mut tx, pool, now).await?;
    store::forget_paces(&mut tx, now - RECENTLY).await?;
    let wanted = u32::try_from(told.wanting).unwrap_or(u32::MAX);
    if open.version > 0 && wanted == 0 && open.heard_at.is_some_and(|at| now - at < RECENTLY) {
        let kept = plan_kept(
            open.standing,
            open.taken,
            part_left(now, quota::end_of(day)),
        );
        if kept < open.standing {
            store::lower(&mut tx, pool, day, kept).await?;
            open.standing = kept;
        }
    }
    tx.commit().await?;
    let settled = told.leases.iter().map(|(id, taken)| Settled {
        lease_id: LeaseId::from_uuid(*id),
        taken: *taken,
    });
    Ok(QuotaReport {
        pool: pool.clone(),
        share_version: open.version,
        day,
        standing: open.standing,
        taken: open.taken.saturating_add(told.leased),
        wanted: wanted.saturating_mul(CALLS_WANTED).min(10_000),
        lease_id: LeaseId::from_uuid(told.next_lease),
        settled: settled.take(1_000).collect(),
        exhausted: open.exhausted,
    })
}

/// How much of today's share to keep: all of it in the first half of the day, then what the same
/// pace would take, with a margin.
fn plan_kept(standing: u32, taken: u32, rest: f64) -> u32 {
    if rest > 0.5 {
        return standing;
    }
    let passed = 1.0 - rest;
    let pace = f64::from(taken) / passed.max(0.5);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small positive number of calls"
    )]
    let likely = (pace * 1.5 + f64::from(standing) * rest) as u32;
    standing.min(likely.max(taken).saturating_add(LEAST_KEPT))
}

/// Takes over what global-control answered to this report.
pub async fn accept(
    budget: &Budget,
    report: &QuotaReport,
    grant: &QuotaGrant,
    now: DateTime<Utc>,
) -> Result<(), tenancy::Error> {
    if grant.pool != report.pool {
        tracing::warn!(pool = %report.pool, "an answer about another quota is left alone");
        return Ok(());
    }
    let mut tx = budget.0.db.begin_cell().await?;
    store::store_grant(&mut tx, report, grant, now).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    //! What is kept of a share.

    use super::plan_kept;

    #[test]
    fn a_share_is_given_back_late_and_never_below_what_was_taken() {
        assert_eq!(plan_kept(1_000, 0, 0.6), 1_000);
        assert_eq!(plan_kept(1_000, 0, 0.25), 270);
        assert_eq!(plan_kept(1_000, 0, 0.0), 20);
        assert_eq!(plan_kept(1_000, 990, 0.0), 1_000);
        assert_eq!(plan_kept(1_000, 400, 0.0), 620);
        assert_eq!(plan_kept(5, 5, 0.0), 5);
    }
}
