//! Requests of an org that is between two cells wait, and go to where it went.

use std::time::{Duration, Instant};

use contracts::OrgId;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::world::{World, error_code, eventually, held, org};

/// Holds acme and waits until the router knows.
async fn hold(world: &World) {
    let seq = world
        .feed
        .publish(held(world.acme, "acme", world.a.cell, 1));
    eventually("the hold is known", async || {
        (world.feed.acked() >= seq).then_some(())
    })
    .await;
}

fn release_to_b(world: &World) {
    world.feed.publish(org(world.acme, "acme", world.b.cell, 2));
}

/// How many requests of acme wait, as the admin listener tells it.
async fn waiting(world: &World) -> u64 {
    let told: Value = world.admin("/holds").await.json().await.unwrap();
    let all = told["held"].as_array().unwrap();
    let acme = all.iter().find(|one| one["org"] == world.acme.to_string());
    acme.map_or(0, |one| one["waiting"].as_u64().unwrap())
}

async fn wait_for(world: &World, count: u64) {
    eventually(&format!("{count} requests wait"), async || {
        (waiting(world).await == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn held_requests_of_any_method_go_to_the_new_cell() {
    let world = World::start().await;
    hold(&world).await;
    let get = tokio::spawn(world.get("acme.localhost", "/a").send());
    let small = tokio::spawn(
        world
            .post("acme.localhost", "/b")
            .body("x".repeat(40_000))
            .send(),
    );
    let large = tokio::spawn(
        world
            .post("acme.localhost", "/c")
            .body("y".repeat(3_000_000))
            .send(),
    );
    wait_for(&world, 3).await;
    // Nobody else waits.
    assert_eq!(world.served_by("globex.localhost").await, "cell-b");

    release_to_b(&world);
    for (request, length) in [(get, 0), (small, 40_000), (large, 3_000_000)] {
        let response = request.await.unwrap().unwrap();
        assert_eq!(response.status(), 200);
        let told: Value = response.json().await.unwrap();
        assert_eq!(told["name"], "cell-b", "{told}");
        assert_eq!(told["said"]["epoch"], 2, "{told}");
        assert_eq!(told["length"], length, "{told}");
    }
    assert_eq!(waiting(&world).await, 0);
}

#[tokio::test]
async fn a_move_that_is_called_off_lets_them_through_to_the_old_cell() {
    let world = World::start().await;
    hold(&world).await;
    let request = tokio::spawn(world.get("acme.localhost", "/").send());
    wait_for(&world, 1).await;
    world.feed.publish(org(world.acme, "acme", world.a.cell, 1));
    let told: Value = request.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(
        (&told["name"], &told["said"]["epoch"]),
        (&"cell-a".into(), &1.into())
    );
}

#[tokio::test]
async fn five_hundred_wait_and_none_fails() {
    let world = World::start_with(&[("ROUTER_HOLD__RELEASED_AT_ONCE", "8")]).await;
    hold(&world).await;
    let mut requests = JoinSet::new();
    for number in 0..500 {
        requests.spawn(world.get("acme.localhost", &format!("/{number}")).send());
    }
    wait_for(&world, 500).await;
    let released = Instant::now();
    release_to_b(&world);
    while let Some(response) = requests.join_next().await {
        let response = response.unwrap().unwrap();
        assert_eq!(response.headers()["x-served-by"], "cell-b");
    }
    assert!(released.elapsed() < Duration::from_secs(10));
    let metrics = world.admin("/metrics").await.text().await.unwrap();
    assert!(
        metrics.contains("router_holds_total{end=\"released\"} 500"),
        "{metrics}"
    );
}

#[tokio::test]
async fn nobody_waits_longer_than_the_deadline() {
    let world = World::start_with(&[("ROUTER_HOLD__DEADLINE_MS", "200")]).await;
    hold(&world).await;
    let asked = Instant::now();
    let response = world.get("acme.localhost", "/").send().await.unwrap();
    assert!(asked.elapsed() >= Duration::from_millis(200));
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(error_code(response).await, "org_moving");
    // The next one waits again, and is served.
    let request = tokio::spawn(world.get("acme.localhost", "/").send());
    wait_for(&world, 1).await;
    release_to_b(&world);
    assert_eq!(request.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn beyond_the_cap_the_answer_comes_at_once() {
    let world = World::start_with(&[("ROUTER_HOLD__PER_ORG", "2")]).await;
    hold(&world).await;
    let mut requests = JoinSet::new();
    for _ in 0..2 {
        requests.spawn(world.get("acme.localhost", "/").send());
    }
    wait_for(&world, 2).await;
    let asked = Instant::now();
    let response = world.get("acme.localhost", "/").send().await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(error_code(response).await, "org_moving");
    release_to_b(&world);
    while let Some(response) = requests.join_next().await {
        assert_eq!(response.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_client_that_leaves_makes_room() {
    let world = World::start_with(&[("ROUTER_HOLD__DEADLINE_MS", "60000")]).await;
    hold(&world).await;
    for head in [
        "GET / HTTP/1.1\r\nhost: acme.localhost\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: acme.localhost\r\ncontent-length: 5\r\n\r\nab",
    ] {
        let mut client = TcpStream::connect(world.router().public).await.unwrap();
        client.write_all(head.as_bytes()).await.unwrap();
        wait_for(&world, 1).await;
        drop(client);
        wait_for(&world, 0).await;
    }
}

#[tokio::test]
async fn an_org_that_is_removed_while_held_is_not_found() {
    let world = World::start().await;
    hold(&world).await;
    let request = tokio::spawn(world.get("acme.localhost", "/").send());
    wait_for(&world, 1).await;
    let removed = contracts::routes::RouteEntry::OrgRemoved { org: world.acme };
    world.feed.publish(removed);
    let response = request.await.unwrap().unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(error_code(response).await, "org_not_found");
}

#[tokio::test]
async fn a_dry_run_only_counts() {
    let world = World::start_with(&[("ROUTER_HOLD__DRY_RUN", "true")]).await;
    hold(&world).await;
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
    let metrics = world.admin("/metrics").await.text().await.unwrap();
    assert!(
        metrics.contains("router_holds_total{end=\"dry_run\"} 1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_hold_is_explained() {
    let world = World::start().await;
    hold(&world).await;
    let path = "/routes/explain?host=acme.localhost";
    let told: Value = world.admin(path).await.json().await.unwrap();
    assert_eq!(
        (&told["decision"], &told["held"]),
        (&"forward".into(), &true.into())
    );
    assert_ne!(told["org"], OrgId::new().to_string());
}
