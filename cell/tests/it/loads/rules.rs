//! Rules that hold a file against the days before it.

use cell::ingestion::pipelines::find_built_in;
use cell::ingestion::pipelines::spec::{Rule, Severity, Spec};
use serde_json::json;

use super::file::{Cells, Sheet};
use super::{Loads, impressions};

fn spec(pipeline: &str, rule: Rule) -> Spec {
    let mut spec = find_built_in(pipeline).unwrap();
    spec.quality = vec![rule];
    spec
}

/// A line item a row, on one day.
fn sheet(loads: &Loads, day: u32, items: u32, clicks: &str) -> Sheet {
    let date = format!("2026/10/{day:02}");
    let ids: Vec<String> = (0..items).map(|item| (31 + item).to_string()).collect();
    let row = |id: &'_ String| {
        [
            ("date", date.clone()),
            ("line_item_id", id.clone()),
            ("clicks", clicks.to_owned()),
        ]
    };
    let rows: Vec<[(&str, String); 3]> = ids.iter().map(row).collect();
    let rows: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect()
        })
        .collect();
    let rows: Vec<Cells<'_>> = rows.iter().map(Vec::as_slice).collect();
    Sheet::new(&loads.spec, (day, day), &rows)
}

const ROWS: &str = "select count(*) as rows from tenant.line_item_days";

#[tokio::test]
async fn far_fewer_rows_than_before_are_told_or_keep_the_file_out() {
    for severity in [Severity::Warn, Severity::Quarantine] {
        let rule = Rule::FewerRows {
            percent: 50,
            severity,
        };
        let loads = Loads::start_with(spec("dv360_line_item_days", rule)).await;
        // There is nothing to hold the first against.
        let first = loads.load(&sheet(&loads, 1, 10, "1")).await.unwrap();
        assert_eq!(first.summary.warnings, []);
        // Half as many is no more than half fewer.
        let half = loads.load(&sheet(&loads, 2, 5, "1")).await.unwrap();
        assert_eq!(half.summary.warnings, []);
        // 15 on 2 days before, so that less than 3.75 are too few.
        assert_eq!(
            loads
                .load(&sheet(&loads, 3, 4, "1"))
                .await
                .unwrap()
                .summary
                .warnings,
            []
        );
        let few = loads.load(&sheet(&loads, 4, 3, "1")).await;
        let said = "3 rows on 1 days, 19 on 3 in the days before: more than 50 percent fewer";
        match severity {
            Severity::Warn => assert_eq!(few.unwrap().summary.warnings[0].message, said),
            Severity::Quarantine => {
                let refused = few.unwrap_err();
                assert_eq!((refused.code, &*refused.message), ("rule_broken", said));
                assert_eq!(loads.told(ROWS).await, json!([{"rows": 19}]));
            }
        }
        // What lies further back than a week does not count.
        let later = loads.load(&sheet(&loads, 20, 1, "1")).await.unwrap();
        assert_eq!(later.summary.warnings, []);
    }
}

#[tokio::test]
async fn a_column_that_went_to_zero_is_told_or_keeps_the_file_out() {
    for severity in [Severity::Warn, Severity::Quarantine] {
        let column = "clicks".to_owned();
        let rule = Rule::WentToZero { column, severity };
        let loads = Loads::start_with(spec("dv360_line_item_days", rule)).await;
        // Zero from the beginning is no change.
        loads.load(&sheet(&loads, 1, 2, "0")).await.unwrap();
        let zero = loads.load(&sheet(&loads, 2, 2, "0")).await.unwrap();
        assert_eq!(zero.summary.warnings, []);
        loads.load(&sheet(&loads, 3, 2, "5")).await.unwrap();
        for gone in ["0", "-", ""] {
            let gone = loads.load(&sheet(&loads, 4, 2, gone)).await;
            let said = "clicks is zero or empty in every row and had values in the days before";
            match severity {
                Severity::Warn => assert_eq!(gone.unwrap().summary.warnings[0].message, said),
                Severity::Quarantine => {
                    let refused = gone.unwrap_err();
                    assert_eq!((refused.code, &*refused.message), ("rule_broken", said));
                }
            }
        }
    }
}

/// The other tables are looked at by statements of their own.
#[tokio::test]
async fn rules_look_back_in_the_table_that_the_pipeline_fills() {
    for pipeline in ["dv360_device_days", "dv360_advertiser_days"] {
        let column = "impressions".to_owned();
        let severity = Severity::Quarantine;
        let loads = Loads::start_with(spec(pipeline, Rule::WentToZero { column, severity })).await;
        let sheet = |day: &str, count: &str| {
            let number = day[8..].parse().unwrap();
            let row = [("date", day), ("impressions", count)];
            Sheet::new(&loads.spec, (number, number), &[&row])
        };
        loads.load(&sheet("2026/10/01", "5")).await.unwrap();
        let refused = loads.load(&sheet("2026/10/02", "0")).await.unwrap_err();
        assert_eq!(refused.code, "rule_broken", "{pipeline}");
        loads.load(&sheet("2026/10/02", "6")).await.unwrap();
        let table = match pipeline {
            "dv360_device_days" => "select date, impressions from tenant.breakdown_days",
            _ => "select date, impressions from tenant.advertiser_days",
        };
        assert_eq!(
            loads.told(table).await,
            impressions(&[("01", 5), ("02", 6)])
        );
        // Loading a day again replaces it there, too.
        loads.load(&sheet("2026/10/02", "7")).await.unwrap();
        assert_eq!(
            loads.told(table).await,
            impressions(&[("01", 5), ("02", 7)])
        );
        let empty = Sheet::new(&loads.spec, (2, 2), &[]);
        let refused = loads.load(&empty).await.unwrap_err();
        assert_eq!(refused.code, "suspiciously_empty", "{pipeline}: {refused}");
    }
}
