//! Quotas are leased to cells that prove who they are, and never more than there is, whoever asks at
//! once and whatever is repeated.

use axum::http::Method;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::quota::{self, QuotaGrant, QuotaReport, Settled};
use contracts::{CellId, LeaseId};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const POOL: &str = "google/default/bid_manager";

fn report(day: NaiveDate) -> QuotaReport {
    QuotaReport {
        pool: POOL.parse().unwrap(),
        share_version: 0,
        day,
        standing: 0,
        taken: 0,
        wanted: 0,
        lease_id: LeaseId::new(),
        settled: Vec::new(),
        exhausted: false,
    }
}

async fn send(test: &TestApp, cell: CellId, report: &QuotaReport) -> Answer {
    let path = format!("/internal/cells/{cell}/quota");
    let body = serde_json::to_value(report).unwrap();
    test.internal(&cell.to_string(), Method::POST, &path, Some(body))
        .await
}

async fn grant(test: &TestApp, cell: CellId, report: &QuotaReport) -> QuotaGrant {
    serde_json::from_value(send(test, cell, report).await.expect(200)).unwrap()
}

async fn registered(test: &TestApp, name: &str) -> CellId {
    let cell = CellId::new();
    test.register(cell, name, "127.0.0.1:1", 5)
        .await
        .expect(200);
    cell
}

async fn pool(test: &TestApp) -> Value {
    let page = test
        .internal("operator", Method::GET, "/internal/quota", None)
        .await
        .expect(200);
    page["items"][0].clone()
}

fn today() -> NaiveDate {
    quota::day_of(Utc::now())
}

#[tokio::test]
async fn a_cell_is_given_its_share_and_the_same_answer_again() {
    let test = TestApp::start().await;
    let cell = registered(&test, "cell-1").await;
    let mut ask = report(today());
    let first = grant(&test, cell, &ask).await;
    assert_eq!((first.share.version, first.share.calls_per_day), (1, 1_380));
    assert_eq!(
        (first.share.per_second_milli, first.standing),
        (4_000, 1_380)
    );
    assert_eq!(grant(&test, cell, &ask).await, first);
    ask.wanted = 40;
    let lent = grant(&test, cell, &ask).await.lease.unwrap();
    assert_eq!((lent.calls, lent.day), (40, today()));
    assert!(lent.expires_at > Utc::now() && lent.expires_at <= quota::end_of(today()));
    assert_eq!(grant(&test, cell, &ask).await.lease, Some(lent));
    let mut settled = report(today());
    settled.settled = vec![Settled {
        lease_id: ask.lease_id,
        taken: 7,
    }];
    settled.taken = 12;
    grant(&test, cell, &settled).await;
    // A late repetition of it cannot lower it any further.
    settled.settled[0].taken = 0;
    grant(&test, cell, &settled).await;
    let seen = pool(&test).await;
    assert_eq!(
        (&seen["lent"], &seen["cells"][0]["taken"]),
        (&json!(7), &json!(12))
    );
    assert_eq!(seen["free"], json!(1_980 - 1_380 - 7));
}

#[tokio::test]
async fn only_the_cell_itself_is_answered() {
    let test = TestApp::start().await;
    let (a, b) = (
        registered(&test, "cell-1").await,
        registered(&test, "cell-2").await,
    );
    let path = format!("/internal/cells/{a}/quota");
    let body = serde_json::to_value(report(today())).unwrap();
    for caller in [b.to_string(), "operator".into()] {
        let answer = test
            .internal(&caller, Method::POST, &path, Some(body.clone()))
            .await;
        answer.refused(403, "not_yours");
    }
    let nobody = test
        .internal_with(None, Method::POST, &path, Some(body))
        .await;
    nobody.refused(401, "not_identified");
    send(&test, CellId::new(), &report(today()))
        .await
        .refused(404, "cell_not_found");
    let mut other = report(today());
    other.pool = "google/else/bid_manager".parse().unwrap();
    send(&test, a, &other).await.refused(404, "quota_not_found");
    let far = report("2020-01-01".parse().unwrap());
    send(&test, a, &far).await.refused(422, "other_day");
    let mut huge = report(today());
    huge.wanted = u32::MAX;
    send(&test, a, &huge).await.refused(422, "out_of_range");
    let mut ask = report(today());
    ask.wanted = 1;
    assert!(grant(&test, a, &ask).await.lease.is_some());
    send(&test, b, &ask).await.refused(409, "foreign_lease");
    let read = test
        .internal(&a.to_string(), Method::GET, "/internal/quota", None)
        .await;
    read.refused(403, "not_yours");
}

#[tokio::test]
async fn many_cells_at_once_never_hold_more_than_there_is() {
    let test = TestApp::start().await;
    let mut cells = Vec::new();
    for number in 0..8 {
        cells.push(registered(&test, &format!("cell-{number}")).await);
    }
    let mut held = Vec::new();
    for _ in 0..6 {
        let asks = cells.iter().flat_map(|cell| [*cell; 4]).map(async |cell| {
            let mut ask = report(today());
            ask.wanted = 90;
            grant(&test, cell, &ask).await
        });
        held.extend(join_all(asks).await);
    }
    let lent: u32 = held
        .iter()
        .filter_map(|one| one.lease)
        .map(|one| one.calls)
        .sum();
    let seen = pool(&test).await;
    let standing: u64 = seen["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["standing"].as_u64().unwrap())
        .sum();
    assert_eq!(seen["lent"], json!(lent));
    assert!(standing + u64::from(lent) <= 1_980, "{standing} and {lent}");
    assert_eq!(seen["free"], json!(1_980 - standing - u64::from(lent)));
    assert!(lent >= 500, "only {lent} were lent");
}

#[tokio::test]
async fn a_used_up_quota_is_lent_to_nobody() {
    let test = TestApp::start().await;
    let (a, b) = (
        registered(&test, "cell-1").await,
        registered(&test, "cell-2").await,
    );
    let mut said = report(today());
    said.exhausted = true;
    assert!(grant(&test, a, &said).await.exhausted);
    let mut ask = report(today());
    ask.wanted = 10;
    let answer = grant(&test, b, &ask).await;
    assert!(answer.exhausted && answer.lease.is_none());
}

#[tokio::test]
async fn an_operator_sets_what_there_is() {
    let test = TestApp::start().await;
    let put = async |body: Value| {
        test.internal("operator", Method::PUT, "/internal/quota", Some(body))
            .await
    };
    let terms = json!({"pool": POOL, "calls_per_day": 100, "per_second_milli": 2_000,
        "headroom": 10, "reserve": 30});
    put(terms.clone()).await.expect(204);
    let cell = registered(&test, "cell-1").await;
    assert_eq!(
        grant(&test, cell, &report(today()))
            .await
            .share
            .calls_per_day,
        60
    );
    let mut bad = terms.clone();
    bad["reserve"] = json!(95);
    put(bad).await.refused(422, "out_of_range");
    let mut bad = terms;
    bad["pool"] = json!("not a pool");
    put(bad).await.refused(422, "invalid_body");
    let kept = test
        .count("select count(*) from audit_log where action = 'quota.changed'")
        .await;
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn what_a_removed_cell_may_have_taken_stays_taken_today() {
    let test = TestApp::start().await;
    let (a, b) = (
        registered(&test, "cell-1").await,
        registered(&test, "cell-2").await,
    );
    grant(&test, a, &report(today())).await;
    let path = format!("/internal/cells/{a}");
    test.internal("operator", Method::DELETE, &path, None)
        .await
        .expect(204);
    let answer = grant(&test, b, &report(today())).await;
    assert_eq!((answer.share.calls_per_day, answer.standing), (1_380, 0));
    let now: DateTime<Utc> = quota::end_of(today());
    let mut tx = test.app.db.begin().await.unwrap();
    let mut tomorrow = report(quota::day_of(now));
    tomorrow.share_version = answer.share.version;
    tomorrow.standing = 1_380;
    let next = global_control::quota::answer(&mut tx, b, &tomorrow, now)
        .await
        .unwrap();
    assert_eq!(next.standing, 1_380);
}
