//! Configuration and metadata: versioned documents in layers (platform, org), with history.
//!
//! Every version is kept. Cells fetch what comes after the last version they have and work from
//! their copy, so this service may be away.

use chrono::{DateTime, Utc};
use contracts::config_docs::{ConfigBatch, ConfigDocument, Layer};
use contracts::{CellId, OrgId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, Action, Actor, Entry};
use crate::db::{self, GlobalTx};
use crate::orgs::{self, OrgState};

pub mod http;

mod schema;

mod store;

pub use schema::SchemaError;

const BATCH: i64 = 500;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("there is no such active org")]
    OrgNotFound,
    #[error("the document has changed meanwhile")]
    Changed,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// A new version of a document. `value: null` takes an org's layer away.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    pub org: Option<OrgId>,
    pub value: Value,
    /// Write only if this is still the version in force (0: there is none).
    pub if_version: Option<i64>,
}

/// A version as kept.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    #[serde(flatten)]
    pub document: ConfigDocument,
    pub author: String,
    pub created_at: DateTime<Utc>,
}

pub async fn put(
    tx: &mut GlobalTx,
    name: &str,
    new: &NewVersion,
    author: &str,
) -> Result<Kept, Error> {
    schema::check(name, &new.value, new.org.is_some())?;
    if let Some(org) = new.org
        && orgs::find_state(tx, org).await? != Some(OrgState::Active)
    {
        return Err(Error::OrgNotFound);
    }
    // The counter is locked first, so the version compared is still the last when ours is written.
    let version = store::next_version(tx).await?;
    let current = store::find_head_version(tx, name, new.org).await?;
    if new
        .if_version
        .is_some_and(|seen| seen != current.unwrap_or(0))
    {
        return Err(Error::Changed);
    }
    let created_at = store::insert(tx, version, name, new, author).await?;
    let entry = Entry::new(Action::ConfigChanged, Actor::Operator)
        .details(json!({ "name": name, "version": version, "org": new.org }));
    audit::record(tx, entry).await?;
    Ok(Kept {
        document: ConfigDocument {
            version,
            name: name.to_owned(),
            layer: layer(new.org),
            value: new.value.clone(),
        },
        author: author.to_owned(),
        created_at,
    })
}

/// The documents in force.
pub async fn list_heads(tx: &mut GlobalTx) -> Result<Vec<Kept>, Error> {
    Ok(store::list_heads(tx).await?)
}

/// Every version of one document in one layer, newest first.
pub async fn list_history(
    tx: &mut GlobalTx,
    name: &str,
    org: Option<OrgId>,
) -> Result<Vec<Kept>, Error> {
    Ok(store::list_history(tx, name, org).await?)
}

/// What a cell has not seen: the platform's documents and those of its own orgs.
pub async fn fetch_batch(
    tx: &mut GlobalTx,
    cell: CellId,
    after: i64,
) -> Result<ConfigBatch, Error> {
    let newest = store::fetch_version(tx).await?;
    let documents = store::list_for_cell(tx, cell, after, BATCH).await?;
    let full = i64::try_from(documents.len()).is_ok_and(|count| count == BATCH);
    let last = documents.last().filter(|_| full);
    let version = last.map_or(newest, |document| document.version);
    Ok(ConfigBatch { documents, version })
}

fn layer(org: Option<OrgId>) -> Layer {
    org.map_or(Layer::Platform, |org| Layer::Org { org })
}
