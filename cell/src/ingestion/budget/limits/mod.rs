//! What an org may use to bring its data in: calls, rows and bytes a day, money a month.
//!
//! Two layers set limits, the platform's configuration and the org itself; the lower holds. At the
//! soft one backfills wait, at the hard one nothing is asked for until the time is over.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeZone, Utc};
use contracts::{UserId, quota};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config_docs;
use crate::ingestion::permit::{Denied, Reason};
use crate::metering::Meter;
use crate::tenancy::OrgTx;

pub(crate) mod attention;

pub mod http;

mod store;

const DOCUMENT: &str = "budgets";
/// What a limit may be at most; larger is no limit.
pub(crate) const MOST: u64 = 1_000_000_000_000_000;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Requests that the source counts, in a day of its quota.
    Calls,
    /// Rows loaded in a day (UTC).
    Rows,
    /// Bytes fetched in a day (UTC).
    Bytes,
    /// What it cost in a month (UTC), in millionths of a US dollar.
    CostMicrosUsd,
}

impl Resource {
    pub const ALL: [Self; 4] = [Self::Calls, Self::Rows, Self::Bytes, Self::CostMicrosUsd];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Rows => "rows",
            Self::Bytes => "bytes",
            Self::CostMicrosUsd => "cost_micros_usd",
        }
    }

    fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// When what is counted now began to be, and when it begins anew.
    pub fn period(self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight =
            |date: chrono::NaiveDate| Utc.from_utc_datetime(&date.and_time(NaiveTime::MIN));
        let today = now.date_naive();
        match self {
            Self::Calls => {
                let day = quota::day_of(now);
                (quota::end_of(day - Days::new(1)), quota::end_of(day))
            }
            Self::Rows | Self::Bytes => (midnight(today), midnight(today + Days::new(1))),
            Self::CostMicrosUsd => {
                let first = today.with_day(1).unwrap_or(today);
                (midnight(first), midnight(first + chrono::Months::new(1)))
            }
        }
    }
}

/// A pair of limits. Absent is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limit {
    pub soft: Option<u64>,
    pub hard: Option<u64>,
}

impl Limit {
    /// The lower of both, and never a soft one above the hard.
    fn within(self, upper: Self) -> Self {
        let lower = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        let hard = lower(self.hard, upper.hard);
        let soft =
            lower(self.soft, upper.soft).map(|soft| hard.map_or(soft, |hard| soft.min(hard)));
        Self { soft, hard }
    }
}

/// What somebody made of an org's own limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub change_id: Uuid,
    pub before: BTreeMap<Resource, Limit>,
    pub after: BTreeMap<Resource, Limit>,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

/// The document `budgets` as it holds for an org. What it does not say is not limited and free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Beside other orgs of the cell, from 1 to 1000.
    pub weight: Option<u32>,
    pub limits: BTreeMap<Resource, Limit>,
    /// Millionths of a US dollar for a thousand million units, by meter.
    pub prices: BTreeMap<String, u64>,
}

impl Terms {
    pub fn weight(&self) -> u32 {
        self.weight.unwrap_or(1).clamp(1, 1_000)
    }

    /// What so much of everything costs, each meter rounded up: nothing is free by rounding.
    pub fn cost_micros_usd<'a>(&self, used: impl IntoIterator<Item = (&'a str, u64)>) -> u64 {
        let cost = |(meter, quantity): (&str, u64)| {
            let price = self.prices.get(meter).copied().unwrap_or(0);
            (u128::from(quantity) * u128::from(price)).div_ceil(1_000_000_000)
        };
        let cost: u128 = used.into_iter().map(cost).sum();
        u64::try_from(cost).unwrap_or(u64::MAX)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Within,
    /// Backfills wait.
    Soft,
    /// Nothing is asked for.
    UsedUp,
}

/// One resource of an org now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub resource: Resource,
    pub used: u64,
    pub limit: Limit,
    /// What the org itself has set.
    pub own: Limit,
    pub resets_at: DateTime<Utc>,
}

impl Line {
    pub fn standing(&self) -> Standing {
        let reached = |limit: Option<u64>| limit.is_some_and(|limit| self.used >= limit);
        if reached(self.limit.hard) {
            Standing::UsedUp
        } else if reached(self.limit.soft) {
            Standing::Soft
        } else {
            Standing::Within
        }
    }
}

/// An org's limits and what it has used of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budgets {
    pub terms: Terms,
    pub lines: Vec<Line>,
}

impl Budgets {
    /// Why nothing may be asked for now, if so.
    pub fn refusal(&self) -> Option<Denied> {
        self.worst(Standing::UsedUp)
    }

    /// Why a backfill has to wait, if so.
    pub fn backfill_refusal(&self) -> Option<Denied> {
        self.refusal().or_else(|| self.worst(Standing::Soft))
    }

    /// Of several the one that lasts longest: asking earlier is in vain.
    fn worst(&self, standing: Standing) -> Option<Denied> {
        let lines = self.lines.iter().filter(|line| line.standing() == standing);
        let line = lines.max_by_key(|line| line.resets_at)?;
        Some(Denied {
            reason: Reason::Budget,
            retry_at: line.resets_at,
            message: format!("the budget of {} is used up", line.resource.as_str()),
        })
    }

    pub fn line(&self, resource: Resource) -> Option<&Line> {
        self.lines.iter().find(|line| line.resource == resource)
    }

    /// Before the hard limit; none: there is no limit.
    pub fn left(&self, resource: Resource) -> Option<u64> {
        let line = self.line(resource)?;
        Some(line.limit.hard?.saturating_sub(line.used))
    }
}

/// Reads limits and use. `calls` is what the quota's own count says of today.
pub async fn read(tx: &mut OrgTx, calls: u64, now: DateTime<Utc>) -> Result<Budgets, sqlx::Error> {
    let document = config_docs::effective(tx, DOCUMENT).await?;
    // A document that a later version has written is no reason to stop.
    let terms: Terms = serde_json::from_value(document).unwrap_or_default();
    let own = store::list(tx).await?;
    let (day, _) = Resource::Rows.period(now);
    let (month, _) = Resource::CostMicrosUsd.period(now);
    let used = store::fetch_used(tx, day).await?;
    let mut metered = store::list_metered(tx, month).await?;
    // The requests' own bodies are small beside the files, which are counted where they are kept.
    let fetched = store::fetch_bytes(tx, month).await?;
    *metered
        .entry(Meter::BytesIn.as_str().to_owned())
        .or_default() += fetched;
    let cost = terms.cost_micros_usd(metered.iter().map(|(meter, used)| (meter.as_str(), *used)));
    let line = |resource: Resource| {
        let own = own.get(&resource).copied().unwrap_or_default();
        let platform = terms.limits.get(&resource).copied().unwrap_or_default();
        Line {
            resource,
            used: match resource {
                Resource::Calls => calls,
                Resource::Rows => used.rows,
                Resource::Bytes => used.bytes,
                Resource::CostMicrosUsd => cost,
            },
            limit: own.within(platform),
            own,
            resets_at: resource.period(now).1,
        }
    };
    Ok(Budgets {
        lines: Resource::ALL.map(line).to_vec(),
        terms,
    })
}

#[cfg(test)]
mod tests;
