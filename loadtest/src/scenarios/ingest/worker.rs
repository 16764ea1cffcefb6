//! The process whose time and memory count: it does what a worker does in a sync's last step.

use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use cell::config::Dv360 as Settings;
use cell::ingestion::bronze::{Bronze, Stored};
use cell::ingestion::connector::ReportRequest;
use cell::ingestion::connectors::dv360::Dv360;
use cell::ingestion::reading::pipeline_version;
use cell::ingestion::silver::facts::{
    self, File, Landed, Load, Loaded as Advertiser, Outcome, Scope,
};
use cell::tenancy::{DbSettings, OrgDb, OrgScope};
use contracts::Epoch;
use serde_json::json;
use service_kit::config::HexKey;
use uuid::Uuid;

use super::{CONTEXT_KEY, Loaded, Order, file};

pub(crate) async fn load(order: &str) -> Result<()> {
    let order: Order = serde_json::from_str(order).context("read the order")?;
    let settings = DbSettings {
        url: order.database.to_string(),
        name: "bench",
        max_connections: 1,
        statement_timeout_ms: 600_000,
    };
    let db = OrgDb::new(&settings, &HexKey::new(CONTEXT_KEY))?;
    let bronze = Bronze::open(&order.bronze)?;
    let started = Instant::now();
    let stored = bronze.put_file(order.org, &order.report).await?;
    let bronze_seconds = started.elapsed().as_secs_f64();
    if order.discard {
        std::fs::remove_file(&order.report).context("remove the report")?;
    }
    let started = Instant::now();
    let input = bronze.read(order.org, &stored.sha256).await?;
    let landed = load_from(&db, &order, stored, input).await?;
    let loaded = Loaded {
        bronze_seconds,
        seconds: started.elapsed().as_secs_f64(),
        bytes: stored.bytes,
        rows: landed.rows(),
        control_total: landed.summary.control_total,
        peak_mib: peak_mib()?,
    };
    println!("{}", serde_json::to_string(&loaded)?);
    Ok(())
}

async fn load_from(
    db: &OrgDb,
    order: &Order,
    stored: Stored,
    input: impl BufRead + Send + 'static,
) -> Result<Landed> {
    let spec = file::spec()?;
    let advertiser = |advertiser_id: String| -> Result<Advertiser> {
        Ok(Advertiser {
            advertiser_id,
            currency: "USD".parse()?,
            through: file::last_day(),
        })
    };
    let advertisers: Result<Vec<_>> = file::advertiser_ids().into_iter().map(advertiser).collect();
    let request = ReportRequest {
        partner_id: "995544".to_owned(),
        advertiser_ids: file::advertiser_ids(),
        start: file::first_day(),
        end: file::last_day(),
    };
    let load = Load {
        load_id: Uuid::now_v7(),
        table: spec.dataset,
        dataset: facts::dataset_name(&spec),
        dsp: "dv360".to_owned(),
        pipeline_version: pipeline_version(&spec, 0),
        bronze_id: order.bronze_id,
        sync_id: order.sync_id,
        scope: Scope::of(&request, advertisers?),
    };
    let file = File {
        connector: Arc::new(Dv360::new(nowhere()?)?),
        spec: Arc::new(spec),
        request,
        input,
        bytes: Some(stored.bytes),
    };
    let scope = OrgScope::vouched(order.org, Epoch::FIRST);
    let mut tx = db.begin(&scope).await?;
    let landed = match facts::load(&mut tx, file, &load).await? {
        Outcome::Loaded(landed) => landed,
        Outcome::Refused(refused) => bail!("the file was refused: {refused}"),
    };
    tx.commit().await?;
    Ok(*landed)
}

/// A source that nobody asks anything.
pub(crate) fn nowhere() -> Result<Settings> {
    let settings = serde_json::from_value(json!({
        "authorize_url": "http://127.0.0.1:1/",
        "token_url": "http://127.0.0.1:1/",
        "revoke_url": "http://127.0.0.1:1/",
        "bid_manager_url": "http://127.0.0.1:1/",
        "display_video_url": "http://127.0.0.1:1/",
        "client_id": "",
        "client_secret": "",
        "download_hosts": "127.0.0.1",
        "redirect_url": "http://127.0.0.1:1/",
    }));
    settings.context("settings for a source that is not asked")
}

/// The most memory this process has held.
fn peak_mib() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("ask the kernel")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kib: f64 = kib.context("find the peak memory")?.trim().parse()?;
    Ok(kib / 1024.0)
}
