//! Keeps the route table fresh from global-control, and the last good snapshot on disk.
//!
//! Nothing on a request's path waits for anything here: when the feed is lost, requests go on from
//! the table in memory, of any age, while this keeps trying to reconnect.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use contracts::RouterId;
use contracts::routes::{RouteAck, RouteEntry, RouteUpdate};
use reqwest::{Client, Response, StatusCode};
use service_kit::supervise;
use service_kit::tokens::{VerifyingKeys, internal_token};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::hold::Holds;
use crate::metrics::Metrics;
use crate::route_table::{EdgeKeys, GLOBAL_CONTROL, RouteTable, Routes};
use crate::snapshot::{self, Snapshot};

/// global-control sends at least a heartbeat every 2 s.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(6);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// An acknowledgement also renews the lease, so it is repeated when there is nothing new.
const LEASE_RENEWAL: Duration = Duration::from_secs(2);
/// At most one snapshot a second is fetched to keep the file up to date.
const PERSIST_INTERVAL: Duration = Duration::from_secs(1);
/// Longer than any update; a peer that never ends its line is not the feed.
const MAX_LINE_BYTES: usize = 64 * 1024;
const BACKOFF_BASE_MS: u64 = 100;
const BACKOFF_MAX_MS: u64 = 3_000;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the request to global-control failed")]
    Http(#[from] reqwest::Error),
    #[error("global-control answered {0}")]
    Status(StatusCode),
    #[error("the feed no longer has what comes after our last update")]
    Gone,
    #[error("an update is missing: had {had}, got {got}")]
    Gap { had: i64, got: i64 },
    #[error("a line of the feed is malformed")]
    Line(#[source] serde_json::Error),
    #[error("a line of the feed does not end")]
    LongLine,
    #[error("the feed ended")]
    Ended,
    #[error("the snapshot was refused")]
    Snapshot(#[from] snapshot::Error),
    #[error("a worker of this process ended early")]
    Worker(#[from] tokio::task::JoinError),
}

pub(crate) struct RouteFeed {
    base: String,
    router: RouterId,
    control_key: [u8; 32],
    trusted: VerifyingKeys,
    edge_keys: EdgeKeys,
    path: PathBuf,
    client: Client,
    routes: Arc<Routes>,
    metrics: Arc<Metrics>,
    holds: Arc<Holds>,
    applied: watch::Sender<i64>,
    /// What the file on disk contains.
    stored: AtomicI64,
}

impl RouteFeed {
    pub(crate) fn new(
        config: &Config,
        edge_keys: EdgeKeys,
        routes: Arc<Routes>,
        metrics: Arc<Metrics>,
        holds: Arc<Holds>,
    ) -> Result<Self, Error> {
        let client = Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            .build()?;
        let base = config.feed_url.trim_end_matches('/');
        Ok(Self {
            base: format!("{base}/internal/route-feed"),
            router: config.router_id,
            control_key: *config.control_key.bytes(),
            trusted: VerifyingKeys::new(config.snapshot_public_keys.0.clone()),
            edge_keys,
            path: config.snapshot_path.clone(),
            client,
            routes,
            metrics,
            holds,
            applied: watch::Sender::new(0),
            stored: AtomicI64::new(0),
        })
    }

    /// Fills the table from disk, so that requests are served before anybody is asked.
    pub(crate) fn start_from_disk(&self) {
        let read = |found: &Snapshot<'_>| RouteTable::read(found, &self.edge_keys);
        match snapshot::load(&self.path, &self.trusted, read) {
            Some(table) => {
                let seq = table.seq().unwrap_or(0);
                self.stored.store(seq, Ordering::Relaxed);
                self.install(table);
                tracing::info!(seq, "serving from the snapshot on disk");
            }
            None => tracing::info!(
                file = %self.path.display(),
                "no usable route snapshot on disk; waiting for the route feed"
            ),
        }
    }

    /// Follows the feed until the process stops.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut attempt = 0;
        loop {
            let mut heard = false;
            let error = tokio::select! {
                () = shutdown.cancelled() => return,
                error = self.follow(&mut heard) => error,
            };
            self.metrics.feed_reconnects.inc();
            attempt = if heard { 0 } else { attempt + 1 };
            // Once per loss: it may last for a day.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            if attempt <= 1 {
                tracing::warn!(%error, cause, "without the route feed; serving from memory");
            } else {
                tracing::debug!(%error, cause, attempt, "still without the route feed");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = sleep(supervise::backoff(attempt, BACKOFF_BASE_MS, BACKOFF_MAX_MS)) => {}
            }
        }
    }

    /// One connection, from catching up to the reason why it ended.
    async fn follow(&self, heard: &mut bool) -> Error {
        let result = async {
            let seq = match self.routes.load().seq() {
                Some(seq) => seq,
                None => self.resync().await?,
            };
            match self.open_stream(seq).await {
                Err(Error::Gone) => {
                    let seq = self.resync().await?;
                    self.open_stream(seq).await
                }
                opened => opened,
            }
        };
        let stream = match result.await {
            Ok(stream) => stream,
            Err(error) => return error,
        };
        tracing::info!(seq = self.routes.load().seq(), "following the route feed");
        tokio::select! {
            error = self.read(stream, heard) => error,
            error = self.acknowledge() => error,
            error = self.keep_on_disk() => error,
        }
    }

    async fn open_stream(&self, after: i64) -> Result<Response, Error> {
        let path = format!("stream?after={after}&router={}", self.router);
        self.get(&path).await
    }

    async fn get(&self, path: &str) -> Result<Response, Error> {
        let url = format!("{}/{path}", self.base);
        let response = self
            .client
            .get(url)
            .bearer_auth(self.token())
            .send()
            .await?;
        accept(response)
    }

    fn token(&self) -> String {
        internal_token(&self.router.to_string(), GLOBAL_CONTROL, &self.control_key)
    }

    /// Takes whole lines as they come and applies all that came together as one change.
    async fn read(&self, mut stream: Response, heard: &mut bool) -> Error {
        let mut pending = Vec::new();
        loop {
            match stream.chunk().await {
                Ok(Some(chunk)) => pending.extend_from_slice(&chunk),
                Ok(None) => return Error::Ended,
                Err(error) => return error.into(),
            }
            let whole = pending.iter().rposition(|byte| *byte == b'\n');
            let lines: Vec<u8> = pending.drain(..whole.map_or(0, |end| end + 1)).collect();
            if pending.len() > MAX_LINE_BYTES {
                return Error::LongLine;
            }
            self.metrics.feed_heard();
            *heard |= !lines.is_empty();
            match self.apply(&lines).await {
                Ok(()) => {}
                Err(Error::Gap { had, got }) => {
                    tracing::warn!(had, got, "the route feed skipped an update");
                    // The next connection continues after the snapshot.
                    return match self.resync().await {
                        Ok(_) => Error::Gap { had, got },
                        Err(error) => error,
                    };
                }
                Err(error) => return error,
            }
        }
    }

    /// Either all of it is in order and applied, or nothing is.
    async fn apply(&self, lines: &[u8]) -> Result<(), Error> {
        let table = self.routes.load();
        let entries = consecutive(lines, table.seq().unwrap_or(0))?;
        let Some((seq, _)) = entries.last() else {
            return Ok(());
        };
        let (seq, keys) = (*seq, self.edge_keys.clone());
        // Now and then this copies the whole table, and requests run on these threads.
        let next = tokio::task::spawn_blocking(move || {
            table.with(seq, entries.iter().map(|(_, entry)| entry), &keys)
        });
        self.install(next.await?);
        Ok(())
    }

    fn install(&self, table: RouteTable) {
        self.metrics.table(&table);
        let seq = table.seq().unwrap_or(0);
        self.routes.swap(table);
        self.holds.follow(&self.routes.load());
        self.applied.send_replace(seq);
    }

    /// Replaces the table by the whole snapshot.
    async fn resync(&self) -> Result<i64, Error> {
        self.metrics.feed_resyncs.inc();
        let fetched = self.get("snapshot").await?.bytes().await?;
        let (trusted, keys) = (self.trusted.clone(), self.edge_keys.clone());
        // Checking and building take long with many orgs, and requests run on these threads.
        let (table, fetched) = tokio::task::spawn_blocking(move || {
            let table = RouteTable::read(&Snapshot::check(&fetched, &trusted)?, &keys)?;
            Ok::<_, Error>((table, fetched))
        })
        .await??;
        let seq = table.seq().unwrap_or(0);
        self.install(table);
        tracing::info!(seq, "took over the whole route snapshot");
        if let Err(error) = self.store(seq, fetched).await {
            warn_not_stored(&error);
        }
        Ok(seq)
    }

    /// Says what is applied, at once and then as often as the lease needs it.
    async fn acknowledge(&self) -> Error {
        let mut applied = self.applied.subscribe();
        loop {
            let seq = *applied.borrow_and_update();
            let ack = RouteAck {
                router: self.router,
                seq,
            };
            let sent = self
                .client
                .post(format!("{}/ack", self.base))
                .bearer_auth(self.token())
                .json(&ack)
                .timeout(SILENCE_TIMEOUT)
                .send()
                .await;
            if let Err(error) = sent.map_err(Error::from).and_then(accept) {
                return error;
            }
            // Nothing new in time is as good a reason to say it again as something new.
            drop(timeout(LEASE_RENEWAL, applied.changed()).await);
        }
    }

    /// Ends only with the connection: a full disk must not stop the feed.
    async fn keep_on_disk(&self) -> Error {
        let mut applied = self.applied.subscribe();
        loop {
            let behind = |seq: &i64| *seq > self.stored.load(Ordering::Relaxed);
            if applied.wait_for(behind).await.is_err() {
                return Error::Ended;
            }
            if let Err(error) = self.persist().await {
                warn_not_stored(&error);
            }
            sleep(PERSIST_INTERVAL).await;
        }
    }

    /// What goes to disk is the snapshot as it was signed, not our idea of it.
    async fn persist(&self) -> Result<(), Error> {
        let fetched = self.get("snapshot").await?.bytes().await?;
        let trusted = self.trusted.clone();
        let (seq, fetched) = tokio::task::spawn_blocking(move || {
            let seq = Snapshot::check(&fetched, &trusted)?.seq;
            Ok::<_, Error>((seq, fetched))
        })
        .await??;
        self.store(seq, fetched).await
    }

    async fn store(&self, seq: i64, bytes: bytes::Bytes) -> Result<(), Error> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || snapshot::store(&path, &bytes)).await??;
        self.stored.store(seq, Ordering::Relaxed);
        Ok(())
    }
}

fn warn_not_stored(error: &Error) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(%error, cause, "could not keep the route snapshot on disk");
}

fn accept(response: Response) -> Result<Response, Error> {
    match response.status() {
        status if status.is_success() => Ok(response),
        StatusCode::GONE => Err(Error::Gone),
        status => Err(Error::Status(status)),
    }
}

/// The entries of whole lines, each with its number, if they continue `seq` without a gap.
/// A heartbeat repeats the newest number, so it uncovers a missing update too.
fn consecutive(lines: &[u8], mut seq: i64) -> Result<Vec<(i64, RouteEntry)>, Error> {
    let mut entries = Vec::new();
    for line in lines.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            continue;
        }
        let update: RouteUpdate = serde_json::from_slice(line).map_err(Error::Line)?;
        match update.entry {
            _ if update.seq <= seq => {}
            Some(entry) if update.seq == seq + 1 => {
                seq = update.seq;
                entries.push((seq, entry));
            }
            Some(_) | None => {
                return Err(Error::Gap {
                    had: seq,
                    got: update.seq,
                });
            }
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;
