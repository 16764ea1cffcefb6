//! Windows cover the range exactly, newest first, and a forecast adds up.

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;

use super::{History, forecast, plan_windows};
use crate::ingestion::budget::limits::{Budgets, Limit, Line, Resource, Terms};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn unlimited() -> Budgets {
    Budgets {
        terms: Terms::default(),
        lines: Vec::new(),
    }
}

proptest! {
    #[test]
    fn every_day_is_in_one_window(days in 1..1_100_u64, rows in 0.0..1e7_f64) {
        let start = day("2024-02-01");
        let end = start + Days::new(days - 1);
        let history = History { rows_per_day: Some(rows), ..History::default() };
        let windows = plan_windows(start, end, &history);
        prop_assert_eq!(windows[0].end, end);
        prop_assert_eq!(windows[windows.len() - 1].start, start);
        for pair in windows.windows(2) {
            prop_assert_eq!(pair[1].end.succ_opt(), Some(pair[0].start));
        }
        for window in &windows {
            prop_assert!((1..=90).contains(&window.days()));
        }
    }
}

#[test]
fn a_forecast_is_what_history_says() {
    let history = History {
        rows_per_day: Some(1_000.0),
        bytes_per_row: Some(200.0),
        report_seconds: Some(100.0),
        advertisers: 3,
    };
    let windows = plan_windows(day("2026-01-01"), day("2026-06-29"), &history);
    assert_eq!(windows.len(), 2);
    let mut budgets = unlimited();
    budgets.terms.prices.insert("db_rows".into(), 1_000_000_000);
    let said = forecast(&windows, &history, &budgets);
    assert_eq!((said.reports, said.calls), (2, 7));
    assert_eq!((said.rows, said.bytes), (180_000, 36_000_000));
    assert_eq!((said.minutes, said.cost_micros_usd), (5, 180_000));
    assert_eq!(said.warnings, []);
}

#[test]
fn what_is_not_known_or_does_not_fit_is_said() {
    let history = History {
        advertisers: 10,
        ..History::default()
    };
    let windows = plan_windows(day("2026-01-01"), day("2026-01-31"), &history);
    let mut budgets = unlimited();
    budgets.lines.push(Line {
        resource: Resource::Rows,
        used: 5_000,
        limit: Limit {
            soft: Some(10_000),
            hard: Some(12_000),
        },
        own: Limit::default(),
        resets_at: DateTime::<Utc>::UNIX_EPOCH,
    });
    let said = forecast(&windows, &history, &budgets);
    assert_eq!(said.rows, 9_300);
    assert_eq!(said.budget_left.rows, Some(7_000));
    let codes: Vec<&str> = said.warnings.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["no_history", "waits_for_budget"]);
}
