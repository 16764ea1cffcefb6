//! One reader of the log per process, many streams: the recent lines are kept in memory, a stream
//! that is further behind reads the log itself.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use contracts::routes::RouteUpdate;
use futures::Stream;
use futures::stream::unfold;
use prometheus_client::metrics::gauge::Gauge;
use service_kit::tokens::SigningKey;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::snapshot::Snapshots;
use super::{CHANNEL, Error, store};
use crate::db::GlobalDb;
use crate::metrics::Meters;

/// A stream without changes says so this often.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// The log is looked at this often even when no notice comes.
const REFRESH: Duration = Duration::from_secs(1);
const RECENT: usize = 4_096;
const PAGE: i64 = 1_000;

#[derive(Clone)]
pub struct Feed {
    inner: Arc<Inner>,
}

struct Inner {
    db: GlobalDb,
    recent: RwLock<Recent>,
    latest: watch::Sender<Option<i64>>,
    snapshots: Snapshots,
    seq: Gauge,
    streams: Gauge,
    shutdown: CancellationToken,
}

/// The last lines, with consecutive numbers that end at `last`.
#[derive(Default)]
struct Recent {
    lines: VecDeque<Bytes>,
    last: i64,
}

impl Recent {
    /// Everything after `after`, if it is all here.
    fn after(&self, after: i64) -> Option<Bytes> {
        let wanted = usize::try_from(self.last - after).ok()?;
        let start = self.lines.len().checked_sub(wanted)?;
        let mut text = BytesMut::new();
        for line in self.lines.range(start..) {
            text.extend_from_slice(line);
        }
        Some(text.freeze())
    }

    fn push(&mut self, seq: i64, line: Bytes) {
        if seq != self.last + 1 {
            self.lines.clear();
        }
        if self.lines.len() == RECENT {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
        self.last = seq;
    }
}

impl Feed {
    /// Starts the reader; it ends, like every stream, with `shutdown`.
    pub fn start(db: GlobalDb, meters: &Meters, shutdown: CancellationToken) -> Self {
        let feed = Self {
            inner: Arc::new(Inner {
                db,
                recent: RwLock::default(),
                latest: watch::channel(None).0,
                snapshots: Snapshots::default(),
                seq: meters.route_seq.clone(),
                streams: meters.route_streams.clone(),
                shutdown,
            }),
        };
        tokio::spawn(feed.clone().read_log());
        feed
    }

    pub async fn snapshot(&self, key: &SigningKey) -> Result<Bytes, Error> {
        self.inner.snapshots.fetch(&self.inner.db, key).await
    }

    /// Lines after `after` for ever, heartbeats in between.
    pub async fn stream(
        &self,
        after: i64,
    ) -> Result<impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static, Error> {
        let mut tx = self.inner.db.begin().await?;
        if !store::fetch_extent(&mut tx).await?.continues_after(after) {
            return Err(Error::Gap);
        }
        self.inner.streams.inc();
        let reader = Reader {
            inner: Arc::clone(&self.inner),
            latest: self.inner.latest.subscribe(),
            sent: after,
            greeted: false,
        };
        Ok(unfold(reader, |mut reader| async move {
            let bytes = reader.next().await?;
            Some((Ok(bytes), reader))
        }))
    }

    async fn read_log(self) {
        let shutdown = self.inner.shutdown.clone();
        let mut notices = self.inner.db.watch(CHANNEL, shutdown.clone());
        loop {
            if let Err(error) = self.inner.refresh().await {
                tracing::warn!(
                    error = service_kit::error::chain(&error),
                    "cannot read the route log"
                );
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = notices.changed() => {}
                () = tokio::time::sleep(REFRESH) => {}
            }
        }
    }
}

impl Inner {
    async fn refresh(&self) -> Result<(), Error> {
        loop {
            let mut tx = self.db.begin().await?;
            let extent = store::fetch_extent(&mut tx).await?;
            let known = *self.latest.borrow();
            // At the start, and after the database went back in time, begin at its end.
            let Some(known) = known.filter(|known| extent.continues_after(*known)) else {
                self.forget(extent.seq);
                return Ok(());
            };
            let updates = store::list_updates(&mut tx, known, PAGE).await?;
            drop(tx);
            let Some(last) = updates.last().map(|update| update.seq) else {
                return Ok(());
            };
            self.remember(&updates)?;
            self.announce(last);
        }
    }

    fn remember(&self, updates: &[RouteUpdate]) -> Result<(), Error> {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        for update in updates {
            recent.push(update.seq, line(update)?);
        }
        Ok(())
    }

    fn forget(&self, seq: i64) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        recent.lines.clear();
        recent.last = seq;
        drop(recent);
        self.announce(seq);
    }

    fn announce(&self, seq: i64) {
        self.seq.set(seq);
        self.latest.send_replace(Some(seq));
    }

    /// A stream may know more than our reader has read so far, but not more than the log holds.
    async fn is_ahead(&self, latest: i64, after: i64) -> Result<Option<(Bytes, i64)>, Error> {
        if latest == after {
            return Ok(None);
        }
        let mut tx = self.db.begin().await?;
        let extent = store::fetch_extent(&mut tx).await?;
        let continues = extent.continues_after(after);
        continues.then_some(None).ok_or(Error::Gap)
    }

    /// Lines after `after`, and the number of the last of them; none when `after` is the last.
    async fn after(&self, after: i64) -> Result<Option<(Bytes, i64)>, Error> {
        let Some(latest) = *self.latest.borrow() else {
            return Ok(None);
        };
        if latest <= after {
            return self.is_ahead(latest, after).await;
        }
        let recent = {
            let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
            recent.after(after).map(|text| (text, recent.last))
        };
        if let Some((text, last)) = recent {
            return Ok((last != after).then_some((text, last)));
        }
        let mut tx = self.db.begin().await?;
        let updates = store::list_updates(&mut tx, after, PAGE).await?;
        drop(tx);
        match (updates.first(), updates.last()) {
            (Some(first), Some(last)) if first.seq == after + 1 => {
                let last = last.seq;
                let mut text = BytesMut::new();
                for update in &updates {
                    text.extend_from_slice(&line(update)?);
                }
                Ok(Some((text.freeze(), last)))
            }
            _ => Err(Error::Gap),
        }
    }
}

/// One open stream.
struct Reader {
    inner: Arc<Inner>,
    latest: watch::Receiver<Option<i64>>,
    sent: i64,
    greeted: bool,
}

impl Reader {
    /// The next lines, or a heartbeat. Ends when the process stops or the log does not continue:
    /// the router comes back and is told which.
    async fn next(&mut self) -> Option<Bytes> {
        let heartbeat = tokio::time::sleep(HEARTBEAT);
        tokio::pin!(heartbeat);
        loop {
            self.latest.mark_unchanged();
            match self.inner.after(self.sent).await {
                Ok(Some((lines, last))) => {
                    self.sent = last;
                    self.greeted = true;
                    return Some(lines);
                }
                Ok(None) if !self.greeted => return self.beat(),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(
                        error = service_kit::error::chain(&error),
                        "a route stream ends"
                    );
                    return None;
                }
            }
            tokio::select! {
                () = self.inner.shutdown.cancelled() => return None,
                changed = self.latest.changed() => changed.ok()?,
                () = &mut heartbeat => return self.beat(),
            }
        }
    }

    fn beat(&mut self) -> Option<Bytes> {
        self.greeted = true;
        line(&RouteUpdate {
            seq: self.sent,
            entry: None,
        })
        .ok()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.inner.streams.dec();
    }
}

fn line(update: &RouteUpdate) -> Result<Bytes, Error> {
    let mut text = serde_json::to_vec(update).map_err(Error::Encode)?;
    text.push(b'\n');
    Ok(text.into())
}
