//! Entities in silver: what is so now in typed tables, what was so before as versions.
//!
//! History is a function of bronze: every file taken in is noted in order, and taking them all in
//! again gives the same rows. Nothing is deleted. What the source shows no longer is marked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use contracts::BronzeId;

use crate::ingestion::connector::{
    self, EntitiesRequest, Entity, EntityKind, EntityPage, EntityPages,
};
use crate::ingestion::{Ingestion, bronze};
use crate::tenancy::{self, OrgScope, OrgTx};

mod current;

pub(crate) mod http;

mod store;

/// Raised when the same bytes would give other rows.
const CODE: i32 = 1;
/// Changes do not tell what has vanished, so everything is asked for this often.
const FULL_EVERY: TimeDelta = TimeDelta::days(7);
/// A change may show up later than one that was made after it.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Source(#[from] connector::Error),
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// A file of entities on its way into silver.
#[derive(Debug, Clone)]
pub(crate) struct EntityLoad<'a> {
    pub(crate) dsp: &'a str,
    pub(crate) request: &'a EntitiesRequest,
    pub(crate) bronze_id: BronzeId,
    /// Just before the source was asked.
    pub(crate) observed_at: DateTime<Utc>,
}

impl EntityLoad<'_> {
    /// Whether all there is of this kind was asked for.
    fn whole(&self, kind: EntityKind) -> bool {
        !self.request.since.contains_key(&kind)
    }

    const fn look(&self) -> store::Look {
        store::Look {
            observed_at: self.observed_at,
            bronze_id: self.bronze_id,
        }
    }
}

/// Everything the first time and once a week, in between what has changed.
pub(crate) async fn plan(
    tx: &mut OrgTx,
    dsp: &str,
    (partner_id, advertiser_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<EntitiesRequest, sqlx::Error> {
    let last_full = store::find_last_full(tx, dsp, advertiser_id, CODE).await?;
    let since = if last_full.is_some_and(|at| now - at < FULL_EVERY) {
        store::list_latest_changes(tx, dsp, advertiser_id).await?
    } else {
        BTreeMap::new()
    };
    Ok(EntitiesRequest {
        partner_id: partner_id.to_owned(),
        advertiser_id: advertiser_id.to_owned(),
        since: since
            .into_iter()
            .filter(|(kind, _)| EntityKind::BELOW_ADVERTISER.contains(kind))
            .map(|(kind, at)| (kind, at - OVERLAP))
            .collect(),
    })
}

/// Takes a file in, page by page.
pub(crate) async fn load(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    pages: EntityPages,
) -> Result<(), Error> {
    let position = store::next_position(tx, load.dsp).await?;
    let entities = apply(tx, load, position, pages).await?;
    store::record(tx, load, position, CODE, entities).await?;
    Ok(())
}

/// `position`: where the file stands in the order in which files were taken in.
async fn apply(
    tx: &mut OrgTx,
    load: &EntityLoad<'_>,
    position: i64,
    pages: EntityPages,
) -> Result<usize, Error> {
    let mut seen: BTreeMap<EntityKind, BTreeSet<String>> = BTreeMap::new();
    let mut cut = BTreeSet::new();
    for page in pages {
        let page = page?;
        cut.extend(page.cut);
        for (kind, entities) in by_kind(page) {
            let ids: Vec<String> = entities.iter().map(|one| one.id.clone()).collect();
            store::apply_versions(tx, load, kind, &entities).await?;
            current::apply(tx, load, kind, &ids).await?;
            seen.entry(kind).or_default().extend(ids);
        }
    }
    for kind in EntityKind::BELOW_ADVERTISER {
        let (look, seen, at) = match store::find_later_look(tx, load, kind, position).await? {
            // Of two connections that see one advertiser, the slower one brings what was so before.
            Some(later) => (later, Vec::new(), Some(load.observed_at)),
            None if load.whole(kind) && !cut.contains(&kind) => {
                let seen = seen.get(&kind).into_iter().flatten().cloned();
                (load.look(), seen.collect(), None)
            }
            // What an incomplete list lacks may still be there.
            None => continue,
        };
        store::end_vanished(tx, load, kind, look, (&seen, at)).await?;
        current::mark_vanished(tx, load, kind, look.observed_at).await?;
    }
    Ok(seen.values().map(BTreeSet::len).sum())
}

/// An entity that moved between two pages, or within one, counts as it was last seen.
fn by_kind(page: EntityPage) -> BTreeMap<EntityKind, Vec<Entity>> {
    let mut kinds: BTreeMap<EntityKind, BTreeMap<String, Entity>> = BTreeMap::new();
    for one in page.entities {
        let ids = kinds.entry(one.kind).or_default();
        ids.insert(one.id.clone(), one);
    }
    let flat = |(kind, ids): (_, BTreeMap<_, _>)| (kind, ids.into_values().collect());
    kinds.into_iter().map(flat).collect()
}

/// Makes an org's history again from bronze, in one transaction; it comes out the same.
pub async fn rebuild(ingestion: &Ingestion, scope: &OrgScope, dsp: &str) -> Result<(), Error> {
    let remote = ingestion.connectors.remote(dsp)?;
    let mut tx = ingestion.db.begin(scope).await?;
    store::next_position(&mut tx, dsp).await?;
    let loads = store::list_loads(&mut tx, dsp).await?;
    store::delete_versions(&mut tx, dsp).await?;
    for one in &loads {
        let bytes = ingestion.bronze.read(scope.org(), &one.sha256).await?;
        let load = EntityLoad {
            dsp,
            request: &one.request,
            bronze_id: one.bronze_id,
            observed_at: one.observed_at,
        };
        let pages = remote.read_entities(Box::new(bytes));
        apply(&mut tx, &load, one.position, pages).await?;
    }
    tx.commit().await?;
    Ok(())
}
