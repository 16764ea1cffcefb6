//! Reads silver for pacing, in a few queries over whole sets.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::figures::Spent;
use super::{ByDay, Order, Segment};
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::tenancy::OrgTx;

/// How many days a row's small chart has.
pub(super) const SPARK_DAYS: u64 = 14;

/// All orders, of one advertiser, or the one with this id.
pub(super) async fn list_orders(
    tx: &mut OrgTx,
    advertiser_id: Option<&str>,
    insertion_order_id: Option<&str>,
) -> Result<Vec<Order>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Order,
        r#"
        select o.dsp, o.insertion_order_id, o.name, o.advertiser_id, a.name as advertiser_name,
               o.campaign_id, coalesce(c.name, '') as "campaign_name!", a.currency,
               o.entity_status, o.budget_unit, o.pacing_period, o.pacing_type, o.daily_max_micros,
               w.since as "since?", w.through as "through?"
          from tenant.insertion_orders o
          join tenant.advertisers a
            on a.org_id = $1 and a.dsp = o.dsp and a.advertiser_id = o.advertiser_id
          left join tenant.campaigns c
            on c.org_id = $1 and c.dsp = o.dsp and c.campaign_id = o.campaign_id
          left join tenant.watermarks w
            on w.org_id = $1 and w.dataset = $4 and w.dsp = o.dsp
           and w.advertiser_id = o.advertiser_id
         where o.org_id = $1 and o.vanished_at is null
           and o.advertiser_id = coalesce($2, o.advertiser_id)
           and o.insertion_order_id = coalesce($3, o.insertion_order_id)
        "#,
        org,
        advertiser_id,
        insertion_order_id,
        LINE_ITEM_DAYS,
    )
    .fetch_all(&mut **tx)
    .await
}

/// The segments of these orders, by order, in their own order.
pub(super) async fn list_segments(
    tx: &mut OrgTx,
    insertion_order_ids: &[String],
) -> Result<HashMap<String, Vec<Segment>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select insertion_order_id, start_date, end_date, budget_micros, description
          from tenant.budget_segments
         where org_id = $1 and insertion_order_id = any ($2)
         order by insertion_order_id, start_date, position
        "#,
        org,
        insertion_order_ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_order: HashMap<String, Vec<Segment>> = HashMap::new();
    for row in rows {
        let segments = by_order.entry(row.insertion_order_id).or_default();
        segments.push(Segment {
            start: row.start_date,
            end: row.end_date,
            budget_micros: row.budget_micros,
            description: row.description,
        });
    }
    Ok(by_order)
}

/// An order's spend in the segment it is shown by, and its last days.
#[derive(Debug, Clone, Default)]
pub(super) struct Spend {
    pub(super) spent: Spent,
    pub(super) spark: Vec<i64>,
}

/// Sums of many orders at once, computed where the rows are.
pub(super) async fn list_spend(
    tx: &mut OrgTx,
    shown: &[(&Order, Option<&Segment>)],
) -> Result<HashMap<String, Spend>, sqlx::Error> {
    let windows: Vec<Window<'_>> = shown
        .iter()
        .filter_map(|(order, segment)| Window::of(order, *segment))
        .collect();
    let throughs: HashMap<&str, NaiveDate> = windows
        .iter()
        .map(|one| (one.order.insertion_order_id.as_str(), one.through))
        .collect();
    let spend = list_sums(tx, &windows).await?.into_iter().map(|sums| {
        let dates = sums.dates.unwrap_or_default();
        let days: ByDay = dates
            .into_iter()
            .zip(sums.amounts.unwrap_or_default())
            .collect();
        let through = throughs.get(sums.insertion_order_id.as_str());
        let spend = Spend {
            spent: Spent {
                to_date: sums.to_date,
                yesterday: sums.yesterday,
                last_week: sums.last_week,
            },
            spark: through.map_or_else(Vec::new, |through| spark(&days, *through)),
        };
        (sums.insertion_order_id, spend)
    });
    Ok(spend.collect())
}

/// The complete days of an order's segment, and how far the data reaches.
struct Window<'a> {
    order: &'a Order,
    first: NaiveDate,
    last: NaiveDate,
    through: NaiveDate,
}

impl<'a> Window<'a> {
    /// An order without a segment has no day in it, but still its latest days for the chart.
    fn of(order: &'a Order, segment: Option<&Segment>) -> Option<Self> {
        let through = order.through?;
        let empty = (through, through - Days::new(1));
        let (first, last) = segment.map_or(empty, |one| (one.start, one.end.min(through)));
        Some(Self {
            order,
            first,
            last,
            through,
        })
    }
}

struct Sums {
    insertion_order_id: String,
    to_date: i64,
    yesterday: i64,
    last_week: i64,
    dates: Option<Vec<NaiveDate>>,
    amounts: Option<Vec<i64>>,
}

async fn list_sums(tx: &mut OrgTx, windows: &[Window<'_>]) -> Result<Vec<Sums>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let text = |field: fn(&Order) -> &String| -> Vec<String> {
        windows.iter().map(|one| field(one.order).clone()).collect()
    };
    let day = |field: fn(&Window<'_>) -> NaiveDate| -> Vec<NaiveDate> {
        windows.iter().map(field).collect()
    };
    let impressions: Vec<bool> = windows
        .iter()
        .map(|one| one.order.counts_impressions())
        .collect();
    sqlx::query_as!(
        Sums,
        r#"
        with shown as (
            select *
              from unnest($2::text[], $3::text[], $4::date[], $5::date[], $6::date[], $7::bool[])
                   as s (dsp, insertion_order_id, first_day, last_day, through, impressions)
        ), by_day as (
            select s.insertion_order_id, d.date,
                   coalesce(sum(case when s.impressions
                                     then coalesce(d.billable_impressions, d.impressions) * 1000000
                                     else d.revenue_micros end), 0)::bigint as value
              from shown s
              join tenant.line_item_days d
                on d.org_id = $1 and d.dsp = s.dsp and d.insertion_order_id = s.insertion_order_id
               and d.dataset = $9
               and d.date between least(s.first_day, s.through - $8::int + 1) and s.through
             group by s.insertion_order_id, d.date
        )
        select s.insertion_order_id as "insertion_order_id!",
               coalesce(sum(b.value) filter (
                   where b.date between s.first_day and s.last_day), 0)::bigint as "to_date!",
               coalesce(sum(b.value) filter (
                   where b.date = s.last_day and b.date >= s.first_day), 0)::bigint as "yesterday!",
               coalesce(sum(b.value) filter (
                   where b.date between greatest(s.first_day, s.last_day - 6) and s.last_day
               ), 0)::bigint as "last_week!",
               array_agg(b.date) filter (where b.date > s.through - $8::int) as dates,
               array_agg(b.value) filter (where b.date > s.through - $8::int) as amounts
          from shown s
          join by_day b on b.insertion_order_id = s.insertion_order_id
         group by s.insertion_order_id, s.first_day, s.last_day, s.through
        "#,
        org,
        &text(|order| &order.dsp),
        &text(|order| &order.insertion_order_id),
        &day(|one| one.first),
        &day(|one| one.last),
        &day(|one| one.through),
        &impressions,
        i32::try_from(SPARK_DAYS).unwrap_or(i32::MAX),
        LINE_ITEM_DAYS,
    )
    .fetch_all(&mut **tx)
    .await
}

/// The last days up to `through`, zero where nothing was delivered.
pub(super) fn spark(days: &ByDay, through: NaiveDate) -> Vec<i64> {
    let back = (0..SPARK_DAYS).rev();
    back.map(|back| days.get(&(through - Days::new(back))).copied().unwrap_or(0))
        .collect()
}

/// A line item of an order.
#[derive(Debug, Clone)]
pub(super) struct LineItem {
    pub(super) line_item_id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) entity_status: String,
    pub(super) flight_start: Option<NaiveDate>,
    pub(super) flight_end: Option<NaiveDate>,
    pub(super) allocation: String,
    pub(super) budget_micros: Option<i64>,
    pub(super) pacing_period: String,
    pub(super) pacing_type: String,
    pub(super) daily_max_micros: Option<i64>,
}

pub(super) async fn list_line_items(
    tx: &mut OrgTx,
    order: &Order,
) -> Result<Vec<LineItem>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        LineItem,
        r#"
        select line_item_id, name, kind, entity_status, flight_start, flight_end, allocation,
               budget_micros, pacing_period, pacing_type, daily_max_micros
          from tenant.line_items
         where org_id = $1 and dsp = $2 and insertion_order_id = $3 and vanished_at is null
         order by name, line_item_id
        "#,
        org,
        order.dsp,
        order.insertion_order_id,
    )
    .fetch_all(&mut **tx)
    .await
}

/// What each line item of the order delivered on each complete day.
pub(super) async fn list_days(
    tx: &mut OrgTx,
    order: &Order,
) -> Result<HashMap<String, ByDay>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select line_item_id, date,
               case when $4 then coalesce(billable_impressions, impressions) * 1000000
                    else revenue_micros end as value
          from tenant.line_item_days
         where org_id = $1 and dsp = $2 and insertion_order_id = $3 and dataset = $5
           and date <= $6
        "#,
        org,
        order.dsp,
        order.insertion_order_id,
        order.counts_impressions(),
        LINE_ITEM_DAYS,
        order.through,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_line_item: HashMap<String, ByDay> = HashMap::new();
    for row in rows {
        let days = by_line_item.entry(row.line_item_id).or_default();
        days.insert(row.date, row.value.unwrap_or(0));
    }
    Ok(by_line_item)
}

/// The days of the order's advertiser that the source does not change any more.
pub(super) async fn list_certified(
    tx: &mut OrgTx,
    order: &Order,
) -> Result<HashSet<NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let days = sqlx::query_scalar!(
        r#"
        select date
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = $4 and certified
        "#,
        org,
        LINE_ITEM_DAYS,
        order.dsp,
        order.advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(days.into_iter().collect())
}

/// How far one advertiser's data reaches.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    pub(super) dataset: String,
    pub(super) advertiser_id: String,
    pub(super) advertiser_name: String,
    pub(super) time_zone: String,
    pub(super) currency: String,
    pub(super) through: NaiveDate,
    /// So many of its last days the source has not certified.
    pub(super) provisional_days: i32,
}

pub(super) async fn list_reach(
    tx: &mut OrgTx,
    advertiser_id: Option<&str>,
) -> Result<Vec<Reach>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Reach,
        r#"
        select w.dataset, w.advertiser_id, a.name as advertiser_name, a.time_zone, a.currency,
               w.through,
               coalesce(w.through - open.first + 1, 0) as "provisional_days!"
          from tenant.watermarks w
          join tenant.advertisers a
            on a.org_id = $1 and a.dsp = w.dsp and a.advertiser_id = w.advertiser_id
         cross join lateral (
             -- A month is closed in the next one, so nothing older than two is still open.
             select min(d.date) as first
               from tenant.loaded_days d
              where d.org_id = $1 and d.dataset = w.dataset and d.dsp = w.dsp
                and d.advertiser_id = w.advertiser_id and not d.certified
                and d.date between w.through - 61 and w.through
         ) open
         where w.org_id = $1 and w.advertiser_id = coalesce($2, w.advertiser_id)
         order by a.name, w.advertiser_id, w.dataset
        "#,
        org,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await
}
