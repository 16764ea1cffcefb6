//! Modules per org: switched and configured as data, tried first, put back, and run when data moves.

use axum::body::Body;
use axum::http::{Method, Request, header};
use contracts::{RequestId, Role, UserId};
use serde_json::{Value, json};

use crate::source::Slice;
use crate::support::{Answer, SOON, TestCell, TestOrg};

const PACING: &str = "/api/modules/pacing";

/// A write on the version that `if_match` names.
pub(crate) async fn write(
    (cell, org, cookie): (&TestCell, &TestOrg, &str),
    (method, path): (Method, &str),
    if_match: Option<&str>,
    body: Value,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header("idempotency-key", RequestId::new().to_string())
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(etag) = if_match {
        request = request.header(header::IF_MATCH, etag);
    }
    cell.send(org, request.body(Body::from(body.to_string())).unwrap())
        .await
}

type On<'a> = (&'a TestCell, &'a TestOrg, &'a str);

async fn put(on: On<'_>, etag: Option<&str>, body: Value) -> Answer {
    write(on, (Method::PUT, PACING), etag, body).await
}

#[tokio::test]
async fn a_module_is_switched_and_configured_as_versions_of_data() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    let on = (&cell, &org, cookie.as_str());
    let put = |etag: Option<&'static str>, body: Value| put(on, etag, body);

    let list = cell.get(&org, "/api/modules", &cookie).await.json();
    assert_eq!(list["items"][0]["module"], "pacing");
    let shown = cell.get(&org, PACING, &cookie).await;
    assert_eq!(shown.header("etag"), Some("\"0\""));
    let shown = shown.json();
    assert_eq!(shown["enabled"], true);
    assert_eq!(shown["settings"]["on_pace_from_percent"], 90);
    assert_eq!(
        shown["schema"]["properties"]["on_pace_from_percent"]["type"],
        "integer"
    );

    // Without the version it was made on, with another one, with a hostile one.
    let wish = json!({"enabled": true, "template": "brand", "comment": "brand plans",
        "settings": {"on_pace_to_percent": 108}});
    let refused = put(None, wish.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (428, "if_match_missing".into())
    );
    let refused = put(Some("\"7\""), wish.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (412, "version_conflict".into())
    );
    let refused = put(Some("*"), wish.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (400, "invalid_if_match".into())
    );

    let changed = put(Some("\"0\""), wish).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = changed.json();
    assert_eq!(changed["version"], 1);
    assert_eq!(
        changed["settings"],
        json!({"on_pace_from_percent": 95, "on_pace_to_percent": 108})
            .as_object()
            .unwrap()
            .iter()
            .fold(changed["settings"].clone(), |mut whole, (key, value)| {
                whole[key] = value.clone();
                whole
            })
    );
    switch_and_undo(on).await;
}

/// Off, which is told everywhere, and back to the version before.
async fn switch_and_undo(on: On<'_>) {
    let (cell, org, cookie) = on;
    let off = put(
        on,
        Some("\"1\""),
        json!({"enabled": false, "comment": "not now"}),
    )
    .await;
    assert_eq!(off.json()["enabled"], false);
    let refused = cell.get(org, "/api/pacing/insertion-orders", cookie).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (409, "module_off".into())
    );
    let session = cell.get(org, "/api/session", cookie).await.json();
    assert!(
        !session["modules"]
            .as_array()
            .unwrap()
            .contains(&json!("pacing"))
    );

    let versions = cell
        .get(org, &format!("{PACING}/versions"), cookie)
        .await
        .json();
    let items = versions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["comment"], "not now");
    assert_eq!(items[0]["changed_by"], org.owner.to_string());
    let paths: Vec<&str> = items[0]["diff"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert!(
        paths.contains(&"/enabled") && paths.contains(&"/template"),
        "{paths:?}"
    );

    // Undoing is a version, too.
    let first = &items[1];
    let undone = put(
        on,
        Some("\"2\""),
        json!({"enabled": first["enabled"],
        "template": first["template"], "settings": first["layer"], "comment": "back"}),
    )
    .await;
    assert_eq!(undone.json()["settings"]["on_pace_to_percent"], 108);
    let list = cell.get(org, "/api/pacing/insertion-orders", cookie).await;
    assert_eq!(list.status, 200);
}

#[tokio::test]
async fn settings_that_are_wrong_are_refused_with_their_places() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    let on = (&cell, &org, cookie.as_str());
    let path = format!("{PACING}/preview");
    for (settings, place) in [
        (
            json!({"on_pace_from_percent": 101}),
            "/on_pace_from_percent",
        ),
        (
            json!({"on_pace_from_percent": "90"}),
            "/on_pace_from_percent",
        ),
        (json!({"surprise": 1}), "/surprise"),
    ] {
        let wish = json!({"settings": settings});
        let tried = write(on, (Method::POST, &path), None, wish.clone()).await;
        let tried = tried.json();
        assert_eq!(tried["valid"], false, "{tried}");
        assert_eq!(tried["problems"][0]["path"], place, "{tried}");
        assert!(tried["preview"].is_null());
        let kept = json!({"enabled": true, "settings": settings});
        let refused = write(on, (Method::PUT, PACING), Some("\"0\""), kept).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code()),
            (422, "invalid_settings".into())
        );
        assert!(refused.text.contains(place), "{refused:?}");
    }
    let twice = Request::put(PACING)
        .header(header::COOKIE, &cookie)
        .header("idempotency-key", "twice")
        .header(header::IF_MATCH, "\"0\"")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"enabled":true,"settings":{"a":1,"a":2}}"#));
    assert_eq!(cell.send(&org, twice.unwrap()).await.status, 422);
    let viewer = cell.enter(&org, UserId::new(), Role::Viewer).await;
    let by_viewer = (&cell, &org, viewer.as_str());
    let wish = json!({"enabled": false});
    let refused = write(by_viewer, (Method::PUT, PACING), Some("\"0\""), wish).await;
    assert_eq!(refused.status, 403);
}

async fn runs(slice: &Slice, module: &str) -> Vec<Value> {
    let answer = slice.json(&format!("/api/modules/{module}/runs")).await;
    answer["items"].as_array().unwrap().clone()
}

async fn wait_for_runs(slice: &Slice, done: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        let found = runs(slice, "pacing").await;
        if done(&found) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{found:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn modules_run_over_what_has_moved_and_come_to_the_same() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0, 1]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let first = wait_for_runs(&slice, |runs| runs.len() == 2).await;
    for run in &first {
        assert!(
            run["problem"].is_null() && run["rows"].as_i64().unwrap() > 0,
            "{run}"
        );
        assert_eq!(run["result_sha256"].as_str().unwrap().len(), 64);
    }

    // One advertiser's facts were loaded again, without being other ones.
    let mut admin = slice.cell.superuser().await;
    let moved = first[0]["advertiser_id"].as_str().unwrap();
    sqlx::query("update tenant.watermarks set loaded_at = now() where advertiser_id = $1")
        .bind(moved)
        .execute(&mut admin)
        .await
        .unwrap();
    let mut tx = slice.cell.app.db.begin(&slice.org.scope).await.unwrap();
    let job = cell::jobs::NewJob {
        job_id: contracts::JobId::new(),
        kind: cell::modules::run::RUN_JOB,
        key: "modules".into(),
        payload: json!({}),
        run_at: None,
        max_attempts: 1,
    };
    cell::jobs::enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
    let again = wait_for_runs(&slice, |runs| runs[0]["ran_at"] != first[0]["ran_at"]).await;
    assert_eq!(again[0]["result_sha256"], first[0]["result_sha256"]);
    assert_eq!(
        again[1]["ran_at"], first[1]["ran_at"],
        "nothing of it has moved"
    );

    // Other settings are another result, of everybody.
    let on = (&slice.cell, &slice.org, slice.cookie.as_str());
    let narrow = json!({"settings": {"on_pace_from_percent": 100, "on_pace_to_percent": 100}});
    let path = format!("{PACING}/preview");
    let tried = write(on, (Method::POST, &path), None, narrow.clone())
        .await
        .json();
    assert_eq!(tried["valid"], true, "{tried}");
    let preview = &tried["preview"];
    assert!(preview["changed"].as_u64().unwrap() > 0, "{preview}");
    assert_ne!(preview["items"][0]["before"], preview["items"][0]["after"]);
    let wish = json!({"enabled": true, "settings": narrow["settings"]});
    let put = write(on, (Method::PUT, PACING), Some("\"0\""), wish).await;
    assert_eq!(put.status, 200, "{put:?}");
    let differ = |runs: &[Value]| {
        let pairs = runs.iter().zip(&first);
        pairs
            .into_iter()
            .all(|(one, other)| one["ran_at"] != other["ran_at"])
    };
    let other = wait_for_runs(&slice, differ).await;
    let hash = |runs: &[Value]| -> Vec<String> {
        runs.iter()
            .map(|run| run["result_sha256"].to_string())
            .collect()
    };
    assert_ne!(hash(&other), hash(&first));
}
