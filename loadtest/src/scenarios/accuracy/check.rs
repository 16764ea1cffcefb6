//! What silver holds against what the simulator serves and what is true, cell by cell.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days as ChronoDays, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use sqlx::{PgConnection, Row};

use super::agency::Agency;

pub(super) const METRICS: usize = 7;

type Facts = BTreeMap<(NaiveDate, String), [i64; METRICS]>;

/// Cells compared, those that differ, and the first of them for people.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) cells: u64,
    pub(super) wrong: u64,
    pub(super) first: Option<String>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Tally) {
        self.cells += other.cells;
        self.wrong += other.wrong;
        self.first = self.first.take().or(other.first);
    }

    fn note(&mut self, right: bool, what: impl FnOnce() -> String) {
        self.cells += 1;
        if !right {
            self.wrong += 1;
            self.first.get_or_insert_with(what);
        }
    }

    pub(super) fn share(&self) -> f64 {
        if self.cells == 0 {
            return 0.0;
        }
        (self.cells - self.wrong) as f64 / self.cells as f64 * 100.0
    }
}

/// The days of an advertiser from one to another, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// Which days of an advertiser are compared.
#[derive(Debug, Clone, Copy)]
pub(super) enum Window {
    /// So many complete days up to its yesterday.
    Last(u64),
    /// The same days for everybody.
    Fixed(Days),
}

/// The simulator's world at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) world: &'a Value,
    pub(super) now: DateTime<Utc>,
}

impl Moment<'_> {
    fn today(&self, advertiser: &str) -> Result<NaiveDate> {
        let all = self.world["advertisers"].as_array();
        let mut all = all.context("a list of advertisers")?.iter();
        let found = all.find(|one| one["advertiser_id"] == advertiser);
        let zone = found.and_then(|one| one["time_zone"].as_str());
        let zone: Tz = zone.context("find the advertiser's zone")?.parse()?;
        Ok(self.now.with_timezone(&zone).date_naive())
    }

    fn days(&self, advertiser: &str, window: Window) -> Result<Days> {
        Ok(match window {
            Window::Fixed(days) => days,
            Window::Last(count) => {
                let today = self.today(advertiser)?;
                Days {
                    from: today - ChronoDays::new(count),
                    to: today - ChronoDays::new(1),
                }
            }
        })
    }
}

/// Every additive metric of every line item and day, silver against the simulator.
pub(super) async fn figures(
    database: &mut PgConnection,
    simulator: &str,
    agency: &Agency,
    moment: Moment<'_>,
    window: Window,
    served: bool,
) -> Result<Tally> {
    let mut tally = Tally::default();
    for advertiser in &agency.advertisers {
        let days = moment.days(advertiser, window)?;
        let Days { from, to } = days;
        let url = format!(
            "{simulator}/sim/truth?advertiser={advertiser}&from={from}&to={to}&served={served}"
        );
        let answer: Value = reqwest::get(url).await?.error_for_status()?.json().await?;
        let wanted = wanted(&answer)?;
        let held = held(database, agency, advertiser, days).await?;
        let keys: BTreeSet<_> = wanted.keys().chain(held.keys()).collect();
        for key in keys {
            let (ours, theirs) = (held.get(key), wanted.get(key));
            for metric in 0..METRICS {
                let (ours, theirs) = (ours.map(|row| row[metric]), theirs.map(|row| row[metric]));
                tally.note(ours == theirs, || {
                    format!(
                        "advertiser {advertiser}, {key:?}, metric {metric}: {ours:?} for {theirs:?}"
                    )
                });
            }
        }
    }
    Ok(tally)
}

fn wanted(answer: &Value) -> Result<Facts> {
    let rows = answer["rows"].as_array().context("rows of truth")?;
    let fact = |row: &Value| {
        let count = |name: &str| row[name].as_i64();
        let conversions = count("post_click_conversions")? + count("post_view_conversions")?;
        let values = [
            count("impressions")?,
            count("impressions")?,
            count("clicks")?,
            conversions * 1_000_000,
            count("revenue_micros")?,
            count("media_cost_micros")?,
            count("billable_cost_micros")?,
        ];
        let key = (
            row["date"].as_str()?.parse().ok()?,
            row["line_item_id"].as_str()?.to_owned(),
        );
        Some((key, values))
    };
    rows.iter()
        .map(|row| fact(row).context("read a row of truth"))
        .collect()
}

async fn held(
    database: &mut PgConnection,
    agency: &Agency,
    advertiser: &str,
    days: Days,
) -> Result<Facts> {
    let rows = sqlx::query(
        "select date, line_item_id, impressions, billable_impressions, clicks, conversions_micros,
                revenue_micros, media_cost_micros, billable_cost_micros
           from tenant.line_item_days
          where org_id = $1 and advertiser_id = $2 and date between $3 and $4",
    )
    .bind(agency.scope.org().as_uuid())
    .bind(advertiser)
    .bind(days.from)
    .bind(days.to)
    .fetch_all(database)
    .await?;
    let facts = rows.iter().map(|row| {
        let mut values = [0; METRICS];
        for (at, value) in values.iter_mut().enumerate() {
            *value = row.try_get::<Option<i64>, _>(at + 2)?.unwrap_or(i64::MIN);
        }
        Ok(((row.try_get(0)?, row.try_get(1)?), values))
    });
    facts.collect()
}

/// Whether each day that is kept says rightly that its month was closed when it was read. A day is
/// read again only inside the look-back and at the close, so an older one may be certified later
/// than it could be, but never sooner; those in `read_now` were read at this very moment.
pub(super) async fn certified(
    database: &mut PgConnection,
    agency: &Agency,
    moment: Moment<'_>,
    read_now: Window,
) -> Result<Tally> {
    let rows = sqlx::query(
        "select advertiser_id, date, certified from tenant.loaded_days
          where org_id = $1 and dataset = 'line_item_days'",
    )
    .bind(agency.scope.org().as_uuid())
    .fetch_all(database)
    .await?;
    let mut tally = Tally::default();
    for row in rows {
        let (advertiser, date): (String, NaiveDate) = (row.try_get(0)?, row.try_get(1)?);
        let certified: bool = row.try_get(2)?;
        let today = moment.today(&advertiser)?;
        let closed = today >= closes_on(date);
        let days = moment.days(&advertiser, read_now)?;
        let read_now = days.from <= date && date <= days.to;
        let right = if read_now {
            certified == closed
        } else {
            closed || !certified
        };
        tally.note(right, || {
            format!(
                "advertiser {advertiser}, {date}: certified {certified}, closed {closed} on {today}"
            )
        });
    }
    Ok(tally)
}

/// The third of the month after.
fn closes_on(date: NaiveDate) -> NaiveDate {
    let next = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)));
    next.and_then(|first| first.with_day(3)).unwrap_or(date)
}

/// A digest of the org's business columns in the order of their key: no load ids, no clocks.
pub(super) async fn digest(database: &mut PgConnection, agency: &Agency) -> Result<String> {
    let digest = sqlx::query_scalar(
        "select md5(coalesce(string_agg(concat_ws('|', dataset, dsp, advertiser_id, date, line_item_id,
                    partner_id, campaign_id, insertion_order_id, currency, impressions,
                    billable_impressions, clicks, conversions_micros, revenue_micros,
                    media_cost_micros, billable_cost_micros), e'\\n'
                    order by dataset, dsp, advertiser_id, date, line_item_id), ''))
           from tenant.line_item_days where org_id = $1",
    )
    .bind(agency.scope.org().as_uuid())
    .fetch_one(database)
    .await?;
    Ok(digest)
}
