//! The only way to the global database: `GlobalDb::begin` gives the transaction that stores take.
//!
//! The pool is private, so nothing runs outside a transaction.

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Longer than this for a connection, and the request fails with "try again".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection used within this time is taken without asking whether it still works.
const TRUSTED: Duration = Duration::from_secs(5);
const MIGRATE_WAIT: Duration = Duration::from_secs(30);
const RETRY_PAUSE: Duration = Duration::from_millis(250);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    #[error("a query failed")]
    Query(#[source] sqlx::Error),
    #[error("a stored value cannot be read")]
    Stored(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the migrations failed")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("the database url is not valid")]
    Url(#[source] sqlx::Error),
}

impl Error {
    pub fn stored(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Stored(source.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let unreachable = matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
        ) || is_refused(&error);
        if unreachable {
            Self::Unavailable(error)
        } else {
            Self::Query(error)
        }
    }
}

/// Postgres is starting, stopping or out of connections (classes 57P and 53).
fn is_refused(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code.starts_with("57P") || code.starts_with("53"))
}

#[derive(Clone)]
pub struct GlobalDb {
    pool: PgPool,
}

impl GlobalDb {
    /// Connects when first used, so that a service starts before its database does.
    pub fn open(url: &SecretString, connections: u32) -> Result<Self, Error> {
        let options: PgConnectOptions = url.expose_secret().parse().map_err(Error::Url)?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(Duration::from_secs(60))
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    // One in busy use answers by itself; one that rested may be dead.
                    if known.idle_for > TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options.application_name("global-control"));
        Ok(Self { pool })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the method to use instead"
    )]
    pub async fn begin(&self) -> Result<GlobalTx, Error> {
        Ok(GlobalTx(self.pool.begin().await?))
    }

    /// Reads everything as of one instant.
    pub async fn begin_snapshot(&self) -> Result<GlobalTx, Error> {
        let begin = "begin isolation level repeatable read read only";
        Ok(GlobalTx(self.pool.begin_with(begin).await?))
    }

    pub async fn is_reachable(&self) -> bool {
        self.begin().await.is_ok()
    }

    /// Waits for the database, then applies what is missing.
    pub async fn migrate(&self) -> Result<(), Error> {
        let deadline = Instant::now() + MIGRATE_WAIT;
        while let Err(error) = self.begin().await {
            if !matches!(error, Error::Unavailable(_)) || Instant::now() > deadline {
                return Err(error);
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
        sqlx::migrate!("../migrations/global")
            .run(&self.pool)
            .await
            .map_err(Error::Migrate)
    }

    /// A counter that rises whenever something was committed on the channel, and after every
    /// reconnect, as notices are lost in between.
    pub fn watch(
        &self,
        channel: &'static str,
        shutdown: CancellationToken,
    ) -> watch::Receiver<u64> {
        let (sender, receiver) = watch::channel(0);
        let pool = self.pool.clone();
        tokio::spawn(async move {
            let listening = async {
                loop {
                    if let Err(error) = listen(&pool, channel, &sender).await {
                        tracing::warn!(error = %error, channel, "lost the listening connection");
                    }
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = listening => {}
            }
        });
        receiver
    }
}

async fn listen(
    pool: &PgPool,
    channel: &str,
    sender: &watch::Sender<u64>,
) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(channel).await?;
    loop {
        sender.send_modify(|count| *count += 1);
        listener.try_recv().await?;
    }
}

/// A transaction on the global database; rolled back unless committed.
pub struct GlobalTx(Transaction<'static, Postgres>);

impl GlobalTx {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.0.commit().await?)
    }
}
