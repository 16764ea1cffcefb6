//! A write that is sent twice happens once: its answer is stored in the transaction of its effect.
//!
//! A handler takes a [`Write`], begins it, and either gets a transaction to work in or the answer of
//! the first time. Finishing stores the answer, counts the call and commits, all in one.

use contracts::UserId;

use crate::metering::{Meter, Tally};
use crate::tenancy::{self, OrgDb, OrgScope, OrgTx};

pub mod http;

mod store;

/// How long an answer is kept.
pub const KEPT_HOURS: i32 = 24;

/// One intended write of one member.
#[derive(Debug, Clone)]
pub struct Write {
    pub scope: OrgScope,
    pub user: UserId,
    key: String,
    /// Method and path: the same key elsewhere is another write.
    request: String,
    body_hash: [u8; 32],
}

/// The first time, or again.
pub enum Begun {
    Fresh(WriteTx),
    Repeated(StoredAnswer),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// An [`OrgTx`] that ends with an answer. Dropped without `finish`, nothing has happened.
pub struct WriteTx {
    tx: OrgTx,
    write: Write,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the same write is under way")]
    InProgress,
    #[error("the key was used for another write")]
    Reused,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

impl Write {
    pub(crate) async fn begin_in(self, db: &OrgDb) -> Result<Begun, Error> {
        let mut tx = db.begin(&self.scope).await?;
        if !store::lock(&mut tx, &self).await? {
            return Err(Error::InProgress);
        }
        if store::claim(&mut tx, &self).await? {
            return Ok(Begun::Fresh(WriteTx { tx, write: self }));
        }
        let answer = store::fetch(&mut tx, &self).await?;
        tx.commit().await?;
        answer.map(Begun::Repeated).ok_or(Error::Reused)
    }
}

impl WriteTx {
    /// The transaction the effects belong in.
    pub const fn tx(&mut self) -> &mut OrgTx {
        &mut self.tx
    }

    /// Who asks for it.
    pub const fn user(&self) -> UserId {
        self.write.user
    }

    pub(crate) async fn finish_with(mut self, answer: &StoredAnswer) -> Result<(), Error> {
        store::answer(&mut self.tx, &self.write, answer).await?;
        let counted = Tally::of(Meter::ApiCalls, 1);
        crate::metering::store::add(&mut self.tx, &counted).await?;
        self.tx.commit().await?;
        Ok(())
    }
}
