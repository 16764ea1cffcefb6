//! The worker as it runs: woken by commits, several operations at once, nothing twice.

use std::time::{Duration, Instant};

use futures::future::join_all;
use global_control::metrics::Meters;
use global_control::work::Worker;
use serde_json::json;
use service_kit::metrics::Metrics;
use test_kit::wait::until;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{PASSWORD, TestApp};

const SOON: Duration = Duration::from_secs(30);

fn start_worker(test: &TestApp, name: &str) -> DropGuard {
    let stop = CancellationToken::new();
    let meters = Meters::register(&Metrics::new());
    let worker = Worker::new(name.to_owned(), test.context(), meters);
    tokio::spawn(worker.run(stop.clone()));
    stop.drop_guard()
}

async fn all_active(test: &TestApp, count: i64) {
    until("every org to be active", SOON, async || {
        let active = test
            .count("select count(*) from orgs where state = 'active'")
            .await;
        (active == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_org_is_active_soon_after_its_signup() {
    let test = TestApp::start().await;
    let _cell = test.cell("cell-1", 100).await;
    let _worker = start_worker(&test, "one");
    // A router that takes each route in a moment after it was published.
    test.sql(
        "insert into routers (router_id, acked_seq, lease_until)
        values (gen_random_uuid(), 0, now() + interval '1 hour')",
    )
    .await;
    let rows = test.rows.clone();
    let router = tokio::spawn(async move {
        let ack = "update routers set acked_seq = (select seq from route_counter)";
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sqlx::raw_sql(ack).execute(&rows).await.unwrap();
        }
    });
    let mut ada = test.person("ada").await;
    // The first one also waits for the worker to start.
    ada.org("first").await;
    all_active(&test, 1).await;
    let started = Instant::now();
    let id = ada.org("second").await;
    let path = format!("/api/orgs/{id}");
    until("the org to be active", SOON, async || {
        let org = ada.get(&path).await.expect(200);
        (org["state"] == "active").then_some(())
    })
    .await;
    router.abort();
    assert!(
        started.elapsed() < Duration::from_millis(900),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn many_signups_and_two_workers_leave_a_gap_free_log_and_no_cell_overfull() {
    let test = TestApp::start().await;
    let cells = [
        test.cell("cell-1", 9).await,
        test.cell("cell-2", 9).await,
        test.cell("cell-3", 6).await,
    ];
    let _workers = [start_worker(&test, "one"), start_worker(&test, "two")];
    join_all((0..24).map(|n| {
        let test = &test;
        async move {
            let slug = format!(
                "org-{}x{}",
                (b'a' + n / 10) as char,
                (b'p' + n % 10) as char
            );
            let body = json!({
                "email": format!("p{n}@example.com"), "password": PASSWORD, "name": "P",
                "org": { "name": "Org", "slug": slug },
            });
            test.browser().post("/api/signup", body).await.expect(201);
        }
    }))
    .await;
    all_active(&test, 24).await;
    let seqs: Vec<i64> = sqlx::query_scalar("select seq from route_log order by seq")
        .fetch_all(&test.rows)
        .await
        .unwrap();
    assert_eq!(seqs, (1..=27).collect::<Vec<i64>>());
    for cell in &cells {
        assert!(cell.orgs().len() <= 9, "{}", cell.orgs().len());
    }
    let all: usize = cells.iter().map(|cell| cell.orgs().len()).sum();
    assert_eq!(all, 24);
    let wrong = "select count(*) from cells where placed_orgs > capacity_orgs or placed_orgs <>
        (select count(*) from assignments where assignments.cell_id = cells.cell_id)";
    assert_eq!(test.count(wrong).await, 0);
    let mut next = test.browser();
    let body = json!({
        "email": "late@example.com", "password": PASSWORD, "name": "P",
        "org": { "name": "Late", "slug": "too-late" },
    });
    let org = next.post("/api/signup", body).await.expect(201);
    let path = format!("/api/orgs/{}", org["org"]["org_id"].as_str().unwrap());
    until("the org that finds no room to fail", SOON, async || {
        let org = next.get(&path).await.expect(200);
        (org["state"] == "failed").then_some(())
    })
    .await;
}
