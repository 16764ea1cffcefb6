//! What an org's orders, line items and their days are, put into a cell's tables as syncs would
//! leave them.

use anyhow::Result;
use contracts::OrgId;
use sqlx::{Connection, PgConnection};
use test_kit::TestDatabase;

pub(super) const DAYS: i64 = 90;
/// What the first line item spends a day, in millionths; each further one spends one more.
const DAILY_MICROS: i64 = 5_000_000;

#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) advertisers: i64,
    pub(super) orders: i64,
    pub(super) line_items: i64,
}

impl Size {
    /// Of all orders, on all days.
    pub(super) const fn spend_micros(self) -> i64 {
        let items = self.line_items;
        DAYS * (items * DAILY_MICROS + items * (items - 1) / 2)
    }
}

pub(super) async fn fill(database: &TestDatabase, org: OrgId, size: Size) -> Result<()> {
    let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
    let script = format!(
        "set app.capture = 'off'; {} {}",
        entities(org, size),
        days(org, size)
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(script))
        .execute(&mut admin)
        .await?;
    sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
    Ok(())
}

fn entities(org: OrgId, size: Size) -> String {
    let Size {
        advertisers,
        orders,
        line_items,
    } = size;
    let (org, per) = (org.as_uuid(), (orders / advertisers, line_items / orders));
    let (orders_each, items_each) = per;
    format!(
        "insert into tenant.advertisers (
             org_id, dsp, advertiser_id, partner_id, name, currency, time_zone)
         select '{org}', 'dv360', (630317000 + a)::text, '995544', 'Advertiser ' || a, 'EUR',
                'Europe/Berlin'
           from generate_series(0, {advertisers} - 1) a;
         insert into tenant.campaigns (
             org_id, dsp, campaign_id, advertiser_id, name, entity_status, bronze_id)
         select '{org}', 'dv360', (56929000 + a)::text, (630317000 + a)::text, 'Campaign ' || a,
                'active', '{org}'
           from generate_series(0, {advertisers} - 1) a;
         insert into tenant.insertion_orders (
             org_id, dsp, insertion_order_id, advertiser_id, campaign_id, name, entity_status,
             budget_unit, pacing_period, pacing_type, bronze_id)
         select '{org}', 'dv360', (1028290000 + o)::text, (630317000 + o / {orders_each})::text,
                (56929000 + o / {orders_each})::text, 'Order ' || o, 'active', 'currency',
                'flight', 'even', '{org}'
           from generate_series(0, {orders} - 1) o;
         insert into tenant.budget_segments (
             org_id, dsp, insertion_order_id, position, start_date, end_date, budget_micros,
             description)
         select '{org}', 'dv360', (1028290000 + o)::text, 0, '2026-08-25', '2026-12-31',
                {DAILY_MICROS}::bigint * {items_each} * (100 + o % 60), ''
           from generate_series(0, {orders} - 1) o;
         insert into tenant.line_items (
             org_id, dsp, line_item_id, advertiser_id, campaign_id, insertion_order_id, name,
             kind, entity_status, allocation, budget_unit, pacing_period, pacing_type, bronze_id)
         select '{org}', 'dv360', (23882600000 + i)::text,
                (630317000 + i / {items_each} / {orders_each})::text,
                (56929000 + i / {items_each} / {orders_each})::text,
                (1028290000 + i / {items_each})::text, 'Line item ' || i, 'display', 'active',
                'automatic', 'currency', 'flight', 'even', '{org}'
           from generate_series(0, {line_items}::bigint - 1) i;"
    )
}

fn days(org: OrgId, size: Size) -> String {
    let Size {
        advertisers,
        orders,
        line_items,
    } = size;
    let org = org.as_uuid();
    let items = line_items / orders;
    let items_of_advertiser = line_items / advertisers;
    format!(
        "insert into tenant.line_item_days (
             org_id, dataset, dsp, advertiser_id, date, line_item_id, partner_id, campaign_id,
             insertion_order_id, currency, impressions, billable_impressions, clicks,
             conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
             bronze_id, bronze_line, load_id)
         select '{org}', 'line_item_days', 'dv360', (630317000 + i / {items_of_advertiser})::text,
                date '2026-08-25' + d::int, (23882600000 + i)::text, '995544',
                (56929000 + i / {items_of_advertiser})::text, (1028290000 + i / {items})::text,
                'EUR', 1000, 990, 3, 0, {DAILY_MICROS} + i, 0, 0, '{org}', i + 2, '{org}'
           from generate_series(0, {DAYS} - 1) d, generate_series(0, {line_items}::bigint - 1) i
          order by 4, 5, 6;
         insert into tenant.loaded_days (
             org_id, dataset, dsp, advertiser_id, date, row_count, bronze_id, load_id, certified)
         select '{org}', 'line_item_days', 'dv360', (630317000 + a)::text,
                date '2026-08-25' + d::int, {items_of_advertiser}, '{org}', '{org}', d < 60
           from generate_series(0, {advertisers} - 1) a, generate_series(0, {DAYS} - 1) d;
         insert into tenant.watermarks (org_id, dataset, dsp, advertiser_id, since, through)
         select '{org}', 'line_item_days', 'dv360', (630317000 + a)::text, '2026-08-25',
                date '2026-08-25' + {DAYS} - 1
           from generate_series(0, {advertisers} - 1) a;"
    )
}
