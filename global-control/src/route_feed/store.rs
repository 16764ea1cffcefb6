//! SQL of the route log, of what a snapshot holds, and of routers.

use contracts::routes::{CellRoute, OrgRoute, RouteEntry, RouteUpdate};
use contracts::{CellId, Epoch, OrgId, RouterId};
use serde_json::Value;

use super::{CHANNEL, Extent};
use crate::db::{Error, GlobalTx};

pub(super) async fn append(tx: &mut GlobalTx, entry: Value) -> Result<i64, Error> {
    let seq = sqlx::query_scalar!(
        r#"
        with counted as (
            update route_counter
            set seq = seq + 1
            returning seq
        )
        insert into route_log (seq, entry)
        select seq, $1
        from counted
        returning seq
        "#,
        entry,
    )
    .fetch_one(tx.connection())
    .await?;
    sqlx::query_scalar!("select pg_notify($1, '')", CHANNEL)
        .execute(tx.connection())
        .await?;
    Ok(seq)
}

pub(super) async fn fetch_extent(tx: &mut GlobalTx) -> Result<Extent, Error> {
    let extent = sqlx::query_as!(Extent, "select seq, kept_from from route_counter")
        .fetch_one(tx.connection())
        .await?;
    Ok(extent)
}

pub(super) async fn list_updates(
    tx: &mut GlobalTx,
    after: i64,
    limit: i64,
) -> Result<Vec<RouteUpdate>, Error> {
    let rows = sqlx::query!(
        r#"
        select seq, entry
        from route_log
        where seq > $1
        order by seq
        limit $2
        "#,
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RouteUpdate {
                seq: row.seq,
                entry: Some(serde_json::from_value(row.entry).map_err(Error::stored)?),
            })
        })
        .collect()
}

pub(super) async fn list_cells(tx: &mut GlobalTx) -> Result<Vec<RouteEntry>, Error> {
    let rows = sqlx::query!("select cell_id, name, public_addr from cells order by cell_id")
        .fetch_all(tx.connection())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RouteEntry::Cell(CellRoute {
                cell: CellId::from_uuid(row.cell_id),
                name: row.name,
                addr: row.public_addr.parse().map_err(Error::stored)?,
            }))
        })
        .collect()
}

pub(super) async fn list_orgs(
    tx: &mut GlobalTx,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<OrgRoute>, Error> {
    let rows = sqlx::query!(
        r#"
        select org_id, slugs.slug, cell_id, epoch
        from assignments
        join slugs using (org_id)
        where $1::uuid is null or org_id > $1
        order by org_id
        limit $2
        "#,
        after.map(OrgId::as_uuid),
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(OrgRoute {
                org: OrgId::from_uuid(row.org_id),
                slug: row.slug.parse().map_err(Error::stored)?,
                hosts: Vec::new(),
                cell: CellId::from_uuid(row.cell_id),
                epoch: Epoch(row.epoch),
                held: false,
            })
        })
        .collect()
}

pub(super) async fn upsert_router(
    tx: &mut GlobalTx,
    router: RouterId,
    seq: i64,
    lease_ms: i64,
) -> Result<(), Error> {
    #[expect(clippy::cast_precision_loss, reason = "a lease is a few seconds")]
    let lease_seconds = lease_ms as f64 / 1_000.0;
    sqlx::query!(
        r#"
        insert into routers (router_id, acked_seq, lease_until)
        values ($1, $2, clock_timestamp() + make_interval(secs => $3))
        on conflict (router_id) do update
        set acked_seq = excluded.acked_seq,
            lease_until = excluded.lease_until
        "#,
        router.as_uuid(),
        seq,
        lease_seconds,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn count_live_routers_behind(tx: &mut GlobalTx, seq: i64) -> Result<i64, Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from routers
        where lease_until > clock_timestamp() and acked_seq < $1
        "#,
        seq,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(count)
}

pub(super) async fn delete_gone_routers(tx: &mut GlobalTx) -> Result<(), Error> {
    sqlx::query!("delete from routers where lease_until < now() - interval '1 day'")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// The log's beginning moves in the same transaction in which the entries go.
pub(super) async fn trim(tx: &mut GlobalTx, kept: i64) -> Result<u64, Error> {
    let moved = sqlx::query_scalar!(
        r#"
        update route_counter
        set kept_from = seq - $1 + 1
        where seq - $1 + 1 > kept_from
        returning kept_from
        "#,
        kept,
    )
    .fetch_optional(tx.connection())
    .await?;
    let Some(kept_from) = moved else { return Ok(0) };
    let done = sqlx::query!("delete from route_log where seq < $1", kept_from)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected())
}
