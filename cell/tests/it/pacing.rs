//! Pacing over HTTP equals figures worked out from the simulator's truth and its own budgets.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::{Days, NaiveDate};
use dv360_simulator::world::entities::Unit;
use serde_json::{Value, json};

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

#[tokio::test]
async fn every_level_adds_up_to_its_orders() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let orders = slice.json(&format!("{LIST}?limit=500")).await;
    let orders = orders["items"].as_array().unwrap();
    let lines = slice.json("/api/pacing/line-items?limit=500").await;
    let lines = lines["items"].as_array().unwrap();
    let ours = &world().advertisers[..2];
    let made: usize = ours.iter().map(|one| one.line_items.len()).sum();
    assert_eq!(lines.len(), made);
    for (level, id) in [
        ("campaigns", "campaign_id"),
        ("advertisers", "advertiser_id"),
    ] {
        let groups = slice.json(&format!("/api/pacing/{level}?limit=500")).await;
        let groups = groups["items"].as_array().unwrap();
        assert!(!groups.is_empty());
        for group in groups {
            let running = orders.iter().filter(|row| {
                let status = row["status"].as_str().unwrap();
                row[id] == group["id"]
                    && counted_in(row) == counted_in(group)
                    && ["on_pace", "behind", "ahead"].contains(&status)
            });
            let (mut spend, mut budget) = (0, 0);
            for row in running {
                spend += wide(&row["spend_micros"]);
                budget += wide(&row["budget_micros"]);
            }
            assert_eq!(wide(&group["spend_micros"]), spend, "{group}");
            assert_eq!(
                group["budget_micros"].as_i64().unwrap_or(0),
                i64::try_from(budget).unwrap()
            );
        }
    }
    let order = orders[0]["insertion_order_id"].as_str().unwrap();
    let below = format!("/api/pacing/line-items?limit=500&insertion_order_id={order}");
    let below = slice.json(&below).await;
    let detail = slice.json(&format!("{LIST}/{order}")).await;
    let ids = |rows: &Value| {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(ids(&below["items"]), ids(&detail["line_items"]));
}

#[tokio::test]
async fn what_if_is_asked_and_nothing_is_written() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let list = slice
        .json(&format!("{LIST}?limit=500&status=on_pace,behind,ahead"))
        .await;
    let row = &list["items"].as_array().unwrap()[0];
    let id = row["insertion_order_id"].as_str().unwrap();
    let path = format!("{LIST}/{id}/what-if");
    let same = slice.json(&path).await;
    assert_eq!(same["expected_micros"], row["expected_micros"]);
    assert_eq!(same["needed_per_day_micros"], row["needed_per_day_micros"]);
    let budget = row["budget_micros"].as_i64().unwrap() * 2;
    let more = slice.json(&format!("{path}?budget_micros={budget}")).await;
    assert_eq!(
        more["expected_micros"], row["expected_micros"],
        "the days before keep their plan"
    );
    assert_eq!(
        more["remaining_micros"].as_i64().unwrap(),
        budget - row["spend_micros"].as_i64().unwrap()
    );
    let idle = slice.json(&format!("{path}?per_day_micros=0")).await;
    assert_eq!(idle["projected_end_micros"], row["spend_micros"]);
    for wrong in [
        "budget_micros=-1",
        "end_date=2020-01-01",
        "per_day_micros=-5",
    ] {
        let answer = slice.get(&format!("{path}?{wrong}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "invalid_what_if".into())
        );
    }
    assert_eq!(slice.json(&format!("{LIST}/{id}")).await["row"], *row);
}

#[tokio::test]
async fn all_rows_leave_as_a_file() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    let rows = slice.json("/api/pacing/line-items?limit=500").await;
    let rows = rows["items"].as_array().unwrap();
    let lines = slice
        .get("/api/pacing/export?level=line_item&format=ndjson")
        .await;
    let text = lines.text;
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, *rows);
    let csv = slice
        .get("/api/pacing/export?level=line_item&format=csv")
        .await;
    let text = csv.text;
    assert!(text.starts_with("\u{feff}level,id,name,status,"), "{text}");
    assert_eq!(text.lines().count(), rows.len() + 1);
    let wrong = slice.get("/api/pacing/export?level=order&format=csv").await;
    assert_eq!(wrong.status, 400);
}

const SAVED: &str = "/api/pacing/saved";

#[tokio::test]
async fn views_and_portfolios_are_kept_by_name() {
    let slice = Slice::start().await;
    let wish = json!({"name": " Mornings ", "view": {"status": "behind", "sort": "name"}});
    let view = slice.write(Method::POST, SAVED, wish).await;
    assert_eq!(view.status, 201, "{view:?}");
    assert_eq!(view.json()["name"], "Mornings");
    let id = view.json()["saved_id"].as_str().unwrap().to_owned();
    let again = json!({"name": "MORNINGS", "view": {}});
    let taken = slice.write(Method::POST, SAVED, again).await;
    assert_eq!(taken.code(), "name_taken");
    for wrong in [
        json!({"name": "x"}),
        json!({"name": "", "view": {}}),
        json!({"name": "x", "portfolio": {}}),
        json!({"name": "x", "view": {}, "portfolio": {"name_contains": "a"}}),
    ] {
        let answer = slice.write(Method::POST, SAVED, wrong).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert_eq!(answer.code(), "invalid_saved");
    }
    let one = format!("{SAVED}/{id}");
    let mut change = json!({"name": "Evenings", "view": {}});
    let stale = slice.write(Method::PUT, &one, change.clone()).await;
    assert_eq!(stale.code(), "version_conflict");
    change["expected_version"] = 1.into();
    let changed = slice.write(Method::PUT, &one, change).await.json();
    assert_eq!(
        (&changed["name"], &changed["version"]),
        (&json!("Evenings"), &json!(2))
    );
    let removal = format!("{one}?expected_version=2");
    let removed = slice.write(Method::DELETE, &removal, json!({})).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    assert_eq!(slice.json(SAVED).await["items"], json!([]));
}

#[tokio::test]
async fn a_portfolio_holds_its_orders_and_sums_them_up() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let list = slice.json(&format!("{LIST}?limit=500")).await;
    let orders = list["items"].as_array().unwrap();
    let advertiser = &orders[0]["advertiser_id"];
    let wish = json!({"name": "Ours", "portfolio": {"advertiser_ids": [advertiser]}});
    let portfolio = slice.write(Method::POST, SAVED, wish).await.json();
    let id = portfolio["saved_id"].as_str().unwrap();
    let held = format!("{LIST}?limit=500&portfolio_id={id}");
    let held = slice.json(&held).await;
    let ours = |row: &&Value| row["advertiser_id"] == *advertiser;
    let expected = orders.iter().filter(ours).count();
    assert_eq!(held["items"].as_array().unwrap().len(), expected);
    let none = slice.json(&format!("{LIST}?portfolio_id=nothing")).await;
    assert_eq!(none["items"], json!([]));
    let sums = slice.json("/api/pacing/portfolios").await;
    let sums = sums["items"].as_array().unwrap();
    assert!(!sums.is_empty() && sums.iter().all(|row| row["name"] == "Ours"));
    let counts = sums.iter().map(|row| row["order_count"].as_i64().unwrap());
    assert_eq!(counts.sum::<i64>(), i64::try_from(expected).unwrap());
}
