//! Counts what each org uses, from the first request on; prices come later.
//!
//! Jobs and idempotent writes are counted in the transaction of their effect: exact, whatever
//! crashes. CPU, bytes, rows and reads gather in memory and reach the ledger every second, so a
//! `kill -9` loses at most that second of them; a graceful stop loses nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use contracts::OrgId;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::tenancy::{self, FenceState, OrgDb, OrgScope};

mod cpu;

pub mod http;

pub(crate) mod store;

pub use cpu::Metered;

const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// What an org used while its rows were out of reach is kept this many flushes, then dropped.
const MAX_FAILED_FLUSHES: u32 = 600;

/// What is counted. Closed, because prices hang on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meter {
    CpuUs,
    DbRows,
    BytesIn,
    BytesOut,
    Jobs,
    ApiCalls,
    DspCalls,
}

impl Meter {
    pub const ALL: [Self; 7] = [
        Self::CpuUs,
        Self::DbRows,
        Self::BytesIn,
        Self::BytesOut,
        Self::Jobs,
        Self::ApiCalls,
        Self::DspCalls,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CpuUs => "cpu_us",
            Self::DbRows => "db_rows",
            Self::BytesIn => "bytes_in",
            Self::BytesOut => "bytes_out",
            Self::Jobs => "jobs",
            Self::ApiCalls => "api_calls",
            Self::DspCalls => "dsp_calls",
        }
    }
}

/// One quantity per meter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u64; Meter::ALL.len()]);

impl Tally {
    pub fn of(meter: Meter, quantity: u64) -> Self {
        let mut tally = Self::default();
        tally.add(meter, quantity);
        tally
    }

    pub fn add(&mut self, meter: Meter, quantity: u64) {
        let sum = &mut self.0[meter as usize];
        *sum = sum.saturating_add(quantity);
    }

    pub fn merge(&mut self, other: &Self) {
        for meter in Meter::ALL {
            self.add(meter, other.get(meter));
        }
    }

    pub fn get(&self, meter: Meter) -> u64 {
        self.0[meter as usize]
    }

    /// The meters that counted anything, as the ledger takes them.
    pub(crate) fn entries(&self) -> (Vec<String>, Vec<i64>) {
        Meter::ALL
            .into_iter()
            .filter(|meter| self.get(*meter) > 0)
            .map(|meter| {
                let quantity = i64::try_from(self.get(meter)).unwrap_or(i64::MAX);
                (meter.as_str().to_owned(), quantity)
            })
            .unzip()
    }
}

/// What this process has counted since the last flush. Cheap to clone.
#[derive(Clone, Default)]
pub struct Usage(Arc<Mutex<HashMap<OrgId, Pending>>>);

struct Pending {
    /// The newest proof of the org: only with it can the rows be written.
    scope: OrgScope,
    tally: Tally,
    failed_flushes: u32,
}

impl Usage {
    pub fn add(&self, scope: &OrgScope, meter: Meter, quantity: u64) {
        if quantity > 0 {
            self.merge(scope, &Tally::of(meter, quantity), 0);
        }
    }

    /// Counts the CPU time of every poll of `work` for the org.
    pub fn metered<F: Future>(&self, scope: OrgScope, work: F) -> Metered<F> {
        Metered::new(self.clone(), scope, work)
    }

    /// Flushes every second until `shutdown`, and once more then.
    pub async fn keep(self, db: OrgDb, shutdown: CancellationToken) {
        service_kit::supervise::periodic(FLUSH_EVERY, shutdown, || self.flush(&db)).await;
        self.flush(&db).await;
    }

    /// Writes what was counted so far, one short transaction per org. What cannot be written now
    /// (the org is frozen, the database is away) is kept for the next time.
    pub async fn flush(&self, db: &OrgDb) {
        let taken = std::mem::take(&mut *self.0.lock());
        for pending in taken.into_values() {
            if let Err(error) = write(db, &pending).await {
                self.put_back(&pending, &error);
            }
        }
    }

    fn put_back(&self, pending: &Pending, error: &tenancy::Error) {
        let failed = pending.failed_flushes + 1;
        let scope = match error {
            // Counted under an epoch that is not in force: it is the org's all the same.
            tenancy::Error::Fenced(fence) if fence.state != FenceState::Frozen => {
                pending.scope.renewed(fence)
            }
            _ => Some(pending.scope),
        };
        match scope {
            Some(scope) if failed < MAX_FAILED_FLUSHES => {
                self.merge(&scope, &pending.tally, failed);
            }
            Some(_) => tracing::error!(
                org.id = %pending.scope.org(),
                %error,
                "usage was dropped: the org's ledger has been out of reach for too long"
            ),
            None => tracing::warn!(
                org.id = %pending.scope.org(),
                %error,
                "usage was dropped: the org is not served here"
            ),
        }
    }

    fn merge(&self, scope: &OrgScope, tally: &Tally, failed_flushes: u32) {
        let mut all = self.0.lock();
        let pending = all.entry(scope.org()).or_insert(Pending {
            scope: *scope,
            tally: Tally::default(),
            failed_flushes,
        });
        if scope.epoch() > pending.scope.epoch() {
            pending.scope = *scope;
        }
        pending.tally.merge(tally);
    }
}

async fn write(db: &OrgDb, pending: &Pending) -> Result<(), tenancy::Error> {
    let mut tx = db.begin(&pending.scope).await?;
    store::add(&mut tx, &pending.tally).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests;
