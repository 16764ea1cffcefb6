//! SQL of placements and assignments.

use contracts::{CellId, Epoch, OrgId};
use placement::Cell;
use serde_json::Value;

use crate::db::{Error, GlobalTx};

/// Whether the org is being set up; it stays so until this transaction ends.
pub(super) async fn lock_provisioning(tx: &mut GlobalTx, org: OrgId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"
        select org_id
        from orgs
        where org_id = $1 and state = 'provisioning'
        for update
        "#,
        org.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.is_some())
}

pub(super) async fn find(tx: &mut GlobalTx, org: OrgId) -> Result<Option<(CellId, Epoch)>, Error> {
    let row = sqlx::query!(
        "select cell_id, epoch from placements where org_id = $1",
        org.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| (CellId::from_uuid(row.cell_id), Epoch(row.epoch))))
}

pub(super) async fn list_cells(tx: &mut GlobalTx) -> Result<Vec<Cell>, Error> {
    let rows = sqlx::query!(
        r#"
        select
            cell_id as "cell_id!",
            state as "state!",
            draining_at,
            placed_orgs as "placed_orgs!",
            capacity_orgs as "capacity_orgs!",
            cell_heartbeats.cpu_milli as "cpu_milli?"
        from cells
        left join cell_heartbeats using (cell_id)
        "#,
    )
    .fetch_all(tx.connection())
    .await?;
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            Ok(Cell {
                id: CellId::from_uuid(row.cell_id),
                state: crate::cells::shown_state(&row.state, row.draining_at.is_some())?,
                orgs: count(row.placed_orgs),
                capacity_orgs: count(row.capacity_orgs),
                load_milli: row.cpu_milli.map_or(0, count),
            })
        })
        .collect()
}

/// False when the cell is full by now.
pub(super) async fn take_place(tx: &mut GlobalTx, cell: CellId) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        update cells
        set placed_orgs = placed_orgs + 1
        where cell_id = $1 and placed_orgs < capacity_orgs
        "#,
        cell.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn free_place(tx: &mut GlobalTx, cell: CellId) -> Result<(), Error> {
    sqlx::query!(
        "update cells set placed_orgs = placed_orgs - 1 where cell_id = $1",
        cell.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut GlobalTx,
    org: OrgId,
    cell: CellId,
    epoch: Epoch,
    considered: Value,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into placements (org_id, cell_id, epoch, considered)
        values ($1, $2, $3, $4)
        "#,
        org.as_uuid(),
        cell.as_uuid(),
        epoch.0,
        considered,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The cell whose place is free now; never that of an assigned org.
pub(super) async fn delete(tx: &mut GlobalTx, org: OrgId) -> Result<Option<CellId>, Error> {
    let cell = sqlx::query_scalar!(
        r#"
        delete from placements
        where org_id = $1
            and not exists (select from assignments where org_id = $1)
        returning cell_id
        "#,
        org.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(cell.map(CellId::from_uuid))
}

/// The log number of the org's assignment, if it has one. Of two at once, the second waits.
pub(super) async fn lock_assignment(tx: &mut GlobalTx, org: OrgId) -> Result<Option<i64>, Error> {
    sqlx::query_scalar!(
        "select org_id from orgs where org_id = $1 for update",
        org.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    let seq = sqlx::query_scalar!(
        "select route_seq from assignments where org_id = $1",
        org.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(seq)
}

pub(super) async fn insert_assignment(
    tx: &mut GlobalTx,
    org: OrgId,
    cell: CellId,
    epoch: Epoch,
    route_seq: i64,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into assignments (org_id, cell_id, epoch, route_seq)
        values ($1, $2, $3, $4)
        "#,
        org.as_uuid(),
        cell.as_uuid(),
        epoch.0,
        route_seq,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
