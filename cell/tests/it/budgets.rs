//! What an org may use: two layers of limits, and what happens at each of them.

use axum::http::Method;
use cell::config_docs;
use cell::ingestion::budget::Taken;
use cell::ingestion::permit::Reason;
use chrono::{DateTime, Utc};
use contracts::config_docs::{ConfigBatch, ConfigDocument, Layer};
use contracts::quota;
use serde_json::{Value, json};

use crate::source::Slice;
use crate::support::{Answer, SOON, TestCell, TestOrg};

async fn put(cell: &TestCell, org: &TestOrg, cookie: &str, key: &str, limits: Value) -> Answer {
    let body = json!({ "limits": limits });
    cell.write(org, (Method::PUT, "/api/budgets"), cookie, (key, body))
        .await
}

fn line(answer: &Answer, resource: &str) -> Value {
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .find(|one| one["resource"] == resource)
        .unwrap()
        .clone()
}

async fn take(cell: &TestCell, org: &TestOrg) -> Taken {
    let pool = "google/default/bid_manager".parse().unwrap();
    let budget = &cell.app.ingestion.budget;
    budget.take(&org.scope, &pool, 1, Utc::now()).await.unwrap()
}

/// The platform's layer, as global-control would send it.
async fn platform(cell: &TestCell, value: Value) {
    let batch = ConfigBatch {
        documents: vec![ConfigDocument {
            version: 1,
            name: "budgets".into(),
            layer: Layer::Platform,
            value,
        }],
        version: 1,
    };
    config_docs::apply(&cell.app.db, &batch).await.unwrap();
}

#[tokio::test]
async fn the_lower_limit_holds_and_ends_what_is_asked_for() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    platform(&cell, json!({"limits": {"calls": {"hard": 100}}})).await;
    let set = put(
        &cell,
        &org,
        &cookie,
        "one",
        json!({"calls": {"soft": 1, "hard": 3}}),
    )
    .await;
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(line(&set, "calls")["limit"], json!({"soft": 1, "hard": 3}));
    for _ in 0..3 {
        assert!(matches!(
            take(&cell, &org).await,
            Taken::At(_) | Taken::Busy
        ));
    }
    let Taken::Not(denied) = take(&cell, &org).await else {
        panic!("the limit is reached");
    };
    assert_eq!(denied.reason, Reason::Budget);
    assert_eq!(denied.retry_at, quota::end_of(quota::day_of(Utc::now())));
    let seen = cell.get(&org, "/api/budgets", &cookie).await;
    let calls = line(&seen, "calls");
    assert_eq!(
        (&calls["used"], &calls["standing"]),
        (&json!(3), &json!("used_up"))
    );
    let wider = put(&cell, &org, &cookie, "two", json!({"calls": {"hard": 500}})).await;
    let calls = line(&wider, "calls");
    assert_eq!(
        (&calls["limit"]["hard"], &calls["own"]["hard"]),
        (&json!(100), &json!(500))
    );
    assert!(
        matches!(take(&cell, &org).await, Taken::At(_)),
        "it holds at once"
    );
    let repeated = put(&cell, &org, &cookie, "two", json!({"calls": {"hard": 500}})).await;
    assert_eq!(repeated.header("idempotency-replayed"), Some("true"));
}

#[tokio::test]
async fn who_changed_a_limit_is_told() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let other = cell.org("boreal").await;
    let cookie = cell.enter_as_owner(&org).await;
    for (key, limits) in [
        ("one", json!({"calls": {"hard": 500}})),
        ("two", json!({"calls": {"hard": 500}})),
        (
            "three",
            json!({"calls": {"soft": 5, "hard": 500}, "rows": {"hard": 9}}),
        ),
        ("four", json!({"rows": {"hard": 9}})),
    ] {
        assert_eq!(put(&cell, &org, &cookie, key, limits).await.status, 200);
    }
    let path = "/api/budgets/changes";
    let history = cell.get(&org, path, &cookie).await.json();
    let none = json!({"soft": null, "hard": null});
    let changed: Vec<&Value> = history["items"].as_array().unwrap().iter().collect();
    assert_eq!(
        changed.len(),
        3,
        "the same once more is no change: {history}"
    );
    assert_eq!(
        changed[0]["limits"],
        json!([{"resource": "calls", "before": {"soft": 5, "hard": 500}, "after": none}])
    );
    assert_eq!(
        changed[1]["limits"],
        json!([
            {"resource": "calls", "before": {"soft": null, "hard": 500},
             "after": {"soft": 5, "hard": 500}},
            {"resource": "rows", "before": none, "after": {"soft": null, "hard": 9}},
        ])
    );
    assert_eq!(changed[2]["changed_by"], org.owner.to_string());
    assert_eq!(history["next_cursor"], Value::Null);
    let theirs = cell.enter_as_owner(&other).await;
    let theirs = cell.get(&other, path, &theirs).await.json();
    assert_eq!(theirs["items"], json!([]));
    let wrong = cell
        .get(&org, "/api/budgets/changes?cursor=x", &cookie)
        .await;
    assert_eq!(wrong.status, 400, "{wrong:?}");
}

#[tokio::test]
async fn money_and_rows_are_limits_too() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    platform(&cell, json!({"prices": {"db_rows": 1_000_000_000_u64}})).await;
    let mut admin = cell.superuser().await;
    sqlx::query(
        "insert into tenant.usage_ledger (org_id, hour, meter, slot, quantity) \
         values ($1, date_trunc('hour', now()), 'db_rows', 't', 700)",
    )
    .bind(org.scope.org().as_uuid())
    .execute(&mut admin)
    .await
    .unwrap();
    let set = put(
        &cell,
        &org,
        &cookie,
        "one",
        json!({"cost_micros_usd": {"hard": 700}}),
    )
    .await;
    let cost = line(&set, "cost_micros_usd");
    assert_eq!(
        (&cost["used"], &cost["standing"]),
        (&json!(700), &json!("used_up"))
    );
    let Taken::Not(denied) = take(&cell, &org).await else {
        panic!("the limit is reached");
    };
    assert_eq!(denied.message, "the budget of cost_micros_usd is used up");
    put(&cell, &org, &cookie, "two", json!({})).await;
    assert!(matches!(take(&cell, &org).await, Taken::At(_)));
}

/// The figures are put there as by syncs of today.
#[tokio::test]
async fn a_pipeline_stops_at_its_own_budget_and_goes_on_the_next_day() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let layer = json!({"budget": {"calls_per_day": 50}});
    let layer = json!({"layer": layer, "comment": "", "expected_version": 0});
    let path = "/api/pipelines/dv360_line_item_days/layer";
    let put = slice.write(Method::PUT, path, layer).await;
    assert_eq!(put.status, 200, "{put:?}");
    let budget = async || {
        let budgets = slice.json("/api/budgets").await;
        assert_eq!(budgets["pipelines"][0]["pipeline"], "dv360_line_item_days");
        budgets["pipelines"][0]["items"][0].clone()
    };
    let counted = budget().await;
    let steps = first["timeline"].as_array().unwrap().iter();
    let calls: i64 = steps.map(|one| one["calls"].as_i64().unwrap()).sum();
    assert!(calls > 0, "{first}");
    assert_eq!(counted["used"], calls, "every request is counted: {first}");
    assert_eq!(
        (
            &counted["resource"],
            &counted["limit"],
            &counted["standing"]
        ),
        (
            &json!("calls"),
            &json!({"soft": 40, "hard": 50}),
            &json!("within")
        )
    );

    let mut admin = slice.cell.superuser().await;
    sqlx::raw_sql("set app.capture = 'off'; update tenant.pipeline_use set calls = 50")
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(budget().await["standing"], "used_up");
    let wish = json!({"connection_id": first["connection_id"]});
    let started = slice.write(Method::POST, "/api/syncs", wish).await.json();
    let path = format!("/api/syncs/{}", started["sync_id"].as_str().unwrap());
    let paused = test_kit::wait::until("a pause", SOON, async || {
        let sync = slice.json(&path).await;
        (sync["state"] == "paused").then_some(sync)
    })
    .await;
    assert_eq!(paused["problem"]["code"], "pipeline_budget_used_up");
    let until: DateTime<Utc> = sqlx::query_scalar(
        "select (state #>> '{state,until}')::timestamptz from tenant.syncs where step = 'paused'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(until, quota::end_of(quota::day_of(Utc::now())));
    // The next day, as far as the rows can tell.
    sqlx::raw_sql(
        "update tenant.pipeline_use set day = day - 1;
         update tenant.syncs
            set state = jsonb_set(state, '{state,until}', to_jsonb(clock_timestamp()))
          where step = 'paused';
         update tenant.jobs set run_at = clock_timestamp() where kind = 'ingestion.sync' and state = 'queued'",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    assert_eq!(slice.end_of(&started).await["state"], "done");
}

#[tokio::test]
async fn a_raised_budget_wakes_what_waits_for_it() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let limits = async |limits: Value| {
        let body = json!({ "limits": limits });
        let set = slice.write(Method::PUT, "/api/budgets", body).await;
        assert_eq!(set.status, 200, "{set:?}");
    };
    limits(json!({"rows": {"hard": 1}})).await;
    let wish = json!({"connection_id": first["connection_id"]});
    let started = slice.write(Method::POST, "/api/syncs", wish).await.json();
    let path = format!("/api/syncs/{}", started["sync_id"].as_str().unwrap());
    let paused = test_kit::wait::until("a pause", SOON, async || {
        let sync = slice.json(&path).await;
        (sync["state"] == "paused").then_some(sync)
    })
    .await;
    assert_eq!(paused["problem"]["code"], "budget_used_up");
    limits(json!({"rows": {"hard": 1_000_000}})).await;
    // Other processes know of it after ten seconds, so it is woken then.
    let woken = test_kit::wait::until("its end", SOON * 4, async || {
        let sync = slice.json(&path).await;
        (!sync["finished_at"].is_null()).then_some(sync)
    })
    .await;
    assert_eq!(woken["state"], "done", "{woken}");
}

#[tokio::test]
async fn nonsense_is_refused() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    for (limits, code) in [
        (json!({"calls": {"soft": 5, "hard": 4}}), "invalid_limit"),
        (json!({"calls": {"hard": u64::MAX}}), "invalid_limit"),
        (json!({"calls": {"hard": -1}}), "invalid_body"),
        (json!({"tea": {"hard": 1}}), "invalid_body"),
        (json!([]), "invalid_body"),
    ] {
        let answer = put(&cell, &org, &cookie, &limits.to_string(), limits.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (422, code.into()),
            "{limits}"
        );
    }
}
