//! The org's own rows. What the cell knows of its state is behind functions of schema `cell`.

use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::{Epoch, OrgId};

use super::OrgHere;
use crate::tenancy::{CellTx, FenceState, OrgTx};

pub(super) async fn prepare(
    tx: &mut CellTx,
    org: OrgId,
    epoch: Epoch,
) -> Result<OrgHere, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select state as "state!", epoch as "epoch!" from cell.prepare_org($1, $2)
        "#,
        org.as_uuid(),
        epoch.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(OrgHere {
        org,
        state: FenceState::parse(&row.state),
        epoch: Epoch(row.epoch),
    })
}

pub(super) async fn find(tx: &mut CellTx, org: OrgId) -> Result<Option<OrgHere>, sqlx::Error> {
    let row = sqlx::query!("select state, epoch from cell.find_org($1)", org.as_uuid())
        .fetch_one(&mut **tx)
        .await?;
    Ok(row.state.zip(row.epoch).map(|(state, epoch)| OrgHere {
        org,
        state: FenceState::parse(&state),
        epoch: Epoch(epoch),
    }))
}

pub(super) async fn list(tx: &mut CellTx) -> Result<Vec<OrgHere>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select listed_org as "org!", state as "state!", epoch as "epoch!" from cell.list_orgs()
        "#,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OrgHere {
            org: OrgId::from_uuid(row.org),
            state: FenceState::parse(&row.state),
            epoch: Epoch(row.epoch),
        })
        .collect())
}

pub(super) async fn ensure_org(tx: &mut OrgTx, wish: &PrepareOrg) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.orgs as o (org_id, slug, name)
        values ($1, $2, $3)
        on conflict (org_id) do update
           set slug = excluded.slug, name = excluded.name
         where (o.slug, o.name) is distinct from (excluded.slug, excluded.name)
        "#,
        org,
        wish.slug.as_str(),
        wish.name,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Does not touch a member that is there already: they may have signed in since.
pub(super) async fn ensure_owner(tx: &mut OrgTx, owner: &MemberCard) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.members (org_id, user_id, email, name, role)
        values ($1, $2, $3, $4, $5)
        on conflict (org_id, user_id) do nothing
        "#,
        org,
        owner.user_id.as_uuid(),
        owner.email,
        owner.name,
        owner.role.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The first key stays: secrets may be sealed with it already.
pub(super) async fn ensure_data_key(
    tx: &mut OrgTx,
    version: i32,
    wrapped: &[u8],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.data_keys (org_id, version, wrapped_key)
        values ($1, $2, $3)
        on conflict (org_id, version) do nothing
        "#,
        org,
        version,
        wrapped,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// False: the org's state has changed. Rows of other slices refer to the org and make this fail.
pub(super) async fn remove(tx: &mut OrgTx, epoch: Epoch) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!("delete from tenant.usage_ledger where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from tenant.config_documents where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from tenant.data_keys where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from tenant.members where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from tenant.orgs where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    sqlx::query_scalar!(r#"select cell.forget_org($1, $2) as "gone!""#, org, epoch.0)
        .fetch_one(&mut **tx)
        .await
}
