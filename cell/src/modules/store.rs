//! The rows of modules. A version is inserted and never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::change::NewVersion;
use super::run::Due;
use super::spec::Input;
use super::{Advertiser, Ran, Spec, Template, Version};
use crate::tenancy::OrgTx;

struct Row {
    module: String,
    version: i32,
    enabled: bool,
    template: Option<String>,
    settings: Option<Value>,
    comment: String,
    changed_by: Uuid,
    changed_at: DateTime<Utc>,
}

impl From<Row> for Version {
    fn from(row: Row) -> Self {
        Self {
            module: row.module,
            version: row.version.unsigned_abs(),
            enabled: row.enabled,
            template: row.template.as_deref().and_then(Template::find),
            settings: row.settings,
            comment: row.comment,
            changed_by: UserId::from_uuid(row.changed_by),
            changed_at: row.changed_at,
        }
    }
}

/// One change of an org's modules at a time.
pub(super) async fn lock(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtext('modules'), uuid_hash($1))::text as "locked""#,
        org,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find_newest(
    tx: &mut OrgTx,
    module: &str,
) -> Result<Option<Version>, sqlx::Error> {
    let mut newest = list_versions(tx, module, None, 1).await?;
    Ok(newest.pop())
}

/// Newest first, below `before` if that is given.
pub(super) async fn list_versions(
    tx: &mut OrgTx,
    module: &str,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Version>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select module, version, enabled, template, settings, comment, changed_by, changed_at
          from tenant.module_versions
         where org_id = $1 and module = $2 and version < coalesce($3, 2147483647)
         order by version desc
         limit $4
        "#,
        org,
        module,
        before,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Version::from).collect())
}

/// The newest version of each.
pub(super) async fn list_newest(tx: &mut OrgTx) -> Result<HashMap<String, Version>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select distinct on (module)
               module, version, enabled, template, settings, comment, changed_by, changed_at
          from tenant.module_versions
         where org_id = $1
         order by module, version desc
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    let named = |row: Row| (row.module.clone(), Version::from(row));
    Ok(rows.into_iter().map(named).collect())
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    new: &NewVersion<'_>,
    version: u32,
) -> Result<Version, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into tenant.module_versions (
            org_id, module, version, enabled, template, settings, comment, changed_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        returning module, version, enabled, template, settings, comment, changed_by, changed_at
        "#,
        org,
        new.module,
        i32::try_from(version).unwrap_or(i32::MAX),
        new.enabled,
        new.template.map(Template::as_str),
        new.settings,
        new.comment,
        new.changed_by.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.into())
}

/// Advertisers whose latest run did not see what there is now.
pub(super) async fn list_due(
    tx: &mut OrgTx,
    spec: &Spec,
    setup: &str,
) -> Result<Vec<Due>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        with facts as (
            select dsp, advertiser_id, max(loaded_at) as at
              from tenant.watermarks
             where org_id = $1 and dataset = any ($3)
             group by dsp, advertiser_id
        ), entities as (
            select dsp, advertiser_id, max(position) as at
              from tenant.entity_loads
             where org_id = $1 and $4::boolean
             group by dsp, advertiser_id
        )
        select dsp as "dsp!", advertiser_id as "advertiser_id!",
               f.at as "facts_at?", e.at as "entities_at?"
          from facts f
          full join entities e using (dsp, advertiser_id)
          left join (
              select dsp, advertiser_id, facts_at, entities_at, setup, problem
                from tenant.module_runs
               where org_id = $1 and module = $2
          ) r using (dsp, advertiser_id)
         where r.setup is null or r.problem is not null
            or (r.setup, r.facts_at, r.entities_at) is distinct from ($5, f.at, e.at)
         order by dsp, advertiser_id
        "#,
        org,
        spec.module,
        &spec.facts(),
        spec.reads(Input::Entities),
        setup,
    )
    .fetch_all(&mut **tx)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        of: Advertiser {
            dsp: row.dsp,
            advertiser_id: row.advertiser_id,
        },
        facts_at: row.facts_at,
        entities_at: row.entities_at,
    });
    Ok(due.collect())
}

pub(super) async fn record(
    tx: &mut OrgTx,
    spec: &Spec,
    (due, setup): (&Due, &str),
    ran: Result<&Ran, String>,
    took_us: u64,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let (ran, problem) = match ran {
        Ok(ran) => (Some(ran), None),
        Err(problem) => (None, Some(problem)),
    };
    sqlx::query!(
        r#"
        insert into tenant.module_runs (
            org_id, module, dsp, advertiser_id, facts_at, entities_at, setup, row_count,
            result_sha256, problem, took_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (org_id, module, dsp, advertiser_id) do update
           set facts_at = excluded.facts_at, entities_at = excluded.entities_at,
               setup = excluded.setup, row_count = excluded.row_count,
               result_sha256 = excluded.result_sha256, problem = excluded.problem,
               took_us = excluded.took_us, ran_at = clock_timestamp()
        "#,
        org,
        spec.module,
        due.of.dsp,
        due.of.advertiser_id,
        due.facts_at,
        due.entities_at,
        setup,
        ran.map_or(0, |ran| ran.rows.cast_signed()),
        ran.map(|ran| ran.sha256.as_slice()),
        problem,
        took_us.cast_signed(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The latest run over an advertiser's data.
pub(super) struct Run {
    pub(super) dsp: String,
    pub(super) advertiser_id: String,
    pub(super) advertiser_name: Option<String>,
    pub(super) row_count: i64,
    pub(super) result_sha256: Option<Vec<u8>>,
    pub(super) problem: Option<String>,
    pub(super) took_us: i64,
    pub(super) ran_at: DateTime<Utc>,
}

/// By platform and advertiser, from the one behind `after` on.
pub(super) async fn list_runs(
    tx: &mut OrgTx,
    module: &str,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Run>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Run,
        r#"
        select r.dsp, r.advertiser_id, a.name as "advertiser_name?", r.row_count, r.result_sha256,
               r.problem, r.took_us, r.ran_at
          from tenant.module_runs r
          left join tenant.advertisers a
            on a.org_id = $1 and a.dsp = r.dsp and a.advertiser_id = r.advertiser_id
         where r.org_id = $1 and r.module = $2 and (r.dsp, r.advertiser_id) > ($3, $4)
         order by r.dsp, r.advertiser_id
         limit $5
        "#,
        org,
        module,
        after.0,
        after.1,
        limit,
    )
    .fetch_all(&mut **tx)
    .await
}

/// A module that could not be computed for somebody.
pub(super) struct Failed {
    pub(super) module: String,
    pub(super) problem: String,
    pub(super) since: DateTime<Utc>,
}

/// One per module, by its name.
pub(super) async fn list_failed(tx: &mut OrgTx) -> Result<Vec<Failed>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Failed,
        r#"
        select module, min(problem) as "problem!", min(ran_at) as "since!"
          from tenant.module_runs
         where org_id = $1 and problem is not null
         group by module
         order by module
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await
}
