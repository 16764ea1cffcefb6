//! Replays of an org's data, for operators: finds the cell that has the org and passes the call on.
//!
//! Nothing of a replay is kept here but who asked for it. The cell's answer is the answer.

use ::http::{Method, StatusCode};
use contracts::replays::StartReplay;
use contracts::{CellId, Epoch, OrgId, ReplayId};
use serde_json::{Value, json};

use crate::audit::{self, Action, Actor, Entry};
use crate::cells::{self, Call, CallError, CellClient};
use crate::db::{self, GlobalDb, GlobalTx};
use crate::orgs::{self, OrgState};

pub mod http;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no org {0}")]
    UnknownOrg(String),
    #[error("the org {0} is still being set up")]
    NotReady(String),
    #[error("the org {0} could not be set up")]
    Failed(String),
    #[error("{cell}, which has the org {org}, does not answer")]
    CellSilent {
        org: String,
        cell: String,
        source: CallError,
    },
    /// Not the caller's mistake: it did nothing that a cell may refuse like this.
    #[error("{cell}, which has the org {org}, answered {status}")]
    CellConfused {
        org: String,
        cell: String,
        status: StatusCode,
    },
    #[error(transparent)]
    Org(orgs::Error),
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// What is asked of the cell.
#[derive(Debug)]
pub enum Ask {
    Start(ReplayId, StartReplay),
    List(Option<ReplayId>),
    Show(ReplayId),
    Cancel(ReplayId),
}

/// Where an org is.
struct Home {
    org: OrgId,
    epoch: Epoch,
    cell: CellId,
    /// For messages.
    names: (String, String),
    addr: std::net::SocketAddr,
}

/// The cell's answer. An operator is named in the log of acts before the cell hears of it: rather
/// an act too many in there than one that nobody knows of.
pub async fn ask(
    db: &GlobalDb,
    client: &CellClient,
    org: &str,
    ask: &Ask,
) -> Result<(StatusCode, Value), Error> {
    let mut tx = db.begin().await?;
    let home = fetch_home(&mut tx, org).await?;
    if let Some((action, details)) = act(ask) {
        let entry = Entry::new(action, Actor::Operator).org(home.org);
        audit::record(&mut tx, entry.details(details)).await?;
    }
    tx.commit().await?;
    let (slug, cell) = home.names.clone();
    let answer = client.pass_on(home.cell, home.addr, call(&home, ask)).await;
    let (status, body) = answer.map_err(|source| Error::CellSilent {
        org: slug.clone(),
        cell: cell.clone(),
        source,
    })?;
    let denied = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if denied || body.is_null() {
        return Err(Error::CellConfused {
            org: slug,
            cell,
            status,
        });
    }
    Ok((status, body))
}

async fn fetch_home(tx: &mut GlobalTx, org: &str) -> Result<Home, Error> {
    let place = match orgs::fetch_place(tx, org).await {
        Ok(place) => place,
        Err(orgs::Error::NotFound) => return Err(Error::UnknownOrg(org.to_owned())),
        Err(error) => return Err(Error::Org(error)),
    };
    match place.state {
        OrgState::Active => {}
        OrgState::Provisioning => return Err(Error::NotReady(place.slug)),
        OrgState::Failed => return Err(Error::Failed(place.slug)),
    }
    let (Some(cell), Some(epoch)) = (place.cell_id, place.epoch) else {
        return Err(Error::NotReady(place.slug));
    };
    let Some(found) = cells::find(tx, cell).await? else {
        return Err(Error::NotReady(place.slug));
    };
    Ok(Home {
        org: place.org_id,
        epoch,
        cell,
        names: (place.slug, found.name),
        addr: found.internal_addr,
    })
}

fn act(ask: &Ask) -> Option<(Action, Value)> {
    match ask {
        Ask::Start(id, wish) => Some((
            Action::ReplayStarted,
            json!({ "replay_id": id, "wish": wish }),
        )),
        Ask::Cancel(id) => Some((Action::ReplayCancelled, json!({ "replay_id": id }))),
        Ask::List(_) | Ask::Show(_) => None,
    }
}

fn call(home: &Home, ask: &Ask) -> Call {
    let (method, path) = match ask {
        Ask::Start(id, _) => (Method::PUT, format!("/replays/{id}")),
        Ask::List(_) => (Method::GET, "/replays".to_owned()),
        Ask::Show(id) => (Method::GET, format!("/replays/{id}")),
        Ask::Cancel(id) => (Method::POST, format!("/replays/{id}/cancel")),
    };
    let cursor = match ask {
        Ask::List(cursor) => cursor.map(|cursor| ("cursor", cursor.to_string())),
        _ => None,
    };
    let body = match ask {
        Ask::Start(_, wish) => Some(json!(wish)),
        _ => None,
    };
    Call {
        method,
        org: home.org,
        epoch: home.epoch,
        path,
        query: cursor.into_iter().collect(),
        body,
    }
}
