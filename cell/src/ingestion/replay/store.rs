//! The rows of replays and of their days, and what loads left behind to plan them from.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::replays::ReplayDay;
use contracts::{BronzeId, ReplayId};
use serde_json::Value;
use uuid::Uuid;

use super::canonical::Sha256;
use super::compare::Day;
use super::plan::PlannedDay;
use super::{Record, Replay};
use crate::tenancy::OrgTx;

/// So many days go into one statement.
const CHUNK: usize = 4096;
/// What replays found is kept this long.
const KEEP_DAYS: i32 = 90;

struct Row {
    replay_id: Uuid,
    state: Value,
    revision: i64,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Replay {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let record = serde_json::from_value(row.state);
        Ok(Self {
            replay_id: ReplayId::from_uuid(row.replay_id),
            record: record.map_err(|error| sqlx::Error::Decode(error.into()))?,
            revision: row.revision,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

/// Old ones go when a new one comes.
pub(super) async fn insert(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    record: &Record,
) -> Result<Replay, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        delete from tenant.replays
         where org_id = $1 and finished_at < clock_timestamp() - make_interval(days => $2)
        "#,
        org,
        KEEP_DAYS,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query_as!(
        Row,
        r#"
        insert into tenant.replays (org_id, replay_id, state, step)
        values ($1, $2, $3, $4)
        returning replay_id, state, revision, created_at, started_at, finished_at
        "#,
        org,
        replay_id.as_uuid(),
        encode(record)?,
        record.state.step(),
    )
    .fetch_one(&mut **tx)
    .await?
    .try_into()
}

pub(crate) async fn find(
    tx: &mut OrgTx,
    replay_id: ReplayId,
) -> Result<Option<Replay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select replay_id, state, revision, created_at, started_at, finished_at
          from tenant.replays
         where org_id = $1 and replay_id = $2
        "#,
        org,
        replay_id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Replay::try_from)
    .transpose()
}

/// Newest first; `before` is the last one of the page before.
pub(crate) async fn list(
    tx: &mut OrgTx,
    before: Option<ReplayId>,
    limit: i64,
) -> Result<Vec<Replay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select replay_id, state, revision, created_at, started_at, finished_at
          from tenant.replays
         where org_id = $1 and ($2::uuid is null or replay_id < $2)
         order by replay_id desc
         limit $3
        "#,
        org,
        before.map(ReplayId::as_uuid),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .map(Replay::try_from)
    .collect()
}

/// The only write of a replay's state. `false`: somebody else has moved it on.
pub(super) async fn advance(
    tx: &mut OrgTx,
    seen: &Replay,
    record: &Record,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let written = sqlx::query!(
        r#"
        update tenant.replays
           set state = $4, step = $5, revision = revision + 1,
               started_at = coalesce(started_at, clock_timestamp()),
               finished_at = case when $6 then clock_timestamp() end
         where org_id = $1 and replay_id = $2 and revision = $3
        "#,
        org,
        seen.replay_id.as_uuid(),
        seen.revision,
        encode(record)?,
        record.state.step(),
        record.state.over(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Planning may be repeated, so what an earlier attempt planned goes first.
pub(super) async fn replace_days(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    days: &[PlannedDay],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.replay_days where org_id = $1 and replay_id = $2",
        org,
        replay_id.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    for chunk in days.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(|one| one.advertiser_id.clone()).collect();
        let dates: Vec<NaiveDate> = chunk.iter().map(|one| one.date).collect();
        let position = |one: &PlannedDay| i32::try_from(one.position).unwrap_or(i32::MAX);
        let positions: Vec<i32> = chunk.iter().map(position).collect();
        let files: Vec<Option<Uuid>> = chunk
            .iter()
            .map(|one| one.bronze_id.map(BronzeId::as_uuid))
            .collect();
        sqlx::query!(
            r#"
            insert into tenant.replay_days (
                org_id, replay_id, advertiser_id, date, position, bronze_id)
            select $1, $2, d.advertiser_id, d.date, d.position, d.bronze_id
              from unnest($3::text[], $4::date[], $5::int[], $6::uuid[])
                   as d (advertiser_id, date, position, bronze_id)
            "#,
            org,
            replay_id.as_uuid(),
            &ids,
            &dates,
            &positions,
            &files as _,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The days of one file, in the order of keys.
pub(super) async fn list_days(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    position: u32,
) -> Result<Vec<PlannedDay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date, bronze_id
          from tenant.replay_days
         where org_id = $1 and replay_id = $2 and position = $3
         order by advertiser_id, date
        "#,
        org,
        replay_id.as_uuid(),
        i32::try_from(position).unwrap_or(i32::MAX),
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = rows.into_iter().map(|row| PlannedDay {
        advertiser_id: row.advertiser_id,
        date: row.date,
        bronze_id: row.bronze_id.map(BronzeId::from_uuid),
        position,
    });
    Ok(days.collect())
}

pub(super) async fn record_days(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    days: &[Day],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    for chunk in days.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(|one| one.advertiser_id.clone()).collect();
        let dates: Vec<NaiveDate> = chunk.iter().map(|one| one.date).collect();
        let state = |one: &Day| one.state.as_str().to_owned();
        let states: Vec<String> = chunk.iter().map(state).collect();
        let hash = |hash: Option<Sha256>| hash.map(|hash| hash.to_vec());
        let before: Vec<_> = chunk.iter().map(|one| hash(one.before)).collect();
        let after: Vec<_> = chunk.iter().map(|one| hash(one.after)).collect();
        sqlx::query!(
            r#"
            update tenant.replay_days r
               set state = d.state, sha256_before = d.sha256_before, sha256_after = d.sha256_after
              from unnest($3::text[], $4::date[], $5::text[], $6::bytea[], $7::bytea[])
                   as d (advertiser_id, date, state, sha256_before, sha256_after)
             where r.org_id = $1 and r.replay_id = $2
               and r.advertiser_id = d.advertiser_id and r.date = d.date
            "#,
            org,
            replay_id.as_uuid(),
            &ids,
            &dates,
            &states,
            &before as _,
            &after as _,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// A page of days in the order of keys, beginning after `after`.
pub(super) async fn page_days(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    after: Option<&(String, NaiveDate)>,
    limit: i64,
) -> Result<Vec<ReplayDay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date, bronze_id, state, sha256_before, sha256_after
          from tenant.replay_days
         where org_id = $1 and replay_id = $2
           and ($3::text is null or (advertiser_id, date) > ($3::text collate "C", $4::date))
         order by advertiser_id, date
         limit $5
        "#,
        org,
        replay_id.as_uuid(),
        after.map(|(id, _)| id.as_str()),
        after.map(|(_, date)| *date),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = rows.into_iter().map(|row| ReplayDay {
        advertiser_id: row.advertiser_id,
        date: row.date,
        bronze_id: row.bronze_id.map(BronzeId::from_uuid),
        state: row.state,
        sha256_before: row.sha256_before.map(hex::encode),
        sha256_after: row.sha256_after.map(hex::encode),
    });
    Ok(days.collect())
}

fn encode(record: &Record) -> Result<Value, sqlx::Error> {
    serde_json::to_value(record).map_err(|error| sqlx::Error::Encode(error.into()))
}
