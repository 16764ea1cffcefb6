//! The three tables of facts as one: by which of the common columns each has.
//!
//! The stage is unknown to the checking database, so what is done with it is put together here, from
//! nothing but constants, and checked by tests over every dataset; so is what tests want to see the
//! plan of.

use crate::ingestion::pipelines::spec::Dataset;
use crate::ingestion::reading::METRICS;

/// The metrics as silver names them, in the order of [`METRICS`].
pub(crate) const METRIC_COLUMNS: [&str; METRICS.len()] = [
    "impressions",
    "billable_impressions",
    "clicks",
    "conversions_micros",
    "revenue_micros",
    "media_cost_micros",
    "billable_cost_micros",
];

#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub(crate) name: &'static str,
    /// Facts are of line items, with the campaign and order above them.
    pub(crate) line_items: bool,
    pub(crate) breakdown: bool,
}

impl Table {
    pub const fn of(dataset: Dataset) -> Self {
        let (name, line_items, breakdown) = match dataset {
            Dataset::LineItemDays => ("tenant.line_item_days", true, false),
            Dataset::BreakdownDays => ("tenant.breakdown_days", true, true),
            Dataset::AdvertiserDays => ("tenant.advertiser_days", false, false),
        };
        Self {
            name,
            line_items,
            breakdown,
        }
    }

    /// What a row is found by, within its org, dataset and platform.
    fn key(self) -> Vec<&'static str> {
        let mut key = vec!["advertiser_id", "date"];
        key.extend(self.line_items.then_some("line_item_id"));
        key.extend(self.breakdown.then_some("breakdown"));
        key
    }

    /// Binds org, dataset, platform, file and load. Sorted: in the order of the key, for the indexes'
    /// sake.
    pub(super) fn insert_staged(self, sorted: bool) -> String {
        let key = self.key();
        let mut columns = key.clone();
        columns.push("partner_id");
        if self.line_items {
            columns.extend(["campaign_id", "insertion_order_id"]);
        }
        columns.push("currency");
        columns.extend(METRIC_COLUMNS);
        columns.push("extra");
        let columns = columns.join(", ");
        let order = if sorted {
            format!("order by {}", key.join(", "))
        } else {
            String::new()
        };
        format!(
            "insert into {} (org_id, dataset, dsp, {columns}, bronze_id, bronze_line, load_id)
             select $1, $2, $3, {columns}, $4, bronze_line, $5
               from pg_temp.staged_facts
             {order}",
            self.name
        )
    }

    /// Binds org, dataset, platform, advertisers and their days, and the first and the last of
    /// these: without them every month's partition would be looked at.
    pub fn delete_days(self) -> String {
        format!(
            "delete from {} f
              using unnest($4::text[], $5::date[]) as day (advertiser_id, date)
              where f.org_id = $1 and f.dataset = $2 and f.dsp = $3
                and f.advertiser_id = day.advertiser_id and f.date = day.date
                and f.date between $6 and $7",
            self.name
        )
    }
}
