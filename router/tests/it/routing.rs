//! Requests reach the right upstream with the router's word, or get an answer that says why not.

use contracts::{OrgId, RequestId};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{World, error_code, org};

#[tokio::test]
async fn an_org_host_reaches_its_cell_with_a_signed_word() {
    let world = World::start().await;
    let response = world
        .get("ACME.localhost.:8080", "/a%20b?c=d&e")
        .send()
        .await
        .unwrap();
    let headers = response.headers().clone();
    assert_eq!(headers["x-served-by"], "cell-a");
    assert!(!headers.contains_key("x-cellplane-secret"));
    let id = headers["x-cellplane-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(id.parse::<RequestId>().is_ok(), "{id}");
    let told: serde_json::Value = response.json().await.unwrap();
    assert_eq!(told["name"], "cell-a");
    assert_eq!(told["path"], "/a%20b?c=d&e");
    assert_eq!(
        told["said"],
        json!({ "org": world.acme, "epoch": 1, "client": "127.0.0.1" })
    );
    assert_eq!(told["headers"]["host"], "ACME.localhost.:8080");
    assert_eq!(told["headers"]["x-forwarded-host"], "ACME.localhost.:8080");
    assert_eq!(told["headers"]["x-forwarded-proto"], "http");
    assert_eq!(told["headers"]["x-cellplane-request-id"], id);
    assert_eq!(world.told("globex.localhost", "/").await["name"], "cell-b");
}

#[tokio::test]
async fn the_app_host_reaches_global_control() {
    let world = World::start().await;
    let told = world.told("app.localhost:8080", "/login").await;
    assert_eq!(told["name"], "app");
    assert_eq!(
        told["said"],
        json!({ "org": null, "epoch": null, "client": "127.0.0.1" })
    );
}

#[tokio::test]
async fn unknown_hosts_are_refused_for_programs_and_people() {
    let world = World::start().await;
    let response = world.get("nobody.localhost", "/").send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(error_code(response).await, "org_not_found");

    let page = world
        .get("nobody.localhost", "/")
        .header("accept", "text/html,*/*")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let text = page.text().await.unwrap();
    assert!(
        text.contains("<!doctype html>") && text.contains("org_not_found"),
        "{text}"
    );

    let foreign = world.get("acme.example.com", "/").send().await.unwrap();
    assert_eq!(foreign.status(), 404);
    assert_eq!(error_code(foreign).await, "host_not_found");

    let address = world.get("127.0.0.1", "/").send().await.unwrap();
    assert_eq!(error_code(address).await, "host_not_found");
}

#[tokio::test]
async fn the_bare_domain_leads_to_the_app_host() {
    let world = World::start().await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let response = client
        .get(format!("http://{}/pricing?a=b", world.router().public))
        .header("host", "localhost:8080")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 308);
    assert_eq!(
        response.headers()["location"],
        "//app.localhost:8080/pricing?a=b"
    );
}

#[tokio::test]
async fn what_only_the_router_may_say_is_removed_from_requests() {
    let world = World::start().await;
    let told = world
        .get("acme.localhost", "/")
        .header("X-Cellplane-Org", OrgId::new().to_string())
        .header("x-cellplane-epoch", "99")
        .header("x-cellplane-admin", "yes")
        .header("X-Forwarded-For", "10.9.8.7")
        .header("x-forwarded-prefix", "/evil")
        .header("forwarded", "for=10.9.8.7")
        .header("x-real-ip", "10.9.8.7")
        .header("connection", "x-cellplane-org, x-cellplane-signature")
        .header("x-kept", "kept")
        .send()
        .await
        .unwrap()
        .json::<serde_json::Value>()
        .await
        .unwrap();
    let headers = told["headers"].as_object().unwrap();
    assert_eq!(told["said"]["org"], json!(world.acme));
    assert_eq!(told["said"]["epoch"], 1);
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(headers["x-kept"], "kept");
    for name in [
        "x-cellplane-admin",
        "x-forwarded-prefix",
        "forwarded",
        "x-real-ip",
    ] {
        assert!(!headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_trace_is_continued_or_begun() {
    let world = World::start().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let told = world
        .get("acme.localhost", "/")
        .header("traceparent", trace);
    let told: serde_json::Value = told.send().await.unwrap().json().await.unwrap();
    assert_eq!(told["headers"]["traceparent"], trace);

    let told = world.told("acme.localhost", "/").await;
    let id = told["headers"]["x-cellplane-request-id"].as_str().unwrap();
    let begun = told["headers"]["traceparent"].as_str().unwrap();
    assert!(
        begun.contains(id.trim_start_matches("request_")),
        "{begun} {id}"
    );
}

#[tokio::test]
async fn a_dead_cell_is_said_to_be_briefly_away_and_costs_the_others_nothing() {
    let mut world = World::start().await;
    world.a.die();
    let response = world.get("acme.localhost", "/").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(error_code(response).await, "cell_unavailable");
    let sent = world
        .post("acme.localhost", "/")
        .body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(error_code(sent).await, "cell_unavailable");
    assert_eq!(world.served_by("globex.localhost").await, "cell-b");

    let metrics = world.admin("/metrics").await.text().await.unwrap();
    assert!(
        metrics.contains("router_upstream_errors_total{cell=\"cell-a\"} 2"),
        "{metrics}"
    );
    assert!(
        metrics.contains("router_requests_total{target=\"org\",status=\"5xx\"} 2"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_restarted_cell_is_served_again_over_fresh_connections() {
    let mut world = World::start().await;
    let mut open = Vec::new();
    for _ in 0..4 {
        let request = world.get("acme.localhost", "/").send();
        open.push(tokio::spawn(request));
    }
    for request in open {
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
    }
    world.a.die();
    world.a.revive().await;
    // Connections that were kept are dead now; a read is repeated on a new one.
    for _ in 0..8 {
        assert_eq!(world.served_by("acme.localhost").await, "cell-a");
    }
}

#[tokio::test]
async fn without_global_control_only_the_app_host_suffers() {
    let mut world = World::start().await;
    world.app.die();
    world.feed.die();
    let response = world.get("app.localhost", "/").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(error_code(response).await, "control_plane_unavailable");
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
}

#[tokio::test]
async fn an_org_whose_cell_is_not_known_is_unavailable() {
    let world = World::start().await;
    let cell = contracts::CellId::new();
    world.feed.publish(org(OrgId::new(), "initech", cell, 1));
    world.wait_served_by("initech.localhost", "503").await;
    let response = world.get("initech.localhost", "/").send().await.unwrap();
    assert_eq!(error_code(response).await, "cell_unknown");
}

#[tokio::test]
async fn a_cell_that_disowns_an_org_makes_the_client_come_back() {
    let world = World::start().await;
    let response = world
        .post("acme.localhost", "/not-mine")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(error_code(response).await, "org_moving");
}

#[tokio::test]
async fn the_rest_of_a_small_refused_body_is_read_and_the_connection_kept() {
    let mut world = World::start().await;
    world.a.die();
    for (host, status) in [("nobody.localhost", 404), ("acme.localhost", 503)] {
        let mut socket = TcpStream::connect(world.router().public).await.unwrap();
        let head = format!("POST / HTTP/1.1\r\nhost: {host}\r\ncontent-length: 4\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(b"body").await.unwrap();
        let last = "GET / HTTP/1.1\r\nhost: globex.localhost\r\nconnection: close\r\n\r\n";
        socket.write_all(last.as_bytes()).await.unwrap();
        let mut answers = String::new();
        // After a failed upstream Pingora ends the connection, but in order.
        socket.read_to_string(&mut answers).await.unwrap();
        assert!(
            answers.starts_with(&format!("HTTP/1.1 {status}")),
            "{answers}"
        );
        assert!(
            status == 503 || answers.contains("HTTP/1.1 200"),
            "{answers}"
        );
    }
}

#[tokio::test]
async fn a_host_can_be_explained() {
    let world = World::start().await;
    let explain = async |host: &str| -> serde_json::Value {
        let response = world.admin(&format!("/routes/explain?host={host}")).await;
        response.json().await.unwrap()
    };
    let acme = explain("acme.localhost:8080").await;
    assert_eq!(acme["decision"], "forward");
    assert_eq!(acme["org"], json!(world.acme));
    assert_eq!(acme["cell_name"], "cell-a");
    assert_eq!(acme["table_seq"], 4);
    assert_eq!(explain("app.localhost").await["decision"], "to_app");
    assert_eq!(explain("nobody.localhost").await["code"], "org_not_found");
    assert_eq!(world.admin("/routes/explain").await.status(), 400);
    assert_eq!(world.admin("/").await.status(), 404);
    assert_eq!(world.admin("/livez").await.status(), 200);
}

#[tokio::test]
async fn a_head_that_can_be_read_in_two_ways_reaches_nobody() {
    let world = World::start().await;
    let many = "x-a: b\r\n".repeat(90);
    let heads = [
        ("content-length: 2\r\ncontent-length: 2\r\n", 400),
        ("content-length: 2, 2\r\n", 400),
        ("transfer-encoding: gzip, chunked\r\n", 400),
        (many.as_str(), 431),
    ];
    for (head, status) in heads {
        let mut socket = TcpStream::connect(world.router().public).await.unwrap();
        let request = format!("POST / HTTP/1.1\r\nhost: acme.localhost\r\n{head}\r\n{{}}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = socket.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains("\"code\""),
            "{head}: {answer}"
        );
        assert!(answer.contains("x-served-by: router"), "{answer}");
    }
}
