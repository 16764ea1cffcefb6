//! Passwords: which are refused, and Argon2id on blocking threads behind a small gate.
//!
//! One hash takes 19 MiB and some tens of milliseconds, so only a few run at once.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use prometheus_client::metrics::histogram::Histogram;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::person::Email;

pub const MIN_CHARS: usize = 8;
pub const MAX_CHARS: usize = 128;

/// OWASP's parameters: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

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
    #[error("argon2 failed")]
    Argon2(#[source] argon2::password_hash::Error),
    #[error("argon2 does not take its parameters")]
    Parameters(#[source] argon2::Error),
    #[error("a stored hash cannot be read")]
    Stored(#[source] argon2::password_hash::phc::Error),
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
    seconds: Histogram,
}

impl Hasher {
    pub fn new(seconds: Histogram) -> Self {
        Self {
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            seconds,
        }
    }

    pub async fn hash(&self, password: SecretString) -> Result<Hash, HashError> {
        let work = move || hash_now(password.expose_secret());
        self.blocking(work).await?.map(Hash)
    }

    /// Whether the password fits the hash; without a hash the same work is done and it never fits.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, HashError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| STAND_IN.to_owned());
        // A longer password was never accepted; its first part costs the same to check.
        let work = move || {
            let parsed = PasswordHash::new(&hash).map_err(HashError::Stored)?;
            let text = password.expose_secret().as_bytes();
            let text = &text[..text.len().min(4 * MAX_CHARS)];
            Ok(argon2()?.verify_password(text, &parsed).is_ok())
        };
        let fits: Result<bool, HashError> = self.blocking(work).await?;
        Ok(fits? && known)
    }

    async fn blocking<T, F>(&self, work: F) -> Result<T, HashError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let waiting = Arc::clone(&self.gate).acquire_owned();
        let permit = tokio::time::timeout(GATE_TIMEOUT, waiting)
            .await
            .map_err(|_| HashError::Busy)?
            .map_err(|_| HashError::Busy)?;
        let started = Instant::now();
        // The permit goes along: a client that hangs up does not stop the work.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(HashError::Task)?;
        self.seconds.observe(started.elapsed().as_secs_f64());
        Ok(done)
    }
}

fn hash_now(password: &str) -> Result<String, HashError> {
    argon2()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(HashError::Argon2)
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(HashError::Parameters)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests;
