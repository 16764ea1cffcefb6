//! The rows of the typed tables, put together from the versions that are open. The tables differ in
//! nothing but their columns, so the statements are made from a list of these; every kind goes
//! through them in the tests.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::ingestion::connector::EntityKind;
use crate::ingestion::silver::entities::EntityLoad;
use crate::tenancy::OrgTx;

/// A column and what it is filled with, from the version `v`.
type Column = (&'static str, &'static str);

struct Table {
    name: &'static str,
    id: &'static str,
    columns: &'static [Column],
    /// Written beside the others, and no reason to write.
    stamp: Column,
}

const FROM_BRONZE: Column = ("bronze_id", "v.bronze_id");
const OWNER: Column = ("advertiser_id", "v.advertiser_id");
const NAME: Column = ("name", "v.name");
const STATUS: Column = ("entity_status", "v.entity_status");
const KIND: Column = ("kind", "v.attributes ->> 'kind'");
const BUDGET_UNIT: Column = ("budget_unit", "v.attributes ->> 'budget_unit'");
const PACING_PERIOD: Column = ("pacing_period", "v.attributes #>> '{pacing,period}'");
const PACING_TYPE: Column = ("pacing_type", "v.attributes #>> '{pacing,kind}'");
const DAILY_MAX: Column = (
    "daily_max_micros",
    "(v.attributes #>> '{pacing,daily_max_micros}')::bigint",
);
/// It is there, so it has not vanished, or has come back.
const THERE: Column = ("vanished_at", "null::timestamptz");

const PARTNERS: Table = Table {
    name: "partners",
    id: "partner_id",
    columns: &[
        NAME,
        STATUS,
        ("currency", "v.attributes ->> 'currency'"),
        ("time_zone", "v.attributes ->> 'time_zone'"),
    ],
    stamp: FROM_BRONZE,
};

const ADVERTISERS: Table = Table {
    name: "advertisers",
    id: "advertiser_id",
    columns: &[
        NAME,
        ("partner_id", "v.attributes ->> 'partner_id'"),
        ("currency", "v.attributes ->> 'currency'"),
        ("time_zone", "v.attributes ->> 'time_zone'"),
    ],
    stamp: ("updated_at", "clock_timestamp()"),
};

const CAMPAIGNS: Table = Table {
    name: "campaigns",
    id: "campaign_id",
    columns: &[
        OWNER,
        NAME,
        STATUS,
        ("planned_start", "(v.attributes #>> '{planned,0}')::date"),
        ("planned_end", "(v.attributes #>> '{planned,1}')::date"),
        THERE,
    ],
    stamp: FROM_BRONZE,
};

const INSERTION_ORDERS: Table = Table {
    name: "insertion_orders",
    id: "insertion_order_id",
    columns: &[
        OWNER,
        NAME,
        STATUS,
        ("campaign_id", "v.attributes ->> 'campaign_id'"),
        BUDGET_UNIT,
        PACING_PERIOD,
        PACING_TYPE,
        DAILY_MAX,
        THERE,
    ],
    stamp: FROM_BRONZE,
};

const LINE_ITEMS: Table = Table {
    name: "line_items",
    id: "line_item_id",
    columns: &[
        OWNER,
        NAME,
        STATUS,
        KIND,
        ("campaign_id", "v.attributes ->> 'campaign_id'"),
        (
            "insertion_order_id",
            "v.attributes ->> 'insertion_order_id'",
        ),
        ("flight_start", "(v.attributes #>> '{flight,0}')::date"),
        ("flight_end", "(v.attributes #>> '{flight,1}')::date"),
        ("allocation", "v.attributes ->> 'allocation'"),
        BUDGET_UNIT,
        (
            "budget_micros",
            "(v.attributes ->> 'budget_micros')::bigint",
        ),
        PACING_PERIOD,
        PACING_TYPE,
        DAILY_MAX,
        THERE,
    ],
    stamp: FROM_BRONZE,
};

const CREATIVES: Table = Table {
    name: "creatives",
    id: "creative_id",
    columns: &[
        OWNER,
        NAME,
        STATUS,
        KIND,
        ("width", "(v.attributes ->> 'width')::int"),
        ("height", "(v.attributes ->> 'height')::int"),
        ("landing_page", "v.attributes ->> 'landing_page'"),
        THERE,
    ],
    stamp: FROM_BRONZE,
};

impl Table {
    const fn of(kind: EntityKind) -> &'static Self {
        match kind {
            EntityKind::Partner => &PARTNERS,
            EntityKind::Advertiser => &ADVERTISERS,
            EntityKind::Campaign => &CAMPAIGNS,
            EntityKind::InsertionOrder => &INSERTION_ORDERS,
            EntityKind::LineItem => &LINE_ITEMS,
            EntityKind::Creative => &CREATIVES,
        }
    }

    fn upsert(&self) -> String {
        let list = |one: &dyn Fn(&Column) -> String| -> String {
            let all: Vec<String> = self.columns.iter().map(one).collect();
            all.join(", ")
        };
        let Self { name, id, .. } = self;
        let names = list(&|(name, _)| (*name).to_owned());
        let values = list(&|(_, value)| (*value).to_owned());
        let changed = list(&|(name, _)| format!("{name} = excluded.{name}"));
        let known = list(&|(name, _)| format!("t.{name}"));
        let read = list(&|(name, _)| format!("excluded.{name}"));
        let (stamp, stamped) = self.stamp;
        format!(
            "insert into tenant.{name} as t (org_id, dsp, {id}, {names}, {stamp})
             select v.org_id, v.dsp, v.entity_id, {values}, {stamped}
               from tenant.entity_versions v
              where v.org_id = $1 and v.dsp = $2 and v.kind = $3 and v.entity_id = any ($4)
                and v.valid_to is null and v.attributes is not null
                 on conflict (org_id, dsp, {id}) do update
                set {changed}, {stamp} = excluded.{stamp}
              where ({known}) is distinct from ({read})"
        )
    }
}

/// Makes the tables say what history says now of these entities, whatever file brought them up.
pub(in crate::ingestion::silver::entities) async fn apply(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    kind: EntityKind,
    ids: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(Table::of(kind).upsert()))
        .bind(tx.org().as_uuid())
        .bind(load.dsp)
        .bind(kind.as_str())
        .bind(ids)
        .execute(&mut **tx)
        .await?;
    match kind {
        EntityKind::InsertionOrder => replace_segments(tx, load, ids).await,
        _ => Ok(()),
    }
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
    let Table { name, id, .. } = Table::of(kind);
    let sql = format!(
        "update tenant.{name} t set vanished_at = $4
          where t.org_id = $1 and t.dsp = $2 and t.advertiser_id = $3 and t.vanished_at is null
            and not exists (
                select from tenant.entity_versions v
                 where v.org_id = $1 and v.dsp = $2 and v.kind = $5 and v.entity_id = t.{id}
                   and v.valid_to is null)"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(tx.org().as_uuid())
        .bind(load.dsp)
        .bind(&load.request.advertiser_id)
        .bind(at)
        .bind(kind.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
