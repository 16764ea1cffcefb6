//! `OrgDb` and the transactions it begins. An `OrgTx` that is dropped without `commit` is undone.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use contracts::OrgId;
use service_kit::config::HexKey;
use sqlx::PgConnection;

use super::context::Signer;
use super::pool::{DbSettings, Lease, Pool};
use super::{Error, OrgScope};

/// Longer than any transaction may last, so that only a stolen context ever expires.
const CONTEXT_LIFETIME_SECONDS: i64 = 15 * 60;

/// The cell's database, for one process. Cheap to clone.
#[derive(Clone)]
pub struct OrgDb(Arc<Inner>);

struct Inner {
    pool: Pool,
    signer: Signer,
}

impl OrgDb {
    /// Connects to nothing yet.
    pub fn new(settings: &DbSettings, context_key: &HexKey) -> Result<Self, Error> {
        Ok(Self(Arc::new(Inner {
            pool: Pool::new(settings)?,
            signer: Signer::new(context_key.bytes()),
        })))
    }

    /// A transaction that may write: it holds the org's shared lock until it ends.
    pub async fn begin(&self, scope: &OrgScope) -> Result<OrgTx, Error> {
        let mut lease = self.lease("begin").await?;
        let context = self.sign(scope, &lease);
        sqlx::query_scalar!(
            "select cell.enter($1, $2, $3)",
            scope.org().as_uuid(),
            scope.epoch().0,
            context,
        )
        .fetch_one(lease.connection())
        .await?;
        Ok(OrgTx {
            lease,
            scope: *scope,
        })
    }

    /// A transaction that only reads: it takes no lock and goes on while the org is frozen.
    pub async fn begin_read(&self, scope: &OrgScope) -> Result<OrgTx, Error> {
        let mut lease = self.lease("begin read only").await?;
        let context = self.sign(scope, &lease);
        sqlx::query_scalar!(
            "select cell.enter_read($1, $2, $3)",
            scope.org().as_uuid(),
            scope.epoch().0,
            context,
        )
        .fetch_one(lease.connection())
        .await?;
        Ok(OrgTx {
            lease,
            scope: *scope,
        })
    }

    /// A transaction about the cell itself. It has no org context, so tenant tables refuse it; it
    /// can call the functions of schema `cell` that the app role may call.
    pub async fn begin_cell(&self) -> Result<CellTx, Error> {
        let mut lease = self.lease("begin").await?;
        let context = self.0.signer.sign_cell(lease.pid(), expiry());
        sqlx::query_scalar!("select set_config('app.context', $1, true)", context)
            .fetch_one(lease.connection())
            .await?;
        Ok(CellTx { lease })
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        match self.begin_cell().await {
            Ok(tx) => tx.commit().await.is_ok(),
            Err(_) => false,
        }
    }

    /// A broken connection from before a restart of the server costs a new one, not an error.
    async fn lease(&self, statement: &'static str) -> Result<Lease, Error> {
        loop {
            let mut lease = self.0.pool.lease().await?;
            match lease.begin(statement).await {
                Ok(()) => return Ok(lease),
                Err(_) if lease.reused => {
                    lease.discard();
                    self.0.pool.forget_idle();
                }
                Err(error) => {
                    lease.discard();
                    return Err(error.into());
                }
            }
        }
    }

    fn sign(&self, scope: &OrgScope, lease: &Lease) -> String {
        self.0.signer.sign(scope, lease.pid(), expiry())
    }
}

fn expiry() -> i64 {
    chrono::Utc::now().timestamp() + CONTEXT_LIFETIME_SECONDS
}

/// A transaction that sees and writes the rows of one org. Dereferences to the connection:
/// `sqlx::query!(…).fetch_one(&mut **tx)`.
pub struct OrgTx {
    lease: Lease,
    scope: OrgScope,
}

impl OrgTx {
    pub const fn scope(&self) -> OrgScope {
        self.scope
    }

    pub const fn org(&self) -> OrgId {
        self.scope.org()
    }

    /// Who writes: no other open transaction of this database has the same slot.
    pub fn slot(&self) -> String {
        self.lease.slot()
    }

    /// An error here leaves open whether it was committed; an idempotency key settles it.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.lease.commit().await.map_err(Error::from)
    }

    pub async fn rollback(mut self) -> Result<(), Error> {
        self.lease.rollback().await.map_err(Error::from)
    }
}

impl Deref for OrgTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.lease.shared()
    }
}

impl DerefMut for OrgTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.lease.connection()
    }
}

/// A transaction of the cell, without any org.
pub struct CellTx {
    lease: Lease,
}

impl CellTx {
    pub async fn commit(mut self) -> Result<(), Error> {
        self.lease.commit().await.map_err(Error::from)
    }
}

impl Deref for CellTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.lease.shared()
    }
}

impl DerefMut for CellTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.lease.connection()
    }
}
