//! SQL of cells and their heartbeats.

use std::net::SocketAddr;

use contracts::CellId;
use contracts::provisioning::{CellSummary, RegisterCell};
use contracts::routes::CellRoute;

use super::{age_ms, shown_state};
use crate::db::{Error, GlobalTx};

pub(super) struct HeartbeatRow {
    pub(super) version: String,
    pub(super) orgs: i32,
    pub(super) jobs_queued: i32,
    pub(super) cpu_milli: i32,
    pub(super) rss_bytes: i64,
    pub(super) config_version: i64,
}

/// What routers know of the cell; nobody else changes it until this transaction ends.
pub(super) async fn lock_route(
    tx: &mut GlobalTx,
    cell: CellId,
) -> Result<Option<CellRoute>, Error> {
    let row = sqlx::query!(
        "select name, public_addr from cells where cell_id = $1 for update",
        cell.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(|row| {
        Ok(CellRoute {
            cell,
            name: row.name,
            addr: row.public_addr.parse().map_err(Error::stored)?,
        })
    })
    .transpose()
}

/// False when another cell has the name.
pub(super) async fn upsert(
    tx: &mut GlobalTx,
    wish: &RegisterCell,
    capacity: i32,
) -> Result<bool, Error> {
    let taken = sqlx::query_scalar!(
        r#"select exists (select from cells where name = $1 and cell_id <> $2) as "taken!""#,
        wish.name,
        wish.cell_id.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    if taken {
        return Ok(false);
    }
    sqlx::query!(
        r#"
        insert into cells (cell_id, name, public_addr, internal_addr, capacity_orgs)
        values ($1, $2, $3, $4, $5)
        on conflict (cell_id) do update
        set name = excluded.name,
            public_addr = excluded.public_addr,
            internal_addr = excluded.internal_addr,
            capacity_orgs = excluded.capacity_orgs,
            updated_at = now()
        "#,
        wish.cell_id.as_uuid(),
        wish.name,
        wish.public_addr.to_string(),
        wish.internal_addr.to_string(),
        capacity,
    )
    .execute(tx.connection())
    .await?;
    Ok(true)
}

struct CellRow {
    cell_id: uuid::Uuid,
    name: String,
    public_addr: String,
    internal_addr: String,
    capacity_orgs: i32,
    placed_orgs: i32,
    state: String,
    draining_at: Option<chrono::DateTime<chrono::Utc>>,
    version: Option<String>,
    received_at: Option<chrono::DateTime<chrono::Utc>>,
    now: chrono::DateTime<chrono::Utc>,
}

impl TryFrom<CellRow> for CellSummary {
    type Error = Error;

    fn try_from(row: CellRow) -> Result<Self, Error> {
        Ok(Self {
            cell_id: CellId::from_uuid(row.cell_id),
            state: shown_state(&row.state, row.draining_at.is_some())?,
            name: row.name,
            public_addr: row.public_addr.parse().map_err(Error::stored)?,
            internal_addr: row.internal_addr.parse().map_err(Error::stored)?,
            orgs: u32::try_from(row.placed_orgs).unwrap_or_default(),
            capacity_orgs: u32::try_from(row.capacity_orgs).unwrap_or_default(),
            version: row.version,
            heartbeat_age_ms: age_ms(row.received_at, row.now),
        })
    }
}

pub(super) async fn find(tx: &mut GlobalTx, cell: CellId) -> Result<Option<CellSummary>, Error> {
    let cells = select(tx, Some(cell)).await?;
    Ok(cells.into_iter().next())
}

pub(super) async fn list(tx: &mut GlobalTx) -> Result<Vec<CellSummary>, Error> {
    select(tx, None).await
}

async fn select(tx: &mut GlobalTx, only: Option<CellId>) -> Result<Vec<CellSummary>, Error> {
    sqlx::query_as!(
        CellRow,
        r#"
        select
            cell_id as "cell_id!",
            name as "name!",
            public_addr as "public_addr!",
            internal_addr as "internal_addr!",
            capacity_orgs as "capacity_orgs!",
            placed_orgs as "placed_orgs!",
            state as "state!",
            draining_at,
            cell_heartbeats.version as "version?",
            cell_heartbeats.received_at as "received_at?",
            clock_timestamp() as "now!"
        from cells
        left join cell_heartbeats using (cell_id)
        where $1::uuid is null or cell_id = $1
        order by name
        "#,
        only.map(CellId::as_uuid),
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(CellSummary::try_from)
    .collect()
}

pub(super) async fn holds_orgs(tx: &mut GlobalTx, cell: CellId) -> Result<bool, Error> {
    let holds = sqlx::query_scalar!(
        r#"
        select (
            exists (select from placements where cell_id = $1)
            or exists (select from assignments where cell_id = $1)
        ) as "holds!"
        "#,
        cell.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(holds)
}

pub(super) async fn delete(tx: &mut GlobalTx, cell: CellId) -> Result<(), Error> {
    sqlx::query!("delete from cells where cell_id = $1", cell.as_uuid())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whether the cell is known; it stays so until this transaction ends.
pub(super) async fn lock_for_heartbeat(tx: &mut GlobalTx, cell: CellId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        "select cell_id from cells where cell_id = $1 for key share",
        cell.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.is_some())
}

pub(super) async fn upsert_heartbeat(
    tx: &mut GlobalTx,
    cell: CellId,
    row: &HeartbeatRow,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into cell_heartbeats (
            cell_id, version, orgs, jobs_queued, cpu_milli, rss_bytes, config_version, received_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
        on conflict (cell_id) do update
        set version = excluded.version,
            orgs = excluded.orgs,
            jobs_queued = excluded.jobs_queued,
            cpu_milli = excluded.cpu_milli,
            rss_bytes = excluded.rss_bytes,
            config_version = excluded.config_version,
            received_at = excluded.received_at
        "#,
        cell.as_uuid(),
        row.version,
        row.orgs,
        row.jobs_queued,
        row.cpu_milli,
        row.rss_bytes,
        row.config_version,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// True when the cell was not active before.
pub(super) async fn revive(tx: &mut GlobalTx, cell: CellId) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        update cells
        set state = 'active', updated_at = now()
        where cell_id = $1 and state <> 'active'
        "#,
        cell.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn silence_quiet(
    tx: &mut GlobalTx,
    after_seconds: i32,
) -> Result<Vec<CellId>, Error> {
    let cells = sqlx::query_scalar!(
        r#"
        update cells
        set state = 'silent', updated_at = now()
        where state = 'active'
            and not exists (
                select
                from cell_heartbeats
                where cell_heartbeats.cell_id = cells.cell_id
                    and received_at > clock_timestamp() - make_interval(secs => $1)
            )
        returning cell_id
        "#,
        f64::from(after_seconds),
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(cells.into_iter().map(CellId::from_uuid).collect())
}

pub(super) async fn find_internal_addr(
    tx: &mut GlobalTx,
    cell: CellId,
) -> Result<Option<SocketAddr>, Error> {
    let addr = sqlx::query_scalar!(
        "select internal_addr from cells where cell_id = $1",
        cell.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    addr.map(|addr| addr.parse().map_err(Error::stored))
        .transpose()
}
