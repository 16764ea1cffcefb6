//! The fleet: who may say what about it, and when a cell counts as alive.

use axum::http::Method;
use contracts::{CellId, RouterId};
use serde_json::{Value, json};

use crate::support::{TestApp, internal_token};

async fn fleet(test: &TestApp) -> Vec<Value> {
    let page = test
        .internal("operator", Method::GET, "/internal/cells", None)
        .await
        .expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn log(test: &TestApp) -> Vec<Value> {
    sqlx::query_scalar("select entry from route_log order by seq")
        .fetch_all(&test.rows)
        .await
        .unwrap()
}

#[tokio::test]
async fn registering_again_changes_what_is_known_and_logs_only_changes() {
    let test = TestApp::start().await;
    let id = CellId::new();
    let joined = test
        .register(id, "cell-1", "127.0.0.1:1", 5)
        .await
        .expect(200);
    assert_eq!(joined["state"], "joining");
    test.register(id, "cell-1", "127.0.0.1:1", 5)
        .await
        .expect(200);
    test.register(id, "cell-1", "127.0.0.1:2", 9)
        .await
        .expect(200);
    assert_eq!(log(&test).await.len(), 1);
    let renamed = test
        .register(id, "cell-one", "127.0.0.1:2", 9)
        .await
        .expect(200);
    assert_eq!(renamed["capacity_orgs"], 9);
    assert_eq!(renamed["internal_addr"], "127.0.0.1:2");
    assert_eq!(log(&test).await.len(), 2);
    let other = test
        .register(CellId::new(), "cell-one", "127.0.0.1:3", 1)
        .await;
    other.refused(409, "cell_name_taken");
    for name in ["", "Cell", "a b", &"c".repeat(64), "x\0"] {
        let bad = test.register(CellId::new(), name, "127.0.0.1:3", 1).await;
        bad.refused(422, "invalid_name");
    }
    let bad = test
        .register(CellId::new(), "far", "not an address", 1)
        .await;
    bad.refused(422, "invalid_body");
    let huge = test
        .register(CellId::new(), "huge", "127.0.0.1:3", u32::MAX)
        .await;
    huge.refused(422, "out_of_range");
}

#[tokio::test]
async fn heartbeats_keep_a_cell_alive() {
    let test = TestApp::start().await;
    let id = CellId::new();
    test.heartbeat(id).await.refused(404, "cell_not_found");
    test.register(id, "cell-1", "127.0.0.1:1", 5)
        .await
        .expect(200);
    test.heartbeat(id).await.expect(204);
    let cell = &fleet(&test).await[0];
    assert_eq!(cell["state"], "active");
    assert_eq!(cell["version"], "0.1.0");
    assert!(cell["heartbeat_age_ms"].as_i64().unwrap() < 5_000);
    let silence = async || {
        let mut tx = test.app.db.begin().await.unwrap();
        let silenced = global_control::cells::silence_quiet(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        silenced
    };
    assert_eq!(silence().await, []);
    test.sql("update cell_heartbeats set received_at = now() - interval '7 seconds'")
        .await;
    assert_eq!(silence().await, [id]);
    assert_eq!(silence().await, []);
    assert_eq!(fleet(&test).await[0]["state"], "silent");
    test.heartbeat(id).await.expect(204);
    assert_eq!(fleet(&test).await[0]["state"], "active");
    test.sql("update cells set draining_at = now()").await;
    assert_eq!(fleet(&test).await[0]["state"], "draining");
}

#[tokio::test]
async fn a_cell_with_orgs_cannot_be_deleted() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    let path = format!("/internal/cells/{}", cell.id);
    let delete = async || test.internal("operator", Method::DELETE, &path, None).await;
    let mut ada = test.person("ada").await;
    ada.org("acme").await;
    let mut tx = test.app.db.begin().await.unwrap();
    let mut claimed = global_control::operations::claim(&mut tx, "t", 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let raw = claimed.pop().unwrap().operation;
    let held = global_control::operations::Operation::read(raw).unwrap();
    global_control::signup::run(&test.context(), held)
        .await
        .unwrap();
    delete().await.refused(409, "cell_in_use");
    let empty = test.cell("cell-2", 5).await;
    let path = format!("/internal/cells/{}", empty.id);
    let delete = async || test.internal("operator", Method::DELETE, &path, None).await;
    delete().await.expect(204);
    delete().await.expect(204);
    assert_eq!(
        log(&test).await.last().unwrap(),
        &json!({ "cell_removed": { "cell": empty.id } })
    );
    assert_eq!(fleet(&test).await.len(), 1);
}

/// A call and who may make it.
struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
    allowed: Vec<String>,
}

fn calls(cell: CellId, router: RouterId) -> Vec<Call> {
    let beat = json!({
        "version": "1", "orgs": 0, "jobs_queued": 0, "cpu_milli": 0, "rss_bytes": 0,
        "config_version": 0,
    });
    let register = json!({
        "cell_id": cell, "name": "x", "public_addr": "127.0.0.1:1", "internal_addr": "127.0.0.1:1",
        "capacity_orgs": 1,
    });
    let call = |method: Method, path: &str, body: Option<Value>, allowed: &str| Call {
        method,
        path: path.replace("{cell}", &cell.to_string()),
        body,
        allowed: allowed.split(' ').map(str::to_owned).collect(),
    };
    let (cell_text, router_text) = (cell.to_string(), router.to_string());
    let stream = format!("/internal/route-feed/stream?after=0&router={router}");
    let ack = json!({ "router": router, "seq": 0 });
    let document = json!({ "value": null });
    let readers = format!("operator {router}");
    let feed = "/internal/route-feed";
    vec![
        call(Method::GET, "/internal/cells", None, "operator"),
        call(Method::POST, "/internal/cells", Some(register), "operator"),
        call(
            Method::POST,
            "/internal/cells/{cell}/heartbeat",
            Some(beat),
            &cell_text,
        ),
        call(
            Method::GET,
            "/internal/cells/{cell}/config",
            None,
            &cell_text,
        ),
        call(Method::DELETE, "/internal/cells/{cell}", None, "operator"),
        call(Method::GET, "/internal/orgs", None, "operator"),
        call(Method::GET, "/internal/config", None, "operator"),
        call(
            Method::PUT,
            "/internal/config/modules",
            Some(document),
            "operator",
        ),
        call(
            Method::GET,
            "/internal/config/modules/history",
            None,
            "operator",
        ),
        call(Method::GET, &format!("{feed}/snapshot"), None, &readers),
        call(Method::GET, &stream, None, &router_text),
        call(
            Method::POST,
            &format!("{feed}/ack"),
            Some(ack),
            &router_text,
        ),
    ]
}

#[tokio::test]
async fn every_internal_address_wants_the_right_caller() {
    let test = TestApp::start().await;
    let (cell, router) = (CellId::new(), RouterId::new());
    let strangers = [CellId::new().to_string(), "somebody".to_owned()];
    let known = ["operator".to_owned(), cell.to_string(), router.to_string()];
    for call in calls(cell, router) {
        let send = async |token: Option<String>| {
            let (method, body) = (call.method.clone(), call.body.clone());
            let response = test
                .internal_raw(token.as_deref(), method, &call.path, body)
                .await;
            response.status().as_u16()
        };
        assert_eq!(send(None).await, 401, "{}", call.path);
        let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJvcGVyYXRvciJ9.";
        assert_eq!(send(Some(unsigned.to_owned())).await, 401, "{}", call.path);
        let broken = internal_token(&call.allowed[0])[1..].to_owned();
        assert_eq!(send(Some(broken)).await, 401, "{}", call.path);
        for caller in known.iter().chain(&strangers) {
            let status = send(Some(internal_token(caller))).await;
            let refused = matches!(status, 401 | 403);
            assert_eq!(
                refused,
                !call.allowed.contains(caller),
                "{} as {caller}",
                call.path
            );
        }
    }
}
