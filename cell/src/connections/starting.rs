//! How syncs come to be. Whatever asks for one, a person, a schedule, a choice, a switch or a new
//! consent, goes through here, so that each pipeline that is on is asked for in the same way.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{ConnectionId, UserId};

use super::{Choice, Connection, ConnectionState, Error, store};
use crate::ingestion::pipelines::spec::Dataset;
use crate::ingestion::pipelines::{self, Effective, Spec};
use crate::ingestion::silver;
use crate::ingestion::sync::plan::{Chosen, Wish};
use crate::ingestion::sync::{self, Kind, Starter, Sync};
use crate::tenancy::OrgTx;

/// A sync that is wanted of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    pub pipeline: &'a str,
    pub kind: Kind,
    /// Both ends inclusive; none: what the kind is about.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// Somebody waits for it.
    pub watched: bool,
    pub starter: Starter,
}

impl Start<'static> {
    /// Of the line items' days, for somebody who waits.
    pub const fn watched(kind: Kind, user_id: UserId) -> Self {
        Self {
            pipeline: sync::FIRST_PIPELINE,
            kind,
            range: None,
            watched: true,
            starter: Starter::Person { user_id },
        }
    }
}

/// Whose data is wanted of a connection, and by which pipeline.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) partner_id: String,
    pub(crate) spec: Spec,
    pub(crate) layer_version: u32,
    pub(crate) chosen: Vec<Chosen>,
}

/// What a sync of the pipeline would be about, if the connection is ready for one.
pub(crate) async fn wanted(
    tx: &mut OrgTx,
    id: ConnectionId,
    pipeline: &str,
) -> Result<Wanted, Error> {
    let connection = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    let partner_id = match (connection.partner, connection.state) {
        (Some((partner_id, _)), ConnectionState::Active) => partner_id,
        _ => return Err(Error::NotReady),
    };
    let found = pipelines::find_effective(tx, pipeline).await?;
    let found = found.filter(|one| one.spec.connector() == connection.connector);
    let Effective {
        spec,
        layer_version,
        ..
    } = found.ok_or_else(|| Error::NoPipeline(pipeline.to_owned()))?;
    let chosen = store::list_chosen(tx, id, spec.dsp(), spec.dataset_key()).await?;
    Ok(Wanted {
        partner_id,
        spec,
        layer_version,
        chosen,
    })
}

/// Starts a sync of everything that is chosen.
pub async fn start_sync(
    tx: &mut OrgTx,
    id: ConnectionId,
    start: Start<'_>,
    now: DateTime<Utc>,
) -> Result<Sync, Error> {
    let wanted = wanted(tx, id, start.pipeline).await?;
    start_wanted(tx, id, &wanted, start, now).await
}

pub(crate) async fn start_wanted(
    tx: &mut OrgTx,
    id: ConnectionId,
    wanted: &Wanted,
    start: Start<'_>,
    now: DateTime<Utc>,
) -> Result<Sync, Error> {
    let wish = Wish {
        spec: &wanted.spec,
        layer_version: wanted.layer_version,
        kind: start.kind,
        partner_id: &wanted.partner_id,
        chosen: &wanted.chosen,
        range: start.range,
        watched: start.watched,
    };
    let started = sync::start(tx, id, &wish, start.starter, now).await?;
    started.ok_or(Error::NotReady)
}

/// Why pipelines begin on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Chosen,
    SwitchedOn,
    ConsentedAgain,
}

impl Cause {
    /// `first`: of several pipelines that begin together the one that is shown to whoever waits.
    fn start(self, spec: &Spec, user_id: UserId, first: bool) -> Start<'_> {
        let person = Starter::Person { user_id };
        let (kind, watched, starter) = match self {
            Self::Chosen => (Kind::Backfill, first, person),
            Self::SwitchedOn => (Kind::Backfill, false, person),
            // What may still change, and whatever was missed since, without waiting for a morning.
            Self::ConsentedAgain => (Kind::Daily, true, Starter::Consent { user_id }),
        };
        Start {
            pipeline: &spec.pipeline,
            kind,
            range: None,
            watched,
            starter,
        }
    }
}

/// What the cause is about now, and each morning from tomorrow on. None: the connection is paused, and
/// the next consent starts what was missed.
async fn begin(
    tx: &mut OrgTx,
    id: ConnectionId,
    start: Start<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Sync>, Error> {
    let wanted = match wanted(tx, id, start.pipeline).await {
        Ok(wanted) => Some(wanted),
        Err(Error::NotReady) => None,
        Err(error) => return Err(error),
    };
    sync::schedule_daily(tx, id, start.pipeline, wanted.as_ref(), now).await?;
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    start_wanted(tx, id, &wanted, start, now).await.map(Some)
}

/// Every pipeline that is on, the line items' days first: people wait for those.
pub(super) async fn begin_all(
    tx: &mut OrgTx,
    connection: &Connection,
    (cause, user): (Cause, UserId),
    now: DateTime<Utc>,
) -> Result<Vec<Sync>, Error> {
    let mut started = Vec::new();
    if connection.partner.is_none() {
        return Ok(started);
    }
    let mut enabled = pipelines::list_enabled(tx, &connection.connector).await?;
    enabled.sort_by_key(|one| one.spec.dataset != Dataset::LineItemDays);
    for one in enabled {
        let start = cause.start(&one.spec, user, started.is_empty());
        started.extend(begin(tx, connection.connection_id, start, now).await?);
    }
    Ok(started)
}

/// Keeps the choice, starts the backfills and the daily schedules; returns the sync to watch.
pub async fn choose(
    tx: &mut OrgTx,
    id: ConnectionId,
    choice: &Choice,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Sync, Error> {
    let dsp = store::set_choice(tx, id, &choice.partner, &choice.advertisers).await?;
    let dsp = dsp.ok_or(Error::NotFound)?;
    silver::store::upsert_advertisers(tx, &dsp, &choice.advertisers).await?;
    if pipelines::list_enabled(tx, &dsp).await?.is_empty() {
        return Err(Error::NothingOn);
    }
    let connection = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    let started = begin_all(tx, &connection, (Cause::Chosen, user), now).await?;
    started.into_iter().next().ok_or(Error::NotReady)
}

/// Has a pipeline that was switched on run on every connection of its kind of source.
pub(crate) async fn provision(
    tx: &mut OrgTx,
    spec: &Spec,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for connection in store::list(tx, None).await? {
        // Without a choice there is nothing to ask for: files are delivered, or it is not set up.
        if connection.connector == spec.connector() && connection.partner.is_some() {
            let start = Cause::SwitchedOn.start(spec, user, false);
            begin(tx, connection.connection_id, start, now).await?;
        }
    }
    Ok(())
}
