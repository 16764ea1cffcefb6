//! The rows of history. A page goes in as one JSON document, so that what the source said is stored
//! as it said it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contracts::BronzeId;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::EntityLoad;
use crate::ingestion::connector::{EntitiesRequest, Entity, EntityKind, Typed};
use crate::tenancy::OrgTx;

/// Beside the cell's own advisory locks, which have classes of their own.
const LOCK_CLASS: i32 = 1_701_737_577;

/// Files are taken in one after the other, so that their order is the order of history.
pub(super) async fn next_position(tx: &mut OrgTx, dsp: &str) -> Result<i64, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "select pg_advisory_xact_lock($1, uuid_hash($2))",
        LOCK_CLASS,
        org
    )
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query_scalar!(
        r#"
        select coalesce(max(position), 0) + 1 as "next!"
          from tenant.entity_loads
         where org_id = $1 and dsp = $2
        "#,
        org,
        dsp,
    )
    .fetch_one(&mut **tx)
    .await
}

pub(super) async fn find_last_full(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
    code: i32,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select max(observed_at)
          from tenant.entity_loads
         where org_id = $1 and dsp = $2 and advertiser_id = $3 and code = $4 and since = '{}'
        "#,
        org,
        dsp,
        advertiser_id,
        code,
    )
    .fetch_one(&mut **tx)
    .await
}

/// A look at an advertiser.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) observed_at: DateTime<Utc>,
    pub(super) bronze_id: BronzeId,
}

/// The first look at all the advertiser's entities of the kind that came after this file's and was
/// taken in before it, at `position`.
pub(super) async fn find_later_look(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    position: i64,
) -> Result<Option<Look>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select observed_at, bronze_id
          from tenant.entity_loads
         where org_id = $1 and dsp = $2 and advertiser_id = $3 and position < $4
           and observed_at > $5 and not since ? $6
         order by observed_at
         limit 1
        "#,
        org,
        load.dsp,
        load.request.advertiser_id,
        position,
        load.observed_at,
        kind.as_str(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Look {
        observed_at: row.observed_at,
        bronze_id: BronzeId::from_uuid(row.bronze_id),
    }))
}

/// When an entity of each kind last changed, by the source's clock.
pub(super) async fn list_latest_changes(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
) -> Result<BTreeMap<EntityKind, DateTime<Utc>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select kind, max(source_updated_at) as updated_at
          from tenant.entity_versions
         where org_id = $1 and dsp = $2 and advertiser_id = $3
         group by kind
        "#,
        org,
        dsp,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let latest = rows
        .into_iter()
        .filter_map(|row| Some((EntityKind::parse(&row.kind)?, row.updated_at?)));
    Ok(latest.collect())
}

#[derive(Serialize)]
struct Row<'a> {
    entity_id: &'a str,
    name: &'a str,
    entity_status: &'a str,
    updated_at: Option<DateTime<Utc>>,
    attributes: Option<&'a Typed>,
    problem: Option<&'a str>,
    source: &'a RawValue,
}

impl<'a> From<&'a Entity> for Row<'a> {
    fn from(one: &'a Entity) -> Self {
        Self {
            entity_id: &one.id,
            name: &one.name,
            entity_status: &one.entity_status,
            updated_at: one.updated_at,
            attributes: one.typed.as_ref().ok(),
            problem: one.typed.as_ref().err().map(String::as_str),
            source: &one.source,
        }
    }
}

/// Ends the versions that are so no longer and begins the ones that are. A file that is older than
/// what is known changes nothing.
pub(super) async fn apply_versions(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    entities: &[Entity],
) -> Result<(), sqlx::Error> {
    let rows: Vec<Row<'_>> = entities.iter().map(Row::from).collect();
    let rows = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    replace_changed(tx, load, kind, &rows).await?;
    begin_versions(tx, load, kind, &rows).await
}

async fn replace_changed(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    rows: &str,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        with read as (
            select * from jsonb_to_recordset($4::text::jsonb)
                       as r (entity_id text, updated_at timestamptz, attributes jsonb,
                             problem text, source jsonb)
        )
        update tenant.entity_versions v
           set valid_to = case when v.source = r.source - 'updateTime' then null
                               when r.updated_at > v.valid_from then r.updated_at
                               else greatest($5, v.valid_from + interval '1 microsecond') end,
               ended = case when v.source <> r.source - 'updateTime' then 'replaced' end,
               ended_bronze_id = case when v.source <> r.source - 'updateTime' then $6::uuid end,
               -- A touch that changed nothing we see still counts for what to ask for next.
               source_updated_at = case when v.source = r.source - 'updateTime' then r.updated_at
                                        else v.source_updated_at end,
               -- Ours to read, so a later reading of the same words counts.
               attributes = case when v.source = r.source - 'updateTime' then r.attributes
                                 else v.attributes end,
               problem = case when v.source = r.source - 'updateTime' then r.problem
                              else v.problem end
          from read r
         where v.org_id = $1 and v.dsp = $2 and v.kind = $3 and v.entity_id = r.entity_id
           and v.valid_to is null
           and case when r.updated_at <> v.source_updated_at
                    then r.updated_at > v.source_updated_at else $5 >= v.observed_at end
           and (v.source <> r.source - 'updateTime' or r.updated_at > v.source_updated_at
                or v.attributes is distinct from r.attributes)
        "#,
        org,
        load.dsp,
        kind.as_str(),
        rows,
        load.observed_at,
        load.bronze_id.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn begin_versions(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    rows: &str,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let owner = (kind != EntityKind::Partner).then_some(load.request.advertiser_id.as_str());
    sqlx::query!(
        r#"
        insert into tenant.entity_versions (
            org_id, dsp, kind, entity_id, valid_from, advertiser_id, name, entity_status, attributes,
            problem, source, source_updated_at, observed_at, bronze_id)
        select $1, $2, $3, r.entity_id,
               case when last.valid_to is null then coalesce(r.updated_at, $5)
                    when last.ended = 'replaced' then last.valid_to
                    when r.updated_at > last.valid_to then r.updated_at
                    else greatest(last.valid_to, $5) end,
               $7, r.name, r.entity_status, r.attributes, r.problem, r.source - 'updateTime',
               r.updated_at, $5, $6
          from jsonb_to_recordset($4::text::jsonb)
               as r (entity_id text, name text, entity_status text, updated_at timestamptz,
                     attributes jsonb, problem text, source jsonb)
          left join lateral (
              select v.valid_from, v.valid_to, v.ended
                from tenant.entity_versions v
               where v.org_id = $1 and v.dsp = $2 and v.kind = $3 and v.entity_id = r.entity_id
               order by v.valid_from desc
               limit 1
          ) last on true
         where last.valid_from is null
            or last.ended = 'replaced'
            -- Seen before it was missed, it has not come back.
            or last.ended = 'vanished' and (last.valid_to <= $5 or r.updated_at > last.valid_to)
        "#,
        org,
        load.dsp,
        kind.as_str(),
        rows,
        load.observed_at,
        load.bronze_id.as_uuid(),
        owner,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends what a look at all there is did not find: what is not among `seen`, and, if a time is given,
/// was seen then.
pub(super) async fn end_vanished(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    look: Look,
    (seen, at): (&[String], Option<DateTime<Utc>>),
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.entity_versions
           set valid_to = greatest($5, valid_from + interval '1 microsecond'), ended = 'vanished',
               ended_bronze_id = $6
         where org_id = $1 and dsp = $2 and kind = $3 and advertiser_id = $4 and valid_to is null
           and not entity_id = any ($7) and observed_at = coalesce($8, observed_at)
        "#,
        org,
        load.dsp,
        kind.as_str(),
        load.request.advertiser_id,
        look.observed_at,
        look.bronze_id.as_uuid(),
        seen,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn record(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    position: i64,
    code: i32,
    entities: usize,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let since = load.request.since.iter();
    let since: Value = since
        .map(|(kind, at)| (kind.as_str().to_owned(), json!(at)))
        .collect();
    // An empty object, not the null that nothing collects into.
    let since = if since.is_null() { json!({}) } else { since };
    sqlx::query!(
        r#"
        insert into tenant.entity_loads (
            org_id, dsp, position, partner_id, advertiser_id, since, observed_at, bronze_id, code,
            entities)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        org,
        load.dsp,
        position,
        load.request.partner_id,
        load.request.advertiser_id,
        since,
        load.observed_at,
        load.bronze_id.as_uuid(),
        code,
        i64::try_from(entities).unwrap_or(i64::MAX),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A file that was taken in.
pub(super) struct PastLoad {
    pub(super) position: i64,
    pub(super) request: EntitiesRequest,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) bronze_id: BronzeId,
    pub(super) sha256: [u8; 32],
}

/// In the order they were taken in.
pub(super) async fn list_loads(tx: &mut OrgTx, dsp: &str) -> Result<Vec<PastLoad>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select l.position, l.partner_id, l.advertiser_id, l.since, l.observed_at, l.bronze_id, b.sha256
          from tenant.entity_loads l
          join tenant.bronze_objects b on b.org_id = $1 and b.bronze_id = l.bronze_id
         where l.org_id = $1 and l.dsp = $2
         order by l.position
        "#,
        org,
        dsp,
    )
    .fetch_all(&mut **tx)
    .await?;
    let decode = |message: &str| sqlx::Error::Decode(message.into());
    let loads = rows.into_iter().map(|row| {
        let since: BTreeMap<String, DateTime<Utc>> =
            serde_json::from_value(row.since).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let kind = |(kind, at): (String, _)| Some((EntityKind::parse(&kind)?, at));
        Ok(PastLoad {
            position: row.position,
            request: EntitiesRequest {
                partner_id: row.partner_id,
                advertiser_id: row.advertiser_id,
                since: since.into_iter().filter_map(kind).collect(),
            },
            observed_at: row.observed_at,
            bronze_id: BronzeId::from_uuid(row.bronze_id),
            sha256: row
                .sha256
                .as_slice()
                .try_into()
                .map_err(|_| decode("a hash has 32 bytes"))?,
        })
    });
    loads.collect()
}

pub(super) async fn delete_versions(tx: &mut OrgTx, dsp: &str) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.entity_versions where org_id = $1 and dsp = $2",
        org,
        dsp,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One version of an entity, with the one before it.
pub(super) struct VersionRow {
    pub(super) kind: String,
    pub(super) entity_id: String,
    pub(super) advertiser_id: Option<String>,
    pub(super) name: String,
    pub(super) entity_status: String,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_to: Option<DateTime<Utc>>,
    pub(super) ended: Option<String>,
    pub(super) attributes: Option<Value>,
    pub(super) problem: Option<String>,
    pub(super) source: Value,
    pub(super) before: Option<Value>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) bronze_id: uuid::Uuid,
}

/// Newest first.
pub(super) async fn list_versions(
    tx: &mut OrgTx,
    (dsp, entity_id): (&str, &str),
    kind: Option<&str>,
    limit: i64,
) -> Result<Vec<VersionRow>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        VersionRow,
        r#"
        select kind, entity_id, advertiser_id, name, entity_status, valid_from, valid_to, ended,
               attributes, problem, source, observed_at, bronze_id,
               lag(source) over (partition by kind order by valid_from) as before
          from tenant.entity_versions
         where org_id = $1 and dsp = $2 and entity_id = $3 and kind = any ($4)
         order by valid_from desc, kind
         limit $5
        "#,
        org,
        dsp,
        entity_id,
        &kind.map_or_else(all_kinds, |kind| vec![kind.to_owned()]),
        limit,
    )
    .fetch_all(&mut **tx)
    .await
}

/// The key begins with the kind, so it is always named.
fn all_kinds() -> Vec<String> {
    let below = EntityKind::BELOW_ADVERTISER.into_iter();
    let all = below.chain([EntityKind::Partner, EntityKind::Advertiser]);
    all.map(|kind| kind.as_str().to_owned()).collect()
}
