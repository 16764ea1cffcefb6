//! Passwords: which are refused, and Argon2id on blocking threads behind a small gate.
//!
//! One hash takes 19 MiB and some tens of milliseconds, so only a few run at once.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::histogram::Histogram;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

mod argon;

use argon::Memory;

use super::person::Email;

pub const MIN_CHARS: usize = 8;
pub const MAX_CHARS: usize = 128;

const AT_ONCE: usize = 2;
/// Waiting longer than this means overload; the person is asked to try again.
const GATE_TIMEOUT: Duration = Duration::from_secs(10);

/// Checked in place of a missing account's hash, with our parameters, so that both take the same time.
const STAND_IN: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3RhbmQtaW4gYWNjb3VudA$bm8gcGFzc3dvcmQgZXZlciBnaXZlcyB0aGlzIGhhc2g";

/// The most used passwords of at least eight characters, one a line.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Why a password is refused. The message is shown to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    #[error("use at least {MIN_CHARS} characters for the password")]
    TooShort,
    #[error("use at most {MAX_CHARS} characters for the password")]
    TooLong,
    #[error("this password is one of the first that anybody tries; choose another")]
    Common,
    #[error("do not use your e-mail address as the password")]
    Email,
}

#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error("too many passwords are being checked")]
    Busy,
    #[error("the password could not be hashed")]
    Argon2(#[from] argon::Error),
    #[error("the hashing task ended")]
    Task(#[source] tokio::task::JoinError),
}

/// Length and notoriety only: no composition rules.
pub fn check(password: &SecretString, email: &Email) -> Result<(), Weak> {
    let text = password.expose_secret();
    if text.len() > 4 * MAX_CHARS || text.chars().count() > MAX_CHARS {
        return Err(Weak::TooLong);
    }
    if text.chars().count() < MIN_CHARS {
        return Err(Weak::TooShort);
    }
    let folded = text.to_lowercase();
    let one_char = folded.chars().all(|c| folded.starts_with(c));
    if one_char || COMMON.contains(folded.as_str()) {
        Err(Weak::Common)
    } else if folded == email.as_str() || folded == email.local() {
        Err(Weak::Email)
    } else {
        Ok(())
    }
}

/// A password's PHC string.
pub struct Hash(String);

impl Hash {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub struct Hasher {
    gate: Arc<Semaphore>,
    /// As many as have ever been in use at once; the last used is used next.
    memories: Arc<Mutex<Vec<Memory>>>,
    seconds: Histogram,
}

impl Hasher {
    pub fn new(seconds: Histogram) -> Self {
        Self {
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            memories: Arc::default(),
            seconds,
        }
    }

    pub async fn hash(&self, password: SecretString) -> Result<Hash, HashError> {
        let hash = self
            .blocking(move |memory| memory.hash(password.expose_secret().as_bytes()))
            .await?;
        Ok(Hash(hash))
    }

    /// Whether the password fits the hash; without a hash the same work is done and it never fits.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, HashError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| STAND_IN.to_owned());
        let fits = self
            .blocking(move |memory| {
                // A longer password was never accepted; its first part costs the same to check.
                let text = password.expose_secret().as_bytes();
                memory.verify(&text[..text.len().min(4 * MAX_CHARS)], &hash)
            })
            .await?;
        Ok(fits && known)
    }

    async fn blocking<T, F>(&self, work: F) -> Result<T, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Memory) -> Result<T, argon::Error> + Send + 'static,
    {
        let waiting = Arc::clone(&self.gate).acquire_owned();
        let permit = tokio::time::timeout(GATE_TIMEOUT, waiting)
            .await
            .map_err(|_| HashError::Busy)?
            .map_err(|_| HashError::Busy)?;
        let started = Instant::now();
        let memories = Arc::clone(&self.memories);
        // The permit goes along: a client that hangs up does not stop the work.
        let done = tokio::task::spawn_blocking(move || {
            let mut memory = take(&memories).pop().unwrap_or_default();
            let result = work(&mut memory);
            take(&memories).push(memory);
            drop(permit);
            result
        })
        .await
        .map_err(HashError::Task)?;
        self.seconds.observe(started.elapsed().as_secs_f64());
        Ok(done?)
    }
}

fn take(memories: &Mutex<Vec<Memory>>) -> MutexGuard<'_, Vec<Memory>> {
    memories.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
