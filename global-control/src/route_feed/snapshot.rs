//! The signed snapshot: every route as of one number of the log, as bytes ready to store.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use contracts::routes::{RouteEntry, SNAPSHOT_FORMAT, SnapshotHeader, signed_text};
use service_kit::tokens::SigningKey;
use sha2::{Digest, Sha256};

use super::{Error, store};
use crate::db::GlobalDb;

const PAGE: i64 = 5_000;

/// The last snapshot made; it is right for as long as the log's number is the same.
#[derive(Default)]
pub(super) struct Snapshots {
    last: Mutex<Option<(i64, Bytes)>>,
    /// Of many routers that ask at once, one builds.
    building: Arc<tokio::sync::Mutex<()>>,
}

impl Snapshots {
    pub(super) async fn fetch(&self, db: &GlobalDb, key: &SigningKey) -> Result<Bytes, Error> {
        let _one_builds = self.building.lock().await;
        let mut tx = db.begin_snapshot().await?;
        let seq = store::fetch_extent(&mut tx).await?.seq;
        if let Some((_, bytes)) = self.last().filter(|(last, _)| *last == seq) {
            return Ok(bytes);
        }
        let mut body = Body::default();
        for cell in store::list_cells(&mut tx).await? {
            body.add(&cell)?;
        }
        let mut after = None;
        loop {
            let orgs = store::list_orgs(&mut tx, after, PAGE).await?;
            let Some(last) = orgs.last() else { break };
            after = Some(last.org);
            for org in orgs {
                body.add(&RouteEntry::Org(org))?;
            }
        }
        tx.commit().await?;
        let bytes = body.sign(seq, key)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((seq, bytes.clone()));
        Ok(bytes)
    }

    fn last(&self) -> Option<(i64, Bytes)> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[derive(Default)]
struct Body {
    lines: Vec<u8>,
    entries: u64,
}

impl Body {
    fn add(&mut self, entry: &RouteEntry) -> Result<(), Error> {
        serde_json::to_writer(&mut self.lines, entry).map_err(Error::Encode)?;
        self.lines.push(b'\n');
        self.entries += 1;
        Ok(())
    }

    fn sign(self, seq: i64, key: &SigningKey) -> Result<Bytes, Error> {
        let sha256 = hex::encode(Sha256::digest(&self.lines));
        let text = signed_text(SNAPSHOT_FORMAT, seq, self.entries, &sha256);
        let header = SnapshotHeader {
            format: SNAPSHOT_FORMAT,
            seq,
            entries: self.entries,
            sha256,
            signature: key.sign_bytes(text.as_bytes()),
        };
        let mut bytes = serde_json::to_vec(&header).map_err(Error::Encode)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.lines);
        Ok(bytes.into())
    }
}
