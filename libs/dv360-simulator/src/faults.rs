//! What goes wrong on purpose, per advertiser or per person; set through `PUT /sim/faults`.
//!
//! Each knob stands for something the real APIs were seen doing. A fault with `times` wears out
//! after it has struck that often.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The faults of one advertiser. Each part is independent of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    pub api: Option<Fault<ApiFault>>,
    pub report: Option<Fault<ReportFault>>,
    pub download: Option<Fault<DownloadFault>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault<K> {
    pub kind: K,
    /// How often it still strikes; for ever if absent.
    #[serde(default)]
    pub times: Option<u32>,
}

/// An API call about the advertiser is answered with this error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiFault {
    ResourceExhausted,
    DailyLimitExceeded,
    UserRateLimitExceeded,
    PermissionDenied,
    Internal,
    Unavailable,
    DeadlineExceeded,
}

/// What becomes of a report that covers the advertiser; decided when it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFault {
    Failed,
    DoneWithoutPath,
    QueuedForever,
    RunningForever,
}

/// What is wrong with the downloaded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DownloadFault {
    /// Ends after so many bytes while `content-length` promises the whole file.
    CutConnection {
        at: usize,
    },
    /// Ends after so many bytes and says so: nothing in the transport gives it away.
    CutBody {
        at: usize,
    },
    Unavailable,
}

impl ApiFault {
    fn error(self) -> Error {
        match self {
            ApiFault::ResourceExhausted => Error::exhausted(),
            ApiFault::DailyLimitExceeded => Error::daily_limit(),
            ApiFault::UserRateLimitExceeded => Error::user_rate_limit(),
            ApiFault::PermissionDenied => Error::no_permission(),
            ApiFault::Internal => Error::internal(),
            ApiFault::Unavailable => Error::unavailable(),
            ApiFault::DeadlineExceeded => Error::deadline(),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    advertisers: HashMap<u64, Faults>,
    /// People whose refresh tokens are dead.
    dead_grants: HashMap<String, Option<u32>>,
}

/// What `PUT /sim/faults` takes: the whole new state of one advertiser or one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum FaultOrder {
    Advertiser {
        advertiser_id: String,
        faults: Faults,
    },
    User {
        user: String,
        invalid_grant: bool,
        #[serde(default)]
        times: Option<u32>,
    },
}

impl FaultBook {
    pub(crate) fn apply(&self, order: FaultOrder) -> Result<(), std::num::ParseIntError> {
        let mut state = self.state.lock();
        match order {
            FaultOrder::Advertiser {
                advertiser_id,
                faults,
            } => {
                state.advertisers.insert(advertiser_id.parse()?, faults);
            }
            FaultOrder::User {
                user,
                invalid_grant: true,
                times,
            } => {
                state.dead_grants.insert(user, times);
            }
            FaultOrder::User {
                user,
                invalid_grant: false,
                ..
            } => {
                state.dead_grants.remove(&user);
            }
        }
        Ok(())
    }

    pub(crate) fn clear(&self) {
        *self.state.lock() = State::default();
    }

    /// Everything in force, in the form it was ordered.
    pub(crate) fn list(&self) -> Vec<FaultOrder> {
        let state = self.state.lock();
        let advertisers = state
            .advertisers
            .iter()
            .map(|(id, faults)| FaultOrder::Advertiser {
                advertiser_id: id.to_string(),
                faults: faults.clone(),
            });
        let users = state
            .dead_grants
            .iter()
            .map(|(user, times)| FaultOrder::User {
                user: user.clone(),
                invalid_grant: true,
                times: *times,
            });
        advertisers.chain(users).collect()
    }

    pub(crate) fn takes_grant_away(&self, email: &str) -> bool {
        let mut state = self.state.lock();
        state.dead_grants.get_mut(email).is_some_and(strike)
    }

    pub(crate) fn check_api(&self, advertisers: &[u64]) -> Result<(), Error> {
        match self.draw(advertisers, |faults| &mut faults.api) {
            Some(kind) => Err(kind.error()),
            None => Ok(()),
        }
    }

    pub(crate) fn draw_report(&self, advertisers: &[u64]) -> Option<ReportFault> {
        self.draw(advertisers, |faults| &mut faults.report)
    }

    pub(crate) fn draw_download(&self, advertisers: &[u64]) -> Option<DownloadFault> {
        self.draw(advertisers, |faults| &mut faults.download)
    }

    /// The first fault of this part that strikes any of the advertisers.
    fn draw<K: Copy>(
        &self,
        advertisers: &[u64],
        part: impl Fn(&mut Faults) -> &mut Option<Fault<K>>,
    ) -> Option<K> {
        let mut state = self.state.lock();
        advertisers.iter().find_map(|id| {
            let fault = part(state.advertisers.get_mut(id)?).as_mut()?;
            strike(&mut fault.times).then_some(fault.kind)
        })
    }
}

fn strike(times: &mut Option<u32>) -> bool {
    match times {
        None => true,
        Some(0) => false,
        Some(left) => {
            *left -= 1;
            true
        }
    }
}
