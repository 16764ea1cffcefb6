//! Writes silver, inside the transaction of the step that brings it.
//!
//! `COPY` is not possible into a table under row-level security, so facts are copied into a
//! temporary table first and inserted from there.

use chrono::NaiveDate;
use contracts::BronzeId;
use sqlx::postgres::PgCopyIn;
use sqlx::{PgConnection, SqlSafeStr};

use super::{LINE_ITEM_DAYS, Load, PIPELINE_VERSION};
use crate::ingestion::connector::{Advertiser, Entities, Pacing};
use crate::tenancy::{self, OrgTx};

const CREATE_STAGE: &str = "
    create temporary table staged_days (
        advertiser_id text not null, date date not null, line_item_id text not null,
        partner_id text not null, campaign_id text not null, insertion_order_id text not null,
        currency text not null, impressions bigint, billable_impressions bigint, clicks bigint,
        conversions_micros bigint, revenue_micros bigint, media_cost_micros bigint,
        billable_cost_micros bigint, bronze_line bigint not null
    ) on commit drop";

/// An empty stage, ready for `COPY` text. Finish or abort it before anything else.
pub(crate) async fn copy_into_stage(
    tx: &mut OrgTx,
) -> Result<PgCopyIn<&mut PgConnection>, sqlx::Error> {
    sqlx::raw_sql(CREATE_STAGE).execute(&mut **tx).await?;
    tx.copy_in_raw("copy pg_temp.staged_days from stdin").await
}

/// Puts the staged rows in place of whatever the load's advertisers have on its days.
pub(crate) async fn replace_days(tx: &mut OrgTx, load: &Load) -> Result<u64, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids: Vec<String> = load
        .advertisers
        .iter()
        .map(|one| one.advertiser_id.clone())
        .collect();
    sqlx::query!(
        r#"
        delete from tenant.line_item_days
         where org_id = $1 and dataset = $2 and dsp = $3
           and advertiser_id = any ($4) and date between $5 and $6
        "#,
        org,
        LINE_ITEM_DAYS,
        load.dsp,
        &ids,
        load.range.0,
        load.range.1,
    )
    .execute(&mut **tx)
    .await?;
    // The temporary table is unknown to the checking database; its shape is the constant above.
    let inserted = sqlx::query(
        "
        insert into tenant.line_item_days (
            org_id, dataset, dsp, advertiser_id, date, line_item_id, partner_id, campaign_id,
            insertion_order_id, currency, impressions, billable_impressions, clicks,
            conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
            bronze_id, bronze_line, load_id)
        select $1, $2, $3, advertiser_id, date, line_item_id, partner_id, campaign_id,
               insertion_order_id, currency, impressions, billable_impressions, clicks,
               conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
               $4, bronze_line, $5
          from pg_temp.staged_days"
            .into_sql_str(),
    )
    .bind(org)
    .bind(LINE_ITEM_DAYS)
    .bind(load.dsp)
    .bind(load.bronze_id.as_uuid())
    .bind(load.load_id)
    .persistent(false)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected())
}

/// What Postgres says of two rows with one key, if that is what it says.
pub(crate) fn duplicate_of(error: &sqlx::Error) -> Option<String> {
    if tenancy::sql_state(error).as_deref() != Some("23505") {
        return None;
    }
    let postgres = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>());
    let detail = postgres.and_then(sqlx::postgres::PgDatabaseError::detail);
    Some(detail.unwrap_or("two rows have the same key").to_owned())
}

pub(crate) async fn has_days(tx: &mut OrgTx, load: &Load) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids: Vec<String> = load
        .advertisers
        .iter()
        .map(|one| one.advertiser_id.clone())
        .collect();
    sqlx::query_scalar!(
        r#"
        select exists (
            select
              from tenant.line_item_days
             where org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
        ) as "found!"
        "#,
        org,
        LINE_ITEM_DAYS,
        load.dsp,
        &ids,
        load.range.0,
        load.range.1,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Notes that the file is loaded and how far each advertiser's data reaches now.
pub(crate) async fn record_load(
    tx: &mut OrgTx,
    load: &Load,
    rows: u64,
    control_total: bool,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.load_ledger (
            org_id, load_id, dataset, bronze_id, sync_id, pipeline_version,
            range_start, range_end, rows_loaded, control_total)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (org_id, dataset, bronze_id, pipeline_version) do update
           set load_id = excluded.load_id, sync_id = excluded.sync_id, loaded_at = clock_timestamp()
        "#,
        org,
        load.load_id,
        LINE_ITEM_DAYS,
        load.bronze_id.as_uuid(),
        load.sync_id.as_uuid(),
        PIPELINE_VERSION,
        load.range.0,
        load.range.1,
        i64::try_from(rows).unwrap_or(i64::MAX),
        control_total,
    )
    .execute(&mut **tx)
    .await?;
    let (ids, throughs): (Vec<_>, Vec<_>) = load
        .advertisers
        .iter()
        .map(|one| (one.advertiser_id.clone(), one.through))
        .unzip();
    sqlx::query!(
        r#"
        insert into tenant.watermarks as w (org_id, dataset, dsp, advertiser_id, since, through)
        select $1, $2, $3, loaded.advertiser_id, $6, loaded.through
          from unnest($4::text[], $5::date[]) as loaded (advertiser_id, through)
            on conflict (org_id, dataset, dsp, advertiser_id) do update
           set through = greatest(w.through, excluded.through), loaded_at = clock_timestamp(),
               -- Only a load that leaves no gap reaches further back.
               since = case when excluded.since <= w.through + 1 and excluded.through >= w.since - 1
                            then least(w.since, excluded.since) else excluded.since end
        "#,
        org,
        LINE_ITEM_DAYS,
        load.dsp,
        &ids,
        &throughs,
        load.range.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When the oldest budget began that is still running and whose days are not all loaded.
pub(crate) async fn oldest_uncovered_start(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_ids: &[String],
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select min(s.start_date)
          from tenant.insertion_orders o
          join tenant.budget_segments s
            on s.org_id = $1 and s.dsp = $2 and s.insertion_order_id = o.insertion_order_id
          left join tenant.watermarks w
            on w.org_id = $1 and w.dataset = $4 and w.dsp = $2 and w.advertiser_id = o.advertiser_id
         where o.org_id = $1 and o.dsp = $2 and o.advertiser_id = any ($3)
           and s.start_date <= current_date + 1 and s.end_date >= current_date - 1
           and s.start_date < coalesce(w.since, 'infinity'::date)
        "#,
        org,
        dsp,
        advertiser_ids,
        LINE_ITEM_DAYS,
    )
    .fetch_one(&mut **tx)
    .await
}

pub(crate) async fn upsert_advertisers(
    tx: &mut OrgTx,
    dsp: &str,
    advertisers: &[Advertiser],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    for one in advertisers {
        sqlx::query!(
            r#"
            insert into tenant.advertisers (
                org_id, dsp, advertiser_id, partner_id, name, currency, time_zone)
            values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (org_id, dsp, advertiser_id) do update
               set partner_id = excluded.partner_id, name = excluded.name,
                   currency = excluded.currency, time_zone = excluded.time_zone,
                   updated_at = clock_timestamp()
            "#,
            org,
            dsp,
            one.advertiser_id,
            one.partner_id,
            one.name,
            one.currency.as_str(),
            one.time_zone.name(),
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Puts the fetched entities in place of all that was known below the advertiser.
pub(crate) async fn replace_entities(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
    bronze_id: BronzeId,
    entities: &Entities,
) -> Result<(), sqlx::Error> {
    replace_campaigns(tx, dsp, advertiser_id, bronze_id, entities).await?;
    replace_insertion_orders(tx, dsp, advertiser_id, bronze_id, entities).await?;
    replace_line_items(tx, dsp, advertiser_id, bronze_id, entities).await
}

async fn replace_campaigns(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
    bronze_id: BronzeId,
    entities: &Entities,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let all = &entities.campaigns;
    let text = |field: fn(&crate::ingestion::connector::Campaign) -> &String| -> Vec<String> {
        all.iter().map(|one| field(one).clone()).collect()
    };
    let starts: Vec<_> = all
        .iter()
        .map(|one| one.planned.map(|dates| dates.0))
        .collect();
    let ends: Vec<_> = all
        .iter()
        .map(|one| one.planned.and_then(|dates| dates.1))
        .collect();
    sqlx::query!(
        "delete from tenant.campaigns where org_id = $1 and dsp = $2 and advertiser_id = $3",
        org,
        dsp,
        advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.campaigns (
            org_id, dsp, campaign_id, advertiser_id, name, entity_status,
            planned_start, planned_end, bronze_id)
        select $1, $2, c.campaign_id, $3, c.name, c.entity_status, c.planned_start, c.planned_end, $4
          from unnest($5::text[], $6::text[], $7::text[], $8::date[], $9::date[])
               as c (campaign_id, name, entity_status, planned_start, planned_end)
        "#,
        org,
        dsp,
        advertiser_id,
        bronze_id.as_uuid(),
        &text(|one| &one.campaign_id),
        &text(|one| &one.name),
        &text(|one| &one.entity_status),
        &starts as _,
        &ends as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn replace_insertion_orders(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
    bronze_id: BronzeId,
    entities: &Entities,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let all = &entities.insertion_orders;
    let text = |field: fn(&crate::ingestion::connector::InsertionOrder) -> &String| -> Vec<String> {
        all.iter().map(|one| field(one).clone()).collect()
    };
    let daily: Vec<_> = all.iter().map(|one| one.pacing.daily_max_micros).collect();
    sqlx::query!(
        r#"
        with gone as (
            delete from tenant.insertion_orders
             where org_id = $1 and dsp = $2 and advertiser_id = $3
            returning insertion_order_id
        )
        delete from tenant.budget_segments s
         using gone
         where s.org_id = $1 and s.dsp = $2 and s.insertion_order_id = gone.insertion_order_id
        "#,
        org,
        dsp,
        advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.insertion_orders (
            org_id, dsp, insertion_order_id, advertiser_id, campaign_id, name, entity_status,
            budget_unit, pacing_period, pacing_type, daily_max_micros, bronze_id)
        select $1, $2, o.insertion_order_id, $3, o.campaign_id, o.name, o.entity_status,
               o.budget_unit, o.pacing_period, o.pacing_type, o.daily_max_micros, $4
          from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                      $11::text[], $12::bigint[])
               as o (insertion_order_id, campaign_id, name, entity_status, budget_unit,
                     pacing_period, pacing_type, daily_max_micros)
        "#,
        org,
        dsp,
        advertiser_id,
        bronze_id.as_uuid(),
        &text(|one| &one.insertion_order_id),
        &text(|one| &one.campaign_id),
        &text(|one| &one.name),
        &text(|one| &one.entity_status),
        &text(|one| &one.budget_unit),
        &text(|one| &one.pacing.period),
        &text(|one| &one.pacing.kind),
        &daily as _,
    )
    .execute(&mut **tx)
    .await?;
    insert_segments(tx, dsp, entities).await
}

async fn insert_segments(
    tx: &mut OrgTx,
    dsp: &str,
    entities: &Entities,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let mut orders = Vec::new();
    let mut positions = Vec::new();
    let mut segments = Vec::new();
    for order in &entities.insertion_orders {
        for (position, segment) in (0_i32..).zip(&order.segments) {
            orders.push(order.insertion_order_id.clone());
            positions.push(position);
            segments.push(segment);
        }
    }
    let starts: Vec<_> = segments.iter().map(|one| one.start).collect();
    let ends: Vec<_> = segments.iter().map(|one| one.end).collect();
    let budgets: Vec<_> = segments.iter().map(|one| one.budget_micros).collect();
    let texts: Vec<_> = segments.iter().map(|one| one.description.clone()).collect();
    sqlx::query!(
        r#"
        insert into tenant.budget_segments (
            org_id, dsp, insertion_order_id, position, start_date, end_date, budget_micros, description)
        select $1, $2, s.insertion_order_id, s.position, s.start_date, s.end_date, s.budget_micros,
               s.description
          from unnest($3::text[], $4::int[], $5::date[], $6::date[], $7::bigint[], $8::text[])
               as s (insertion_order_id, position, start_date, end_date, budget_micros, description)
        "#,
        org,
        dsp,
        &orders,
        &positions,
        &starts,
        &ends,
        &budgets,
        &texts,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn replace_line_items(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_id: &str,
    bronze_id: BronzeId,
    entities: &Entities,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let all = &entities.line_items;
    let text = |field: fn(&crate::ingestion::connector::LineItem) -> &String| -> Vec<String> {
        all.iter().map(|one| field(one).clone()).collect()
    };
    let pacing = |field: fn(&Pacing) -> &String| -> Vec<String> {
        all.iter().map(|one| field(&one.pacing).clone()).collect()
    };
    let starts: Vec<_> = all
        .iter()
        .map(|one| one.flight.map(|dates| dates.0))
        .collect();
    let ends: Vec<_> = all
        .iter()
        .map(|one| one.flight.map(|dates| dates.1))
        .collect();
    let budgets: Vec<_> = all.iter().map(|one| one.budget_micros).collect();
    let daily: Vec<_> = all.iter().map(|one| one.pacing.daily_max_micros).collect();
    sqlx::query!(
        "delete from tenant.line_items where org_id = $1 and dsp = $2 and advertiser_id = $3",
        org,
        dsp,
        advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.line_items (
            org_id, dsp, line_item_id, advertiser_id, campaign_id, insertion_order_id, name, kind,
            entity_status, flight_start, flight_end, allocation, budget_unit, budget_micros,
            pacing_period, pacing_type, daily_max_micros, bronze_id)
        select $1, $2, l.line_item_id, $3, l.campaign_id, l.insertion_order_id, l.name, l.kind,
               l.entity_status, l.flight_start, l.flight_end, l.allocation, l.budget_unit,
               l.budget_micros, l.pacing_period, l.pacing_type, l.daily_max_micros, $4
          from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                      $11::date[], $12::date[], $13::text[], $14::text[], $15::bigint[],
                      $16::text[], $17::text[], $18::bigint[])
               as l (line_item_id, campaign_id, insertion_order_id, name, kind, entity_status,
                     flight_start, flight_end, allocation, budget_unit, budget_micros,
                     pacing_period, pacing_type, daily_max_micros)
        "#,
        org,
        dsp,
        advertiser_id,
        bronze_id.as_uuid(),
        &text(|one| &one.line_item_id),
        &text(|one| &one.campaign_id),
        &text(|one| &one.insertion_order_id),
        &text(|one| &one.name),
        &text(|one| &one.kind),
        &text(|one| &one.entity_status),
        &starts as _,
        &ends as _,
        &text(|one| &one.allocation),
        &text(|one| &one.budget_unit),
        &budgets as _,
        &pacing(|one| &one.period),
        &pacing(|one| &one.kind),
        &daily as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
