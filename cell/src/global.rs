//! The cell's calls to global-control: its heartbeat and its configuration. Nothing a request needs.

use std::time::Duration;

use contracts::CellId;
use contracts::config_docs::ConfigBatch;
use contracts::provisioning::CellHeartbeat;
use contracts::quota::{QuotaGrant, QuotaReport};
use service_kit::config::HexKey;
use service_kit::tokens;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::config::Config;
use crate::config_docs;
use crate::tenancy::{self, OrgDb};

mod load;

mod store;

const CALL_TIMEOUT: Duration = Duration::from_secs(5);
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("global-control did not take the call")]
    Call(#[from] reqwest::Error),
    #[error("the address of global-control is not usable")]
    Address(#[from] url::ParseError),
}

#[derive(Clone)]
pub struct GlobalControl {
    client: reqwest::Client,
    base: Url,
    cell: CellId,
    key: HexKey,
}

impl GlobalControl {
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            client: reqwest::Client::builder().timeout(CALL_TIMEOUT).build()?,
            base: config.global_control_url.clone(),
            cell: config.cell_id,
            key: config.control_key.clone(),
        })
    }

    /// Documents newer than `after`, oldest first.
    pub async fn fetch_config(&self, after: i64) -> Result<ConfigBatch, Error> {
        let mut url = self.url("config")?;
        url.query_pairs_mut()
            .append_pair("after", &after.to_string());
        let call = self.client.get(url).bearer_auth(self.token());
        Ok(call.send().await?.error_for_status()?.json().await?)
    }

    pub async fn send_heartbeat(&self, heartbeat: &CellHeartbeat) -> Result<(), Error> {
        let call = self.client.post(self.url("heartbeat")?);
        let call = call.bearer_auth(self.token()).json(heartbeat);
        call.send().await?.error_for_status()?;
        Ok(())
    }

    /// Says what this cell holds of a quota; hears what it may go on with.
    pub async fn send_quota(&self, report: &QuotaReport) -> Result<QuotaGrant, Error> {
        let call = self.client.post(self.url("quota")?);
        let call = call.bearer_auth(self.token()).json(report);
        Ok(call.send().await?.error_for_status()?.json().await?)
    }

    fn url(&self, what: &str) -> Result<Url, Error> {
        let path = format!("/internal/cells/{}/{what}", self.cell);
        Ok(self.base.join(&path)?)
    }

    fn token(&self) -> String {
        let issuer = self.cell.to_string();
        tokens::internal_token(&issuer, "global-control", self.key.bytes())
    }
}

/// Says "here I am, this is my load" every two seconds, heard or not.
pub async fn keep_heartbeat(db: OrgDb, global: GlobalControl, shutdown: CancellationToken) {
    let mut meter = load::ProcessMeter::new();
    let mut ticks = tokio::time::interval(HEARTBEAT_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let sent = async {
            let heartbeat = observe(&db, &mut meter).await?;
            global.send_heartbeat(&heartbeat).await?;
            anyhow::Ok(())
        };
        if let Err(error) = sent.await {
            tracing::debug!(error = format!("{error:#}"), "heartbeat not delivered");
        }
    }
}

async fn observe(db: &OrgDb, meter: &mut load::ProcessMeter) -> anyhow::Result<CellHeartbeat> {
    let load = observe_load(db).await?;
    let (cpu_milli, rss_bytes) = meter.observe();
    Ok(CellHeartbeat {
        version: service_kit::VERSION.to_owned(),
        orgs: u32::try_from(load.orgs).unwrap_or(u32::MAX),
        jobs_queued: u32::try_from(load.jobs_queued).unwrap_or(u32::MAX),
        cpu_milli,
        rss_bytes,
        config_version: config_docs::version(db).await?,
    })
}

pub(crate) struct Load {
    orgs: i64,
    jobs_queued: i64,
}

async fn observe_load(db: &OrgDb) -> Result<Load, tenancy::Error> {
    let mut tx = db.begin_cell().await?;
    let load = store::observe_load(&mut tx).await?;
    tx.commit().await?;
    Ok(load)
}
