//! Token buckets in memory: brakes on guessing, per account and per client address.
//!
//! Each process counts for itself; buckets that are full again are forgotten.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config;

/// Above this many buckets the full ones are dropped before another is added.
const SWEEP_AT: usize = 20_000;
const BUCKETS_MAX: usize = 100_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    LoginAccount,
    LoginClient,
    SignupClient,
    LookupClient,
}

#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: u32,
    refill: Duration,
}

/// A bucket kept as the time at which it will be full again (GCRA).
#[derive(Default)]
pub struct Limits {
    rates: HashMap<Kind, Rate>,
    full_at: Mutex<HashMap<u64, Instant>>,
}

impl Limits {
    pub fn new(limits: &config::Limits) -> Self {
        let rate = |burst, refill_ms| Rate {
            burst,
            refill: Duration::from_millis(refill_ms),
        };
        let rates = HashMap::from([
            (
                Kind::LoginAccount,
                rate(limits.login_per_account, limits.login_per_account_refill_ms),
            ),
            (
                Kind::LoginClient,
                rate(limits.login_per_client, limits.login_per_client_refill_ms),
            ),
            (
                Kind::SignupClient,
                rate(limits.signup_per_client, limits.signup_per_client_refill_ms),
            ),
            (
                Kind::LookupClient,
                rate(limits.lookup_per_client, limits.lookup_per_client_refill_ms),
            ),
        ]);
        Self {
            rates,
            full_at: Mutex::default(),
        }
    }

    pub fn take_client(&self, kind: Kind, client: IpAddr, now: Instant) -> Result<(), Duration> {
        self.take(kind, &network(client), now)
    }

    pub fn take_account(&self, account: &str, now: Instant) -> Result<(), Duration> {
        self.take(Kind::LoginAccount, &account, now)
    }

    /// Takes one token, or says how long until there is one.
    fn take(&self, kind: Kind, who: &impl Hash, now: Instant) -> Result<(), Duration> {
        let Some(rate) = self.rates.get(&kind) else {
            return Ok(());
        };
        let mut hasher = DefaultHasher::new();
        (kind, who).hash(&mut hasher);
        let key = hasher.finish();
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= SWEEP_AT && !buckets.contains_key(&key) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= BUCKETS_MAX {
                return Err(rate.refill);
            }
        }
        let full_at = buckets.get(&key).copied().unwrap_or(now).max(now);
        let after = full_at + rate.refill;
        let fullest = now + rate.refill * rate.burst;
        if after > fullest {
            return Err(after - fullest);
        }
        buckets.insert(key, after);
        Ok(())
    }
}

/// One customer's IPv6 network counts as one client.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & (u128::MAX << 64)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Whole seconds for `Retry-After`.
pub fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    //! A burst passes, then one per refill; clients do not share.

    use std::time::{Duration, Instant};

    use super::{Kind, Limits, whole_seconds};
    use crate::config;

    #[test]
    fn a_burst_passes_then_one_per_refill() {
        let limits = Limits::new(&config::Limits {
            login_per_account: 3,
            login_per_account_refill_ms: 10_000,
            ..config::Limits::default()
        });
        let start = Instant::now();
        for _ in 0..3 {
            limits.take_account("a@example.com", start).unwrap();
        }
        let wait = limits.take_account("a@example.com", start).unwrap_err();
        assert_eq!(whole_seconds(wait), 10);
        limits.take_account("b@example.com", start).unwrap();
        let later = start + Duration::from_secs(10);
        limits.take_account("a@example.com", later).unwrap();
        assert!(limits.take_account("a@example.com", later).is_err());
        let rested = start + Duration::from_secs(3_600);
        for _ in 0..3 {
            limits.take_account("a@example.com", rested).unwrap();
        }
        assert!(limits.take_account("a@example.com", rested).is_err());
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let limits = Limits::new(&config::Limits {
            login_per_client: 1,
            ..config::Limits::default()
        });
        let now = Instant::now();
        let take =
            |client: &str| limits.take_client(Kind::LoginClient, client.parse().unwrap(), now);
        assert!(take("2001:db8::1").is_ok());
        assert!(take("2001:db8::2").is_err());
        assert!(take("2001:db8:0:1::1").is_ok());
        assert!(take("127.0.0.1").is_ok());
        assert!(take("::ffff:127.0.0.1").is_err());
    }
}
