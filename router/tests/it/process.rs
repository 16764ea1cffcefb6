//! How the process starts, refuses to start, and stops.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::World;

fn failure(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn a_busy_port_is_named() {
    let world = World::without_router().await;
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap();
    let mut command = world.command();
    command.env("ROUTER_PUBLIC_LISTEN", format!("127.0.0.1:0,{address}"));
    let said = failure(command);
    assert!(
        said.contains(&format!(
            "cannot listen on {address}: another process is using this port"
        )),
        "{said}"
    );
}

#[tokio::test]
async fn an_unknown_setting_is_an_error() {
    let world = World::without_router().await;
    let mut command = world.command();
    command.env("ROUTER_TREADS", "2");
    let said = failure(command);
    assert!(said.contains("treads"), "{said}");
}

#[tokio::test]
async fn the_settings_are_shown_without_secrets() {
    let world = World::without_router().await;
    let output = world.command().arg("--print-config").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("\"domain\": \"localhost\""), "{said}");
    assert!(said.contains("\"edge_master_key\": \"[hidden]\""), "{said}");
    assert!(!said.contains("0303"), "{said}");
}

#[tokio::test]
async fn every_address_is_served() {
    let world = World::without_router().await;
    let mut command = world.command();
    command.env("ROUTER_PUBLIC_LISTEN", "127.0.0.1:0,127.0.0.2:0");
    command.stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let line = std::io::BufRead::lines(stdout)
        .map_while(Result::ok)
        .find(|line| line.contains("\"listening\""))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    for address in line["public"].as_str().unwrap().split(',') {
        assert!(TcpStream::connect(address).await.is_ok(), "{address}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn an_idle_router_stops_at_once() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut world = World::start().await;
        // A connection that is kept for more requests is not an open request.
        assert_eq!(world.served_by("acme.localhost").await, "cell-a");
        let router = world.router.as_mut().unwrap();
        let started = Instant::now();
        router.signal(signal);
        assert!(router.ended().await.success());
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn an_open_request_is_finished_before_the_router_stops() {
    let mut world = World::start().await;
    let mut client = TcpStream::connect(world.router().public).await.unwrap();
    let head = "POST /slow HTTP/1.1\r\nhost: acme.localhost\r\ncontent-length: 4\r\n\r\nab";
    client.write_all(head.as_bytes()).await.unwrap();
    crate::world::eventually("the request is open", async || {
        let text = world.admin("/metrics").await.text().await.unwrap();
        text.contains("router_requests_open 1").then_some(())
    })
    .await;
    world.router().signal(Signal::TERM);
    world.router().logged("stopping").await;
    client.write_all(b"cd").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("\"length\":4"), "{answer}");
    assert!(world.router.as_mut().unwrap().ended().await.success());
}

#[tokio::test]
async fn requests_are_logged_with_the_fixed_fields_and_never_as_errors() {
    let world = World::start().await;
    world.told("acme.localhost", "/a?code=secret").await;
    let line = crate::world::eventually("the request is logged", async || {
        let lines = world.router().lines();
        lines.into_iter().find(|line| line["message"] == "answered")
    })
    .await;
    assert_eq!(line["org.id"], world.acme.to_string());
    assert_eq!(line["cell.id"], world.a.cell.to_string());
    assert!(line["request.id"].as_str().unwrap().starts_with("request_"));
    assert_eq!(line["status"], 200);
    assert_eq!(line["path"], "/a");
    assert!(line["duration_ms"].as_f64().unwrap() > 0.0);

    // Neither a client that breaks off nor one that talks nonsense is our error.
    for text in [
        "GET / HTTP/1.1\r\nhost: ac",
        "nonsense\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxx",
    ] {
        let mut socket = TcpStream::connect(world.router().public).await.unwrap();
        socket.write_all(text.as_bytes()).await.unwrap();
        drop(socket);
    }
    assert_eq!(world.served_by("globex.localhost").await, "cell-b");
    for line in world.router().lines() {
        assert!(
            line["level"] != "ERROR" && line["level"] != "WARN",
            "{line}"
        );
    }
}
