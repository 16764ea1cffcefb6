//! Rows as text that is the same whenever they mean the same, and the hash of it.
//!
//! A row is its business columns in a fixed order, divided by tabs and ended by a line feed, with
//! `\N` for null and tab, line feed, carriage return and backslash escaped: nothing of loads, files
//! or clocks. A day's hash is SHA-256 over its rows in the order of their keys, bytewise; the hash
//! of all is over a line `advertiser, date, hash of the day` per day that has rows.

use chrono::NaiveDate;
use ring::digest::{Context, SHA256};

use crate::ingestion::pipelines::spec::To;
use crate::ingestion::reading::METRICS;

pub type Sha256 = [u8; 32];

/// What a row is found by, besides its org, dataset and platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub advertiser_id: String,
    pub date: NaiveDate,
    /// Empty where the dataset has none.
    pub line_item_id: String,
    pub breakdown: String,
}

/// The rest of a row's business columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    pub partner_id: String,
    pub campaign_id: String,
    pub insertion_order_id: String,
    pub currency: String,
    /// In the order of [`METRICS`].
    pub metrics: [Option<i64>; METRICS.len()],
    /// A JSON object as the database writes it: keys in its order, no two the same.
    pub extra: Option<String>,
}

/// The columns of [`Values`] as silver names them.
pub(crate) const COLUMNS: [&str; 5 + METRICS.len()] = [
    "partner_id",
    "campaign_id",
    "insertion_order_id",
    "currency",
    "impressions",
    "billable_impressions",
    "clicks",
    "conversions_micros",
    "revenue_micros",
    "media_cost_micros",
    "billable_cost_micros",
    "extra",
];

/// A metric as silver names it.
pub(crate) fn metric_name(position: usize) -> &'static str {
    debug_assert_eq!(METRICS[0], To::Impressions, "the order is shared");
    COLUMNS[4 + position]
}

impl Values {
    /// In the order of [`COLUMNS`].
    pub(crate) fn texts(&self) -> [Option<String>; COLUMNS.len()] {
        let mut texts: [Option<String>; COLUMNS.len()] = Default::default();
        texts[0] = Some(self.partner_id.clone());
        texts[1] = Some(self.campaign_id.clone());
        texts[2] = Some(self.insertion_order_id.clone());
        texts[3] = Some(self.currency.clone());
        for (text, value) in texts[4..].iter_mut().zip(&self.metrics) {
            *text = value.map(|value| value.to_string());
        }
        texts[COLUMNS.len() - 1] = self.extra.clone();
        texts
    }
}

/// Appends the row as text.
pub fn write_row(text: &mut String, key: &Key, values: &Values) {
    escape(text, &key.advertiser_id);
    text.push('\t');
    text.push_str(&key.date.to_string());
    for field in [
        &key.line_item_id,
        &key.breakdown,
        &values.partner_id,
        &values.campaign_id,
        &values.insertion_order_id,
        &values.currency,
    ] {
        text.push('\t');
        escape(text, field);
    }
    for value in &values.metrics {
        text.push('\t');
        match value {
            Some(value) => text.push_str(&value.to_string()),
            None => text.push_str("\\N"),
        }
    }
    text.push('\t');
    match &values.extra {
        Some(extra) => escape(text, extra),
        None => text.push_str("\\N"),
    }
    text.push('\n');
}

/// As the text format of `COPY` has it.
pub(crate) fn escape(text: &mut String, field: &str) {
    for character in field.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }
    }
}

/// A hash that knows whether anything went into it.
pub struct Hasher {
    context: Context,
    used: bool,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            context: Context::new(&SHA256),
            used: false,
        }
    }
}

impl Hasher {
    pub fn add(&mut self, text: &str) {
        self.context.update(text.as_bytes());
        self.used = true;
    }

    /// One day of the hash of all.
    pub fn add_day(&mut self, advertiser_id: &str, date: NaiveDate, day_in_hex: &str) {
        let mut line = String::new();
        escape(&mut line, advertiser_id);
        self.add(&format!("{line}\t{date}\t{day_in_hex}\n"));
    }

    /// None if there was nothing to hash.
    pub fn finish(self) -> Option<Sha256> {
        let hash = self.context.finish();
        let hash = hash.as_ref().try_into().expect("SHA-256 has 32 bytes");
        self.used.then_some(hash)
    }
}
