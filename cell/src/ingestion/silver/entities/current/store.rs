//! The rows of the typed tables, put together from the versions that are open. The tables differ in
//! nothing but their columns, so a macro spells the statements out of these; all of them are checked
//! when compiled.

use chrono::{DateTime, Utc};

use crate::ingestion::connector::EntityKind;
use crate::ingestion::silver::entities::EntityLoad;
use crate::tenancy::OrgTx;

/// Makes the function that fills a table from the versions `v`: its name, the table, its id, its
/// columns, and the stamp that is written beside them and is no reason to write.
macro_rules! upsert {
    ($name:ident, $table:literal, $id:literal,
     [$first:literal = $from:literal $(, $column:literal = $value:literal)* $(,)?],
     $stamp:literal = $stamped:literal) => {
        async fn $name(
            tx: &mut OrgTx,
            load: &EntityLoad<'_>,
            kind: EntityKind,
            ids: &[String],
        ) -> Result<(), sqlx::Error> {
            let org = tx.org().as_uuid();
            sqlx::query!(
            "insert into tenant." + $table + " as t (org_id, dsp, " + $id + ", " + $first
                $(+ ", " + $column)* + ", " + $stamp + ")
             select v.org_id, v.dsp, v.entity_id, " + $from $(+ ", " + $value)* + ", " + $stamped + "
               from tenant.entity_versions v
              where v.org_id = $1 and v.dsp = $2 and v.kind = $3 and v.entity_id = any ($4)
                and v.valid_to is null and v.attributes is not null
                 on conflict (org_id, dsp, " + $id + ") do update
                set " + $first + " = excluded." + $first
                $(+ ", " + $column + " = excluded." + $column)* + ", " + $stamp + " = excluded." + $stamp + "
              where (t." + $first $(+ ", t." + $column)* + ") is distinct from (excluded." + $first
                $(+ ", excluded." + $column)* + ")",
                org,
                load.dsp,
                kind.as_str(),
                ids,
            )
            .execute(&mut **tx)
            .await?;
            Ok(())
        }
    };
}

/// Makes the tables say what history says now of these entities, whatever file brought them up.
pub(in crate::ingestion::silver::entities) async fn apply(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    ids: &[String],
) -> Result<(), sqlx::Error> {
    match kind {
        EntityKind::Partner => upsert_partners(tx, load, kind, ids).await,
        EntityKind::Advertiser => upsert_advertisers(tx, load, kind, ids).await,
        EntityKind::Campaign => upsert_campaigns(tx, load, kind, ids).await,
        EntityKind::Creative => upsert_creatives(tx, load, kind, ids).await,
        EntityKind::InsertionOrder => {
            upsert_orders(tx, load, kind, ids).await?;
            replace_segments(tx, load, ids).await
        }
        EntityKind::LineItem => upsert_line_items(tx, load, kind, ids).await,
    }
}

upsert! {
    upsert_partners, "partners", "partner_id",
    [
        "name" = "v.name",
        "entity_status" = "v.entity_status",
        "currency" = "v.attributes ->> 'currency'",
        "time_zone" = "v.attributes ->> 'time_zone'",
    ],
    "bronze_id" = "v.bronze_id"
}

upsert! {
    upsert_advertisers, "advertisers", "advertiser_id",
    [
        "name" = "v.name",
        "partner_id" = "v.attributes ->> 'partner_id'",
        "currency" = "v.attributes ->> 'currency'",
        "time_zone" = "v.attributes ->> 'time_zone'",
    ],
    "updated_at" = "clock_timestamp()"
}

// What is there has not vanished, or has come back; so for what else can vanish.
upsert! {
    upsert_campaigns, "campaigns", "campaign_id",
    [
        "advertiser_id" = "v.advertiser_id",
        "name" = "v.name",
        "entity_status" = "v.entity_status",
        "planned_start" = "(v.attributes #>> '{planned,0}')::date",
        "planned_end" = "(v.attributes #>> '{planned,1}')::date",
        "vanished_at" = "null::timestamptz",
    ],
    "bronze_id" = "v.bronze_id"
}

upsert! {
    upsert_orders, "insertion_orders", "insertion_order_id",
    [
        "advertiser_id" = "v.advertiser_id",
        "name" = "v.name",
        "entity_status" = "v.entity_status",
        "campaign_id" = "v.attributes ->> 'campaign_id'",
        "budget_unit" = "v.attributes ->> 'budget_unit'",
        "pacing_period" = "v.attributes #>> '{pacing,period}'",
        "pacing_type" = "v.attributes #>> '{pacing,kind}'",
        "daily_max_micros" = "(v.attributes #>> '{pacing,daily_max_micros}')::bigint",
        "vanished_at" = "null::timestamptz",
    ],
    "bronze_id" = "v.bronze_id"
}

upsert! {
    upsert_line_items, "line_items", "line_item_id",
    [
        "advertiser_id" = "v.advertiser_id",
        "name" = "v.name",
        "entity_status" = "v.entity_status",
        "kind" = "v.attributes ->> 'kind'",
        "campaign_id" = "v.attributes ->> 'campaign_id'",
        "insertion_order_id" = "v.attributes ->> 'insertion_order_id'",
        "flight_start" = "(v.attributes #>> '{flight,0}')::date",
        "flight_end" = "(v.attributes #>> '{flight,1}')::date",
        "allocation" = "v.attributes ->> 'allocation'",
        "budget_unit" = "v.attributes ->> 'budget_unit'",
        "budget_micros" = "(v.attributes ->> 'budget_micros')::bigint",
        "pacing_period" = "v.attributes #>> '{pacing,period}'",
        "pacing_type" = "v.attributes #>> '{pacing,kind}'",
        "daily_max_micros" = "(v.attributes #>> '{pacing,daily_max_micros}')::bigint",
        "vanished_at" = "null::timestamptz",
    ],
    "bronze_id" = "v.bronze_id"
}

upsert! {
    upsert_creatives, "creatives", "creative_id",
    [
        "advertiser_id" = "v.advertiser_id",
        "name" = "v.name",
        "entity_status" = "v.entity_status",
        "kind" = "v.attributes ->> 'kind'",
        "width" = "(v.attributes ->> 'width')::int",
        "height" = "(v.attributes ->> 'height')::int",
        "landing_page" = "v.attributes ->> 'landing_page'",
        "vanished_at" = "null::timestamptz",
    ],
    "bronze_id" = "v.bronze_id"
}

/// In the order the source gives them; those an order has no longer are in its history.
async fn replace_segments(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    ids: &[String],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        delete from tenant.budget_segments s
         using tenant.entity_versions v
         where s.org_id = $1 and s.dsp = $2 and s.insertion_order_id = v.entity_id
           and v.org_id = $1 and v.dsp = $2 and v.kind = 'insertion_order'
           and v.entity_id = any ($3) and v.valid_to is null and v.attributes is not null
           and s.position >= jsonb_array_length(v.attributes->'segments')
        "#,
        org,
        load.dsp,
        ids,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.budget_segments as t (
            org_id, dsp, insertion_order_id, position, start_date, end_date, budget_micros,
            description)
        select $1, $2, v.entity_id, (s.position - 1)::int, (s.body->>'start')::date,
               (s.body->>'end')::date, (s.body->>'budget_micros')::bigint, s.body->>'description'
          from tenant.entity_versions v
         cross join jsonb_array_elements(v.attributes->'segments') with ordinality s (body, position)
         where v.org_id = $1 and v.dsp = $2 and v.kind = 'insertion_order'
           and v.entity_id = any ($3) and v.valid_to is null
            on conflict (org_id, dsp, insertion_order_id, position) do update
           set start_date = excluded.start_date, end_date = excluded.end_date,
               budget_micros = excluded.budget_micros, description = excluded.description
         where (t.start_date, t.end_date, t.budget_micros, t.description) is distinct from
               (excluded.start_date, excluded.end_date, excluded.budget_micros,
                excluded.description)
        "#,
        org,
        load.dsp,
        ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks what history says has ended.
pub(in crate::ingestion::silver::entities) async fn mark_vanished(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    macro_rules! mark {
        ($table:literal, $id:literal) => {
            sqlx::query!(
                "update tenant."
                    + $table
                    + " t set vanished_at = $4
                  where t.org_id = $1 and t.dsp = $2 and t.advertiser_id = $3
                    and t.vanished_at is null
                    and not exists (
                        select from tenant.entity_versions v
                         where v.org_id = $1 and v.dsp = $2 and v.kind = $5
                           and v.entity_id = t."
                    + $id
                    + " and v.valid_to is null)",
                tx.org().as_uuid(),
                load.dsp,
                load.request.advertiser_id,
                at,
                kind.as_str(),
            )
            .execute(&mut **tx)
            .await?
        };
    }
    match kind {
        EntityKind::Campaign => mark!("campaigns", "campaign_id"),
        EntityKind::InsertionOrder => mark!("insertion_orders", "insertion_order_id"),
        EntityKind::LineItem => mark!("line_items", "line_item_id"),
        EntityKind::Creative => mark!("creatives", "creative_id"),
        // Nobody says of these that they are all there are.
        EntityKind::Partner | EntityKind::Advertiser => return Ok(()),
    };
    Ok(())
}
