//! What silver holds against what the simulator serves and what is true, cell by cell.
//!
//! Inside the window figures change by the day, so what silver should hold of a day is what the
//! source showed at the moment of the report that the day came from. Which moment that was, the
//! source's own journal says; that it is recent enough is checked for each day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days as ChronoDays, Months, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, Row};

use crate::scenarios::agency::Agency;

const METRICS: usize = 7;
/// What each morning reads again.
const LOOK_BACK: u64 = 8;
/// So long after midnight the latest morning's sync is over, whatever the queue was like.
const MORNING: TimeDelta = TimeDelta::minutes(510);

type Facts = BTreeMap<(NaiveDate, String), [i64; METRICS]>;

/// Cells compared, those that differ, and some of them for people.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) cells: u64,
    pub(super) wrong: u64,
    pub(super) examples: Vec<String>,
}

/// Of each tally.
const EXAMPLES: usize = 12;

impl Tally {
    pub(super) fn add(&mut self, other: &Tally) {
        self.cells += other.cells;
        self.wrong += other.wrong;
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples
            .extend(other.examples.iter().take(room).cloned());
    }

    fn note(&mut self, right: bool, what: impl FnOnce() -> String) {
        self.cells += 1;
        if !right {
            self.wrong += 1;
            if self.examples.len() < EXAMPLES {
                self.examples.push(what());
            }
        }
    }

    pub(super) fn wrong_percent(&self) -> f64 {
        self.wrong as f64 / self.cells.max(1) as f64 * 100.0
    }
}

/// The days of an advertiser from one to another, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// What is compared against: the source's world, and when it made which report.
pub(super) struct Source<'a> {
    pub(super) url: &'a str,
    pub(super) world: &'a Value,
    pub(super) made_at: &'a HashMap<String, DateTime<Utc>>,
    pub(super) now: DateTime<Utc>,
}

/// Where a day of silver came from.
struct Origin {
    report: DateTime<Utc>,
    certified: bool,
}

impl Source<'_> {
    fn zone(&self, advertiser: &str) -> Result<Tz> {
        let all = self.world["advertisers"].as_array();
        let mut all = all.context("a list of advertisers")?.iter();
        let found = all.find(|one| one["advertiser_id"] == advertiser);
        let zone = found.and_then(|one| one["time_zone"].as_str());
        Ok(zone.context("find the advertiser's zone")?.parse()?)
    }

    /// The zone of the agency in which days end last: mornings are read by it.
    fn latest_zone(&self, agency: &Agency) -> Result<Tz> {
        let zones = agency.advertisers.iter().map(|one| self.zone(one));
        let zones = zones.collect::<Result<Vec<Tz>>>()?;
        let local = |zone: &Tz| self.now.with_timezone(zone).naive_local();
        let latest = zones.into_iter().min_by_key(local);
        latest.context("an agency has advertisers")
    }

    async fn figures(&self, advertiser: &str, days: Days, how: &str) -> Result<Facts> {
        let Days { from, to } = days;
        let url = format!(
            "{}/sim/truth?advertiser={advertiser}&from={from}&to={to}{how}",
            self.url
        );
        let answer: Value = reqwest::get(url).await?.error_for_status()?.json().await?;
        wanted(&answer)
    }
}

/// The last days that this morning's sync has read, against what the source showed then, and their
/// provisional flags.
pub(super) async fn inside(
    database: &mut PgConnection,
    source: &Source<'_>,
    agency: &Agency,
) -> Result<(Tally, Tally)> {
    let zone = source.latest_zone(agency)?;
    let morning = (source.now - MORNING).with_timezone(&zone).date_naive();
    let to = morning - ChronoDays::new(1);
    let days = Days {
        from: to - ChronoDays::new(LOOK_BACK - 1),
        to,
    };
    let (mut figures, mut flags) = (Tally::default(), Tally::default());
    for advertiser in &agency.advertisers {
        let origins = origins(database, source, agency, advertiser).await?;
        for (date, origin) in &origins {
            let local = |at: DateTime<Utc>, zone: Tz| at.with_timezone(&zone).date_naive();
            let closed = local(origin.report, source.zone(advertiser)?) >= closes_on(*date);
            flags.note(origin.certified == closed, || {
                let (said, made) = (origin.certified, origin.report);
                format!("advertiser {advertiser}, {date}: certified {said}, report of {made}")
            });
            let read_again = days.from <= *date && *date <= to;
            if read_again {
                figures.note(local(origin.report, zone) >= morning, || {
                    let made = origin.report;
                    format!("advertiser {advertiser}, {date}: not read on {morning} but at {made}")
                });
            }
        }
        let held = held(database, agency, advertiser, days).await?;
        let wanted = served(source, advertiser, days, &origins).await?;
        figures.add(&compare(advertiser, &held, &wanted));
    }
    Ok((figures, flags))
}

/// What the source showed of each day when it made the report that the day came from. A day that
/// came from none is wanted as it is now.
async fn served(
    source: &Source<'_>,
    advertiser: &str,
    days: Days,
    origins: &BTreeMap<NaiveDate, Origin>,
) -> Result<Facts> {
    let mut groups: BTreeMap<DateTime<Utc>, Vec<NaiveDate>> = BTreeMap::new();
    for date in days.from.iter_days().take_while(|date| *date <= days.to) {
        let at = origins.get(&date).map_or(source.now, |one| one.report);
        groups.entry(at).or_default().push(date);
    }
    let mut facts = Facts::new();
    for (at, dates) in groups {
        let at = at.format("%Y-%m-%dT%H:%M:%SZ");
        let how = format!("&served=true&at={at}");
        let mut shown = source.figures(advertiser, days, &how).await?;
        shown.retain(|(date, _), _| dates.contains(date));
        facts.extend(shown);
    }
    Ok(facts)
}

/// All these days against the truth.
pub(super) async fn settled(
    database: &mut PgConnection,
    source: &Source<'_>,
    agency: &Agency,
    days: Days,
) -> Result<Tally> {
    let mut tally = Tally::default();
    for advertiser in &agency.advertisers {
        let held = held(database, agency, advertiser, days).await?;
        let wanted = source.figures(advertiser, days, "").await?;
        tally.add(&compare(advertiser, &held, &wanted));
    }
    Ok(tally)
}

fn compare(advertiser: &str, held: &Facts, wanted: &Facts) -> Tally {
    let mut tally = Tally::default();
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
    tally
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

/// A file may write `-` for nothing, and silver keeps apart what is nothing and what is zero; sums
/// do not, so neither does the comparison.
async fn held(
    database: &mut PgConnection,
    agency: &Agency,
    advertiser: &str,
    days: Days,
) -> Result<Facts> {
    let rows = sqlx::query(
        "select date, line_item_id, coalesce(impressions, 0), coalesce(billable_impressions, 0),
                coalesce(clicks, 0), coalesce(conversions_micros, 0), coalesce(revenue_micros, 0),
                coalesce(media_cost_micros, 0), coalesce(billable_cost_micros, 0)
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
            *value = row.try_get(at + 2)?;
        }
        Ok(((row.try_get(0)?, row.try_get(1)?), values))
    });
    facts.collect()
}

/// From which report each day came that is kept, and what is said of its being final.
async fn origins(
    database: &mut PgConnection,
    source: &Source<'_>,
    agency: &Agency,
    advertiser: &str,
) -> Result<BTreeMap<NaiveDate, Origin>> {
    let rows = sqlx::query(
        "select d.date, b.report_id, d.certified
           from tenant.loaded_days d
           join tenant.bronze_objects b on b.org_id = d.org_id and b.bronze_id = d.bronze_id
          where d.org_id = $1 and d.dataset = 'line_item_days' and d.advertiser_id = $2",
    )
    .bind(agency.scope.org().as_uuid())
    .bind(advertiser)
    .fetch_all(database)
    .await?;
    let origin = |row: &sqlx::postgres::PgRow| {
        let report: String = row.try_get(1)?;
        let made = source.made_at.get(&report);
        let origin = Origin {
            report: *made.context("find the day's report in the source's journal")?,
            certified: row.try_get(2)?,
        };
        Ok((row.try_get(0)?, origin))
    };
    rows.iter().map(origin).collect()
}

/// The third of the month after.
fn closes_on(date: NaiveDate) -> NaiveDate {
    let next = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)));
    next.and_then(|first| first.with_day(3)).unwrap_or(date)
}

/// A digest of the org's business columns in the order of their key: no load ids, no clocks. Later
/// days depend on when they were read last, as they should.
pub(super) async fn digest(
    database: &mut PgConnection,
    agency: &Agency,
    to: NaiveDate,
) -> Result<String> {
    let digest = sqlx::query_scalar(
        "select md5(coalesce(string_agg(concat_ws('|', dataset, dsp, advertiser_id, date, line_item_id,
                    partner_id, campaign_id, insertion_order_id, currency, coalesce(impressions, 0),
                    coalesce(billable_impressions, 0), coalesce(clicks, 0),
                    coalesce(conversions_micros, 0), coalesce(revenue_micros, 0),
                    coalesce(media_cost_micros, 0), coalesce(billable_cost_micros, 0)), e'\\n'
                    order by dataset, dsp, advertiser_id, date, line_item_id), ''))
           from tenant.line_item_days where org_id = $1 and date <= $2",
    )
    .bind(agency.scope.org().as_uuid())
    .bind(to)
    .fetch_one(database)
    .await?;
    Ok(digest)
}
