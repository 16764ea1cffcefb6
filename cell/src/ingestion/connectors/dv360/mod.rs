//! Display & Video 360: consent, entities and the daily report, behind the `Connector` trait.
//!
//! Nothing outside this folder knows Google's words. Reading order: `oauth`, `client`
//! (what is sent and how), `display_video` and `bid_manager` (what for), `download`, `report`.

mod oauth;

mod client;

mod limiter;

mod display_video;

mod bid_manager;

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
use contracts::ConnectionId;
use contracts::quota::{PoolName, PoolNameError};
use secrecy::SecretString;
use url::Url;

use self::client::{Client, Registry};
use crate::config::Dv360 as Settings;
use crate::ingestion::budget::Leased;
pub use crate::ingestion::connector::{
    Advertiser, Connector, Downloaded, Error, FetchedEntities, FileError, Grant, Partner,
    ReadSummary, Remote, ReportRequest, ReportState, RowSink, Session,
};
use crate::ingestion::permit::Permit;
use crate::ingestion::pipelines::Spec;

const NAME: &str = "dv360";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest silence in the middle of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const DOWNLOAD_ATTEMPTS: u32 = 3;

/// What Google counts for all who use our project, so it is leased from the fleet's share.
pub fn leased(project: &str) -> Result<Leased, PoolNameError> {
    let api = client::Api::Reports.as_str();
    Ok(Leased {
        api,
        pool: PoolName::new("google", project, api)?,
    })
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
            settings: Arc::new(settings),
            registry: Registry::default(),
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

    async fn fetch_entities(&self, advertiser_id: &str) -> Result<FetchedEntities, Error> {
        let (entities, raw) = display_video::fetch_entities(&self.0, advertiser_id).await?;
        Ok(FetchedEntities { entities, raw })
    }

    async fn ensure_query(
        &self,
        spec: &Spec,
        request: &ReportRequest,
        resumed: bool,
    ) -> Result<String, Error> {
        bid_manager::ensure_query(&self.0, spec, request, resumed).await
    }

    async fn ensure_report(
        &self,
        query_id: &str,
        request: &ReportRequest,
        failed: &[String],
        resumed: bool,
    ) -> Result<String, Error> {
        bid_manager::ensure_report(&self.0, query_id, request, failed, resumed).await
    }

    async fn fetch_report(&self, query_id: &str, report_id: &str) -> Result<ReportState, Error> {
        bid_manager::fetch_state(&self.0, query_id, report_id).await
    }

    /// Each attempt asks for a fresh link, since a link that was refused has expired.
    async fn download(
        &self,
        query_id: &str,
        report_id: &str,
        to: &Path,
    ) -> Result<Downloaded, Error> {
        let mut attempt = 0;
        loop {
            let report = bid_manager::fetch_report(&self.0, query_id, report_id).await?;
            let address = report
                .address()
                .ok_or_else(|| Error::Unavailable("the report has no file any more".to_owned()))?;
            let url = download::check_address(address, &self.0.settings.download_hosts.0)?;
            match download::fetch(&self.0.http, &url, to).await {
                Err(Error::Unavailable(reason)) if attempt + 1 < DOWNLOAD_ATTEMPTS => {
                    tracing::warn!(error = %reason, "the download failed and is repeated");
                    tokio::time::sleep(client::backoff(attempt)).await;
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    async fn delete_query(&self, query_id: &str) -> Result<(), Error> {
        bid_manager::delete_query(&self.0, query_id).await
    }

    fn take_calls(&self) -> u64 {
        self.0.calls.swap(0, Ordering::Relaxed)
    }
}
