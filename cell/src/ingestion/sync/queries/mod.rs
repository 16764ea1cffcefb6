//! Our saved queries at a source: used again while they ask exactly what is wanted, replaced when
//! they do not, and the one before deleted only when its successor is there.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::run::Error;
use super::steps::Source;
use super::{Record, Sync};
use crate::ingestion::connector::{self, Repeat};
use crate::tenancy::OrgTx;

pub(crate) mod store;

/// A schedule is made anew long before it ends.
const LONGEST_LIFE: TimeDelta = TimeDelta::days(365);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The source runs it by itself each day.
    Scheduled,
    /// Run for whatever days are wanted.
    AdHoc,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::AdHoc => "ad_hoc",
        }
    }
}

/// A query in use, and the transaction that says so.
pub(super) struct Ensured {
    pub(super) query_id: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) tx: OrgTx,
}

/// A query that is about to be in use.
pub(super) struct NewQuery<'a> {
    pub(super) query_id: &'a str,
    pub(super) purpose: Purpose,
    pub(super) shape: &'a Value,
    pub(super) shape_hash: [u8; 32],
    pub(super) roster_hash: [u8; 32],
    pub(super) identity: Option<&'a str>,
}

/// The one in use if it is of the full shape and of the account that consents now, else a new one.
pub(super) async fn ensure(
    source: &Source<'_>,
    sync: &Sync,
    repeat: Option<Repeat>,
    resumed: bool,
) -> Result<Ensured, Error> {
    let session = source.session()?;
    let Record { spec, request, .. } = &sync.record;
    let purpose = match repeat {
        Some(_) => Purpose::Scheduled,
        None => Purpose::AdHoc,
    };
    let shape = session.query_shape(spec, request, repeat)?;
    let shape_hash = hash(shape.to_string().as_bytes());
    let identity = source.opened.account.as_deref();
    let (db, scope) = (&source.ingestion.db, &source.job.scope);
    let mut tx = db.begin(scope).await?;
    let known = store::find_in_use(&mut tx, sync, purpose).await?;
    let now = Utc::now();
    let fits = |known: &store::Known| {
        known.shape_hash == shape_hash
            && known.identity.as_deref() == identity
            && now - known.created_at < LONGEST_LIFE
    };
    if let Some(known) = known.filter(fits) {
        return Ok(Ensured {
            query_id: known.query_id,
            created_at: known.created_at,
            tx,
        });
    }
    tx.commit().await?;
    let title = title(sync, purpose, &shape_hash, now);
    let query_id = session.ensure_query(&title, &shape, resumed).await?;
    let mut tx = db.begin(scope).await?;
    let new = NewQuery {
        query_id: &query_id,
        purpose,
        shape: &shape,
        shape_hash,
        roster_hash: hash(request.advertiser_ids.join(",").as_bytes()),
        identity,
    };
    store::put_in_use(&mut tx, sync, &new).await?;
    Ok(Ensured {
        query_id,
        created_at: now,
        tx,
    })
}

/// The same for the same wish, so that a query whose answer was lost is found again.
fn title(sync: &Sync, purpose: Purpose, shape: &[u8; 32], now: DateTime<Utc>) -> String {
    let connection = sync.connection_id.to_string();
    let connection = connection.rsplit('-').next().unwrap_or_default();
    let shape = hex::encode(&shape[..6]);
    format!(
        "cellplane {} {} {connection} {shape} {}",
        sync.pipeline,
        purpose.as_str(),
        now.year()
    )
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let hash = digest(&SHA256, bytes);
    hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Deletes at the source what has been replaced and that no sync waits for. If this fails, a query
/// more is in the person's list until the next time.
pub(super) async fn tidy(source: &Source<'_>, sync: &Sync) -> Result<(), Error> {
    let (db, scope) = (&source.ingestion.db, &source.job.scope);
    let mut tx = db.begin_read(scope).await?;
    let retired = store::list_retired(&mut tx, sync.connection_id).await?;
    tx.commit().await?;
    for query in retired {
        // Another account's queries are out of reach, for good.
        let ours = query.identity == source.opened.account;
        if ours {
            match source.session()?.delete_query(&query.query_id).await {
                Ok(()) | Err(connector::Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut tx = db.begin(scope).await?;
        store::forget(&mut tx, sync.connection_id, &query.query_id).await?;
        tx.commit().await?;
    }
    Ok(())
}
