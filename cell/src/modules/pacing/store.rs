//! Reads silver for pacing, in a few queries over whole sets.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::history::{Was, flight_edits, segment_edits};
use super::{Book, ByDay, LineItem, Order, Segment};
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::tenancy::OrgTx;

/// Which orders: all, those of an advertiser, or one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Which<'a> {
    pub(super) advertiser_id: Option<&'a str>,
    pub(super) insertion_order_id: Option<&'a str>,
}

/// The source and what it calls something.
pub(super) type Id = (String, String);

pub(super) async fn list_books(tx: &mut OrgTx, which: Which<'_>) -> Result<Vec<Book>, sqlx::Error> {
    let orders = list_orders(tx, which).await?;
    let mut edits = list_edits(tx, which).await?;
    let mut segments = list_segments(tx, which).await?;
    let mut line_items = list_line_items(tx, which, &mut edits).await?;
    let book = |order: Order| {
        let id = (order.dsp.clone(), order.insertion_order_id.clone());
        let history = edits.remove(&(INSERTION_ORDER, id.clone()));
        let mut segments = segments.remove(&id).unwrap_or_default();
        for segment in &mut segments {
            segment.edits = segment_edits(segment, history.as_deref().unwrap_or_default());
        }
        Book {
            line_items: line_items.remove(&id).unwrap_or_default(),
            order,
            segments,
        }
    };
    Ok(orders.into_iter().map(book).collect())
}

/// Changes whenever facts or entities do. A sum of hashes, because of two loads that run beside each
/// other the one with the earlier time may be committed later.
pub(super) async fn fetch_stamp(tx: &mut OrgTx) -> Result<String, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select (select count(*) || '/' || coalesce(sum(hashtextextended(w::text, 0)), 0)
                  from tenant.watermarks w
                 where w.org_id = $1)
            || '/' || (select count(*) || '/' || coalesce(max(position), 0)
                         from tenant.entity_loads
                        where org_id = $1) as "stamp!"
        "#,
        org,
    )
    .fetch_one(&mut **tx)
    .await
}

async fn list_orders(tx: &mut OrgTx, which: Which<'_>) -> Result<Vec<Order>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Order,
        r#"
        with reach as (
            select w.dsp, w.advertiser_id, w.since, w.through,
                   -- A month is closed in the next one, so nothing older than two is still open.
                   (select min(d.date)
                      from tenant.loaded_days d
                     where d.org_id = $1 and d.dataset = $4 and d.dsp = w.dsp
                       and d.advertiser_id = w.advertiser_id and not d.certified
                       and d.date between w.through - 61 and w.through) as open_from
              from tenant.watermarks w
             where w.org_id = $1 and w.dataset = $4
               and w.advertiser_id = coalesce($2, w.advertiser_id)
        )
        select o.dsp, o.insertion_order_id, o.name, o.advertiser_id, a.name as advertiser_name,
               o.campaign_id, coalesce(c.name, '') as "campaign_name!", a.currency,
               o.entity_status, o.budget_unit, o.pacing_period, o.pacing_type, o.daily_max_micros,
               w.since as "since?", w.through as "through?", w.open_from as "open_from?"
          from tenant.insertion_orders o
          join tenant.advertisers a
            on a.org_id = $1 and a.dsp = o.dsp and a.advertiser_id = o.advertiser_id
          left join tenant.campaigns c
            on c.org_id = $1 and c.dsp = o.dsp and c.campaign_id = o.campaign_id
          left join reach w on w.dsp = o.dsp and w.advertiser_id = o.advertiser_id
         where o.org_id = $1 and o.vanished_at is null
           and o.advertiser_id = coalesce($2, o.advertiser_id)
           and o.insertion_order_id = coalesce($3, o.insertion_order_id)
        "#,
        org,
        which.advertiser_id,
        which.insertion_order_id,
        LINE_ITEM_DAYS,
    )
    .fetch_all(&mut **tx)
    .await
}

/// By order, in their own order.
async fn list_segments(
    tx: &mut OrgTx,
    which: Which<'_>,
) -> Result<HashMap<Id, Vec<Segment>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select s.dsp, s.insertion_order_id, s.start_date, s.end_date, s.budget_micros, s.description
          from tenant.budget_segments s
          join tenant.insertion_orders o
            on o.org_id = $1 and o.dsp = s.dsp and o.insertion_order_id = s.insertion_order_id
         where s.org_id = $1
           and o.advertiser_id = coalesce($2, o.advertiser_id)
           and s.insertion_order_id = coalesce($3, s.insertion_order_id)
         order by s.insertion_order_id, s.start_date, s.position
        "#,
        org,
        which.advertiser_id,
        which.insertion_order_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_order: HashMap<Id, Vec<Segment>> = HashMap::new();
    for row in rows {
        let segments = by_order.entry((row.dsp, row.insertion_order_id));
        segments.or_default().push(Segment {
            start: row.start_date,
            end: row.end_date,
            budget_micros: row.budget_micros,
            description: row.description,
            edits: Vec::new(),
        });
    }
    Ok(by_order)
}

async fn list_line_items(
    tx: &mut OrgTx,
    which: Which<'_>,
    edits: &mut HashMap<(&'static str, Id), Vec<Was>>,
) -> Result<HashMap<Id, Vec<LineItem>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select dsp, insertion_order_id, line_item_id, name, kind, entity_status, flight_start,
               flight_end, allocation, budget_micros, pacing_period, pacing_type, daily_max_micros
          from tenant.line_items
         where org_id = $1 and vanished_at is null
           and advertiser_id = coalesce($2, advertiser_id)
           and insertion_order_id = coalesce($3, insertion_order_id)
         order by name, line_item_id
        "#,
        org,
        which.advertiser_id,
        which.insertion_order_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_order: HashMap<Id, Vec<LineItem>> = HashMap::new();
    for row in rows {
        let history = edits.remove(&(LINE_ITEM, (row.dsp.clone(), row.line_item_id.clone())));
        let flight = row.flight_start.zip(row.flight_end);
        let line_items = by_order.entry((row.dsp, row.insertion_order_id));
        line_items.or_default().push(LineItem {
            line_item_id: row.line_item_id,
            name: row.name,
            kind: row.kind,
            entity_status: row.entity_status,
            flight,
            allocation: row.allocation,
            budget_micros: row.budget_micros,
            pacing_period: row.pacing_period,
            pacing_type: row.pacing_type,
            daily_max_micros: row.daily_max_micros,
            edits: flight_edits(flight, history.as_deref().unwrap_or_default()),
        });
    }
    Ok(by_order)
}

const INSERTION_ORDER: &str = "insertion_order";
const LINE_ITEM: &str = "line_item";

/// The history of orders and line items that were changed at all, oldest first.
async fn list_edits(
    tx: &mut OrgTx,
    which: Which<'_>,
) -> Result<HashMap<(&'static str, Id), Vec<Was>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        with changed as (
            select distinct dsp, kind, entity_id
              from tenant.entity_versions
             where org_id = $1 and kind in ('insertion_order', 'line_item')
               and valid_to is not null
               and advertiser_id = coalesce($2, advertiser_id)
               and ($3::text is null or coalesce(attributes ->> 'insertion_order_id', entity_id) = $3)
        )
        select v.dsp, v.kind, v.entity_id,
               (v.valid_from at time zone a.time_zone)::date as "from!",
               v.attributes as "attributes!"
          from changed c
          join tenant.entity_versions v
            on v.org_id = $1 and v.dsp = c.dsp and v.kind = c.kind and v.entity_id = c.entity_id
          join tenant.advertisers a
            on a.org_id = $1 and a.dsp = v.dsp and a.advertiser_id = v.advertiser_id
         where v.attributes is not null
         order by v.dsp, v.kind, v.entity_id, v.valid_from
        "#,
        org,
        which.advertiser_id,
        which.insertion_order_id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all: HashMap<(&'static str, Id), Vec<Was>> = HashMap::new();
    for row in rows {
        let kind = [INSERTION_ORDER, LINE_ITEM];
        let Some(kind) = kind.into_iter().find(|one| *one == row.kind) else {
            continue;
        };
        let was = all.entry((kind, (row.dsp, row.entity_id))).or_default();
        was.push(Was {
            from: row.from,
            attributes: row.attributes,
        });
    }
    Ok(all)
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
