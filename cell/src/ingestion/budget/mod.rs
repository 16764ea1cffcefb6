//! What may be asked of sources: the cell's lease of a provider's quota, each org's fair part of it,
//! and the org's own limits. Counted in rows before anything is sent, so no crash forgets a call.
//!
//! Connectors know a [`Permit`](super::permit::Permit) only; here is the one that counts.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::OrgId;
use contracts::quota::{self, PoolName};
use parking_lot::Mutex;
use service_kit::supervise::backoff;

use self::fair::{Decision, Taker};
use self::limits::{Budgets, Resource};
pub use self::pace::Pace;
use self::store::Open;
use super::permit::{Denied, Permit, Reason};
use super::{backfill, sync};
use crate::config::Quota as Settings;
use crate::tenancy::{self, OrgDb, OrgScope, OrgTx};

mod fair;

mod pace;

pub mod lease;

pub mod limits;

pub(crate) mod pipelines;

mod store;

/// Whoever would have to wait longer for a slot comes back instead.
const LONGEST_QUEUE: TimeDelta = TimeDelta::seconds(10);
/// An org that is turned away asks again after a time that grows up to this.
const LONGEST_PAUSE_MS: u64 = 30 * 60_000;
const FIRST_PAUSE_MS: u64 = 5_000;
/// The new day's calls are not asked for by everybody in its first second.
const NEW_DAY_SPREAD_SECONDS: i64 = 600;
/// Limits and use are read again after this long; a limit is passed by what a process does in it.
const KNOWN_FOR: Duration = Duration::from_secs(10);

/// An interface of a source whose calls are leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// As the connector calls it.
    pub api: &'static str,
    pub pool: PoolName,
    pub counted: Counted,
}

/// How a source counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// So many a day, and a second. Orgs share them, and have limits of their own.
    ByDay,
    /// So many a minute: nothing is kept for anybody, everybody waits for their turn.
    ByMinute {
        /// Of the cell, until global-control has said.
        first: Pace,
        /// Of a part that is counted by itself.
        part: Pace,
    },
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    db: OrgDb,
    settings: Settings,
    leased: Vec<Leased>,
    /// What was read of each org a moment ago.
    known: Mutex<HashMap<OrgId, (Instant, Arc<Budgets>)>>,
    /// Held by whoever takes a turn: the others wait for it here, without a connection each.
    taking_turn: tokio::sync::Mutex<()>,
}

impl Budget {
    pub fn new(db: OrgDb, settings: Settings, leased: Vec<Leased>) -> Self {
        Self(Arc::new(Inner {
            db,
            settings,
            leased,
            known: Mutex::default(),
            taking_turn: tokio::sync::Mutex::default(),
        }))
    }

    /// For one session of one org.
    pub fn permit(&self, scope: &OrgScope) -> Arc<dyn Permit> {
        Arc::new(OrgPermit {
            budget: self.clone(),
            scope: *scope,
        })
    }

    pub fn pools(&self) -> impl Iterator<Item = &PoolName> {
        self.0.leased.iter().map(|one| &one.pool)
    }

    fn find(&self, api: &str) -> Option<&Leased> {
        self.0.leased.iter().find(|one| one.api == api)
    }

    /// An org's limits and use, as they are now.
    pub async fn read(
        &self,
        scope: &OrgScope,
        now: DateTime<Utc>,
    ) -> Result<Budgets, tenancy::Error> {
        let mut tx = self.0.db.begin_read(scope).await?;
        let budgets = self.read_in(&mut tx, now).await?;
        tx.commit().await?;
        Ok(budgets)
    }

    pub async fn read_in(
        &self,
        tx: &mut OrgTx,
        now: DateTime<Utc>,
    ) -> Result<Budgets, tenancy::Error> {
        let mut calls = 0;
        for Leased { pool, counted, .. } in &self.0.leased {
            if *counted != Counted::ByDay {
                continue;
            }
            calls += u64::from(store::fetch_taken(tx, pool, quota::day_of(now)).await?);
        }
        Ok(limits::read(tx, calls, now).await?)
    }

    /// Limits were changed here: they hold at once.
    pub fn forget(&self, scope: &OrgScope) {
        self.0.known.lock().remove(&scope.org());
    }

    async fn known(
        &self,
        scope: &OrgScope,
        now: DateTime<Utc>,
    ) -> Result<Arc<Budgets>, tenancy::Error> {
        if let Some((at, budgets)) = self.0.known.lock().get(&scope.org())
            && at.elapsed() < KNOWN_FOR
        {
            return Ok(Arc::clone(budgets));
        }
        let budgets = Arc::new(self.read(scope, now).await?);
        let mut known = self.0.known.lock();
        known.retain(|_, (at, _)| at.elapsed() < KNOWN_FOR);
        known.insert(scope.org(), (Instant::now(), Arc::clone(&budgets)));
        Ok(budgets)
    }

    /// One attempt to take the turn of a call that is counted by the minute.
    pub async fn take_turn(
        &self,
        pool: &PoolName,
        (first, of_part): (Pace, Pace),
        part: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Taken, tenancy::Error> {
        let mut tx = self.0.db.begin_cell().await?;
        let paces = store::lock_paces(&mut tx, pool, part, now).await?;
        let whole = Pace {
            milli: paces.share_milli.unwrap_or(first.milli),
            ..first
        };
        let whole = pace::next_turn(whole, paces.whole_to, now);
        let of_part = match paces.part_to {
            Some(reached) => pace::next_turn(of_part, reached, now),
            None => Some((now, now)),
        };
        let Some(((at, whole_to), (part_at, part_to))) = whole.zip(of_part) else {
            return Ok(Taken::Busy);
        };
        let at = at.max(part_at);
        if at - now > LONGEST_QUEUE {
            return Ok(Taken::Busy);
        }
        store::store_paces(&mut tx, pool, part, (whole_to, part_to)).await?;
        tx.commit().await?;
        Ok(Taken::At(at))
    }

    /// One attempt to take calls, as of `now`.
    pub async fn take(
        &self,
        scope: &OrgScope,
        pool: &PoolName,
        calls: u32,
        now: DateTime<Utc>,
    ) -> Result<Taken, tenancy::Error> {
        let day = quota::day_of(now);
        let end = quota::end_of(day);
        let budgets = self.known(scope, now).await?;
        if let Some(denied) = budgets.refusal() {
            return Ok(Taken::Not(denied));
        }
        let weight = budgets.terms.weight();
        let mut tx = self.0.db.begin_cell().await?;
        let open = store::open(&mut tx, pool, now, &self.0.settings).await?;
        let orgs = store::list_orgs(&mut tx, pool, day).await?;
        let taken = orgs.iter().find(|(org, _)| *org == scope.org());
        let me = Taker {
            weight,
            taken: taken.map_or(0, |(_, one)| one.taken),
        };
        let others: Vec<Taker> = orgs
            .iter()
            .filter(|(org, _)| *org != scope.org())
            .map(|(_, one)| *one)
            .collect();
        let most = budgets
            .line(Resource::Calls)
            .and_then(|line| line.limit.hard);
        if most.is_some_and(|most| u64::from(me.taken.saturating_add(calls)) > most) {
            return Ok(Taken::Not(Denied {
                reason: Reason::Budget,
                retry_at: end,
                message: "the budget of calls is used up".to_owned(),
            }));
        }
        let decision = if open.exhausted {
            Decision::NothingLeft
        } else {
            fair::decide(me, &others, open.left(), calls, part_left(now, end))
        };
        if decision != Decision::Granted {
            let denials = store::deny(&mut tx, pool, now, scope.org(), weight).await?;
            tx.commit().await?;
            return Ok(Taken::Not(denied(decision, &open, denials, now, end)));
        }
        let slot = pace::next_slot(&open.slots, open.per_second_milli, now);
        let Some((at, slots)) = slot.filter(|(at, _)| *at - now <= LONGEST_QUEUE) else {
            return Ok(Taken::Busy);
        };
        store::take(&mut tx, pool, now, scope.org(), weight, calls, &slots).await?;
        tx.commit().await?;
        Ok(Taken::At(at))
    }
}

/// What waits for a budget looks again, once every process knows what the budgets are now.
pub(crate) async fn resume_waiting(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let known = TimeDelta::from_std(KNOWN_FOR).unwrap_or(TimeDelta::seconds(10));
    let at = Utc::now() + known + TimeDelta::seconds(1);
    sync::resume_after_budgets(tx, at).await?;
    backfill::resume_waiting(tx, at).await
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Counted; to be sent then.
    At(DateTime<Utc>),
    /// Nothing counted: too many are waiting for their turn.
    Busy,
    Not(Denied),
}

fn part_left(now: DateTime<Utc>, end: DateTime<Utc>) -> f64 {
    let seconds = u32::try_from((end - now).num_seconds()).unwrap_or(0);
    (f64::from(seconds) / 86_400.0).min(1.0)
}

fn denied(
    decision: Decision,
    open: &Open,
    denials: u32,
    now: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Denied {
    let spread = TimeDelta::seconds(rand::random_range(1..=NEW_DAY_SPREAD_SECONDS));
    let tomorrow = end + spread;
    if open.exhausted {
        return Denied {
            reason: Reason::Quota,
            retry_at: tomorrow,
            message: "the source says that today's requests are used up".to_owned(),
        };
    }
    let pause = backoff(denials.saturating_sub(1), FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(1));
    let message = match decision {
        Decision::KeptForOthers => {
            "what is left of today's requests is kept for orgs that had fewer"
        }
        Decision::NothingLeft | Decision::Granted => "today's requests are used up",
    };
    Denied {
        reason: Reason::Quota,
        retry_at: (now + pause).min(tomorrow),
        message: message.to_owned(),
    }
}

/// Counts for one org.
struct OrgPermit {
    budget: Budget,
    scope: OrgScope,
}

#[async_trait]
impl Permit for OrgPermit {
    async fn take(&self, api: &'static str, part: Option<&str>) -> Result<(), Denied> {
        let Some(Leased { pool, counted, .. }) = self.budget.find(api) else {
            return Ok(());
        };
        for attempt in 0..6 {
            let budget = &self.budget;
            let taken = match *counted {
                Counted::ByDay => budget.take(&self.scope, pool, 1, Utc::now()).await,
                Counted::ByMinute { first, part: of } => {
                    let _alone = budget.0.taking_turn.lock().await;
                    let paces = (first, of);
                    budget.take_turn(pool, paces, part, Utc::now()).await
                }
            };
            match taken {
                Ok(Taken::At(at)) => {
                    let wait = (at - Utc::now()).to_std().unwrap_or_default();
                    tokio::time::sleep(wait).await;
                    return Ok(());
                }
                Ok(Taken::Not(denied)) => return Err(denied),
                Ok(Taken::Busy) => tokio::time::sleep(backoff(attempt, 1_000, 10_000)).await,
                Err(error) => {
                    // Uncounted calls would be worse than late ones.
                    tracing::warn!(%error, org.id = %self.scope.org(), "cannot count a request");
                    return Err(soon("requests cannot be counted at this moment"));
                }
            }
        }
        Err(soon("too many requests are waiting for their turn"))
    }

    async fn used_up(&self, api: &'static str) {
        let Some(Leased { pool, counted, .. }) = self.budget.find(api) else {
            return;
        };
        // A minute is over before anybody could be told.
        if *counted != Counted::ByDay {
            return;
        }
        tracing::warn!(%pool, org.id = %self.scope.org(), "the source says its quota is used up");
        let day = quota::day_of(Utc::now());
        let marked = async {
            let mut tx = self.budget.0.db.begin_cell().await?;
            store::exhaust(&mut tx, pool, day).await?;
            tx.commit().await
        };
        if let Err(error) = marked.await {
            tracing::warn!(%error, %pool, "cannot note that a quota is used up");
        }
    }
}

fn soon(message: &str) -> Denied {
    let pause = Duration::from_secs(rand::random_range(10..=30));
    Denied {
        reason: Reason::Quota,
        retry_at: Utc::now() + pause,
        message: message.to_owned(),
    }
}
