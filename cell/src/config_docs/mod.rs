//! Configuration, copied: pulled from global-control when it is there, used from the copy always.
//!
//! The platform's layer is kept once per cell, an org's layer among the org's rows (so it moves with
//! the org). `effective` lays one over the other.

use std::time::Duration;

use contracts::OrgId;
use contracts::config_docs::{ConfigBatch, ConfigDocument, Layer, overlay};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::global::GlobalControl;
use crate::orgs;
use crate::tenancy::{self, OrgDb, OrgTx};

mod store;

const PULL_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("an org's layer cannot be written while the org is moving")]
    OrgMoving,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// The document as it holds for the org of `tx`: the platform's layer with the org's laid over it.
pub async fn effective(tx: &mut OrgTx, name: &str) -> Result<Value, sqlx::Error> {
    let (platform, org) = store::find_layers(tx, name).await?;
    let platform = platform.unwrap_or(Value::Null);
    Ok(match org {
        Some(org) => overlay(&platform, &org),
        None => platform,
    })
}

/// The newest version this cell has stored.
pub async fn version(db: &OrgDb) -> Result<i64, Error> {
    let mut tx = db.begin_cell().await?;
    let version = store::version(&mut tx).await?;
    tx.commit().await?;
    Ok(version)
}

/// Pulls until `shutdown`. A failure is news only when it begins and when it ends.
pub async fn keep(db: OrgDb, global: GlobalControl, shutdown: CancellationToken) {
    let mut reached = true;
    let mut ticks = tokio::time::interval(PULL_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match pull(&db, &global).await {
            Ok(()) if !reached => {
                tracing::info!("configuration is pulled again");
                reached = true;
            }
            Ok(()) => {}
            Err(error) if reached => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "working from the copy of the configuration"
                );
                reached = false;
            }
            Err(_) => {}
        }
    }
}

async fn pull(db: &OrgDb, global: &GlobalControl) -> anyhow::Result<()> {
    loop {
        let after = version(db).await?;
        let batch = global.fetch_config(after).await?;
        apply(db, &batch).await?;
        if version(db).await? >= batch.version || batch.documents.is_empty() {
            return Ok(());
        }
    }
}

/// Stores a batch. The cell's version rises only over documents that are stored, in order, so a
/// crash or a moving org means asking for the rest again.
pub async fn apply(db: &OrgDb, batch: &ConfigBatch) -> Result<(), Error> {
    for document in &batch.documents {
        match document.layer {
            Layer::Platform => {}
            Layer::Org { org } => store_org_layer(db, org, document).await?,
        }
        let mut tx = db.begin_cell().await?;
        if document.layer == Layer::Platform {
            store::put_platform(&mut tx, document).await?;
        }
        store::raise_version(&mut tx, document.version).await?;
        tx.commit().await?;
    }
    if batch.documents.is_empty() {
        let mut tx = db.begin_cell().await?;
        store::raise_version(&mut tx, batch.version).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn store_org_layer(db: &OrgDb, org: OrgId, document: &ConfigDocument) -> Result<(), Error> {
    // Not served here: whoever serves it gets the document too.
    let Some(scope) = orgs::find_scope(db, org).await? else {
        return Ok(());
    };
    let mut tx = match db.begin(&scope).await {
        Err(tenancy::Error::Fenced(_)) => return Err(Error::OrgMoving),
        begun => begun?,
    };
    store::put_org(&mut tx, document).await?;
    tx.commit().await?;
    Ok(())
}
