//! What a bench says: a table for people and, as the very last line, one JSON object for programs.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// The result of one bench.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    bench: &'static str,
    /// Whether every row that has a limit keeps it.
    met: bool,
    quick: bool,
    machine: String,
    rows: Vec<Row>,
}

/// One figure. `spread` is the smallest and the largest of the repetitions.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    spread: [f64; 2],
    limit: Option<String>,
    met: Option<bool>,
}

impl Row {
    /// The median of the repetitions, for comparison only.
    pub(crate) fn shown(name: impl Into<String>, unit: &'static str, values: &[f64]) -> Self {
        Self {
            name: name.into(),
            value: quantile(values, 0.5),
            unit,
            spread: [quantile(values, 0.0), quantile(values, 1.0)],
            limit: None,
            met: None,
        }
    }

    /// The median of the repetitions, which must stay at or below `limit`.
    pub(crate) fn at_most(
        name: impl Into<String>,
        unit: &'static str,
        values: &[f64],
        limit: f64,
    ) -> Self {
        Self::quantile_at_most(name, unit, values, 0.5, limit)
    }

    /// The median of the repetitions, which must reach `limit`.
    pub(crate) fn at_least(
        name: impl Into<String>,
        unit: &'static str,
        values: &[f64],
        limit: f64,
    ) -> Self {
        let shown = Self::shown(name, unit, values);
        Self {
            limit: Some(format!(">= {limit}")),
            met: Some(shown.value >= limit),
            ..shown
        }
    }

    /// Another quantile of single observations, for comparison only.
    pub(crate) fn quantile_shown(
        name: impl Into<String>,
        unit: &'static str,
        values: &[f64],
        q: f64,
    ) -> Self {
        Self {
            value: quantile(values, q),
            ..Self::shown(name, unit, values)
        }
    }

    /// Another quantile of single observations, which must stay at or below `limit`.
    pub(crate) fn quantile_at_most(
        name: impl Into<String>,
        unit: &'static str,
        values: &[f64],
        q: f64,
        limit: f64,
    ) -> Self {
        let value = quantile(values, q);
        Self {
            value,
            limit: Some(format!("<= {limit}")),
            met: Some(value <= limit),
            ..Self::shown(name, unit, values)
        }
    }
}

impl Report {
    pub(crate) fn new(bench: &'static str, quick: bool, rows: Vec<Row>) -> Self {
        Self {
            bench,
            met: rows.iter().all(|row| row.met != Some(false)),
            quick,
            machine: machine(),
            rows,
        }
    }

    pub(crate) fn print(&self, file: Option<&Path>) -> Result<()> {
        println!("\n{} on {}\n", self.bench, self.machine);
        println!(
            "{:<52} {:>12} {:<6} {:>25} {:>12}",
            "", "value", "unit", "spread", "limit"
        );
        for row in &self.rows {
            let verdict = match row.met {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            };
            println!(
                "{:<52} {:>12.2} {:<6} {:>12.2} {:>12.2} {:>12} {verdict}",
                row.name,
                row.value,
                row.unit,
                row.spread[0],
                row.spread[1],
                row.limit.as_deref().unwrap_or("-"),
            );
        }
        let line = serde_json::to_string(self)?;
        if let Some(path) = file {
            std::fs::write(path, format!("{line}\n"))
                .with_context(|| format!("write {}", path.display()))?;
        }
        println!("\n{line}");
        Ok(())
    }
}

/// By linear interpolation between the sorted values.
pub(crate) fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = q * last as f64;
    let below = place.floor() as usize;
    let above = place.ceil() as usize;
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, {}", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    //! Quantiles as they are usually defined.

    use super::quantile;

    #[test]
    fn quantiles_interpolate() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
