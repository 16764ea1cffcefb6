//! A write sent twice happens once: the key is claimed, and the answer kept, in the transaction of
//! the write itself. A second request with the same key waits for the first and repeats its answer.

use serde::Serialize;
use serde::de::DeserializeOwned;
use service_kit::idempotency::Key;
use service_kit::keys;

use crate::db::{self, GlobalTx};

mod store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the idempotency key was used for a different request")]
    Reused,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Fingerprints are keyed: a request may hold a password.
#[derive(Clone)]
pub struct Fingerprints([u8; 32]);

impl Fingerprints {
    pub fn new(master: &[u8; 32]) -> Self {
        Self(keys::derive(master, "idempotency", "global-control"))
    }

    fn of(&self, write: &Write<'_>, request: &impl Serialize) -> Result<Vec<u8>, Error> {
        let body = serde_json::to_vec(request).map_err(db::Error::stored)?;
        let text = [write.route.as_bytes(), b"\n", &body].concat();
        let tag = keys::hmac_hex(&self.0, &text);
        Ok(hex::decode(tag).map_err(db::Error::stored)?)
    }
}

/// What is being written, by whom.
pub struct Write<'a> {
    /// Keys of one scope never meet those of another: a user, or an e-mail that signs up.
    pub scope: String,
    /// Method and path.
    pub route: &'a str,
    pub key: &'a Key,
}

pub enum Begun<A> {
    First(Ticket),
    /// It has happened; this was the answer.
    Again(A),
}

/// The claimed key; `finish` keeps the answer with it.
#[must_use = "a claimed key without an answer refuses every repetition"]
pub struct Ticket {
    scope: String,
    key: String,
}

pub async fn begin<A: DeserializeOwned>(
    tx: &mut GlobalTx,
    fingerprints: &Fingerprints,
    write: Write<'_>,
    request: &impl Serialize,
) -> Result<Begun<A>, Error> {
    let fingerprint = fingerprints.of(&write, request)?;
    let key = write.key.as_str();
    if store::claim(tx, &write.scope, key, &fingerprint).await? {
        return Ok(Begun::First(Ticket {
            scope: write.scope,
            key: key.to_owned(),
        }));
    }
    let kept = store::find(tx, &write.scope, key).await?;
    match kept {
        Some(kept) if kept.fingerprint == fingerprint => {
            let answer = kept.answer.unwrap_or_default();
            let answer = serde_json::from_value(answer).map_err(db::Error::stored)?;
            Ok(Begun::Again(answer))
        }
        _ => Err(Error::Reused),
    }
}

pub async fn finish(
    tx: &mut GlobalTx,
    ticket: Ticket,
    answer: &impl Serialize,
) -> Result<(), Error> {
    let answer = serde_json::to_value(answer).map_err(db::Error::stored)?;
    Ok(store::keep(tx, &ticket.scope, &ticket.key, answer).await?)
}

/// Forgets keys older than a day. Returns how many.
pub async fn clean_up(tx: &mut GlobalTx) -> Result<u64, db::Error> {
    store::delete_old(tx).await
}
