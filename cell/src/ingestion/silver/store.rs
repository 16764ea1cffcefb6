//! Writes what a connection's advertisers consist of, inside the transaction of the step that brings
//! it.

use chrono::NaiveDate;
use contracts::BronzeId;

use super::LINE_ITEM_DAYS;
use crate::ingestion::connector::{Advertiser, Entities, Pacing};
use crate::tenancy::OrgTx;

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
