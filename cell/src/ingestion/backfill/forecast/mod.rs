//! What a backfill will take, from what earlier loads have taken. Pure; `docs/backfills.md` has the
//! formulas for people.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Window;
use crate::ingestion::budget::limits::{Budgets, Resource};

/// A window's file stays around this size, so that one that fails costs little.
const ROWS_PER_WINDOW: u64 = 400_000;
const SHORTEST_WINDOW: u64 = 7;
const LONGEST_WINDOW: u64 = 90;
/// The query is made once.
const CALLS_ONCE: u64 = 1;
/// A window's report is run and asked for twice.
const CALLS_PER_WINDOW: u64 = 3;
/// Until there is history: what a small advertiser has, and how long a report usually takes.
const ROWS_PER_ADVERTISER_DAY: f64 = 30.0;
const BYTES_PER_ROW: f64 = 180.0;
const REPORT_SECONDS: f64 = 239.0;
/// Reading entities, downloading and starting over between two windows.
const SECONDS_PER_WINDOW: f64 = 20.0;
const ROWS_PER_SECOND: f64 = 100_000.0;
const CPU_US_PER_ROW: f64 = 10.0;

/// What is known of earlier loads of the same pipeline.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct History {
    /// Of all advertisers together; none: nothing was loaded yet.
    pub rows_per_day: Option<f64>,
    pub bytes_per_row: Option<f64>,
    /// The middle one of the latest reports.
    pub report_seconds: Option<f64>,
    pub advertisers: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Forecast {
    /// Requests that the source counts.
    pub calls: u64,
    pub reports: u64,
    pub rows: u64,
    pub bytes: u64,
    /// If nothing has to wait for a new day's budget.
    pub minutes: u64,
    pub cost_micros_usd: u64,
    /// Until the hard limits; absent is no limit.
    pub budget_left: BudgetLeft,
    pub warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BudgetLeft {
    pub calls: Option<u64>,
    pub rows: Option<u64>,
    pub bytes: Option<u64>,
    pub cost_micros_usd: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ForecastWarning)]
pub struct Warning {
    pub code: String,
    pub message: String,
}

/// Newest first: what is loaded stays without gaps, whenever it stops.
pub(super) fn plan_windows(start: NaiveDate, end: NaiveDate, history: &History) -> Vec<Window> {
    let per_day = history.rows_per_day().max(1.0);
    let days = whole(f64::from(u32::try_from(ROWS_PER_WINDOW).unwrap_or(u32::MAX)) / per_day);
    let days = days.clamp(SHORTEST_WINDOW, LONGEST_WINDOW);
    let mut windows = Vec::new();
    let mut last = end;
    while last >= start {
        let first = start.max(last - Days::new(days - 1));
        windows.push(Window::new(first, last));
        let Some(before) = first.pred_opt() else {
            break;
        };
        last = before;
    }
    windows
}

impl History {
    fn rows_per_day(&self) -> f64 {
        let guessed = ROWS_PER_ADVERTISER_DAY * f64::from(self.advertisers);
        self.rows_per_day.unwrap_or(guessed)
    }
}

pub(super) fn forecast(windows: &[Window], history: &History, budgets: &Budgets) -> Forecast {
    let reports = windows.len() as u64;
    let days: u64 = windows.iter().map(Window::days).sum();
    let rows = whole(history.rows_per_day() * count(days));
    let bytes = whole(history.bytes_per_row.unwrap_or(BYTES_PER_ROW) * count(rows));
    let calls = CALLS_ONCE + CALLS_PER_WINDOW * reports;
    let each = history.report_seconds.unwrap_or(REPORT_SECONDS) + SECONDS_PER_WINDOW;
    let seconds = each * count(reports) + count(rows) / ROWS_PER_SECOND;
    let cpu = whole(count(rows) * CPU_US_PER_ROW);
    let cost_micros_usd = budgets.terms.cost_micros_usd([
        ("dsp_calls", calls),
        ("db_rows", rows),
        ("bytes_in", bytes),
        ("cpu_us", cpu),
    ]);
    let mut forecast = Forecast {
        calls,
        reports,
        rows,
        bytes,
        minutes: whole((seconds / 60.0).ceil()),
        cost_micros_usd,
        budget_left: BudgetLeft {
            calls: budgets.left(Resource::Calls),
            rows: budgets.left(Resource::Rows),
            bytes: budgets.left(Resource::Bytes),
            cost_micros_usd: budgets.left(Resource::CostMicrosUsd),
        },
        warnings: Vec::new(),
    };
    forecast.warnings = warnings(&forecast, history, budgets);
    forecast
}

fn warnings(forecast: &Forecast, history: &History, budgets: &Budgets) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, message: String| {
        warnings.push(Warning {
            code: code.to_owned(),
            message,
        });
    };
    if history.rows_per_day.is_none() {
        let message = "nothing of this pipeline was loaded yet, so this is a rough guess";
        warn("no_history", message.to_owned());
    }
    for (resource, wanted) in [
        (Resource::Calls, forecast.calls),
        (Resource::Rows, forecast.rows),
        (Resource::Bytes, forecast.bytes),
        (Resource::CostMicrosUsd, forecast.cost_micros_usd),
    ] {
        let line = budgets.line(resource).copied();
        let limit = line.and_then(|line| line.limit.soft.or(line.limit.hard).zip(Some(line.used)));
        let Some((limit, used)) = limit else { continue };
        if used.saturating_add(wanted) > limit {
            let name = resource.as_str();
            let message = format!(
                "this takes {wanted} of {name}, and {} are left before it has to wait",
                limit.saturating_sub(used)
            );
            warn("waits_for_budget", message);
        }
    }
    warnings
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn count(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate; what is too large saturates"
)]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests;
