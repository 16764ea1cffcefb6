//! Display & Video 360: consent, entities and the daily report, behind the `Connector` trait.
//!
//! Nothing outside this folder knows Google's words. Reading order: `oauth`, `client`
//! (what is sent and how), `display_video`, `queries` and
//! `reports` (what for), `download`, `report`.

mod oauth;

mod client;

mod limiter;

mod display_video;

mod queries;

mod reports;

mod download;

mod report;

mod footer;

mod check;

pub(crate) use check::check;

mod names;

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::ConnectionId;
use contracts::quota::{PoolName, PoolNameError};
use secrecy::SecretString;
use url::Url;

use self::client::{Client, Registry};
use crate::config::Dv360 as Settings;
use crate::ingestion::budget::Leased;
pub use crate::ingestion::connector::{
    Advertiser, Connector, Downloaded, EntitiesRequest, EntityPages, Error, FileError, Grant,
    Partner, ReadSummary, Remote, Repeat, ReportRequest, ReportState, RowSink, SeenReport, Session,
};
use crate::ingestion::permit::Permit;
use crate::ingestion::pipelines::Spec;

const NAME: &str = "dv360";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest silence in the middle of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const DOWNLOAD_ATTEMPTS: u32 = 3;

/// What Google counts for all who use our project, so it is leased from the fleet's share.
pub fn leased(project: &str, settings: &Settings) -> Result<Vec<Leased>, PoolNameError> {
    let of = |api: client::Api| {
        Ok(Leased {
            api: api.as_str(),
            pool: PoolName::new("google", project, api.as_str())?,
            counted: api.counted(settings.entity_calls_per_minute),
        })
    };
    let mut apis = vec![client::Api::Reports];
    if settings.entity_calls_per_minute > 0 {
        apis.push(client::Api::Entities);
    }
    apis.into_iter().map(of).collect()
}

pub struct Dv360 {
    http: reqwest::Client,
    settings: Arc<Settings>,
    registry: Registry,
}

impl Dv360 {
    pub fn new(settings: Settings) -> Result<Self, Error> {
        // The HTTP client is made without a provider of its own.
        service_kit::install_crypto();
        let http = reqwest::Client::builder()
            .user_agent(concat!("cellplane/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(client::unavailable)?;
        Ok(Self {
            http,
            registry: Registry::default(),
            settings: Arc::new(settings),
        })
    }
}

#[async_trait]
impl Remote for Dv360 {
    fn authorize_url(&self, state: &str, challenge: &str) -> Url {
        oauth::authorize_url(&self.settings, state, challenge)
    }

    async fn exchange_code(&self, code: &str, verifier: &str) -> Result<Grant, Error> {
        oauth::exchange_code(&self.http, &self.settings, code, verifier).await
    }

    fn forget(&self, connection: ConnectionId) {
        self.registry.forget(connection);
    }

    fn open(
        &self,
        connection: ConnectionId,
        refresh_token: SecretString,
        permit: Arc<dyn Permit>,
    ) -> Box<dyn Session> {
        Box::new(Open(Client {
            http: self.http.clone(),
            settings: Arc::clone(&self.settings),
            refresh_token,
            shared: self.registry.get(connection),
            permit,
            calls: AtomicU64::new(0),
        }))
    }

    fn read_entities(&self, input: Box<dyn BufRead + Send>) -> EntityPages {
        display_video::read::pages(input)
    }
}

impl Connector for Dv360 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn remote(&self) -> Option<&dyn Remote> {
        Some(self)
    }

    fn read_report(
        &self,
        input: &mut (dyn BufRead + Send),
        spec: &Spec,
        request: &ReportRequest,
        bytes: Option<u64>,
        sink: RowSink<'_>,
    ) -> Result<ReadSummary, FileError> {
        report::read(input, spec, request, bytes, sink)
    }
}

impl Client {
    /// A report in the trait's words. Its link stays here, for the download that follows.
    fn note(&self, query_id: &str, report: &reports::Report) -> Result<SeenReport, Error> {
        let seen = report.seen()?;
        if let Some(address) = report.address() {
            self.keep_link(query_id, &seen.report_id, address);
        }
        Ok(seen)
    }

    async fn fresh_link(&self, query_id: &str, report_id: &str) -> Result<String, Error> {
        let report = reports::fetch(self, query_id, report_id).await?;
        let address = report.address().map(str::to_owned);
        address.ok_or_else(|| Error::Unavailable("the report has no file any more".to_owned()))
    }
}

/// A connection in use.
struct Open(Client);

#[async_trait]
impl Session for Open {
    async fn list_partners(&self) -> Result<Vec<Partner>, Error> {
        display_video::list_partners(&self.0).await
    }

    async fn list_advertisers(&self, partner_id: &str) -> Result<Vec<Advertiser>, Error> {
        display_video::list_advertisers(&self.0, partner_id).await
    }

    async fn fetch_entities(&self, request: &EntitiesRequest, to: &Path) -> Result<(), Error> {
        display_video::fetch_entities(&self.0, request, to).await
    }

    fn query_shape(
        &self,
        spec: &Spec,
        request: &ReportRequest,
        repeat: Option<Repeat>,
    ) -> Result<serde_json::Value, Error> {
        queries::shape(spec, request, repeat)
    }

    async fn ensure_query(
        &self,
        title: &str,
        shape: &serde_json::Value,
        resumed: bool,
    ) -> Result<String, Error> {
        queries::ensure(&self.0, title, shape, resumed).await
    }

    async fn ensure_report(
        &self,
        query_id: &str,
        request: &ReportRequest,
        failed: &[String],
        made_since: Option<DateTime<Utc>>,
    ) -> Result<String, Error> {
        reports::ensure(&self.0, query_id, request, failed, made_since).await
    }

    async fn latest_reports(&self, query_id: &str) -> Result<Vec<SeenReport>, Error> {
        let reports = reports::latest(&self.0, query_id).await?;
        let seen = |one: &reports::Report| self.0.note(query_id, one);
        reports.iter().map(seen).collect()
    }

    async fn fetch_report(&self, query_id: &str, report_id: &str) -> Result<SeenReport, Error> {
        let report = reports::fetch(&self.0, query_id, report_id).await?;
        self.0.note(query_id, &report)
    }

    /// A link that was refused has expired, so the next attempt asks for a fresh one.
    async fn download(
        &self,
        query_id: &str,
        report_id: &str,
        to: &Path,
    ) -> Result<Downloaded, Error> {
        let mut partial = download::Partial::default();
        let mut attempt = 0;
        loop {
            let address = match self.0.take_link(query_id, report_id) {
                Some(address) => address,
                None => self.0.fresh_link(query_id, report_id).await?,
            };
            let url = download::check_address(&address, &self.0.settings.download_hosts.0)?;
            match download::fetch(&self.0.http, &url, to, &mut partial).await {
                Err(Error::Unavailable(reason) | Error::LinkRefused(reason))
                    if attempt + 1 < DOWNLOAD_ATTEMPTS =>
                {
                    tracing::warn!(error = %reason, "the download failed and is repeated");
                    tokio::time::sleep(client::backoff(attempt)).await;
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    async fn delete_query(&self, query_id: &str) -> Result<(), Error> {
        queries::delete(&self.0, query_id).await
    }

    fn take_calls(&self) -> u64 {
        self.0.calls.swap(0, Ordering::Relaxed)
    }
}
