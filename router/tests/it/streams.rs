//! Bodies, streams and connections: sent on as they come, capped where they must be.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use contracts::OrgId;
use contracts::routes::{CellRoute, RouteEntry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

use crate::world::{DEADLINE, World, error_code, org};

const MIB: usize = 1024 * 1024;

/// A cell of another kind, with an org `special` in it.
async fn add_cell(world: &World, addr: std::net::SocketAddr) {
    let cell = contracts::CellId::new();
    world.feed.publish(RouteEntry::Cell(CellRoute {
        cell,
        name: "special".to_owned(),
        addr,
    }));
    let seq = world.feed.publish(org(OrgId::new(), "special", cell, 1));
    crate::world::eventually("the cell is known", async || {
        (world.feed.acked() == seq).then_some(())
    })
    .await;
}

#[tokio::test]
async fn server_sent_events_arrive_one_by_one() {
    let world = World::start().await;
    let (events, source) = mpsc::channel::<Result<String, std::io::Error>>(4);
    let source = std::sync::Arc::new(std::sync::Mutex::new(Some(source)));
    let app = Router::new().route(
        "/events",
        get(async move || {
            let source = source.lock().unwrap().take().unwrap();
            let body = Body::from_stream(ReceiverStream::new(source));
            ([(CONTENT_TYPE, "text/event-stream")], body)
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    add_cell(&world, listener.local_addr().unwrap()).await;
    tokio::spawn(async move { axum::serve(listener, app).await });

    let request = world
        .get("special.localhost", "/events")
        .header("accept", "text/event-stream");
    let mut response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    // The next event is sent only when the one before has arrived.
    for number in 0..3 {
        let event = format!("data: {number}\n\n");
        events.send(Ok(event.clone())).await.unwrap();
        let chunk = timeout(DEADLINE, response.chunk()).await.unwrap().unwrap();
        assert_eq!(chunk.unwrap(), event);
    }
    drop(events);
    assert!(response.chunk().await.unwrap().is_none());
}

#[tokio::test]
async fn a_websocket_passes() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    add_cell(&world, listener.local_addr().unwrap()).await;
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let request = read_head(&mut socket).await;
        assert!(
            request.to_ascii_lowercase().contains("upgrade: websocket"),
            "{request}"
        );
        let answer = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        socket.write_all(answer.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = socket.split();
        tokio::io::copy(&mut reader, &mut writer).await
    });
    let mut client = TcpStream::connect(world.router().public).await.unwrap();
    let request = "GET /ws HTTP/1.1\r\nhost: special.localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    let head = read_head(&mut client).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    for message in ["ping", "pong"] {
        client.write_all(message.as_bytes()).await.unwrap();
        let mut echo = [0; 4];
        timeout(DEADLINE, client.read_exact(&mut echo))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(echo, message.as_bytes());
    }
}

#[tokio::test]
async fn large_bodies_pass_and_larger_ones_are_refused() {
    let world = World::start().await;
    let fits = world.post("acme.localhost", "/").body(vec![0; 9 * MIB]);
    let told: serde_json::Value = fits.send().await.unwrap().json().await.unwrap();
    assert_eq!(told["length"], 9 * MIB);

    let announced = raw(
        &world,
        &format!(
            "POST / HTTP/1.1\r\nhost: acme.localhost\r\ncontent-length: {}\r\n\r\n",
            11 * MIB
        ),
    )
    .await;
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    assert!(announced.contains("body_too_large"), "{announced}");

    let (parts, source) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(1);
    let chunked = world
        .post("acme.localhost", "/")
        .body(reqwest::Body::wrap_stream(ReceiverStream::new(source)));
    let feeding = tokio::spawn(async move {
        for _ in 0..11 {
            if parts.send(Ok(vec![0; MIB])).await.is_err() {
                return;
            }
        }
    });
    // The connection may be cut while the client still sends; then there is no answer to read.
    if let Ok(response) = chunked.send().await {
        assert_eq!(response.status(), 413);
        assert_eq!(error_code(response).await, "body_too_large");
    }
    feeding.await.unwrap();
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
}

#[tokio::test]
async fn pipelined_requests_are_both_answered_and_the_connection_kept() {
    let world = World::start().await;
    let request = "GET /one HTTP/1.1\r\nhost: acme.localhost\r\n\r\nGET /two HTTP/1.1\r\nhost: nobody.localhost\r\n\r\nGET /three HTTP/1.1\r\nhost: globex.localhost\r\nconnection: close\r\n\r\n";
    let answers = raw(&world, request).await;
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 404").count(), 1, "{answers}");
    let at = |text: &str| {
        answers
            .find(text)
            .unwrap_or_else(|| panic!("{text} in {answers}"))
    };
    assert!(at("/one") < at("org_not_found") && at("org_not_found") < at("/three"));
}

#[tokio::test]
async fn a_request_without_a_host_or_with_a_broken_one_is_a_bad_request() {
    let world = World::start().await;
    for request in [
        "GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a..b\r\nconnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: acme.localhost\r\nhost: globex.localhost\r\n\r\n",
    ] {
        let answer = raw(&world, request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{request} {answer}");
    }
}

#[tokio::test]
async fn an_absolute_target_is_sent_on_in_origin_form() {
    let world = World::start().await;
    let request = "GET http://acme.localhost/a?b HTTP/1.1\r\nhost: acme.localhost\r\nconnection: close\r\n\r\n";
    let answer = raw(&world, request).await;
    assert!(answer.contains("\"path\":\"/a?b\""), "{answer}");
    assert!(answer.contains("\"epoch\":1"), "{answer}");
}

/// Sends text and reads until the router closes.
async fn raw(world: &World, text: &str) -> String {
    let mut socket = TcpStream::connect(world.router().public).await.unwrap();
    socket.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A router that keeps the connection open has said all it will say.
    drop(timeout(Duration::from_secs(2), socket.read_to_end(&mut answer)).await);
    String::from_utf8(answer).unwrap()
}

async fn read_head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = timeout(DEADLINE, socket.read_u8()).await.unwrap();
        head.push(byte.unwrap());
    }
    String::from_utf8(head).unwrap()
}
