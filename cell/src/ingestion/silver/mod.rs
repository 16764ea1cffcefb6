//! Silver: typed rows, the same for every source. Replaced whole by (advertiser, date), so loading
//! a file again, or a later one over it, leaves each day exactly once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use contracts::{BronzeId, Currency, SyncId};
use tokio::sync::mpsc;
use uuid::Uuid;

use self::days::SumsByDay;
use super::connector::Fact;

pub(crate) mod days;

pub(crate) mod store;

/// The daily facts by line item.
pub(crate) const LINE_ITEM_DAYS: &str = "line_item_days";
/// Raised when the same bytes would give other rows.
pub(crate) const PIPELINE_VERSION: &str = "line_item_days/1";
/// A source may still change this many of the latest days.
pub(crate) const RESTATEMENT_DAYS: u64 = 7;

const CHUNK_BYTES: usize = 1 << 16;

/// An advertiser of a load: what its rows must look like and how far they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub(crate) advertiser_id: String,
    pub(crate) currency: Currency,
    /// Its last complete day; later rows are left out.
    pub(crate) through: NaiveDate,
}

/// One file's way into silver.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) load_id: Uuid,
    pub(crate) dsp: &'static str,
    pub(crate) bronze_id: BronzeId,
    pub(crate) sync_id: SyncId,
    pub(crate) range: (NaiveDate, NaiveDate),
    pub(crate) advertisers: Vec<Loaded>,
}

/// Turns rows into the text of a `COPY`, chunk by chunk, and counts what counts.
pub(crate) struct CopyText {
    advertisers: BTreeMap<String, Loaded>,
    /// Rows on complete days, by advertiser.
    pub(crate) rows: BTreeMap<String, u64>,
    pub(crate) sums: SumsByDay,
    text: String,
    chunks: mpsc::Sender<String>,
}

impl CopyText {
    pub(crate) fn new(load: &Load, chunks: mpsc::Sender<String>) -> Self {
        let by_id = |one: &Loaded| (one.advertiser_id.clone(), one.clone());
        Self {
            advertisers: load.advertisers.iter().map(by_id).collect(),
            rows: BTreeMap::new(),
            sums: SumsByDay::new(load.range),
            text: String::with_capacity(CHUNK_BYTES + 1024),
            chunks,
        }
    }

    /// Blocks while the database is behind. Ids are digits and currencies letters, so nothing in
    /// a row needs escaping.
    pub(crate) fn push(&mut self, day: &Fact<'_>) -> Result<(), String> {
        let known = self.advertisers.get(day.advertiser_id);
        let known = known.ok_or("the advertiser is not part of this load")?;
        if Some(known.currency) != day.currency {
            return Err(format!(
                "the row is in {}, advertiser {} is in {}",
                day.currency
                    .map_or("no currency".to_owned(), |one| one.to_string()),
                day.advertiser_id,
                known.currency
            ));
        }
        if day.date > known.through {
            return Ok(());
        }
        match self.rows.get_mut(day.advertiser_id) {
            Some(rows) => *rows += 1,
            None => _ = self.rows.insert(day.advertiser_id.to_owned(), 1),
        }
        self.sums.add(day)?;
        let text = &mut self.text;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            day.advertiser_id,
            day.date,
            day.line_item_id,
            day.partner_id,
            day.campaign_id,
            day.insertion_order_id,
            known.currency
        );
        for value in day.metrics {
            let _ = match value {
                Some(value) => write!(text, "\t{value}"),
                None => write!(text, "\t\\N"),
            };
        }
        let _ = writeln!(text, "\t{}", day.line);
        if self.text.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), String> {
        let chunk = std::mem::replace(&mut self.text, String::with_capacity(CHUNK_BYTES + 1024));
        let sent = self.chunks.blocking_send(chunk);
        sent.map_err(|_| "the load was stopped".to_owned())
    }
}
