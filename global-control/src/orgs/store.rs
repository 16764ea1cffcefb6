//! SQL of orgs, slugs and memberships.

use chrono::{DateTime, Utc};
use contracts::{CellId, Epoch, OrgId, Role, Slug, UserId};

use super::slugs::Clash;
use super::{Membership, NewOrg, OrgCard, OrgPlace, OrgState};
use crate::db::{Error, GlobalTx};

pub(super) async fn insert_org(
    tx: &mut GlobalTx,
    org: OrgId,
    owner: UserId,
    new: &NewOrg,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into orgs (org_id, slug, name, state, created_by)
        values ($1, $2, $3, 'provisioning', $4)
        "#,
        org.as_uuid(),
        new.slug.as_str(),
        new.name.as_str(),
        owner.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// False when the slug or a look-alike is held. Of two at once, the second waits for the first.
pub(super) async fn claim_slug(tx: &mut GlobalTx, org: OrgId, slug: &Slug) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        insert into slugs (slug, skeleton, org_id)
        values ($1, $2, $3)
        on conflict do nothing
        "#,
        slug.as_str(),
        slug.skeleton(),
        org.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn find_slug_clash(
    tx: &mut GlobalTx,
    slug: &Slug,
) -> Result<Option<Clash>, Error> {
    let same = sqlx::query_scalar!(
        r#"
        select slug = $1 as "same!"
        from slugs
        where skeleton = $2
        "#,
        slug.as_str(),
        slug.skeleton(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(same.map(|same| if same { Clash::Same } else { Clash::LooksLike }))
}

pub(super) async fn release_slug(tx: &mut GlobalTx, org: OrgId) -> Result<(), Error> {
    sqlx::query!("delete from slugs where org_id = $1", org.as_uuid())
        .execute(tx.connection())
        .await?;
    Ok(())
}

pub(super) async fn insert_membership(
    tx: &mut GlobalTx,
    org: OrgId,
    user: UserId,
    role: Role,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into memberships (org_id, user_id, role)
        values ($1, $2, $3)
        "#,
        org.as_uuid(),
        user.as_uuid(),
        role.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn count_started(tx: &mut GlobalTx, user: UserId) -> Result<i64, Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from memberships
        join orgs using (org_id)
        where user_id = $1 and created_by = $1 and state <> 'failed'
        "#,
        user.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(count)
}

struct MembershipRow {
    org_id: uuid::Uuid,
    slug: String,
    name: String,
    role: String,
    state: String,
    problem: Option<String>,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = Error;

    fn try_from(row: MembershipRow) -> Result<Self, Error> {
        Ok(Self {
            org_id: OrgId::from_uuid(row.org_id),
            slug: row.slug,
            name: row.name,
            role: row.role.parse().map_err(Error::stored)?,
            state: OrgState::parse(&row.state)?,
            problem: row.problem,
        })
    }
}

pub(super) async fn find_membership(
    tx: &mut GlobalTx,
    org: OrgId,
    user: UserId,
) -> Result<Option<Membership>, Error> {
    sqlx::query_as!(
        MembershipRow,
        r#"
        select org_id, slug, name, role, state, problem
        from memberships
        join orgs using (org_id)
        where org_id = $1 and user_id = $2
        "#,
        org.as_uuid(),
        user.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?
    .map(Membership::try_from)
    .transpose()
}

/// Oldest first. An org that failed is shown for a day.
pub(super) async fn list_memberships(
    tx: &mut GlobalTx,
    user: UserId,
) -> Result<Vec<Membership>, Error> {
    sqlx::query_as!(
        MembershipRow,
        r#"
        select org_id, slug, name, role, state, problem
        from memberships
        join orgs using (org_id)
        where user_id = $1
            and (state <> 'failed' or updated_at > now() - interval '1 day')
        order by org_id
        "#,
        user.as_uuid(),
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Membership::try_from)
    .collect()
}

struct PlaceRow {
    org_id: uuid::Uuid,
    slug: String,
    name: String,
    state: String,
    problem: Option<String>,
    created_at: DateTime<Utc>,
    cell_id: Option<uuid::Uuid>,
    epoch: Option<i64>,
}

impl TryFrom<PlaceRow> for OrgPlace {
    type Error = Error;

    fn try_from(row: PlaceRow) -> Result<Self, Error> {
        Ok(Self {
            org_id: OrgId::from_uuid(row.org_id),
            slug: row.slug,
            name: row.name,
            state: OrgState::parse(&row.state)?,
            problem: row.problem,
            cell_id: row.cell_id.map(CellId::from_uuid),
            epoch: row.epoch.map(Epoch),
            created_at: row.created_at,
        })
    }
}

/// Which orgs of all.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    /// Those with a higher id.
    pub(super) after: Option<OrgId>,
    /// Only the one with this id, or, without one, the holder of this slug. An org that failed holds
    /// none any more.
    pub(super) only: Option<(Option<OrgId>, &'a str)>,
    pub(super) limit: i64,
}

pub(super) async fn list_places(
    tx: &mut GlobalTx,
    which: Places<'_>,
) -> Result<Vec<OrgPlace>, Error> {
    let (org, slug) = which.only.unzip();
    sqlx::query_as!(
        PlaceRow,
        r#"
        select
            org_id as "org_id!",
            orgs.slug as "slug!",
            name as "name!",
            state as "state!",
            problem,
            orgs.created_at as "created_at!",
            assignments.cell_id as "cell_id?",
            assignments.epoch as "epoch?"
        from orgs
        left join assignments using (org_id)
        where ($1::uuid is null or org_id > $1)
            and ($3::text is null
                or org_id = coalesce($2, (select slugs.org_id from slugs where slugs.slug = $3)))
        order by org_id
        limit $4
        "#,
        which.after.map(OrgId::as_uuid),
        org.flatten().map(OrgId::as_uuid),
        slug,
        which.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(OrgPlace::try_from)
    .collect()
}

pub(super) async fn fetch_card(tx: &mut GlobalTx, org: OrgId) -> Result<OrgCard, Error> {
    let row = sqlx::query!(
        r#"
        select orgs.slug, orgs.name, users.user_id, users.email, users.name as owner_name
        from orgs
        join users on users.user_id = orgs.created_by
        where org_id = $1
        "#,
        org.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(OrgCard {
        slug: row.slug.parse().map_err(Error::stored)?,
        name: row.name,
        owner: UserId::from_uuid(row.user_id),
        owner_email: row.email,
        owner_name: row.owner_name,
    })
}

pub(super) async fn find_state(tx: &mut GlobalTx, org: OrgId) -> Result<Option<OrgState>, Error> {
    let state = sqlx::query_scalar!("select state from orgs where org_id = $1", org.as_uuid())
        .fetch_optional(tx.connection())
        .await?;
    state.as_deref().map(OrgState::parse).transpose()
}

/// False when it was active already.
pub(super) async fn activate(tx: &mut GlobalTx, org: OrgId) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        update orgs
        set state = 'active', updated_at = now()
        where org_id = $1 and state = 'provisioning'
        "#,
        org.as_uuid(),
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False when it had failed already.
pub(super) async fn fail(tx: &mut GlobalTx, org: OrgId, problem: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        update orgs
        set state = 'failed', problem = $2, updated_at = now()
        where org_id = $1 and state = 'provisioning'
        "#,
        org.as_uuid(),
        problem,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}
