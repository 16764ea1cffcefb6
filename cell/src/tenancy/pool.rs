//! A small pool of connections that knows each one's backend pid, which sqlx's own pool does not
//! tell and the signed context needs.
//!
//! Connections are opened when first wanted and closed after idling. One that was dropped in the
//! middle of something is cleaned in the background or thrown away, never lent as it is.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Postgres};
use sqlx_core::transaction::TransactionManager;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;

type Transactions = <Postgres as sqlx::Database>::TransactionManager;

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(2);
/// Idle connections cost the server memory; a busy process soon has them back.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
const MAX_AGE: Duration = Duration::from_secs(30 * 60);

/// How a process uses its database.
#[derive(Debug, Clone)]
pub struct DbSettings {
    pub url: String,
    /// Shown in `pg_stat_activity` and, with a number, as the ledger slot of each connection.
    pub name: &'static str,
    pub max_connections: u16,
    pub statement_timeout_ms: u64,
}

pub(super) struct Pool {
    options: PgConnectOptions,
    name: &'static str,
    permits: Arc<Semaphore>,
    shelf: Arc<Mutex<Shelf>>,
}

struct Shelf {
    /// The most recently used one last.
    idle: Vec<Idle>,
    free_slots: BTreeSet<u16>,
}

struct Idle {
    open: Open,
    since: Instant,
}

struct Open {
    connection: PgConnection,
    pid: i32,
    slot: u16,
    born: Instant,
}

/// A connection on loan, back on the shelf when dropped.
pub(super) struct Lease {
    open: Option<Open>,
    state: State,
    /// It was used before, so a failure may only mean that the server has restarted since.
    pub(super) reused: bool,
    name: &'static str,
    shelf: Arc<Mutex<Shelf>>,
    /// Goes back only when the connection has, so that there are never more than permits.
    permit: Option<OwnedSemaphorePermit>,
}

/// What is under way on a leased connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Clean,
    InTransaction,
    /// A beginning or an end was asked for and is not confirmed. Whoever gave up in that moment leaves
    /// a connection of which nobody knows, sqlx neither, whether it is in a transaction.
    Between,
}

impl Pool {
    pub(super) fn new(settings: &DbSettings) -> Result<Self, Error> {
        let options: PgConnectOptions = settings.url.parse()?;
        let statement_timeout = settings.statement_timeout_ms.to_string();
        let options = options
            .application_name(settings.name)
            .options([
                ("statement_timeout", statement_timeout.as_str()),
                ("lock_timeout", "10000"),
                ("idle_in_transaction_session_timeout", "60000"),
                ("default_transaction_isolation", "read committed"),
                ("jit", "off"),
            ])
            .disable_statement_logging();
        let max = settings.max_connections;
        Ok(Self {
            options,
            name: settings.name,
            permits: Arc::new(Semaphore::new(max.into())),
            shelf: Arc::new(Mutex::new(Shelf {
                idle: Vec::with_capacity(max.into()),
                free_slots: (0..max).collect(),
            })),
        })
    }

    pub(super) async fn lease(&self) -> Result<Lease, Error> {
        let permits = Arc::clone(&self.permits).acquire_owned();
        let permit = tokio::time::timeout(ACQUIRE_TIMEOUT, permits)
            .await
            .map_err(|_| Error::Busy)?
            .expect("the semaphore is never closed");
        let mut lease = Lease {
            open: None,
            state: State::Clean,
            reused: false,
            name: self.name,
            shelf: Arc::clone(&self.shelf),
            permit: Some(permit),
        };
        lease.open = self.shelf.lock().take();
        lease.reused = lease.open.is_some();
        if lease.open.is_none() {
            lease.open = Some(self.connect().await?);
        }
        Ok(lease)
    }

    /// Forgets all idle connections: one of them was found broken, so the rest will be too.
    pub(super) fn forget_idle(&self) {
        self.shelf.lock().prune(|_| false);
    }

    async fn connect(&self) -> Result<Open, Error> {
        let connecting = async {
            let mut connection = self.options.connect().await?;
            let pid = sqlx::query_scalar("select pg_backend_pid()")
                .fetch_one(&mut connection)
                .await?;
            Ok::<_, sqlx::Error>((connection, pid))
        };
        let (connection, pid) = tokio::time::timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(|_| Error::Busy)??;
        let slot = self.shelf.lock().free_slots.pop_first();
        Ok(Open {
            connection,
            pid,
            slot: slot.expect("there are as many slots as permits"),
            born: Instant::now(),
        })
    }
}

impl Shelf {
    fn take(&mut self) -> Option<Open> {
        self.prune(|idle| idle.since.elapsed() < IDLE_TIMEOUT);
        self.idle.pop().map(|idle| idle.open)
    }

    fn put(&mut self, open: Open) {
        if open.born.elapsed() > MAX_AGE {
            self.close(open);
        } else {
            let since = Instant::now();
            self.idle.push(Idle { open, since });
        }
        self.prune(|idle| idle.since.elapsed() < IDLE_TIMEOUT);
    }

    fn prune(&mut self, keep: impl Fn(&Idle) -> bool) {
        let (kept, closed): (Vec<_>, Vec<_>) = self.idle.drain(..).partition(|idle| keep(idle));
        self.idle = kept;
        for idle in closed {
            self.close(idle.open);
        }
    }

    fn close(&mut self, open: Open) {
        self.free_slots.insert(open.slot);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let closing = open.connection.close();
                let _ = tokio::time::timeout(CLEANUP_TIMEOUT, closing).await;
            });
        }
    }
}

impl Lease {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.open.as_mut().expect(HELD).connection
    }

    pub(super) fn shared(&self) -> &PgConnection {
        &self.open.as_ref().expect(HELD).connection
    }

    pub(super) fn pid(&self) -> i32 {
        self.open.as_ref().expect(HELD).pid
    }

    /// Names the connection among all of this database: two at work never have the same name.
    pub(super) fn slot(&self) -> String {
        format!("{}-{}", self.name, self.open.as_ref().expect(HELD).slot)
    }

    pub(super) async fn begin(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        self.state = State::Between;
        let statement = sqlx::SqlSafeStr::into_sql_str(statement);
        Transactions::begin(self.connection(), Some(statement)).await?;
        self.state = State::InTransaction;
        Ok(())
    }

    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.state = State::Between;
        Transactions::commit(self.connection()).await?;
        self.state = State::Clean;
        Ok(())
    }

    pub(super) async fn rollback(&mut self) -> Result<(), sqlx::Error> {
        self.state = State::Between;
        Transactions::rollback(self.connection()).await?;
        self.state = State::Clean;
        Ok(())
    }

    /// Gives the connection up for good.
    pub(super) fn discard(mut self) {
        if let Some(open) = self.open.take() {
            self.shelf.lock().close(open);
        }
    }
}

const HELD: &str = "a lease holds its connection until it is dropped";

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        match self.state {
            State::Clean => return self.shelf.lock().put(open),
            State::Between => return self.shelf.lock().close(open),
            State::InTransaction => {}
        }
        Transactions::start_rollback(&mut open.connection);
        let shelf = Arc::clone(&self.shelf);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            shelf.lock().free_slots.insert(open.slot);
            return;
        };
        let permit = self.permit.take();
        runtime.spawn(async move {
            let cleaned = tokio::time::timeout(CLEANUP_TIMEOUT, open.connection.ping()).await;
            let mut shelf = shelf.lock();
            match cleaned {
                Ok(Ok(())) => shelf.put(open),
                _ => shelf.close(open),
            }
            drop(shelf);
            drop(permit);
        });
    }
}
