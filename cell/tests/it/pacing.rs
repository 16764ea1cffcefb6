//! Pacing over HTTP equals figures worked out from the simulator's truth and its own budgets.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use dv360_simulator::world::entities::Unit;
use serde_json::Value;

use crate::source::{Slice, world};

const LIST: &str = "/api/pacing/insertion-orders";

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

fn wide(value: &Value) -> i128 {
    value.as_i64().unwrap().into()
}

/// What amounts may be compared with: those of a currency, or impressions, which come last.
fn counted_in(row: &Value) -> (bool, String) {
    let impressions = row["budget_unit"] == "impressions";
    let currency = row["currency"].as_str().filter(|_| !impressions);
    (impressions, currency.unwrap_or_default().to_owned())
}

/// Spend by order and day, in millionths of the order's unit, from the truth.
struct Spend(BTreeMap<(u64, NaiveDate), i64>);

impl Spend {
    async fn of(slice: &Slice, number: usize, from: NaiveDate, to: NaiveDate) -> Self {
        let world = world();
        let advertiser = &world.advertisers[number];
        let mut sums = BTreeMap::new();
        let truth = slice.truth(&advertiser.id.to_string(), from, to).await;
        for ((date, line_item), values) in truth {
            let line_item = advertiser
                .find_line_item(line_item.parse().unwrap())
                .unwrap();
            let id = line_item.insertion_order_id;
            let value = match advertiser.find_insertion_order(id).unwrap().unit {
                Unit::Currency => values[2],
                Unit::Impressions => values[0] * 1_000_000,
            };
            *sums.entry((id, date)).or_insert(0) += value;
        }
        Self(sums)
    }

    fn sum(&self, order: u64, from: NaiveDate, to: NaiveDate) -> i128 {
        let all = self
            .0
            .iter()
            .filter(|((id, date), _)| *id == order && from <= *date && *date <= to);
        all.map(|(_, value)| i128::from(*value)).sum()
    }
}

/// Returns whether there was anything to pace.
fn check(
    row: &Value,
    order: &dv360_simulator::world::InsertionOrder,
    spend: &Spend,
    through: NaiveDate,
) -> bool {
    assert_eq!(row["name"], *order.name);
    if row["start_date"].is_null() {
        return false;
    }
    let start = day(&row["start_date"]);
    let segment = order
        .segments
        .iter()
        .find(|one| one.start == start)
        .unwrap();
    let budget = i128::from(segment.amount_micros);
    assert_eq!(wide(&row["budget_micros"]), budget);
    let last = through.min(segment.end);
    let total = spend.sum(order.id, start, last);
    assert_eq!(wide(&row["spend_micros"]), total, "{row}");
    let spark: Vec<i128> = row["spark"].as_array().unwrap().iter().map(wide).collect();
    if !spark.is_empty() {
        let days = (0..14).rev().map(|back| through - Days::new(back));
        let truth: Vec<i128> = days.map(|date| spend.sum(order.id, date, date)).collect();
        assert_eq!(spark, truth);
    }
    let elapsed = i128::from((last - start).num_days() + 1);
    let days = i128::from((segment.end - start).num_days() + 1);
    if elapsed <= 0 || row["status"] == "no_data" {
        return false;
    }
    assert_eq!(wide(&row["days_elapsed"]), elapsed);
    assert_eq!(
        wide(&row["yesterday_micros"]),
        spend.sum(order.id, last, last)
    );
    if row["pacing_type"] == "even" {
        let shown: i128 = row["pacing_percent"]
            .as_str()
            .unwrap()
            .replace('.', "")
            .parse()
            .unwrap();
        // Hundredths are off the exact ratio by half of one at most.
        let off = 2 * (shown * budget * elapsed - total * days * 10_000);
        assert!(off.abs() <= budget * elapsed, "{row}");
    }
    true
}

#[tokio::test]
async fn pacing_equals_the_truth() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0, 1]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let list = slice.json(&format!("{LIST}?limit=500&sort=name")).await;
    let rows = list["items"].as_array().unwrap();
    let reach = list["as_of"]["advertisers"].as_array().unwrap();
    let world = world();
    let ours = &world.advertisers[..2];
    let orders: usize = ours.iter().map(|one| one.insertion_orders.len()).sum();
    assert_eq!(rows.len(), orders);
    let mut paced = 0;
    for (number, advertiser) in ours.iter().enumerate() {
        let id = advertiser.id.to_string();
        let reach = reach
            .iter()
            .find(|one| one["advertiser_id"] == *id)
            .unwrap();
        let through = day(&reach["through"]);
        let spend = Spend::of(&slice, number, day(&sync["range"]["start"]), through).await;
        for row in rows.iter().filter(|row| row["advertiser_id"] == *id) {
            let order = row["insertion_order_id"].as_str().unwrap().parse().unwrap();
            let order = advertiser.find_insertion_order(order).unwrap();
            paced += usize::from(check(row, order, &spend, through));
        }
    }
    assert!(paced >= 3, "only {paced} orders had something to pace");
}

#[tokio::test]
async fn the_list_is_sorted_filtered_summed_and_paged() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let all = slice
        .json(&format!("{LIST}?limit=500&sort=-spend_micros"))
        .await;
    let all = all["items"].as_array().unwrap().clone();
    let spends: Vec<_> = all
        .iter()
        .map(|row| (counted_in(row), -wide(&row["spend_micros"])))
        .collect();
    assert!(spends.is_sorted(), "largest first within each unit");
    let mut cursor = String::new();
    let mut paged = Vec::new();
    loop {
        let page = slice
            .json(&format!("{LIST}?limit=2&sort=-spend_micros{cursor}"))
            .await;
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);

    let advertiser = all[0]["advertiser_id"].as_str().unwrap();
    let list = slice
        .json(&format!("{LIST}?advertiser_id={advertiser}&limit=500"))
        .await;
    let mine = list["items"].as_array().unwrap();
    assert!(!mine.is_empty() && mine.iter().all(|row| row["advertiser_id"] == advertiser));
    let mut sums = BTreeMap::<(bool, String), i128>::new();
    for row in mine.iter().filter(|row| row["status"] != "no_data") {
        *sums.entry(counted_in(row)).or_default() += wide(&row["spend_micros"]);
    }
    let totals = list["totals"].as_array().unwrap();
    let totals: Vec<_> = totals
        .iter()
        .map(|one| (counted_in(one), wide(&one["spend_micros"])))
        .collect();
    assert_eq!(totals, sums.into_iter().collect::<Vec<_>>());

    let status = all[0]["status"].as_str().unwrap();
    let some = slice
        .json(&format!("{LIST}?status={status},no_budget&limit=500"))
        .await;
    let wanted = |row: &&Value| row["status"] == status || row["status"] == "no_budget";
    assert_eq!(
        some["items"].as_array().unwrap().len(),
        all.iter().filter(wanted).count()
    );
    let wrong = [
        ("sort=no_column", "invalid_sort"),
        ("status=fine", "invalid_status"),
        ("cursor=zz", "invalid_cursor"),
    ];
    for (query, code) in wrong {
        let answer = slice.get(&format!("{LIST}?{query}")).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.code(), code);
    }
}

#[tokio::test]
async fn an_order_is_shown_in_full_and_explained() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    let list = slice
        .json(&format!("{LIST}?limit=500&sort=-days_elapsed"))
        .await;
    for row in list["items"].as_array().unwrap() {
        let id = row["insertion_order_id"].as_str().unwrap();
        let detail = slice.json(&format!("{LIST}/{id}")).await;
        assert_eq!(detail["row"], *row, "the list and the page agree");
        if let Some(last) = detail["days"].as_array().unwrap().last() {
            assert_eq!(last["cumulative_micros"], row["spend_micros"]);
            let plan = detail["plan"].as_array().unwrap();
            let planned: Vec<_> = plan
                .iter()
                .map(|one| wide(&one["cumulative_micros"]))
                .collect();
            assert!(planned.is_sorted(), "{planned:?}");
            assert_eq!(plan.last().unwrap()["date"], row["end_date"]);
            assert_eq!(planned.last(), Some(&wide(&row["budget_micros"])));
            let today = plan.iter().find(|one| one["date"] == last["date"]).unwrap();
            assert_eq!(today["cumulative_micros"], last["plan_cumulative_micros"]);
            if row["status"] != "no_data" {
                assert_eq!(last["plan_cumulative_micros"], row["expected_micros"]);
                assert!(detail["explain"].as_array().unwrap().len() >= 6, "{detail}");
            }
        }
        assert!(!detail["line_items"].as_array().unwrap().is_empty());
    }
    let unknown = slice.get(&format!("{LIST}/1")).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.code(), "insertion_order_not_found");
}
