//! global-control's side of the route feed, played by a test: signs, streams, takes acknowledgements.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use contracts::routes::{
    RouteAck, RouteEntry, RouteUpdate, SNAPSHOT_FORMAT, SnapshotHeader, signed_text,
};
use serde::Deserialize;
use service_kit::config::HexKey;
use service_kit::tokens::{SigningKey, verify_internal};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::world::eventually;

pub(crate) struct Feed {
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
    /// Its own, so that dropping it cuts every connection, as a crash would.
    runtime: Option<Runtime>,
}

struct Shared {
    signer: SigningKey,
    control_key: [u8; 32],
    state: Mutex<FeedState>,
}

#[derive(Default)]
struct FeedState {
    seq: i64,
    entries: BTreeMap<String, RouteEntry>,
    log: Vec<RouteUpdate>,
    followers: Vec<mpsc::Sender<Result<String, std::io::Error>>>,
    acked: i64,
    snapshots: u32,
    silent: bool,
}

impl Feed {
    pub(crate) fn start(seed: [u8; 32], control_key: [u8; 32]) -> Self {
        let shared = Arc::new(Shared {
            signer: SigningKey::from_seed(&HexKey::new(seed)),
            control_key,
            state: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let mut feed = Self {
            addr,
            shared,
            runtime: None,
        };
        feed.serve(listener);
        feed
    }

    /// Comes back on the same port with the same state.
    pub(crate) async fn resume(&mut self) {
        let free = async || std::net::TcpListener::bind(self.addr).ok();
        let listener = eventually("the feed's port is free again", free).await;
        self.serve(listener);
    }

    fn serve(&mut self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let app = Router::new()
            .route("/internal/route-feed/snapshot", get(snapshot))
            .route("/internal/route-feed/stream", get(stream))
            .route("/internal/route-feed/ack", post(ack))
            .with_state(Arc::clone(&self.shared));
        let shared = Arc::clone(&self.shared);
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await
        });
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(500)).await;
                let mut state = shared.state.lock().unwrap();
                let seq = state.seq;
                state.tell(&format!("{{\"seq\":{seq},\"kind\":\"heartbeat\"}}\n"));
            }
        });
        self.runtime = Some(runtime);
    }

    pub(crate) fn die(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.shared.state.lock().unwrap().followers.clear();
    }

    pub(crate) fn publish(&self, entry: RouteEntry) -> i64 {
        let mut state = self.shared.state.lock().unwrap();
        state.record(entry);
        let line = serde_json::to_string(state.log.last().unwrap()).unwrap() + "\n";
        state.tell(&line);
        state.seq
    }

    /// In the log and the snapshot, but never sent: what a router must notice by itself.
    pub(crate) fn publish_silently(&self, entry: RouteEntry) {
        self.shared.state.lock().unwrap().record(entry);
    }

    /// As after a restore from a backup, or a trimmed log.
    pub(crate) fn forget_log(&self) {
        self.shared.state.lock().unwrap().log.clear();
    }

    /// Connections stay open and nothing comes any more.
    pub(crate) fn fall_silent(&self) {
        self.shared.state.lock().unwrap().silent = true;
    }

    pub(crate) fn speak_again(&self) {
        self.shared.state.lock().unwrap().silent = false;
    }

    pub(crate) fn acked(&self) -> i64 {
        self.shared.state.lock().unwrap().acked
    }

    pub(crate) fn snapshots_served(&self) -> u32 {
        self.shared.state.lock().unwrap().snapshots
    }

    pub(crate) fn snapshot_bytes(&self) -> Vec<u8> {
        self.shared.signed_snapshot()
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.die();
    }
}

impl FeedState {
    fn record(&mut self, entry: RouteEntry) {
        self.seq += 1;
        // Keys sort cells before orgs, as in a real snapshot.
        match &entry {
            RouteEntry::Cell(cell) => {
                self.entries.insert(cell.cell.to_string(), entry.clone());
            }
            RouteEntry::CellRemoved { cell } => {
                self.entries.remove(&cell.to_string());
            }
            RouteEntry::Org(org) => {
                self.entries.insert(org.org.to_string(), entry.clone());
            }
            RouteEntry::OrgRemoved { org } => {
                self.entries.remove(&org.to_string());
            }
        }
        self.log.push(RouteUpdate {
            seq: self.seq,
            entry: Some(entry),
        });
    }

    fn tell(&mut self, line: &str) {
        if !self.silent {
            self.followers
                .retain(|follower| follower.try_send(Ok(line.to_owned())).is_ok());
        }
    }
}

impl Shared {
    fn signed_snapshot(&self) -> Vec<u8> {
        let state = self.state.lock().unwrap();
        let lines: Vec<String> = state
            .entries
            .values()
            .map(|entry| serde_json::to_string(entry).unwrap() + "\n")
            .collect();
        let body = lines.concat();
        let digest = ring::digest::digest(&ring::digest::SHA256, body.as_bytes());
        let sha256 = hex::encode(digest);
        let (seq, entries) = (state.seq, lines.len() as u64);
        let text = signed_text(SNAPSHOT_FORMAT, seq, entries, &sha256);
        let header = SnapshotHeader {
            format: SNAPSHOT_FORMAT,
            seq,
            entries,
            signature: self.signer.sign_bytes(text.as_bytes()),
            sha256,
        };
        let header = serde_json::to_string(&header).unwrap();
        format!("{header}\n{body}").into_bytes()
    }

    /// Every call carries a fresh token of this router.
    fn check(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        headers
            .get("authorization")
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .and_then(|token| verify_internal(token, "global-control", &self.control_key).ok())
            .filter(|claims| claims.iss.starts_with("router_"))
            .map(drop)
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn snapshot(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Err(status) = shared.check(&headers) {
        return status.into_response();
    }
    shared.state.lock().unwrap().snapshots += 1;
    shared.signed_snapshot().into_response()
}

#[derive(Deserialize)]
struct After {
    after: i64,
    router: String,
}

async fn stream(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> Response {
    assert!(query.router.starts_with("router_"));
    if let Err(status) = shared.check(&headers) {
        return status.into_response();
    }
    let (sender, lines) = mpsc::channel(1024);
    let mut state = shared.state.lock().unwrap();
    let first_kept = state.log.first().map_or(state.seq + 1, |update| update.seq);
    if query.after + 1 < first_kept || query.after > state.seq {
        return StatusCode::GONE.into_response();
    }
    for update in state.log.iter().filter(|update| update.seq > query.after) {
        let line = serde_json::to_string(update).unwrap() + "\n";
        sender.try_send(Ok(line)).unwrap();
    }
    state.followers.push(sender);
    drop(state);
    Body::from_stream(ReceiverStream::new(lines)).into_response()
}

async fn ack(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    axum::Json(ack): axum::Json<RouteAck>,
) -> StatusCode {
    if let Err(status) = shared.check(&headers) {
        return status;
    }
    shared.state.lock().unwrap().acked = ack.seq;
    StatusCode::NO_CONTENT
}
