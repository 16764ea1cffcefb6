//! The rows of the typed tables.

use serde_json::Value;

use crate::ingestion::connector::{Advertiser, Entity, EntityKind, Typed};
use crate::ingestion::silver;
use crate::ingestion::silver::entities::EntityLoad;
use crate::tenancy::OrgTx;

pub(in crate::ingestion::silver::entities) async fn apply(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    entities: &[Entity],
) -> Result<(), sqlx::Error> {
    let readable: Vec<&Typed> = entities
        .iter()
        .filter_map(|one| one.typed.as_ref().ok())
        .collect();
    let rows =
        serde_json::to_value(&readable).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match kind {
        EntityKind::Partner => upsert_partners(tx, load, &rows).await,
        EntityKind::Advertiser => {
            let advertiser = |one: &&Typed| match one {
                Typed::Advertiser(one) => Some(one.clone()),
                _ => None,
            };
            let all: Vec<Advertiser> = readable.iter().filter_map(advertiser).collect();
            silver::store::upsert_advertisers(tx, load.dsp, &all).await
        }
        EntityKind::Campaign => upsert_campaigns(tx, load, &rows).await,
        EntityKind::InsertionOrder => {
            upsert_insertion_orders(tx, load, &rows).await?;
            replace_segments(tx, load, &rows).await
        }
        EntityKind::LineItem => upsert_line_items(tx, load, &rows).await,
        EntityKind::Creative => upsert_creatives(tx, load, &rows).await,
    }
}

async fn upsert_partners(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.partners as t (
            org_id, dsp, partner_id, name, entity_status, currency, time_zone, bronze_id)
        select $1, $2, r.partner_id, r.name, r.entity_status, r.currency, r.time_zone, $3
          from jsonb_to_recordset($4)
               as r (partner_id text, name text, entity_status text, currency text, time_zone text)
            on conflict (org_id, dsp, partner_id) do update
           set name = excluded.name, entity_status = excluded.entity_status,
               currency = excluded.currency, time_zone = excluded.time_zone,
               bronze_id = excluded.bronze_id
         where (t.name, t.entity_status, t.currency, t.time_zone) is distinct from
               (excluded.name, excluded.entity_status, excluded.currency, excluded.time_zone)
        "#,
        org,
        load.dsp,
        load.bronze_id.as_uuid(),
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn upsert_campaigns(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.campaigns as t (
            org_id, dsp, campaign_id, advertiser_id, name, entity_status, planned_start,
            planned_end, bronze_id)
        select $1, $2, r.campaign_id, $5, r.name, r.entity_status, (r.planned->>0)::date,
               (r.planned->>1)::date, $3
          from jsonb_to_recordset($4)
               as r (campaign_id text, name text, entity_status text, planned jsonb)
            on conflict (org_id, dsp, campaign_id) do update
           set advertiser_id = excluded.advertiser_id, name = excluded.name,
               entity_status = excluded.entity_status, planned_start = excluded.planned_start,
               planned_end = excluded.planned_end, bronze_id = excluded.bronze_id,
               vanished_at = null
         where (t.advertiser_id, t.name, t.entity_status, t.planned_start, t.planned_end,
                t.vanished_at) is distinct from
               (excluded.advertiser_id, excluded.name, excluded.entity_status,
                excluded.planned_start, excluded.planned_end, null::timestamptz)
        "#,
        org,
        load.dsp,
        load.bronze_id.as_uuid(),
        rows,
        load.request.advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn upsert_insertion_orders(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.insertion_orders as t (
            org_id, dsp, insertion_order_id, advertiser_id, campaign_id, name, entity_status,
            budget_unit, pacing_period, pacing_type, daily_max_micros, bronze_id)
        select $1, $2, r.insertion_order_id, $5, r.campaign_id, r.name, r.entity_status,
               r.budget_unit, r.pacing->>'period', r.pacing->>'kind',
               (r.pacing->>'daily_max_micros')::bigint, $3
          from jsonb_to_recordset($4)
               as r (insertion_order_id text, campaign_id text, name text, entity_status text,
                     budget_unit text, pacing jsonb)
            on conflict (org_id, dsp, insertion_order_id) do update
           set advertiser_id = excluded.advertiser_id, campaign_id = excluded.campaign_id,
               name = excluded.name, entity_status = excluded.entity_status,
               budget_unit = excluded.budget_unit, pacing_period = excluded.pacing_period,
               pacing_type = excluded.pacing_type, daily_max_micros = excluded.daily_max_micros,
               bronze_id = excluded.bronze_id, vanished_at = null
         where (t.advertiser_id, t.campaign_id, t.name, t.entity_status, t.budget_unit,
                t.pacing_period, t.pacing_type, t.daily_max_micros, t.vanished_at) is distinct from
               (excluded.advertiser_id, excluded.campaign_id, excluded.name,
                excluded.entity_status, excluded.budget_unit, excluded.pacing_period,
                excluded.pacing_type, excluded.daily_max_micros, null::timestamptz)
        "#,
        org,
        load.dsp,
        load.bronze_id.as_uuid(),
        rows,
        load.request.advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// In the order the source gives them; those an order has no longer are in its history.
async fn replace_segments(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        delete from tenant.budget_segments s
         using jsonb_to_recordset($3) as r (insertion_order_id text, segments jsonb)
         where s.org_id = $1 and s.dsp = $2 and s.insertion_order_id = r.insertion_order_id
           and s.position >= jsonb_array_length(r.segments)
        "#,
        org,
        load.dsp,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.budget_segments as t (
            org_id, dsp, insertion_order_id, position, start_date, end_date, budget_micros,
            description)
        select $1, $2, r.insertion_order_id, (s.position - 1)::int, (s.body->>'start')::date,
               (s.body->>'end')::date, (s.body->>'budget_micros')::bigint, s.body->>'description'
          from jsonb_to_recordset($3) as r (insertion_order_id text, segments jsonb)
         cross join jsonb_array_elements(r.segments) with ordinality s (body, position)
            on conflict (org_id, dsp, insertion_order_id, position) do update
           set start_date = excluded.start_date, end_date = excluded.end_date,
               budget_micros = excluded.budget_micros, description = excluded.description
         where (t.start_date, t.end_date, t.budget_micros, t.description) is distinct from
               (excluded.start_date, excluded.end_date, excluded.budget_micros,
                excluded.description)
        "#,
        org,
        load.dsp,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn upsert_line_items(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.line_items as t (
            org_id, dsp, line_item_id, advertiser_id, campaign_id, insertion_order_id, name, kind,
            entity_status, flight_start, flight_end, allocation, budget_unit, budget_micros,
            pacing_period, pacing_type, daily_max_micros, bronze_id)
        select $1, $2, r.line_item_id, $5, r.campaign_id, r.insertion_order_id, r.name, r.kind,
               r.entity_status, (r.flight->>0)::date, (r.flight->>1)::date, r.allocation,
               r.budget_unit, r.budget_micros, r.pacing->>'period', r.pacing->>'kind',
               (r.pacing->>'daily_max_micros')::bigint, $3
          from jsonb_to_recordset($4)
               as r (line_item_id text, campaign_id text, insertion_order_id text, name text,
                     kind text, entity_status text, flight jsonb, allocation text,
                     budget_unit text, budget_micros bigint, pacing jsonb)
            on conflict (org_id, dsp, line_item_id) do update
           set advertiser_id = excluded.advertiser_id, campaign_id = excluded.campaign_id,
               insertion_order_id = excluded.insertion_order_id, name = excluded.name,
               kind = excluded.kind, entity_status = excluded.entity_status,
               flight_start = excluded.flight_start, flight_end = excluded.flight_end,
               allocation = excluded.allocation, budget_unit = excluded.budget_unit,
               budget_micros = excluded.budget_micros, pacing_period = excluded.pacing_period,
               pacing_type = excluded.pacing_type, daily_max_micros = excluded.daily_max_micros,
               bronze_id = excluded.bronze_id, vanished_at = null
         where (t.advertiser_id, t.campaign_id, t.insertion_order_id, t.name, t.kind,
                t.entity_status, t.flight_start, t.flight_end, t.allocation, t.budget_unit,
                t.budget_micros, t.pacing_period, t.pacing_type, t.daily_max_micros,
                t.vanished_at) is distinct from
               (excluded.advertiser_id, excluded.campaign_id, excluded.insertion_order_id,
                excluded.name, excluded.kind, excluded.entity_status, excluded.flight_start,
                excluded.flight_end, excluded.allocation, excluded.budget_unit,
                excluded.budget_micros, excluded.pacing_period, excluded.pacing_type,
                excluded.daily_max_micros, null::timestamptz)
        "#,
        org,
        load.dsp,
        load.bronze_id.as_uuid(),
        rows,
        load.request.advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn upsert_creatives(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    rows: &Value,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.creatives as t (
            org_id, dsp, creative_id, advertiser_id, name, kind, entity_status, width, height,
            landing_page, bronze_id)
        select $1, $2, r.creative_id, $5, r.name, r.kind, r.entity_status, r.width, r.height,
               r.landing_page, $3
          from jsonb_to_recordset($4)
               as r (creative_id text, name text, kind text, entity_status text, width int,
                     height int, landing_page text)
            on conflict (org_id, dsp, creative_id) do update
           set advertiser_id = excluded.advertiser_id, name = excluded.name, kind = excluded.kind,
               entity_status = excluded.entity_status, width = excluded.width,
               height = excluded.height, landing_page = excluded.landing_page,
               bronze_id = excluded.bronze_id, vanished_at = null
         where (t.advertiser_id, t.name, t.kind, t.entity_status, t.width, t.height,
                t.landing_page, t.vanished_at) is distinct from
               (excluded.advertiser_id, excluded.name, excluded.kind, excluded.entity_status,
                excluded.width, excluded.height, excluded.landing_page, null::timestamptz)
        "#,
        org,
        load.dsp,
        load.bronze_id.as_uuid(),
        rows,
        load.request.advertiser_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks what is not among `seen`, all there is now.
pub(in crate::ingestion::silver::entities) async fn mark_vanished(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    seen: &[String],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let advertiser = &load.request.advertiser_id;
    let at = load.observed_at;
    let marked = match kind {
        EntityKind::Partner | EntityKind::Advertiser => return Ok(()),
        EntityKind::Campaign => sqlx::query!(
            r#"
            update tenant.campaigns set vanished_at = $4
             where org_id = $1 and dsp = $2 and advertiser_id = $3 and vanished_at is null
               and not campaign_id = any ($5)
            "#,
            org,
            load.dsp,
            advertiser,
            at,
            seen,
        ),
        EntityKind::InsertionOrder => sqlx::query!(
            r#"
            update tenant.insertion_orders set vanished_at = $4
             where org_id = $1 and dsp = $2 and advertiser_id = $3 and vanished_at is null
               and not insertion_order_id = any ($5)
            "#,
            org,
            load.dsp,
            advertiser,
            at,
            seen,
        ),
        EntityKind::LineItem => sqlx::query!(
            r#"
            update tenant.line_items set vanished_at = $4
             where org_id = $1 and dsp = $2 and advertiser_id = $3 and vanished_at is null
               and not line_item_id = any ($5)
            "#,
            org,
            load.dsp,
            advertiser,
            at,
            seen,
        ),
        EntityKind::Creative => sqlx::query!(
            r#"
            update tenant.creatives set vanished_at = $4
             where org_id = $1 and dsp = $2 and advertiser_id = $3 and vanished_at is null
               and not creative_id = any ($5)
            "#,
            org,
            load.dsp,
            advertiser,
            at,
            seen,
        ),
    };
    marked.execute(&mut **tx).await?;
    Ok(())
}
