//! How a provider's quota is shared: from global-control to cells, so that together they never ask
//! for more than the provider allows.
//!
//! A cell holds a standing share that it may use every day, whether global-control is there or not,
//! and borrows more for a short time. It says what it holds; only then may what it gave up go to
//! another cell.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::LeaseId;

/// The day of a quota ends at midnight here.
pub const ZONE: Tz = Tz::America__Los_Angeles;
const PART_MAX: usize = 63;

/// What a provider counts together: `provider/project/interface`, such as
/// `google/my-project/bid_manager`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a quota is named provider/project/interface, in lower-case letters, digits and _-.:")]
pub struct PoolNameError;

impl PoolName {
    pub fn new(provider: &str, project: &str, api: &str) -> Result<Self, PoolNameError> {
        format!("{provider}/{project}/{api}").parse()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PoolName {
    type Err = PoolNameError;

    fn from_str(text: &str) -> Result<Self, PoolNameError> {
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.:".contains(&byte)
        };
        let parts: Vec<&str> = text.split('/').collect();
        let fits = |part: &&str| (1..=PART_MAX).contains(&part.len()) && part.bytes().all(plain);
        if parts.len() == 3 && parts.iter().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PoolNameError)
        }
    }
}

impl fmt::Display for PoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for PoolName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PoolName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The day of the quota that this instant falls on.
pub fn day_of(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&ZONE).date_naive()
}

/// When that day's quota is replaced by the next one's. There is a midnight on every day there.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = (day + Days::new(1)).and_time(NaiveTime::MIN);
    ZONE.from_local_datetime(&next)
        .earliest()
        .map_or_else(|| next.and_utc(), |midnight| midnight.with_timezone(&Utc))
}

/// What a cell may use without asking, every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// One higher with each change; what is older is not taken over.
    pub version: i64,
    pub calls_per_day: u32,
    /// Thousandths of a call.
    pub per_second_milli: u32,
}

/// Calls lent for one day and a short time. What is not used by then falls back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub lease_id: LeaseId,
    pub day: NaiveDate,
    pub calls: u32,
    pub expires_at: DateTime<Utc>,
}

/// A lease that its cell will not use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub lease_id: LeaseId,
    pub taken: u32,
}

/// `POST /internal/cells/{cell_id}/quota`: what a cell holds and wants. Repeatable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaReport {
    pub pool: PoolName,
    /// The share it goes by; 0: it has none from us.
    pub share_version: i64,
    pub day: NaiveDate,
    /// The most it takes on that day, leases aside. May be less than its share: the rest is given
    /// back for this day.
    pub standing: u32,
    /// Taken on that day, leases included.
    pub taken: u32,
    /// What it would take at once if it had more.
    pub wanted: u32,
    /// The id of a lease, if one comes of this; the same until an answer is heard.
    pub lease_id: LeaseId,
    pub settled: Vec<Settled>,
    /// The provider has said that the day's calls are used up.
    pub exhausted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaGrant {
    pub pool: PoolName,
    /// The day by global-control's clock.
    pub day: NaiveDate,
    pub share: Share,
    /// What may be taken on that day; less than the share on the day it was raised.
    pub standing: u32,
    pub lease: Option<Lease>,
    /// Some cell was told so by the provider.
    pub exhausted: bool,
}

/// `PUT /internal/quota`: an operator says what a provider allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPool {
    pub pool: PoolName,
    pub calls_per_day: u32,
    pub per_second_milli: u32,
    /// Never given to anybody: clocks differ by moments around midnight.
    pub headroom: u32,
    /// Not part of standing shares, but lent.
    pub reserve: u32,
}

#[cfg(test)]
mod tests {
    //! The day of a quota is Los Angeles', also when clocks change there.

    use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

    use super::{PoolName, day_of, end_of};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_ends_at_midnight_in_los_angeles() {
        assert_eq!(day_of(at("2026-07-01T06:59:59Z")), day("2026-06-30"));
        assert_eq!(day_of(at("2026-07-01T07:00:00Z")), day("2026-07-01"));
        assert_eq!(end_of(day("2026-06-30")), at("2026-07-01T07:00:00Z"));
        assert_eq!(end_of(day("2026-12-31")), at("2027-01-01T08:00:00Z"));
    }

    #[test]
    fn days_meet_without_a_gap_all_year() {
        let mut today = day("2026-01-01");
        while today < day("2027-01-01") {
            let end = end_of(today);
            let tomorrow = today.succ_opt().unwrap();
            assert_eq!(day_of(end), tomorrow);
            assert_eq!(day_of(end - TimeDelta::seconds(1)), today);
            let hours = (end_of(tomorrow) - end).num_hours();
            assert!((23..=25).contains(&hours), "{tomorrow} has {hours} hours");
            today = tomorrow;
        }
    }

    #[test]
    fn a_name_has_three_plain_parts() {
        for good in ["google/default/bid_manager", "google/example.com:p-1/x"] {
            assert_eq!(good.parse::<PoolName>().unwrap().as_str(), good);
        }
        let long = format!("google/{}/x", "p".repeat(64));
        for bad in [
            "", "a/b", "a/b/c/d", "a//c", "A/b/c", "a/b /c", "a/\0/c", &long,
        ] {
            assert!(bad.parse::<PoolName>().is_err(), "{bad}");
        }
    }
}
