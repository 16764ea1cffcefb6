//! Which rows a list has, and in which order.

use std::borrow::Cow;
use std::sync::Arc;

use super::compute::{Cache, Rows};
use super::rows::{Level, PacingRow};
use super::saved::{self, Portfolio};
use super::settings::Settings;
use super::sort::{Filter, Sort};
use super::{Error, Pacing, store};
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::modules;
use crate::tenancy::OrgTx;

pub mod http;

/// What a list is made from, and what of it is asked for.
struct Found {
    all: Arc<Rows>,
    portfolios: Vec<(String, String, Portfolio)>,
    reach: Vec<store::Reach>,
    settings: Settings,
    filter: Filter,
    sort: Sort,
}

impl Found {
    async fn read(
        tx: &mut OrgTx,
        cache: &Cache,
        (filter, sort): (Filter, Sort),
    ) -> Result<Self, Error> {
        let settings: Settings = modules::settings_of(tx, &Pacing).await?;
        let portfolios = saved::store::list_portfolios(tx).await?;
        let mut reach = store::list_reach(tx, filter.advertiser_id.as_deref()).await?;
        reach.retain(|one| one.dataset == LINE_ITEM_DAYS);
        let all = cache.rows(tx, &settings).await?;
        Ok(Self {
            all,
            portfolios,
            reach,
            settings,
            filter,
            sort,
        })
    }

    /// In order, those that are asked for.
    fn rows(&self, level: Level) -> Vec<Cow<'_, PacingRow>> {
        let filter = &self.filter;
        // One that is not there holds nothing.
        let portfolio = filter.portfolio_id.as_ref().map(|id| {
            let named = self.portfolios.iter().find(|one| one.0 == *id);
            named.map(|(_, _, portfolio)| portfolio)
        });
        let held = |row: &PacingRow| {
            let within = |one: Option<&Portfolio>| one.is_some_and(|one| one.holds(row));
            filter.is_below(row) && portfolio.is_none_or(within)
        };
        let mut rows = (self.all).of_level(level, held, &self.settings, &self.portfolios);
        rows.retain(|row| filter.keeps(row));
        self.sort.apply(rows)
    }
}
