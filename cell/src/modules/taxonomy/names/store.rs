//! Reads entities out of silver, and keeps what their names came to.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use super::{Day, Judged, Named, Past};
use crate::modules::Advertiser;
use crate::modules::taxonomy::convention::Level;
use crate::tenancy::OrgTx;

/// What there is now, of one advertiser or of all.
pub(in crate::modules::taxonomy) async fn list_entities(
    tx: &mut OrgTx,
    of: Option<&Advertiser>,
) -> Result<Vec<Named>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        with entities as (
            select dsp, 'campaign' as level, campaign_id as entity_id, advertiser_id, name,
                   entity_status, null::text as campaign_id, null::text as insertion_order_id,
                   planned_start as first_day, planned_end as last_day
              from tenant.campaigns where org_id = $1 and vanished_at is null
            union all
            select o.dsp, 'insertion_order', o.insertion_order_id, o.advertiser_id, o.name,
                   o.entity_status, o.campaign_id, null, f.first_day, f.last_day
              from tenant.insertion_orders o
              left join (
                  select dsp, insertion_order_id, min(start_date) as first_day,
                         max(end_date) as last_day
                    from tenant.budget_segments where org_id = $1 group by dsp, insertion_order_id
              ) f using (dsp, insertion_order_id)
             where o.org_id = $1 and o.vanished_at is null
            union all
            select dsp, 'line_item', line_item_id, advertiser_id, name, entity_status, campaign_id,
                   insertion_order_id, flight_start, flight_end
              from tenant.line_items where org_id = $1 and vanished_at is null
            union all
            select dsp, 'creative', creative_id, advertiser_id, name, entity_status, null, null,
                   null, null
              from tenant.creatives where org_id = $1 and vanished_at is null
        ), made as (
            select dsp, kind, entity_id, min(valid_from) as at
              from tenant.entity_versions
             where org_id = $1 and advertiser_id = coalesce($3, advertiser_id)
             group by dsp, kind, entity_id
        )
        select e.dsp as "dsp!", e.level as "level!", e.entity_id as "entity_id!",
               e.advertiser_id as "advertiser_id!", e.name as "name!",
               e.entity_status as "entity_status!", e.campaign_id, e.insertion_order_id,
               e.first_day, e.last_day, coalesce(a.name, '') as "advertiser_name!",
               coalesce(a.currency, '') as "currency!",
               (m.at at time zone coalesce(a.time_zone, 'UTC'))::date as made_on
          from entities e
          left join tenant.advertisers a
            on a.org_id = $1 and a.dsp = e.dsp and a.advertiser_id = e.advertiser_id
          left join made m on m.dsp = e.dsp and m.kind = e.level and m.entity_id = e.entity_id
         where e.dsp = coalesce($2, e.dsp) and e.advertiser_id = coalesce($3, e.advertiser_id)
         order by e.dsp, e.level, e.entity_id
        "#,
        org,
        of.map(|of| of.dsp.as_str()),
        of.map(|of| of.advertiser_id.as_str()),
    )
    .fetch_all(&mut **tx)
    .await?;
    let entities = rows.into_iter().filter_map(|row| {
        Some(Named {
            dsp: row.dsp,
            level: Level::find(&row.level)?,
            entity_id: row.entity_id,
            name: row.name,
            entity_status: row.entity_status,
            advertiser_id: row.advertiser_id,
            advertiser_name: row.advertiser_name,
            currency: row.currency,
            campaign_id: row.campaign_id,
            insertion_order_id: row.insertion_order_id,
            flight: row.first_day.zip(row.last_day),
            made_on: row.made_on,
        })
    });
    Ok(entities.collect())
}

/// The names an advertiser's entities have had, by day, and the day they were last looked at.
pub(in crate::modules::taxonomy) async fn list_past(
    tx: &mut OrgTx,
    of: &Advertiser,
) -> Result<(Vec<Past>, Option<NaiveDate>), sqlx::Error> {
    let org = tx.org().as_uuid();
    let looked = sqlx::query!(
        r#"
        select max(l.observed_at) as "observed_at?", max(a.time_zone) as "time_zone?"
          from tenant.entity_loads l
          left join tenant.advertisers a
            on a.org_id = $1 and a.dsp = l.dsp and a.advertiser_id = l.advertiser_id
         where l.org_id = $1 and l.dsp = $2 and l.advertiser_id = $3
        "#,
        org,
        of.dsp,
        of.advertiser_id,
    )
    .fetch_one(&mut **tx)
    .await?;
    let zone: Tz = looked
        .time_zone
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(Tz::UTC);
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let rows = sqlx::query!(
        r#"
        select kind, entity_id, name, entity_status, valid_from, valid_to
          from tenant.entity_versions
         where org_id = $1 and dsp = $2 and advertiser_id = $3
           and kind in ('campaign', 'insertion_order', 'line_item', 'creative')
         order by kind, entity_id, valid_from
        "#,
        org,
        of.dsp,
        of.advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let past = rows.into_iter().filter_map(|row| {
        let from = day(row.valid_from);
        // A name that was gone by the end of the day does not count for it.
        let to = row.valid_to.map(|to| day(to).pred_opt().unwrap_or(from));
        to.is_none_or(|to| from <= to).then_some(Past {
            level: Level::find(&row.kind)?,
            entity_id: row.entity_id,
            name: row.name,
            entity_status: row.entity_status,
            from,
            to,
        })
    });
    Ok((past.collect(), looked.observed_at.map(day)))
}

/// One kept result, ready for the database and for the hash.
#[derive(serde::Serialize)]
pub(in crate::modules::taxonomy) struct Row<'a> {
    level: &'static str,
    entity_id: &'a str,
    parent_id: Option<&'a str>,
    name: &'a str,
    entity_status: &'a str,
    convention_id: Option<Uuid>,
    convention_version: Option<i32>,
    compliant: Option<bool>,
    issues: Value,
    suggestions: Value,
}

impl<'a> Row<'a> {
    pub(in crate::modules::taxonomy) fn new(one: &'a Judged<'_>) -> Self {
        let json = |value: Result<Value, serde_json::Error>| value.unwrap_or_default();
        Self {
            level: one.entity.level.as_str(),
            entity_id: &one.entity.entity_id,
            parent_id: one.entity.parent().map(|(_, id)| id),
            name: &one.entity.name,
            entity_status: &one.entity.entity_status,
            convention_id: one.by.map(|by| by.convention_id),
            convention_version: one.by.map(|by| by.version.cast_signed()),
            compliant: one.compliant(),
            issues: json(serde_json::to_value(&one.issues)),
            suggestions: json(serde_json::to_value(&one.suggestions)),
        }
    }
}

/// In place of what was found before; a result that is the same is not written.
pub(in crate::modules::taxonomy) async fn replace_results(
    tx: &mut OrgTx,
    of: &Advertiser,
    rows: &[Row<'_>],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = serde_json::to_value(rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        r#"
        with found as (
            select *
              from jsonb_to_recordset($4::jsonb) as r (
                   level text, entity_id text, parent_id text, name text, entity_status text,
                   convention_id uuid, convention_version int, compliant boolean, issues jsonb,
                   suggestions jsonb)
        ), gone as (
            delete from tenant.naming_results n
             where n.org_id = $1 and n.dsp = $2 and n.advertiser_id = $3
               and not exists (
                   select from found f where f.level = n.level and f.entity_id = n.entity_id)
        )
        insert into tenant.naming_results as n (
            org_id, dsp, advertiser_id, level, entity_id, parent_id, name, entity_status,
            convention_id, convention_version, compliant, issues, suggestions)
        select $1, $2, $3, level, entity_id, parent_id, name, entity_status,
               convention_id, convention_version, compliant, issues, suggestions
          from found
            on conflict (org_id, dsp, level, entity_id) do update
           set advertiser_id = excluded.advertiser_id, parent_id = excluded.parent_id,
               name = excluded.name, entity_status = excluded.entity_status,
               convention_id = excluded.convention_id,
               convention_version = excluded.convention_version, compliant = excluded.compliant,
               issues = excluded.issues, suggestions = excluded.suggestions
         where (n.advertiser_id, n.parent_id, n.name, n.entity_status, n.convention_id,
                n.convention_version, n.compliant, n.issues, n.suggestions)
               is distinct from
               (excluded.advertiser_id, excluded.parent_id, excluded.name, excluded.entity_status,
                excluded.convention_id, excluded.convention_version, excluded.compliant,
                excluded.issues, excluded.suggestions)
        "#,
        org,
        of.dsp,
        of.advertiser_id,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(in crate::modules::taxonomy) async fn replace_days(
    tx: &mut OrgTx,
    of: &Advertiser,
    days: &[Day],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.naming_days where org_id = $1 and dsp = $2 and advertiser_id = $3",
        org,
        of.dsp,
        of.advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    let levels: Vec<String> = days
        .iter()
        .map(|day| day.level.as_str().to_owned())
        .collect();
    let dates: Vec<NaiveDate> = days.iter().map(|day| day.date).collect();
    let checked: Vec<i32> = days.iter().map(|day| day.checked.cast_signed()).collect();
    let compliant: Vec<i32> = days.iter().map(|day| day.compliant.cast_signed()).collect();
    sqlx::query!(
        r#"
        insert into tenant.naming_days (
            org_id, dsp, advertiser_id, level, date, checked, compliant)
        select $1, $2, $3, level, date, checked, compliant
          from unnest($4::text[], $5::date[], $6::int[], $7::int[])
               as d (level, date, checked, compliant)
        "#,
        org,
        of.dsp,
        of.advertiser_id,
        &levels,
        &dates,
        &checked,
        &compliant,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A result as it is told.
pub(super) struct Found {
    pub(super) dsp: String,
    pub(super) level: String,
    pub(super) entity_id: String,
    pub(super) advertiser_id: String,
    pub(super) advertiser_name: Option<String>,
    pub(super) parent_id: Option<String>,
    pub(super) name: String,
    pub(super) entity_status: String,
    pub(super) convention_id: Option<Uuid>,
    pub(super) compliant: Option<bool>,
    pub(super) issues: Value,
    pub(super) suggestions: Value,
}

/// Which names are wanted; what is none asks for all.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) level: Option<String>,
    pub(super) advertiser_id: Option<String>,
    pub(super) entity_id: Option<String>,
    pub(super) compliant: Option<bool>,
    pub(super) field: Option<String>,
    pub(super) code: Option<String>,
    pub(super) search: Option<String>,
}

impl Filter {
    /// What an issue of the name must have, if anything.
    fn issue(&self) -> Option<Value> {
        let mut issue = serde_json::Map::new();
        for (key, value) in [("field", &self.field), ("code", &self.code)] {
            if let Some(value) = value {
                issue.insert(key.to_owned(), value.as_str().into());
            }
        }
        (!issue.is_empty()).then(|| serde_json::json!([issue]))
    }

    fn pattern(&self) -> Option<String> {
        let search = self.search.as_deref()?;
        let plain = search
            .replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_");
        Some(format!("%{plain}%"))
    }
}

/// By level, name and id, from the one behind `after` on.
pub(super) async fn list_found(
    tx: &mut OrgTx,
    filter: &Filter,
    after: Option<&(String, String, String, String)>,
    limit: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let none = Default::default();
    let (level, name, id, dsp) = after.unwrap_or(&none);
    sqlx::query_as!(
        Found,
        r#"
        select r.dsp, r.level, r.entity_id, r.advertiser_id, a.name as "advertiser_name?",
               r.parent_id, r.name, r.entity_status, r.convention_id, r.compliant, r.issues,
               r.suggestions
          from tenant.naming_results r
          left join tenant.advertisers a
            on a.org_id = $1 and a.dsp = r.dsp and a.advertiser_id = r.advertiser_id
         where r.org_id = $1
           and r.level = coalesce($2, r.level)
           and r.advertiser_id = coalesce($3, r.advertiser_id)
           and r.entity_id = coalesce($4, r.entity_id)
           and ($5::boolean is null or r.compliant = $5)
           and ($6::jsonb is null or r.issues @> $6)
           and ($7::text is null or r.name ilike $7 or r.entity_id = $8)
           and (r.level, r.name, r.entity_id, r.dsp) > ($9, $10, $11, $12)
         order by r.level, r.name, r.entity_id, r.dsp
         limit $13
        "#,
        org,
        filter.level,
        filter.advertiser_id,
        filter.entity_id,
        filter.compliant,
        filter.issue(),
        filter.pattern(),
        filter.search,
        level,
        name,
        id,
        dsp,
        limit,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Names of a level and advertiser, counted.
pub(super) struct Count {
    pub(super) level: String,
    pub(super) advertiser_id: String,
    pub(super) advertiser_name: Option<String>,
    pub(super) names: i64,
    pub(super) checked: i64,
    pub(super) compliant: i64,
}

pub(super) async fn count(
    tx: &mut OrgTx,
    advertiser_id: Option<&str>,
) -> Result<Vec<Count>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Count,
        r#"
        select r.level, r.advertiser_id, max(a.name) as "advertiser_name?", count(*) as "names!",
               count(r.compliant) as "checked!", count(*) filter (where r.compliant) as "compliant!"
          from tenant.naming_results r
          left join tenant.advertisers a
            on a.org_id = $1 and a.dsp = r.dsp and a.advertiser_id = r.advertiser_id
         where r.org_id = $1 and r.advertiser_id = coalesce($2, r.advertiser_id)
         group by r.level, r.advertiser_id
         order by r.level, r.advertiser_id
        "#,
        org,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await
}

/// What is wrong most often.
pub(super) struct Broken {
    pub(super) level: String,
    pub(super) field: Option<String>,
    pub(super) code: String,
    pub(super) names: i64,
}

pub(super) async fn list_broken(
    tx: &mut OrgTx,
    advertiser_id: Option<&str>,
) -> Result<Vec<Broken>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Broken,
        r#"
        select r.level, i.issue ->> 'field' as field, i.issue ->> 'code' as "code!",
               count(distinct (r.dsp, r.entity_id)) as "names!"
          from tenant.naming_results r
         cross join lateral jsonb_array_elements(r.issues) as i (issue)
         where r.org_id = $1 and not r.compliant and r.advertiser_id = coalesce($2, r.advertiser_id)
         group by 1, 2, 3
         order by 4 desc, 1, 2, 3
         limit 20
        "#,
        org,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await
}

pub(super) struct DayCount {
    pub(super) date: NaiveDate,
    pub(super) level: String,
    pub(super) checked: i64,
    pub(super) compliant: i64,
}

pub(super) async fn list_days(
    tx: &mut OrgTx,
    advertiser_id: Option<&str>,
) -> Result<Vec<DayCount>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        DayCount,
        r#"
        select date, level, sum(checked) as "checked!", sum(compliant) as "compliant!"
          from tenant.naming_days
         where org_id = $1 and advertiser_id = coalesce($2, advertiser_id)
         group by date, level
         order by date, level
        "#,
        org,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await
}
