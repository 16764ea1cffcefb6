//! All rows of an org, worked out from silver at once, and kept while silver has not moved.
//!
//! What was worked out is a matter of memory only: whoever finds nothing, or something older than the
//! data, works it out again. The stamp is read before silver, so what comes in meanwhile shows next.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use contracts::OrgId;

use super::judge::{Deliveries, Rules};
use super::rows::{Level, PacingRow};
use super::saved::Portfolio;
use super::settings::Settings;
use super::store::{self, Which};
use super::{delivered, groups};
use crate::tenancy::OrgTx;

/// Orders, and the line items below them.
#[derive(Debug)]
pub struct Rows {
    pub orders: Vec<PacingRow>,
    pub line_items: Vec<PacingRow>,
}

/// Everything that rows depend on, in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Of the watermarks and of the files of entities.
    pub(super) silver: String,
    pub(super) settings: Settings,
}

/// Rows of the orgs that were asked for last.
#[derive(Debug, Clone, Default)]
pub struct Cache(Arc<Mutex<Vec<Entry>>>);

#[derive(Debug)]
struct Entry {
    org: OrgId,
    stamp: Stamp,
    rows: Arc<Rows>,
}

/// Some thirty megabytes. An org with more has the place to itself.
const MOST_ROWS: usize = 20_000;

impl Cache {
    pub(super) async fn rows(
        &self,
        tx: &mut OrgTx,
        settings: &Settings,
    ) -> Result<Arc<Rows>, sqlx::Error> {
        let stamp = Stamp {
            silver: store::fetch_stamp(tx).await?,
            settings: settings.clone(),
        };
        if let Some(rows) = self.find(tx.org(), &stamp) {
            return Ok(rows);
        }
        let rows = Arc::new(rows(tx, Which::default(), settings).await?);
        self.keep(tx.org(), stamp, &rows);
        Ok(rows)
    }

    fn find(&self, org: OrgId, stamp: &Stamp) -> Option<Arc<Rows>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = entries.iter().position(|one| one.org == org)?;
        let entry = entries.remove(at);
        let rows = (entry.stamp == *stamp).then(|| Arc::clone(&entry.rows))?;
        entries.push(entry);
        Some(rows)
    }

    /// Whoever was not asked for longest goes first.
    fn keep(&self, org: OrgId, stamp: Stamp, rows: &Arc<Rows>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|one| one.org != org);
        let rows = Arc::clone(rows);
        entries.push(Entry { org, stamp, rows });
        let count = |entries: &[Entry]| entries.iter().map(|one| one.rows.len()).sum::<usize>();
        while entries.len() > 1 && count(&entries) > MOST_ROWS {
            entries.remove(0);
        }
    }
}

/// Those of some orders.
pub(super) async fn rows(
    tx: &mut OrgTx,
    which: Which<'_>,
    settings: &Settings,
) -> Result<Rows, sqlx::Error> {
    let books = store::list_books(tx, which).await?;
    let delivered = delivered::store::list_delivered(tx, &books).await?;
    let rules = Rules::new(settings);
    let none = HashMap::new();
    let mut rows = Rows {
        orders: Vec::with_capacity(books.len()),
        line_items: Vec::new(),
    };
    for book in &books {
        let order = &book.order;
        let id = (order.dsp.clone(), order.insertion_order_id.clone());
        let all = Deliveries::new(delivered.get(&id).unwrap_or(&none), order.through);
        let (order, line_items) = book.rows(&all, &rules);
        rows.orders.push(order);
        rows.line_items.extend(line_items);
    }
    Ok(rows)
}

impl Rows {
    const fn len(&self) -> usize {
        self.orders.len() + self.line_items.len()
    }

    /// Those of one level, of orders that are asked for. Portfolios are by their id and name.
    pub(super) fn of_level(
        &self,
        level: Level,
        held: impl Fn(&PacingRow) -> bool,
        settings: &Settings,
        portfolios: &[(String, String, Portfolio)],
    ) -> Vec<Cow<'_, PacingRow>> {
        let all = match level {
            Level::LineItem => &self.line_items,
            _ => &self.orders,
        };
        let rows: Vec<&PacingRow> = all.iter().filter(|row| held(row)).collect();
        let band = settings.band();
        let groups = match level {
            Level::InsertionOrder | Level::LineItem => {
                return rows.into_iter().map(Cow::Borrowed).collect();
            }
            Level::Campaign | Level::Advertiser => groups::by_parent(level, &rows, band),
            Level::Portfolio => (portfolios.iter())
                .flat_map(|(id, name, portfolio)| {
                    let held = rows.iter().copied().filter(|row| portfolio.holds(row));
                    groups::portfolio(id, name, &held.collect::<Vec<_>>(), band)
                })
                .collect(),
        };
        groups.into_iter().map(Cow::Owned).collect()
    }
}

#[cfg(test)]
mod tests {
    //! What is kept, and for how long.

    use std::sync::Arc;

    use contracts::OrgId;

    use super::{Cache, Rows, Settings, Stamp};

    fn stamp(silver: &str) -> Stamp {
        Stamp {
            silver: silver.to_owned(),
            settings: Settings::default(),
        }
    }

    #[test]
    fn rows_are_kept_until_their_data_moves() {
        let (cache, org) = (Cache::default(), OrgId::new());
        let rows = Arc::new(Rows {
            orders: Vec::new(),
            line_items: Vec::new(),
        });
        assert!(cache.find(org, &stamp("1")).is_none());
        cache.keep(org, stamp("1"), &rows);
        assert!(cache.find(org, &stamp("1")).is_some());
        assert!(cache.find(OrgId::new(), &stamp("1")).is_none());
        let mut other = stamp("1");
        other.settings.on_pace_from_percent = 80;
        assert!(cache.find(org, &other).is_none(), "other settings");
        cache.keep(org, stamp("1"), &rows);
        assert!(cache.find(org, &stamp("2")).is_none(), "newer data");
        assert!(
            cache.find(org, &stamp("1")).is_none(),
            "and the old is gone"
        );
    }
}
