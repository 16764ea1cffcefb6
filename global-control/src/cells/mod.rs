//! The fleet: which cells there are, where they listen, whether they are alive.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use contracts::CellId;
use contracts::provisioning::{CellHeartbeat, CellState, CellSummary, RegisterCell};
use contracts::routes::{CellRoute, RouteEntry};
use serde_json::json;

use crate::audit::{self, Action, Actor, Entry};
use crate::db::{self, GlobalTx};
use crate::{quota, route_feed};

pub mod http;

mod client;

mod store;

pub use client::{Call, CallError, CellClient};

/// A cell that says nothing for this long is silent: it gets no new orgs.
pub const SILENT_AFTER_SECONDS: i32 = 6;

const NAME_MAX: usize = 63;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a cell's name is 1 to {NAME_MAX} lower-case letters, digits and hyphens")]
    Name,
    #[error("another cell has this name")]
    NameTaken,
    #[error("there is no such cell")]
    NotFound,
    #[error("the cell still has orgs")]
    InUse,
    #[error("a number is out of range")]
    Range,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Makes a cell known, or changes what is known. Routers hear of every change of name or address.
pub async fn register(tx: &mut GlobalTx, wish: &RegisterCell) -> Result<CellSummary, Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !(1..=NAME_MAX).contains(&wish.name.len()) || !wish.name.bytes().all(plain) {
        return Err(Error::Name);
    }
    let capacity = i32::try_from(wish.capacity_orgs).map_err(|_| Error::Range)?;
    let before = store::lock_route(tx, wish.cell_id).await?;
    if !store::upsert(tx, wish, capacity).await? {
        return Err(Error::NameTaken);
    }
    let route = CellRoute {
        cell: wish.cell_id,
        name: wish.name.clone(),
        addr: wish.public_addr,
    };
    if before.as_ref() != Some(&route) {
        route_feed::append(tx, &RouteEntry::Cell(route)).await?;
        let entry = Entry::new(Action::CellRegistered, Actor::Operator)
            .details(json!({ "cell_id": wish.cell_id, "name": wish.name }));
        audit::record(tx, entry).await?;
    }
    store::find(tx, wish.cell_id).await?.ok_or(Error::NotFound)
}

pub async fn list(tx: &mut GlobalTx) -> Result<Vec<CellSummary>, db::Error> {
    store::list(tx).await
}

/// Takes an empty cell out of the fleet. Gone already is gone.
pub async fn delete(tx: &mut GlobalTx, cell: CellId) -> Result<(), Error> {
    if store::lock_route(tx, cell).await?.is_none() {
        return Ok(());
    }
    if store::holds_orgs(tx, cell).await? {
        return Err(Error::InUse);
    }
    let now = quota::fetch_now(tx).await?;
    quota::release(tx, cell, now).await?;
    store::delete(tx, cell).await?;
    route_feed::append(tx, &RouteEntry::CellRemoved { cell }).await?;
    let entry = Entry::new(Action::CellDeleted, Actor::Operator);
    audit::record(tx, entry.details(json!({ "cell_id": cell }))).await?;
    Ok(())
}

/// Whether the fleet has this cell; it stays so until this transaction ends.
pub async fn is_known(tx: &mut GlobalTx, cell: CellId) -> Result<bool, db::Error> {
    store::lock_for_heartbeat(tx, cell).await
}

/// Stores what a cell says of itself; a silent or joining cell is active again.
pub async fn record_heartbeat(
    tx: &mut GlobalTx,
    cell: CellId,
    heartbeat: &CellHeartbeat,
) -> Result<(), Error> {
    let number = |number: u32| i32::try_from(number).map_err(|_| Error::Range);
    let row = store::HeartbeatRow {
        version: heartbeat
            .version
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect(),
        orgs: number(heartbeat.orgs)?,
        jobs_queued: number(heartbeat.jobs_queued)?,
        cpu_milli: number(heartbeat.cpu_milli)?,
        rss_bytes: i64::try_from(heartbeat.rss_bytes).map_err(|_| Error::Range)?,
        config_version: heartbeat.config_version,
    };
    if !store::lock_for_heartbeat(tx, cell).await? {
        return Err(Error::NotFound);
    }
    store::upsert_heartbeat(tx, cell, &row).await?;
    if store::revive(tx, cell).await? {
        tracing::info!(cell.id = %cell, "cell is active");
    }
    Ok(())
}

/// Marks cells without a fresh heartbeat. Needs no input and may run at any time.
pub async fn silence_quiet(tx: &mut GlobalTx) -> Result<Vec<CellId>, db::Error> {
    let silenced = store::silence_quiet(tx, SILENT_AFTER_SECONDS).await?;
    for cell in &silenced {
        tracing::warn!(cell.id = %cell, "cell is silent; it gets no new orgs");
        let entry = Entry::new(Action::CellSilent, Actor::System);
        audit::record(tx, entry.details(json!({ "cell_id": cell }))).await?;
    }
    Ok(silenced)
}

pub async fn find(tx: &mut GlobalTx, cell: CellId) -> Result<Option<CellSummary>, db::Error> {
    store::find(tx, cell).await
}

pub async fn find_internal_addr(
    tx: &mut GlobalTx,
    cell: CellId,
) -> Result<Option<SocketAddr>, db::Error> {
    store::find_internal_addr(tx, cell).await
}

/// What the stored words mean together.
pub(crate) fn shown_state(stored: &str, draining: bool) -> Result<CellState, db::Error> {
    match stored {
        "silent" => Ok(CellState::Silent),
        "joining" => Ok(CellState::Joining),
        "active" if draining => Ok(CellState::Draining),
        "active" => Ok(CellState::Active),
        other => Err(db::Error::stored(format!("unknown cell state {other}"))),
    }
}

fn age_ms(received_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i64> {
    received_at.map(|at| (now - at).num_milliseconds().max(0))
}
