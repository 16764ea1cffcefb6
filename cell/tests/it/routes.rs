//! Walks the table of routes: what each role may do, and that no route shows another org's things.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use cell::routes::{self, Entry, Needs};
use contracts::{BackfillId, BronzeId, ConnectionId, ReplayId, RequestId, Role, SyncId, UserId};
use expect_test::expect_file;
use serde_json::{Value, json};

use crate::support::{Answer, TestCell, TestOrg};

async fn call(
    cell: &TestCell,
    org: &TestOrg,
    entry: &Entry,
    (path, body): (&str, &Value),
    cookie: &str,
) -> Answer {
    let request = Request::builder()
        .method(entry.method.as_str())
        .uri(path)
        .header(header::COOKIE, cookie)
        .header("idempotency-key", RequestId::new().to_string())
        .header(header::IF_MATCH, "\"1\"")
        .header(header::CONTENT_TYPE, "application/json");
    let body = match entry.method.as_str() {
        "GET" => Body::empty(),
        _ => Body::from(body.to_string()),
    };
    cell.send(org, request.body(body).unwrap()).await
}

/// The path with ids that exist nowhere.
fn nowhere(path: &str) -> String {
    Things(vec![
        ("connection_id", ConnectionId::new().to_string()),
        ("sync_id", SyncId::new().to_string()),
        ("bronze_id", BronzeId::new().to_string()),
        ("backfill_id", BackfillId::new().to_string()),
        ("replay_id", ReplayId::new().to_string()),
        ("insertion_order_id", "1".into()),
        ("pipeline", "nothing".into()),
        ("module", "nothing".into()),
        ("convention_id", uuid::Uuid::nil().to_string()),
        ("dsp", "dv360".into()),
        ("entity_id", "1".into()),
        ("line_item_id", "1".into()),
        ("date", "2026-01-01".into()),
        ("saved_id", SyncId::new().as_uuid().to_string()),
    ])
    .fill(path)
}

#[tokio::test]
async fn nothing_answers_without_a_session_of_that_org() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    let stranger = cell.enter_as_owner(&a).await;
    for entry in routes::all().table() {
        if entry.needs == Needs::Nothing {
            continue;
        }
        for cookie in ["", stranger.as_str(), "cellplane_org=", "cellplane_org=00"] {
            let answer = call(
                &cell,
                &b,
                entry,
                (&nowhere(&entry.path), &json!({})),
                cookie,
            )
            .await;
            assert_eq!(answer.status, 401, "{entry:?} {cookie:?}");
            assert_eq!(answer.code(), "not_signed_in");
        }
    }
}

/// Which routes may be asked without a session; a new one must be put here on purpose.
#[test]
fn only_the_doors_are_open() {
    let open: BTreeSet<String> = routes::all()
        .table()
        .iter()
        .filter(|entry| entry.needs == Needs::Nothing)
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect();
    let expected = ["GET /auth/enter", "POST /api/logout"];
    assert_eq!(open, expected.map(str::to_owned).into());
}

#[test]
fn the_table_of_roles_and_routes_is_as_agreed() {
    let mut text = String::new();
    for entry in routes::all().table() {
        let allowed = |role: &Role| match entry.needs {
            Needs::Nothing | Needs::SignedIn => true,
            Needs::May(action) => role.allows(action),
        };
        let roles: Vec<&str> = Role::ALL
            .iter()
            .filter(|role| allowed(role))
            .map(|r| r.as_str())
            .collect();
        let who = match entry.needs {
            Needs::Nothing => "anybody".to_owned(),
            Needs::SignedIn | Needs::May(_) => roles.join(" "),
        };
        let Entry { method, path, .. } = entry;
        text.push_str(&format!("{method:6} {path:52} {who}\n"));
    }
    expect_file!["golden/permissions.txt"].assert_eq(&text);
}

/// Clients are made from the description; one that shadows a type makes wrong ones.
#[test]
fn no_two_types_share_a_name_in_the_description() {
    let routes = routes::all();
    let clashes = routes.clashes();
    assert!(clashes.is_empty(), "give one of each a name: {clashes:?}");
}

#[tokio::test]
async fn every_role_is_held_to_the_table() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    for role in Role::ALL {
        let cookie = cell.enter(&org, UserId::new(), role).await;
        for entry in routes::all().table() {
            let Needs::May(action) = entry.needs else {
                continue;
            };
            let answer = call(
                &cell,
                &org,
                entry,
                (&nowhere(&entry.path), &json!({})),
                &cookie,
            )
            .await;
            let forbidden = answer.status == 403;
            assert_eq!(
                forbidden,
                !role.allows(action),
                "{role} {entry:?}: {answer:?}"
            );
        }
    }
}

/// Things of one org, by the name of the path parameter that leads to them.
struct Things(Vec<(&'static str, String)>);

impl Things {
    fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| *key == name);
        &found.unwrap_or_else(|| panic!("nothing made for {name}")).1
    }

    /// The path with these things' ids in it.
    fn fill(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for (name, id) in &self.0 {
            filled = filled.replace(&format!("{{{name}}}"), id);
        }
        filled
    }

    /// A query and a body that are well-formed, and name these things where they name any.
    fn ask(&self, entry: &Entry) -> (&'static str, Value) {
        match (entry.method.as_str(), entry.path.as_str()) {
            ("GET", "/api/data/calendar" | "/api/data/reconciliation") => {
                ("?from=2026-01-31&to=2026-02-05", json!({}))
            }
            ("GET", "/api/search") => ("?q=acme", json!({})),
            ("GET", "/api/connections/{connection_id}/advertisers") => ("?partner_id=1", json!({})),
            ("PUT", "/api/connections/{connection_id}/advertisers") => {
                ("", json!({ "partner_id": "1", "advertiser_ids": ["1"] }))
            }
            ("POST", "/api/pipelines/{pipeline}/check") => ("", json!({ "layer": {} })),
            ("PUT", "/api/pipelines/{pipeline}/layer") => {
                ("", json!({ "layer": null, "expected_version": 1 }))
            }
            ("PUT", "/api/pipelines/{pipeline}/enabled") => ("", json!({ "enabled": true })),
            ("POST", "/api/taxonomy/conventions" | "/api/taxonomy/conventions/preview") => {
                ("", json!({ "document": {} }))
            }
            ("PUT", "/api/taxonomy/conventions/{convention_id}") => {
                ("", json!({ "document": null }))
            }
            ("POST", "/api/taxonomy/conventions/{convention_id}/build") => {
                ("", json!({ "values": {} }))
            }
            ("POST", "/api/taxonomy/picklists/read") => ("", json!({ "text": "code\nx" })),
            ("GET", "/api/taxonomy/proposal") => ("?level=line_item", json!({})),
            ("PUT", "/api/modules/{module}") => ("", json!({ "enabled": true })),
            ("PUT", "/api/budgets") => ("", json!({ "limits": {} })),
            ("POST", "/api/quarantine/{sync_id}/accept-names") => (
                "",
                json!({ "names": [{ "column": "clicks", "header": "Taps" }] }),
            ),
            ("GET", "/api/bronze/{bronze_id}/lines") => ("?line=2", json!({})),
            ("POST", "/api/backfills/forecast") => (
                "",
                json!({ "connection_id": self.get("connection_id"), "start": "2026-01-01",
                    "pipeline": "dv360_line_item_days", "end": "2026-01-31" }),
            ),
            ("POST", "/api/backfills") => ("", json!({ "forecast_id": self.get("backfill_id") })),
            ("POST", "/api/connections/{connection_id}/files") => ("?name=a.csv", json!({})),
            ("GET", "/api/pacing/export") => ("?level=line_item&format=csv", json!({})),
            ("POST", "/api/pacing/saved") => ("", json!({ "name": "mine", "view": {} })),
            ("PUT", "/api/pacing/saved/{saved_id}") => (
                "",
                json!({ "name": "mine", "view": {}, "expected_version": 1 }),
            ),
            ("DELETE", "/api/pacing/saved/{saved_id}") => ("?expected_version=1", json!({})),
            ("POST", "/api/syncs") => ("", json!({ "connection_id": self.get("connection_id") })),
            _ => ("", json!({})),
        }
    }
}

/// Makes one of everything a path can lead to. A new kind of parameter needs its thing here.
async fn things_of(cell: &TestCell, org: &TestOrg) -> Things {
    let (connection, sync, bronze) = (ConnectionId::new(), SyncId::new(), BronzeId::new());
    let (backfill, replay) = (BackfillId::new(), ReplayId::new());
    let convention = uuid::Uuid::now_v7();
    let saved = SyncId::new().as_uuid();
    let ids = [
        ("saved_id", saved.to_string(), saved),
        (
            "connection_id",
            connection.to_string(),
            connection.as_uuid(),
        ),
        ("sync_id", sync.to_string(), sync.as_uuid()),
        ("bronze_id", bronze.to_string(), bronze.as_uuid()),
        ("backfill_id", backfill.to_string(), backfill.as_uuid()),
        ("replay_id", replay.to_string(), replay.as_uuid()),
        ("convention_id", convention.to_string(), convention),
        (
            "org",
            org.scope.org().to_string(),
            org.scope.org().as_uuid(),
        ),
        ("owner", org.owner.to_string(), org.owner.as_uuid()),
    ];
    let length = org.slug.len();
    let texts = [
        ("insertion_order_id", format!("987{length}")),
        ("pipeline", format!("secret_days_{}", org.slug)),
        // Modules are the same for everybody; under another name there is none.
        ("module", format!("secret_module_{}", org.slug)),
        ("entity_id", format!("654{length}")),
        ("line_item_id", format!("line654{length}")),
        ("dsp", "secret-dsp".to_owned()),
        ("date", "2026-02-03".to_owned()),
    ];
    let mut script = include_str!("things.sql").to_owned();
    for (name, _, id) in &ids {
        script = script.replace(&format!("{{{name}}}"), &id.to_string());
    }
    let script = Things(texts.to_vec()).fill(&script);
    let mut admin = cell.superuser().await;
    let made = sqlx::raw_sql(sqlx::AssertSqlSafe(script));
    made.execute(&mut admin).await.unwrap();
    let ids = ids.into_iter().map(|(name, printed, _)| (name, printed));
    Things(ids.chain(texts).collect())
}

/// The things exist and the person is the owner of an org, only not of theirs: nothing leads there.
#[tokio::test]
async fn every_route_hides_other_orgs() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    let cookie = cell.enter_as_owner(&a).await;
    let foreign = things_of(&cell, &b).await;
    let table = routes::all();
    // The doors lead to no thing, and one of them would end the session.
    let inside = table
        .table()
        .iter()
        .filter(|entry| entry.needs != Needs::Nothing);
    for entry in inside {
        let (query, body) = foreign.ask(entry);
        let filled = foreign.fill(&entry.path);
        assert!(
            !filled.contains('{'),
            "no thing for a parameter of {entry:?}"
        );
        let path = format!("{filled}{query}");
        let answer = call(&cell, &a, entry, (&path, &body), &cookie).await;
        let names_a_thing =
            filled != entry.path || entry.path == "/api/syncs" && entry.method == "POST";
        if names_a_thing {
            assert_eq!(answer.status, 404, "{entry:?}: {answer:?}");
        }
        for (_, id) in &foreign.0 {
            assert!(!answer.text.contains(id), "{entry:?}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn unknown_addresses_and_pages_answer_as_they_should() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let unknown = cell.get(&org, "/api/nothing", "").await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.code()),
        (404, "not_found".into())
    );
    let description = cell.get(&org, "/api/openapi.json", "").await;
    assert_eq!(description.status, 200);
    let described = description.json();
    let paths = described["paths"].as_object().unwrap();
    for entry in routes::all().table() {
        assert!(paths.contains_key(&entry.path), "{entry:?}");
    }
    let page = cell.get(&org, "/pacing", "").await;
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html"),
        "{page:?}"
    );
}

#[tokio::test]
async fn input_that_no_row_can_hold_is_the_asker_s_mistake() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    for (path, status) in [
        ("/api/pacing/insertion-orders/a%00b", 404),
        ("/api/pacing/insertion-orders?advertiser_id=a%00b", 400),
        ("/api/usage?to=-262143-01-01T00:00:00Z", 400),
        ("/api/usage?to=-4714-01-01T00:00:00Z", 400),
    ] {
        let answer = cell.get(&org, path, &cookie).await;
        assert_eq!(answer.status, status, "{path} {}", answer.text);
        assert!(!answer.code().is_empty());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
