//! What routers get: a signed snapshot, a stream without gaps, and an ear for acknowledgements.

use std::time::Duration;

use axum::body::BodyDataStream;
use axum::http::Method;
use contracts::routes::{RouteEntry, RouteUpdate, SnapshotHeader, signed_text};
use contracts::{CellId, RouterId};
use futures::StreamExt;
use futures::future::join_all;
use serde_json::json;
use service_kit::config::PublicKey;
use service_kit::tokens::VerifyingKeys;
use sha2::{Digest, Sha256};

use crate::support::{TestApp, internal_token};

/// A router's open stream, read line by line.
struct Stream {
    body: BodyDataStream,
    rest: Vec<u8>,
}

impl Stream {
    async fn open(test: &TestApp, router: RouterId, after: i64) -> Self {
        let path = format!("/internal/route-feed/stream?after={after}&router={router}");
        let token = internal_token(&router.to_string());
        let response = test
            .internal_raw(Some(&token), Method::GET, &path, None)
            .await;
        assert_eq!(response.status(), 200);
        Self {
            body: response.into_body().into_data_stream(),
            rest: Vec::new(),
        }
    }

    async fn line(&mut self) -> RouteUpdate {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return serde_json::from_slice(&line).unwrap();
            }
            let next = tokio::time::timeout(Duration::from_secs(5), self.body.next()).await;
            let chunk = next
                .expect("a line within five seconds")
                .expect("an open stream");
            self.rest.extend_from_slice(&chunk.unwrap());
        }
    }

    /// The next line that is not a heartbeat.
    async fn update(&mut self) -> RouteUpdate {
        loop {
            let line = self.line().await;
            if line.entry.is_some() {
                return line;
            }
        }
    }
}

async fn snapshot(test: &TestApp) -> Vec<u8> {
    let token = internal_token(&RouterId::new().to_string());
    let path = "/internal/route-feed/snapshot";
    let response = test
        .internal_raw(Some(&token), Method::GET, path, None)
        .await;
    assert_eq!(response.status(), 200);
    axum::body::to_bytes(response.into_body(), 1 << 24)
        .await
        .unwrap()
        .to_vec()
}

/// Header and entries of a snapshot whose checksum and signature are right.
fn verified(bytes: &[u8], key: PublicKey) -> (SnapshotHeader, Vec<RouteEntry>) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let header: SnapshotHeader = serde_json::from_slice(&bytes[..end]).unwrap();
    let body = &bytes[end + 1..];
    assert_eq!(header.sha256, hex::encode(Sha256::digest(body)));
    let text = signed_text(header.format, header.seq, header.entries, &header.sha256);
    VerifyingKeys::new(vec![key])
        .verify_bytes(text.as_bytes(), &header.signature)
        .unwrap();
    let lines = body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let entries: Vec<RouteEntry> = lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(header.entries, entries.len() as u64);
    (header, entries)
}

async fn register_many(test: &TestApp, from: usize, count: usize) {
    let writers = (from..from + count).map(|n| async move {
        let name = format!("cell-{n}");
        test.register(CellId::new(), &name, "127.0.0.1:1", 1)
            .await
            .expect(200);
    });
    let at_once = futures::stream::iter(writers).buffer_unordered(8);
    at_once.collect::<()>().await;
}

#[tokio::test]
async fn the_snapshot_is_signed_and_holds_what_is_in_force() {
    let test = TestApp::start().await;
    let key = test.app.signing.public_key();
    let (header, entries) = verified(&snapshot(&test).await, key);
    assert_eq!((header.seq, entries.len()), (0, 0));
    let cell = test.cell("cell-1", 5).await;
    let mut ada = test.person("ada").await;
    let org = ada.org("acme").await;
    ada.org("not-yet").await;
    let mut tx = test.app.db.begin().await.unwrap();
    let raw = global_control::operations::claim(&mut tx, "t", 1)
        .await
        .unwrap()
        .pop()
        .unwrap();
    tx.commit().await.unwrap();
    let held = global_control::operations::Operation::read(raw.operation).unwrap();
    global_control::signup::run(&test.context(), held)
        .await
        .unwrap();
    let bytes = snapshot(&test).await;
    let (header, entries) = verified(&bytes, key);
    assert_eq!(header.seq, 2);
    let entries = serde_json::to_value(entries).unwrap();
    assert_eq!(
        entries,
        json!([
            { "cell": { "cell": cell.id, "name": "cell-1", "addr": "127.0.0.1:9001" } },
            { "org": { "org": org, "slug": "acme", "cell": cell.id, "epoch": 1 } },
        ])
    );
    assert_eq!(bytes, snapshot(&test).await);
    let other = TestApp::start().await.app.signing.public_key();
    assert_eq!(
        other, key,
        "tests share the key; a forged one is tried below"
    );
    let tampered = [&bytes[..bytes.len() - 2], b" \n"].concat();
    assert!(std::panic::catch_unwind(|| verified(&tampered, key)).is_err());
    assert!(std::panic::catch_unwind(|| verified(&bytes, PublicKey([1; 32]))).is_err());
}

#[tokio::test]
async fn a_stream_resumes_where_it_was_and_goes_on_live() {
    let test = TestApp::start().await;
    let router = RouterId::new();
    register_many(&test, 0, 10).await;
    let mut stream = Stream::open(&test, router, 0).await;
    for seq in 1..=10 {
        assert_eq!(stream.update().await.seq, seq);
    }
    register_many(&test, 10, 30).await;
    for seq in 11..=40 {
        assert_eq!(stream.update().await.seq, seq);
    }
    drop(stream);
    register_many(&test, 40, 5).await;
    let mut stream = Stream::open(&test, router, 40).await;
    for seq in 41..=45 {
        assert_eq!(stream.update().await.seq, seq);
    }
}

#[tokio::test]
async fn an_idle_stream_greets_and_then_beats() {
    let test = TestApp::start().await;
    register_many(&test, 0, 1).await;
    let mut stream = Stream::open(&test, RouterId::new(), 1).await;
    for _ in 0..2 {
        let beat = stream.line().await;
        assert_eq!((beat.seq, beat.entry), (1, None));
    }
}

#[tokio::test]
async fn many_streams_see_the_same_order_while_many_write() {
    let test = TestApp::start().await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(Stream::open(&test, RouterId::new(), 0).await);
    }
    register_many(&test, 0, 60).await;
    let logged: Vec<serde_json::Value> =
        sqlx::query_scalar("select entry from route_log order by seq")
            .fetch_all(&test.rows)
            .await
            .unwrap();
    assert_eq!(logged.len(), 60);
    for stream in &mut streams {
        for (at, entry) in logged.iter().enumerate() {
            let update = stream.update().await;
            assert_eq!(update.seq, at as i64 + 1);
            assert_eq!(&serde_json::to_value(update.entry).unwrap(), entry);
        }
    }
}

#[tokio::test]
async fn numbers_rise_in_the_order_of_commits_without_gaps() {
    let test = TestApp::start().await;
    // Half of the writers give up after they took a number.
    join_all((0..16).map(|n| {
        let db = test.app.db.clone();
        async move {
            let mut tx = db.begin().await.unwrap();
            let cell = CellId::new();
            let entry = RouteEntry::CellRemoved { cell };
            global_control::route_feed::append(&mut tx, &entry)
                .await
                .unwrap();
            if n % 2 == 0 {
                tx.commit().await.unwrap();
            }
        }
    }))
    .await;
    assert_eq!(test.count("select count(*) from route_log").await, 8);
    assert_eq!(test.count("select max(seq) from route_log").await, 8);
    // A second writer gets its number only when the first has committed.
    let mut tx = test.app.db.begin().await.unwrap();
    let cell = CellId::new();
    let seq = global_control::route_feed::append(&mut tx, &RouteEntry::CellRemoved { cell })
        .await
        .unwrap();
    assert_eq!(seq, 9);
    let waiting = test.app.db.clone();
    let second = tokio::spawn(async move {
        let mut tx = waiting.begin().await.unwrap();
        let seq =
            global_control::route_feed::append(&mut tx, &RouteEntry::CellRemoved { cell }).await;
        let seen = global_control::route_feed::fetch_extent(&mut tx)
            .await
            .unwrap()
            .seq;
        tx.commit().await.unwrap();
        (seq.unwrap(), seen)
    });
    assert_eq!(test.count("select seq from route_counter").await, 8);
    tx.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), (10, 10));
}

#[tokio::test]
async fn a_router_too_far_behind_or_ahead_is_sent_to_the_snapshot() {
    let test = TestApp::start().await;
    register_many(&test, 0, 10).await;
    test.sql("delete from route_log where seq < 6; update route_counter set kept_from = 6")
        .await;
    let router = RouterId::new();
    let open = async |after: &str| {
        let path = format!("/internal/route-feed/stream?after={after}&router={router}");
        let token = internal_token(&router.to_string());
        test.internal_raw(Some(&token), Method::GET, &path, None)
            .await
            .status()
            .as_u16()
    };
    assert_eq!(open("4").await, 410);
    assert_eq!(open("11").await, 410);
    assert_eq!(open("-1").await, 410);
    assert_eq!(open("9223372036854775807").await, 410);
    assert_eq!(open("x").await, 400);
    assert_eq!(open("5").await, 200);
    assert_eq!(open("10").await, 200);
    let mut stream = Stream::open(&test, router, 5).await;
    assert_eq!(stream.update().await.seq, 6);
}

#[tokio::test]
async fn the_log_is_trimmed_from_its_beginning() {
    let test = TestApp::start().await;
    register_many(&test, 0, 3).await;
    test.sql(
        "insert into route_log (seq, entry)
        select n, '{\"cell_removed\": {\"cell\": \"cell_0192f3a4b5c67d8e9fa0b1c2d3e4f501\"}}'
        from generate_series(4, 100010) as n;
        update route_counter set seq = 100010",
    )
    .await;
    global_control::work::clean_up(&test.app.db).await.unwrap();
    assert_eq!(test.count("select min(seq) from route_log").await, 11);
    assert_eq!(test.count("select kept_from from route_counter").await, 11);
    assert_eq!(test.count("select count(*) from route_log").await, 100_000);
    let mut stream = Stream::open(&test, RouterId::new(), 10).await;
    assert_eq!(stream.update().await.seq, 11);
}

#[tokio::test]
async fn a_router_acknowledges_for_itself_what_exists() {
    let test = TestApp::start().await;
    register_many(&test, 0, 3).await;
    let router = RouterId::new();
    let ack = async |issuer: RouterId, seq: i64| {
        let body = json!({ "router": router, "seq": seq });
        let path = "/internal/route-feed/ack";
        test.internal(&issuer.to_string(), Method::POST, path, Some(body))
            .await
    };
    ack(router, 2).await.expect(204);
    ack(RouterId::new(), 2).await.refused(403, "not_yours");
    ack(router, 4).await.refused(409, "seq_unknown");
    ack(router, -1).await.refused(409, "seq_unknown");
    let mut tx = test.app.db.begin().await.unwrap();
    let behind = global_control::route_feed::count_live_routers_behind(&mut tx, 3).await;
    assert_eq!(behind.unwrap(), 1);
    drop(tx);
    let lease = "select count(*) from routers
        where lease_until between now() + interval '8 seconds' and now() + interval '10 seconds'";
    assert_eq!(test.count(lease).await, 1);
    ack(router, 3).await.expect(204);
    let mut tx = test.app.db.begin().await.unwrap();
    let behind = global_control::route_feed::count_live_routers_behind(&mut tx, 3).await;
    assert_eq!(behind.unwrap(), 0);
}
