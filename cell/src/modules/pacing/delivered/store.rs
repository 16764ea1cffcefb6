//! Adds up what line items delivered, where the rows are.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{ByDay, Delivered, SPARK_DAYS, Window, spark};
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::modules::pacing::Book;
use crate::modules::pacing::figures::Spent;
use crate::modules::pacing::store::Id;
use crate::tenancy::OrgTx;

struct Sums {
    dsp: String,
    insertion_order_id: String,
    line_item_id: String,
    segment_to_date: i64,
    segment_yesterday: i64,
    segment_week: i64,
    flight_to_date: i64,
    flight_yesterday: i64,
    flight_week: i64,
    dates: Option<Vec<NaiveDate>>,
    amounts: Option<Vec<i64>>,
}

/// What the line items of these orders delivered, by order, added up where the rows are.
pub(in crate::modules::pacing) async fn list_delivered(
    tx: &mut OrgTx,
    books: &[Book],
) -> Result<HashMap<Id, HashMap<String, Delivered>>, sqlx::Error> {
    let reached: Vec<&Book> = books
        .iter()
        .filter(|book| book.order.through.is_some())
        .collect();
    let through: HashMap<(&str, &str), NaiveDate> = reached
        .iter()
        .filter_map(|book| {
            let order = &book.order;
            let id = (order.dsp.as_str(), order.insertion_order_id.as_str());
            Some((id, order.through?))
        })
        .collect();
    let mut by_order: HashMap<Id, HashMap<String, Delivered>> = HashMap::new();
    for sums in list_sums(tx, &reached).await? {
        let last = through.get(&(sums.dsp.as_str(), sums.insertion_order_id.as_str()));
        let days: ByDay = (sums.dates.unwrap_or_default().into_iter())
            .zip(sums.amounts.unwrap_or_default())
            .collect();
        let delivered = Delivered {
            in_segment: Spent {
                to_date: sums.segment_to_date,
                yesterday: sums.segment_yesterday,
                last_week: sums.segment_week,
            },
            in_flight: Spent {
                to_date: sums.flight_to_date,
                yesterday: sums.flight_yesterday,
                last_week: sums.flight_week,
            },
            spark: last.map_or_else(Vec::new, |last| spark(&days, *last)),
        };
        let order = by_order.entry((sums.dsp, sums.insertion_order_id));
        order.or_default().insert(sums.line_item_id, delivered);
    }
    Ok(by_order)
}

/// Columns of the windows that are summed up, as the statement takes them.
#[derive(Default)]
struct Windows {
    dsps: Vec<String>,
    ids: Vec<String>,
    first: Vec<Option<NaiveDate>>,
    last: Vec<Option<NaiveDate>>,
}

impl Windows {
    fn push(&mut self, dsp: &str, id: &str, window: Window) {
        self.dsps.push(dsp.to_owned());
        self.ids.push(id.to_owned());
        self.first.push(window.map(|days| days.0));
        self.last.push(window.map(|days| days.1));
    }
}

/// What is summed up over, order by order and flight by flight.
#[derive(Default)]
struct Frames {
    orders: Windows,
    through: Vec<Option<NaiveDate>>,
    impressions: Vec<bool>,
    flights: Windows,
}

impl Frames {
    fn of(books: &[&Book]) -> Self {
        let mut all = Self::default();
        for book in books {
            let order = &book.order;
            let window = book.current().and_then(|one| book.window(one));
            let id = &order.insertion_order_id;
            all.orders.push(&order.dsp, id, window);
            all.through.push(order.through);
            all.impressions.push(order.counts_impressions());
            for one in &book.line_items {
                let id = &one.line_item_id;
                all.flights.push(&order.dsp, id, book.flown(one));
            }
        }
        all
    }
}

async fn list_sums(tx: &mut OrgTx, books: &[&Book]) -> Result<Vec<Sums>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let Frames {
        orders,
        through,
        impressions,
        flights,
    } = Frames::of(books);
    sqlx::query_as!(
        Sums,
        r#"
        with orders as (
            select *
              from unnest($2::text[], $3::text[], $4::date[], $5::date[], $6::date[], $7::bool[])
                   as o (dsp, insertion_order_id, first_day, last_day, through, impressions)
        ), flights as (
            select *
              from unnest($8::text[], $9::text[], $10::date[], $11::date[])
                   as f (dsp, line_item_id, first_day, last_day)
        ), days as (
            select d.dsp, d.insertion_order_id, d.line_item_id, d.date,
                   case when o.impressions then coalesce(d.billable_impressions, d.impressions) * 1000000
                        else d.revenue_micros end as value,
                   d.date between o.first_day and o.last_day as in_segment,
                   d.date between f.first_day and f.last_day as in_flight,
                   d.date > o.through - $13::int as of_late,
                   o.last_day as segment_last, f.last_day as flight_last
              from orders o
              join tenant.line_item_days d
                on d.org_id = $1 and d.dataset = $12 and d.dsp = o.dsp
               and d.insertion_order_id = o.insertion_order_id
              left join flights f on f.dsp = d.dsp and f.line_item_id = d.line_item_id
             where d.date between least(o.first_day, f.first_day, o.through - $13::int + 1) and o.through
        )
        select dsp as "dsp!", insertion_order_id as "insertion_order_id!",
               line_item_id as "line_item_id!",
               coalesce(sum(value) filter (where in_segment), 0)::bigint as "segment_to_date!",
               coalesce(sum(value) filter (where in_segment and date = segment_last), 0)::bigint
                   as "segment_yesterday!",
               coalesce(sum(value) filter (where in_segment and date > segment_last - 7), 0)::bigint
                   as "segment_week!",
               coalesce(sum(value) filter (where in_flight), 0)::bigint as "flight_to_date!",
               coalesce(sum(value) filter (where in_flight and date = flight_last), 0)::bigint
                   as "flight_yesterday!",
               coalesce(sum(value) filter (where in_flight and date > flight_last - 7), 0)::bigint
                   as "flight_week!",
               array_agg(date) filter (where of_late) as dates,
               array_agg(coalesce(value, 0)) filter (where of_late) as amounts
          from days
         group by dsp, insertion_order_id, line_item_id
        "#,
        org,
        &orders.dsps,
        &orders.ids,
        &orders.first as &[Option<NaiveDate>],
        &orders.last as &[Option<NaiveDate>],
        &through as &[Option<NaiveDate>],
        &impressions,
        &flights.dsps,
        &flights.ids,
        &flights.first as &[Option<NaiveDate>],
        &flights.last as &[Option<NaiveDate>],
        LINE_ITEM_DAYS,
        i32::try_from(SPARK_DAYS).unwrap_or(i32::MAX),
    )
    .fetch_all(&mut **tx)
    .await
}
