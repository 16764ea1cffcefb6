//! Files so large that rows are in silver before the last is read: nobody may tell it from the
//! result.

use std::collections::BTreeSet;

use cell::ingestion::pipelines::find_built_in;
use cell::ingestion::pipelines::spec::{Rule, Severity};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::file::{ADVERTISER, Cells, Sheet};
use super::{Loads, day};

/// On three days, so many rows are more than one batch, and less than two.
const ITEMS: u32 = 10_000;
const DAYS: [&str; 3] = ["2026-10-01", "2026-10-02", "2026-10-03"];
const SUMS: &str = "select date, count(*) as rows, sum(impressions) as impressions
                      from tenant.line_item_days group by date";

/// A row for each line item on each day, with the number of the item as its impressions.
fn rows(days: std::ops::RangeInclusive<u32>) -> Vec<[(&'static str, String); 3]> {
    let row = |day: u32, item: u32| {
        [
            ("date", format!("2026/10/{day:02}")),
            ("line_item_id", (100_000 + item).to_string()),
            ("impressions", item.to_string()),
        ]
    };
    days.flat_map(|day| (0..ITEMS).map(move |item| row(day, item)))
        .collect()
}

fn sheet(loads: &Loads, days: (u32, u32), rows: &[[(&'static str, String); 3]]) -> Sheet {
    let cells = |row: &[(&'static str, String); 3]| {
        row.each_ref().map(|(name, text)| (*name, text.clone()))
    };
    let rows: Vec<[(&str, String); 3]> = rows.iter().map(cells).collect();
    let rows: Vec<[(&str, &str); 3]> = rows
        .iter()
        .map(|row| row.each_ref().map(|(name, text)| (*name, text.as_str())))
        .collect();
    let rows: Vec<Cells<'_>> = rows.iter().map(|row| &row[..]).collect();
    Sheet::new(&loads.spec, days, &rows)
}

fn sums(days: std::ops::RangeInclusive<u32>) -> Value {
    let all = ITEMS * (ITEMS - 1) / 2;
    let of = |day| json!({"date": format!("2026-10-{day:02}"), "rows": ITEMS, "impressions": all});
    days.map(of).collect()
}

fn placed(days: &BTreeSet<(String, NaiveDate)>) -> Vec<String> {
    days.iter().map(|(_, date)| date.to_string()).collect()
}

#[tokio::test]
async fn rows_in_order_of_new_days_go_straight_to_silver() {
    let loads = Loads::start("dv360_line_item_days").await;
    let sheet = sheet(&loads, (1, 3), &rows(1..=3));
    let landed = loads.load(&sheet).await.unwrap();
    assert_eq!(placed(&landed.placed), DAYS);
    assert_eq!(loads.told(SUMS).await, sums(1..=3));
    let lines = "select count(distinct bronze_line) as lines, min(bronze_line) as first,
                        count(distinct load_id) as loads from tenant.line_item_days";
    let told = json!([{"lines": 3 * ITEMS, "first": 2, "loads": 1}]);
    assert_eq!(loads.told(lines).await, told);
    let recorded = "select date, row_count as rows, impressions from tenant.loaded_days";
    assert_eq!(loads.told(recorded).await, sums(1..=3));
    // Once they are known, days are replaced after the proof.
    let again = loads.load(&sheet).await.unwrap();
    assert_eq!(placed(&again.placed), [""; 0]);
    assert_eq!(loads.told(SUMS).await, sums(1..=3));
}

#[tokio::test]
async fn rows_out_of_order_wait_and_join_those_that_did_not() {
    let loads = Loads::start("dv360_line_item_days").await;
    let mut rows = rows(1..=3);
    // The first day's first row comes last.
    rows.rotate_left(1);
    let landed = loads.load(&sheet(&loads, (1, 3), &rows)).await.unwrap();
    assert_eq!(placed(&landed.placed), DAYS);
    assert_eq!(loads.told(SUMS).await, sums(1..=3));
    // Twice the same row, one of them here and one there.
    let loads = Loads::start("dv360_line_item_days").await;
    rows.push(rows[0].clone());
    let refused = loads.load(&sheet(&loads, (1, 3), &rows)).await.unwrap_err();
    assert_eq!(refused.code, "duplicate_rows", "{refused}");
    assert_eq!(loads.told(SUMS).await, json!([]));
}

#[tokio::test]
async fn a_file_that_turns_out_wrong_leaves_nothing() {
    let loads = Loads::start("dv360_line_item_days").await;
    let sheet = sheet(&loads, (1, 3), &rows(1..=3));
    let text = sheet.text();
    let end = 1 + text.rfind("\n2026/10/03").unwrap();
    let line = end + text[end..].find('\n').unwrap() + 1;
    let cut = format!("{}{}", &text[..end], &text[line..]);
    let scope = loads.scope(&sheet);
    let refused = loads.load_text(&cut, sheet.request.clone(), scope).await;
    assert_eq!(refused.unwrap_err().code, "control_total");
    assert_eq!(loads.told(SUMS).await, json!([]));
}

#[tokio::test]
async fn days_that_a_later_file_has_stay_as_they_are() {
    let loads = Loads::start("dv360_line_item_days").await;
    let one = [[
        ("date", "2026/10/02".to_owned()),
        ("line_item_id", "5".to_owned()),
        ("impressions", "7".to_owned()),
    ]];
    let later = sheet(&loads, (2, 2), &one).reported("2026/10/06 04:12 GMT");
    loads.load(&later).await.unwrap();
    let landed = loads
        .load(&sheet(&loads, (1, 4), &rows(1..=4)))
        .await
        .unwrap();
    assert_eq!(
        placed(&landed.placed),
        [""; 0],
        "the second day is in the first batch"
    );
    let newer = BTreeSet::from([(ADVERTISER.to_owned(), day("2026-10-02"))]);
    assert_eq!(landed.newer, newer);
    let mut told = sums(1..=4);
    told[1] = json!({"date": "2026-10-02", "rows": 1, "impressions": 7});
    assert_eq!(loads.told(SUMS).await, told);
}

/// What the load itself has brought is no day before it.
#[tokio::test]
async fn rules_do_not_hold_a_file_against_itself() {
    let mut spec = find_built_in("dv360_line_item_days").unwrap();
    spec.quality = vec![Rule::FewerRows {
        percent: 0,
        severity: Severity::Warn,
    }];
    let loads = Loads::start_with(spec).await;
    loads
        .load(&sheet(&loads, (1, 3), &rows(1..=3)))
        .await
        .unwrap();
    let fewer: Vec<_> = rows(4..=6)
        .into_iter()
        .filter(|row| !row[1].1.ends_with('9'))
        .collect();
    let landed = loads.load(&sheet(&loads, (4, 6), &fewer)).await.unwrap();
    assert!(!landed.placed.is_empty());
    let warnings = landed
        .summary
        .warnings
        .iter()
        .map(|one| one.message.as_str());
    let expected = "27000 rows on 3 days, 30000 on 3 in the days before: more than 0 percent fewer";
    assert_eq!(warnings.collect::<Vec<_>>(), [expected]);
}
