//! How every service starts, logs, answers, fails and stops. Knows nothing of orgs beyond the
//! wire words of `contracts`.
//!
//! Reading order: `config` and `telemetry` (start), `http` and `error` (answer), `health` and
//! `metrics` (watch), `keys`, `tokens` and `edge` (trust), `shutdown` and `supervise` (keep going).

pub mod config;

pub mod telemetry;

pub mod http;

pub mod error;

pub mod extract;

pub mod idempotency;

pub mod health;

pub mod metrics;

pub mod openapi;

pub mod ui;

pub mod keys;

pub mod tokens;

pub mod edge;

pub mod failpoints;

pub mod shutdown;

pub mod supervise;

pub use error::ApiError;

/// Makes `ring` the one crypto provider of this process; called first thing by every `main`.
pub fn install_crypto() {
    // A second call finds the provider already there, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokens::install_provider();
}

/// The version every service reports.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
