//! What goes wrong on purpose, for one advertiser, for one person or for everybody; set through
//! `PUT /sim/faults`.
//!
//! A fault strikes at its rate, and wears out after it has struck `times`. Whether it strikes is
//! drawn from the seed, so the same calls in the same order meet the same faults.

mod kinds;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Error;
use crate::journal::{Entry, Journal};
use crate::world::mix;
pub use kinds::{ApiFault, Call, DownloadFault, FileFault, PageFault, ReportFault, TokenFault};

/// The faults of one advertiser, or of all. Each part is independent of the others; in each, the
/// first that strikes is the one that counts, but for files, where all do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    #[serde(
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub api: Vec<Fault<ApiFault>>,
    #[serde(
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub report: Vec<Fault<ReportFault>>,
    #[serde(
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub download: Vec<Fault<DownloadFault>>,
    #[serde(
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub file: Vec<Fault<FileFault>>,
    #[serde(
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub page: Vec<Fault<PageFault>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault<K> {
    pub kind: K,
    /// How often it still strikes; for ever if absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// Of how many chances it takes one, between 0 and 1.
    #[serde(default = "always")]
    pub rate: f64,
    /// Only these calls of an API; all of them if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Call>,
}

fn always() -> f64 {
    1.0
}

/// One fault, several or null.
fn one_or_many<'de, D, K>(input: D) -> Result<Vec<Fault<K>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given<K> {
        Nothing(()),
        One(Fault<K>),
        Many(Vec<Fault<K>>),
    }
    Ok(match Given::deserialize(input)? {
        Given::Nothing(()) => Vec::new(),
        Given::One(one) => vec![one],
        Given::Many(many) => many,
    })
}

/// What `PUT /sim/faults` takes: the whole new state of one advertiser, one person or everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum FaultOrder {
    Advertiser {
        advertiser_id: String,
        faults: Faults,
    },
    Everyone {
        everyone: Faults,
    },
    User {
        user: String,
        #[serde(default)]
        invalid_grant: bool,
        #[serde(default)]
        times: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<Fault<TokenFault>>,
        /// The only scopes a new consent gives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scopes: Option<Vec<String>>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("an advertiser's id is a number")]
    Id,
    #[error("a rate is between 0 and 1")]
    Rate,
    #[error("only faults of an API and its pages tell calls apart")]
    Calls,
}

/// Everybody's faults are kept under this number, which is no advertiser's.
const EVERYONE: u64 = 0;

#[derive(Debug)]
pub(crate) struct FaultBook {
    seed: u64,
    journal: Arc<Journal>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: BTreeMap<u64, Faults>,
    people: BTreeMap<String, Person>,
    draws: BTreeMap<u64, u64>,
    /// A process that takes up another's draws on from here, or it would draw the same again.
    first_draw: u64,
}

#[derive(Debug, Clone, Default)]
struct Person {
    token: Option<Fault<TokenFault>>,
    scopes: Option<Vec<String>>,
}

/// How a call that was not refused goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Fine,
    Late { ms: u32 },
    AnswerLost,
}

impl FaultBook {
    pub(crate) fn new(seed: u64, journal: Arc<Journal>) -> Self {
        Self {
            seed,
            journal,
            state: Mutex::new(State::default()),
        }
    }

    pub(crate) fn apply(&self, order: FaultOrder) -> Result<(), OrderError> {
        check(&order)?;
        let mut state = self.state.lock();
        let entry = Entry::Fault(order.clone());
        match order {
            FaultOrder::Advertiser {
                advertiser_id,
                faults,
            } => {
                let id = advertiser_id.parse().map_err(|_| OrderError::Id)?;
                state.faults.insert(id, faults);
            }
            FaultOrder::Everyone { everyone } => {
                state.faults.insert(EVERYONE, everyone);
            }
            FaultOrder::User {
                user,
                invalid_grant,
                times,
                token,
                scopes,
            } => {
                let dead = invalid_grant.then_some(Fault {
                    kind: TokenFault::InvalidGrant,
                    times,
                    rate: 1.0,
                    on: Vec::new(),
                });
                let token = dead.or(token);
                state.people.insert(user, Person { token, scopes });
            }
        }
        self.journal.write(&entry);
        Ok(())
    }

    /// Other chances than those of the processes that left so much behind.
    pub(crate) fn draw_from(&self, first: u64) {
        self.state.lock().first_draw = first;
    }

    pub(crate) fn clear(&self) {
        let mut state = self.state.lock();
        *state = State {
            first_draw: state.first_draw,
            ..State::default()
        };
        self.journal.write(&Entry::FaultsCleared);
    }

    /// Everything in force, in the form it was ordered.
    pub(crate) fn list(&self) -> Vec<FaultOrder> {
        let state = self.state.lock();
        let faults = state
            .faults
            .iter()
            .filter(|(_, one)| **one != Faults::default());
        let faults = faults.map(|(id, faults)| match *id {
            EVERYONE => FaultOrder::Everyone {
                everyone: faults.clone(),
            },
            id => FaultOrder::Advertiser {
                advertiser_id: id.to_string(),
                faults: faults.clone(),
            },
        });
        let people = state
            .people
            .iter()
            .filter(|(_, one)| one.token.is_some() || one.scopes.is_some());
        let people = people.map(|(user, person)| {
            let dead = person
                .token
                .as_ref()
                .filter(|one| one.kind == TokenFault::InvalidGrant);
            FaultOrder::User {
                user: user.clone(),
                invalid_grant: dead.is_some(),
                times: dead.and_then(|one| one.times),
                token: person.token.clone().filter(|_| dead.is_none()),
                scopes: person.scopes.clone(),
            }
        });
        faults.chain(people).collect()
    }

    /// How the token endpoint answers this person now.
    pub(crate) fn draw_token(&self, email: &str) -> Option<TokenFault> {
        let mut state = self.state.lock();
        let State {
            people,
            draws,
            first_draw,
            ..
        } = &mut *state;
        let person = people.get_mut(email)?;
        let fault = person.token.as_mut()?;
        let key = mix::pair(mix::text(email), 5);
        if !self.strikes((draws, *first_draw), key, &mut fault.times, fault.rate) {
            return None;
        }
        let kind = fault.kind;
        if fault.times.is_some() {
            // What is left of it, for a process that comes after.
            self.journal.write(&Entry::Fault(FaultOrder::User {
                user: email.to_owned(),
                invalid_grant: false,
                times: None,
                token: person.token.clone(),
                scopes: person.scopes.clone(),
            }));
        }
        Some(kind)
    }

    pub(crate) fn scopes_of(&self, email: &str) -> Option<Vec<String>> {
        self.state.lock().people.get(email)?.scopes.clone()
    }

    /// Refuses the call, or says how it goes on.
    pub(crate) fn check_api(&self, call: Call, advertisers: &[u64]) -> Result<Outcome, Error> {
        let struck = self.draw(advertisers, 1, Some(call), |faults| &mut faults.api);
        match struck.into_iter().next() {
            None => Ok(Outcome::Fine),
            Some(ApiFault::LostAnswer) => Ok(Outcome::AnswerLost),
            Some(ApiFault::Slow { ms }) => Ok(Outcome::Late { ms }),
            Some(kind) => kind.error().map_or(Ok(Outcome::Fine), Err),
        }
    }

    pub(crate) fn draw_report(&self, advertisers: &[u64]) -> Option<ReportFault> {
        let struck = self.draw(advertisers, 2, None, |faults| &mut faults.report);
        struck.into_iter().next()
    }

    pub(crate) fn draw_download(&self, advertisers: &[u64]) -> Option<DownloadFault> {
        let struck = self.draw(advertisers, 3, None, |faults| &mut faults.download);
        struck.into_iter().next()
    }

    pub(crate) fn draw_files(&self, advertisers: &[u64]) -> Vec<FileFault> {
        self.draw_all(advertisers, 4, None, |faults| &mut faults.file, true)
    }

    pub(crate) fn draw_page(&self, call: Call, advertisers: &[u64]) -> Option<PageFault> {
        let struck = self.draw(advertisers, 6, Some(call), |faults| &mut faults.page);
        struck.into_iter().next()
    }

    fn draw<K: Clone>(
        &self,
        advertisers: &[u64],
        part: u64,
        call: Option<Call>,
        of: impl Fn(&mut Faults) -> &mut Vec<Fault<K>>,
    ) -> Vec<K> {
        self.draw_all(advertisers, part, call, of, false)
    }

    /// What strikes any of the advertisers: the first, or all.
    fn draw_all<K: Clone>(
        &self,
        advertisers: &[u64],
        part: u64,
        call: Option<Call>,
        of: impl Fn(&mut Faults) -> &mut Vec<Fault<K>>,
        all: bool,
    ) -> Vec<K> {
        let mut state = self.state.lock();
        let State {
            faults,
            draws,
            first_draw,
            ..
        } = &mut *state;
        let mut struck = Vec::new();
        for id in std::iter::once(&EVERYONE).chain(advertisers) {
            let Some(faults) = faults.get_mut(id) else {
                continue;
            };
            for (at, fault) in of(faults).iter_mut().enumerate() {
                let meant = fault.on.is_empty() || call.is_some_and(|one| fault.on.contains(&one));
                let key = mix::pair(mix::pair(*id, part), at as u64);
                if meant && self.strikes((draws, *first_draw), key, &mut fault.times, fault.rate) {
                    if fault.times.is_some() {
                        self.journal.write(&Entry::Struck(*id, part, at));
                    }
                    struck.push(fault.kind.clone());
                    if !all {
                        return struck;
                    }
                }
            }
        }
        struck
    }

    fn strikes(
        &self,
        (draws, first): (&mut BTreeMap<u64, u64>, u64),
        key: u64,
        times: &mut Option<u32>,
        rate: f64,
    ) -> bool {
        if *times == Some(0) {
            return false;
        }
        let drawn = draws.entry(key).or_insert(first);
        *drawn += 1;
        let chance = mix::pair(mix::pair(self.seed, key), *drawn);
        #[expect(clippy::cast_precision_loss, reason = "a chance needs no last bits")]
        let strikes = (chance >> 11) as f64 / (1_u64 << 53) as f64 <= rate && rate > 0.0;
        if let (true, Some(left)) = (strikes, times) {
            *left -= 1;
        }
        strikes
    }

    /// A fault that wears out has struck in an earlier process.
    pub(crate) fn wear(&self, id: u64, part: u64, at: usize) {
        fn less<K>(faults: &mut [Fault<K>], at: usize) {
            if let Some(left) = faults.get_mut(at).and_then(|one| one.times.as_mut()) {
                *left = left.saturating_sub(1);
            }
        }
        let mut state = self.state.lock();
        let Some(faults) = state.faults.get_mut(&id) else {
            return;
        };
        match part {
            1 => less(&mut faults.api, at),
            2 => less(&mut faults.report, at),
            3 => less(&mut faults.download, at),
            4 => less(&mut faults.file, at),
            _ => less(&mut faults.page, at),
        }
    }
}

fn check(order: &FaultOrder) -> Result<(), OrderError> {
    fn each<K>(faults: &[Fault<K>], calls: bool) -> Result<(), OrderError> {
        let rates = faults.iter().all(|one| (0.0..=1.0).contains(&one.rate));
        let on = calls || faults.iter().all(|one| one.on.is_empty());
        rates.then_some(()).ok_or(OrderError::Rate)?;
        on.then_some(()).ok_or(OrderError::Calls)
    }
    match order {
        FaultOrder::Advertiser { faults, .. } | FaultOrder::Everyone { everyone: faults } => {
            each(&faults.api, true)?;
            each(&faults.page, true)?;
            each(&faults.report, false)?;
            each(&faults.download, false)?;
            each(&faults.file, false)
        }
        FaultOrder::User { token, .. } => each(token.as_slice(), false),
    }
}

#[cfg(test)]
mod tests;
