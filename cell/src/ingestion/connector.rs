//! The seam between syncs and outside systems. A connector turns one system into these words.
//!
//! Nothing above this file knows a source by name; nothing below it knows orgs, jobs or tables.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::ConnectionId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use super::permit::{Denied, Permit};
use super::pipelines::Spec;
pub use super::reading::{Drift, Fact, ReadSummary, RowSink};

mod entities;

pub use entities::{
    Advertiser, BudgetSegment, Campaign, Creative, EntitiesRequest, Entity, EntityKind, EntityPage,
    EntityPages, InsertionOrder, LineItem, Pacing, Partner, Typed,
};

/// What a person's consent gave us.
#[derive(Debug)]
pub struct Grant {
    pub refresh_token: SecretString,
    pub scopes: Vec<String>,
    pub account_email: Option<String>,
}

/// The daily facts of some advertisers of one partner, both ends inclusive. Without advertisers it
/// is whatever the file holds, of any advertiser and day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReportRequest {
    pub partner_id: String,
    pub advertiser_ids: Vec<String>,
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// How a saved query runs by itself: each morning of a zone, over that many of the latest days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    pub zone: chrono_tz::Tz,
    pub days: u32,
}

/// A report as a list of a query's reports shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenReport {
    pub report_id: String,
    pub state: ReportState,
    /// Both ends inclusive, as far as the source says.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    Pending,
    Ready,
    Failed,
    /// Finished, and no file to show for it.
    WithoutFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downloaded {
    pub bytes: u64,
    /// The transport announced the length and it was met.
    pub length_proven: bool,
}

/// A kind of source.
pub trait Connector: Send + Sync {
    /// As connections and specs name it.
    fn name(&self) -> &'static str;

    /// The system to ask, with somebody's consent; none: its files are delivered.
    fn remote(&self) -> Option<&dyn Remote>;

    /// Reads a downloaded file as the spec says and proves that it is the one asked for. Keep
    /// nothing unless `Ok`. `bytes` is the length the transport proved, if it did.
    fn read_report(
        &self,
        input: &mut (dyn BufRead + Send),
        spec: &Spec,
        request: &ReportRequest,
        bytes: Option<u64>,
        sink: RowSink<'_>,
    ) -> Result<ReadSummary, FileError>;
}

/// What a system that can be asked offers besides its files.
#[async_trait]
pub trait Remote: Send + Sync {
    /// Where a person consents; `challenge` is the S256 of the verifier given to `exchange_code`.
    fn authorize_url(&self, state: &str, challenge: &str) -> Url;

    async fn exchange_code(&self, code: &str, verifier: &str) -> Result<Grant, Error>;

    /// Drops what is remembered of a connection, because its consent has changed.
    fn forget(&self, connection: ConnectionId);

    /// Every request of the session takes leave of `permit` first.
    fn open(
        &self,
        connection: ConnectionId,
        refresh_token: SecretString,
        permit: Arc<dyn Permit>,
    ) -> Box<dyn Session>;

    /// Reads what `fetch_entities` left. The same bytes always give the same entities.
    fn read_entities(&self, input: Box<dyn BufRead + Send>) -> EntityPages;
}

/// A connection's conversation with its system. Everything may be repeated.
#[async_trait]
pub trait Session: Send + Sync {
    async fn list_partners(&self) -> Result<Vec<Partner>, Error>;

    async fn list_advertisers(&self, partner_id: &str) -> Result<Vec<Advertiser>, Error>;

    /// Leaves every answer in the file, exactly as it came, for `read_entities`.
    async fn fetch_entities(&self, request: &EntitiesRequest, to: &Path) -> Result<(), Error>;

    /// All that the source is to save for the spec, in its own words but for the title. Two queries
    /// of one shape are the same, so that one can be used again. `repeat`: it runs by itself.
    fn query_shape(
        &self,
        spec: &Spec,
        request: &ReportRequest,
        repeat: Option<Repeat>,
    ) -> Result<serde_json::Value, Error>;

    /// Creates a query, or finds the one an earlier attempt made (`resumed`) by its title.
    async fn ensure_query(
        &self,
        title: &str,
        shape: &serde_json::Value,
        resumed: bool,
    ) -> Result<String, Error>;

    /// Runs the query once, or finds the run of an earlier attempt, none of `failed`. `made_since`: there
    /// may have been such an attempt, though not before that.
    async fn ensure_report(
        &self,
        query_id: &str,
        request: &ReportRequest,
        failed: &[String],
        made_since: Option<DateTime<Utc>>,
    ) -> Result<String, Error>;

    /// The query's latest reports, newest first, in one request.
    async fn latest_reports(&self, query_id: &str) -> Result<Vec<SeenReport>, Error>;

    async fn fetch_report(&self, query_id: &str, report_id: &str) -> Result<SeenReport, Error>;

    /// From the link that the report was last seen with, or from a fresh one.
    async fn download(
        &self,
        query_id: &str,
        report_id: &str,
        to: &Path,
    ) -> Result<Downloaded, Error>;

    async fn delete_query(&self, query_id: &str) -> Result<(), Error>;

    /// Requests sent since the last call, for metering.
    fn take_calls(&self) -> u64;
}

/// Why a file is not loaded. The message names the line where there is one.
#[derive(Debug, Default, thiserror::Error)]
#[error("{message}")]
pub struct FileError {
    /// `true`: the file was cut off or could not be read, so a new download may help.
    pub download_again: bool,
    /// Stable, for programs.
    pub code: &'static str,
    pub message: String,
    pub line: Option<u64>,
    /// What kept it out, if that was the difference between its header and the spec.
    pub drifts: Vec<Drift>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the consent has ended: {0}")]
    SignedOut(String),
    #[error("not every permission was granted, missing: {}", .0.join(", "))]
    MissingScopes(Vec<String>),
    #[error("the source refused the credentials: {0}")]
    Unauthorized(String),
    #[error("the account may not do this: {0}")]
    Forbidden(String),
    #[error("the source does not know it, or not for this account: {0}")]
    NotFound(String),
    #[error("the source rejected the request: {0}")]
    Rejected(String),
    #[error("the day's request quota is used up: {0}")]
    QuotaExhausted(String),
    /// Not sent: our own count says that it would be too much.
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("the source is not available: {0}")]
    Unavailable(String),
    #[error("the source answered in a way it should not: {0}")]
    Unexpected(String),
    #[error("{0} is not asked: its files are delivered")]
    NotAsked(String),
    #[error("the source refuses its own download link: {0}")]
    LinkRefused(String),
    #[error("the download address is not allowed: {0}")]
    AddressRefused(String),
    #[error("a file cannot be written")]
    Disk(#[from] std::io::Error),
}

impl Error {
    /// How long to wait before trying again; none: trying again cannot help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) | Self::Disk(_) => Some(Duration::from_secs(5)),
            Self::QuotaExhausted(_) => Some(Duration::from_secs(3600)),
            Self::Denied(denied) => Some(denied.wait(chrono::Utc::now())),
            Self::SignedOut(_)
            | Self::MissingScopes(_)
            | Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::Rejected(_)
            | Self::Unexpected(_)
            | Self::NotAsked(_)
            | Self::LinkRefused(_)
            | Self::AddressRefused(_) => None,
        }
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut(_) => "signed_out",
            Self::MissingScopes(_) => "missing_scopes",
            Self::Unauthorized(_) => "source_unauthorized",
            Self::Forbidden(_) => "source_forbidden",
            Self::NotFound(_) => "source_not_found",
            Self::Rejected(_) => "source_rejected",
            Self::QuotaExhausted(_) => "source_quota",
            Self::Denied(denied) => denied.reason.as_str(),
            Self::Unavailable(_) => "source_unavailable",
            Self::Unexpected(_) => "source_unexpected",
            Self::NotAsked(_) => "source_not_asked",
            Self::LinkRefused(_) => "link_refused",
            Self::AddressRefused(_) => "address_refused",
            Self::Disk(_) => "disk",
        }
    }
}
