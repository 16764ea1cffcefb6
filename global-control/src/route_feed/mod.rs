//! How routers stay fresh: a gap-free log of route changes, signed snapshots, acknowledgements.
//!
//! A change is logged in the transaction that makes it, under the locked counter row, so the order
//! of numbers is the order of commits and no number is ever missing.

use contracts::RouterId;
use contracts::routes::{ROUTER_LEASE_MS, RouteEntry};

use crate::db::{self, GlobalTx};

pub mod http;

mod feed;

mod snapshot;

mod store;

pub use feed::Feed;

/// Committed changes are announced here.
pub const CHANNEL: &str = "route_log";

/// The log keeps this many entries; a router further behind fetches the snapshot.
pub const KEPT: i64 = 100_000;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the log does not continue there; fetch the snapshot")]
    Gap,
    #[error("that number has not been given out yet")]
    Ahead,
    #[error("a route cannot be written down")]
    Encode(#[source] serde_json::Error),
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// What is in the log: `kept_from..=seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub seq: i64,
    pub kept_from: i64,
}

impl Extent {
    fn continues_after(self, after: i64) -> bool {
        (self.kept_from - 1..=self.seq).contains(&after)
    }
}

/// Logs a change. Call it last: the counter stays locked until the transaction ends.
pub async fn append(tx: &mut GlobalTx, entry: &RouteEntry) -> Result<i64, db::Error> {
    let value = serde_json::to_value(entry).map_err(db::Error::stored)?;
    store::append(tx, value).await
}

pub async fn fetch_extent(tx: &mut GlobalTx) -> Result<Extent, db::Error> {
    store::fetch_extent(tx).await
}

/// Notes how far a router is and renews its lease.
pub async fn acknowledge(tx: &mut GlobalTx, router: RouterId, seq: i64) -> Result<(), Error> {
    if !(0..=store::fetch_extent(tx).await?.seq).contains(&seq) {
        return Err(Error::Ahead);
    }
    store::upsert_router(tx, router, seq, ROUTER_LEASE_MS).await?;
    Ok(())
}

/// Live routers that have not applied `seq` yet.
pub async fn count_live_routers_behind(tx: &mut GlobalTx, seq: i64) -> Result<i64, db::Error> {
    store::count_live_routers_behind(tx, seq).await
}

/// Drops entries beyond the kept ones and routers that have been gone for a day.
pub async fn clean_up(tx: &mut GlobalTx) -> Result<u64, db::Error> {
    store::delete_gone_routers(tx).await?;
    store::trim(tx, KEPT).await
}
