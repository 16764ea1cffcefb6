//! Our sums against the source's own, by advertiser, day and metric. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FailingCell {
    pub dsp: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub date: NaiveDate,
    pub metric: String,
    /// The sum of what silver has by line item.
    pub silver: i64,
    /// What the source says it is.
    pub source: i64,
    /// Of both sums, where they are money: they are in millionths of it.
    pub currency: Option<String>,
    /// Silver less source.
    pub difference: i64,
    /// One of the two may still change: they were read at different times.
    pub provisional: bool,
    pub silver_reported_at: Option<DateTime<Utc>>,
    pub source_reported_at: Option<DateTime<Utc>>,
}

/// How many cells of a metric agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MetricAccuracy {
    pub metric: String,
    pub cells: i64,
    pub equal: i64,
    /// A decimal with four digits, rounded down: `100.0000` means every cell. Absent: nothing was
    /// compared.
    pub accuracy_percent: Option<String>,
}

impl MetricAccuracy {
    pub(crate) fn new(metric: String, cells: i64, equal: i64) -> Self {
        Self {
            metric,
            cells,
            equal,
            accuracy_percent: percent(equal, cells),
        }
    }
}

/// Never rounded up to all.
pub(crate) fn percent(equal: i64, cells: i64) -> Option<String> {
    let share = (i128::from(equal) * 1_000_000).checked_div(i128::from(cells))?;
    Some(format!("{}.{:04}", share / 10_000, share % 10_000))
}

#[cfg(test)]
mod tests {
    //! A share is never said to be more than it is.

    use super::percent;

    #[test]
    fn a_single_wrong_cell_is_never_rounded_away() {
        assert_eq!(percent(10, 10).unwrap(), "100.0000");
        assert_eq!(percent(99_999_999, 100_000_000).unwrap(), "99.9999");
        assert_eq!(percent(1, 3).unwrap(), "33.3333");
        assert_eq!(percent(0, 3).unwrap(), "0.0000");
        assert_eq!(percent(0, 0), None);
    }
}
