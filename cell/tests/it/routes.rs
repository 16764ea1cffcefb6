//! Walks the table of routes: what each role may do, and that no route shows another org's things.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use cell::routes::{self, Entry, Needs};
use contracts::{Role, UserId};
use expect_test::expect_file;
use serde_json::json;

use crate::support::{Answer, TestCell, TestOrg};

/// Fills the path's parameters with ids that exist nowhere; `others` overrides them.
fn concrete(path: &str, others: &[(&str, String)]) -> String {
    let mut filled = path.to_owned();
    for (name, value) in others {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}

async fn call(cell: &TestCell, org: &TestOrg, entry: &Entry, path: &str, cookie: &str) -> Answer {
    let request = Request::builder()
        .method(entry.method.as_str())
        .uri(path)
        .header(header::COOKIE, cookie)
        .header("idempotency-key", contracts::RequestId::new().to_string())
        .header(header::CONTENT_TYPE, "application/json");
    let body = if entry.method == "GET" { String::new() } else { json!({}).to_string() };
    cell.send(org, request.body(Body::from(body)).unwrap()).await
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
            let answer = call(&cell, &b, entry, &entry.path, cookie).await;
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
        let roles: Vec<&str> = Role::ALL.iter().filter(|role| allowed(role)).map(|r| r.as_str()).collect();
        let who = match entry.needs {
            Needs::Nothing => "anybody".to_owned(),
            Needs::SignedIn | Needs::May(_) => roles.join(" "),
        };
        let Entry { method, path, .. } = entry;
        text.push_str(&format!("{method:6} {path:52} {who}\n"));
    }
    expect_file!["golden/permissions.txt"].assert_eq(&text);
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
            let answer = call(&cell, &org, entry, &entry.path, &cookie).await;
            let forbidden = answer.status == 403;
            assert_eq!(forbidden, !role.allows(action), "{role} {entry:?}: {answer:?}");
        }
    }
}

/// For every route with an id in its path: an id of another org leads nowhere. A new parameter
/// must be given a maker of such ids here, or this fails.
#[tokio::test]
async fn every_route_hides_other_orgs() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    let cookie = cell.enter_as_owner(&a).await;
    let foreign = foreign_ids(&cell, &b).await;
    for entry in routes::all().table() {
        let path = concrete(&entry.path, &foreign);
        assert!(!path.contains('{'), "no foreign id for a parameter of {entry:?}");
        if path == entry.path {
            continue;
        }
        let answer = call(&cell, &a, entry, &path, &cookie).await;
        assert_eq!(answer.status, 404, "{entry:?}: {answer:?}");
    }
}

/// Things of `org` that exist, by the name of the path parameter.
async fn foreign_ids(_cell: &TestCell, _org: &TestOrg) -> Vec<(&'static str, String)> {
    Vec::new()
}

#[tokio::test]
async fn unknown_addresses_and_pages_answer_as_they_should() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let unknown = cell.get(&org, "/api/nothing", "").await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (404, "not_found".into()));
    let description = cell.get(&org, "/api/openapi.json", "").await;
    assert_eq!(description.status, 200);
    let described = description.json();
    let paths = described["paths"].as_object().unwrap();
    for entry in routes::all().table() {
        assert!(paths.contains_key(&entry.path), "{entry:?}");
    }
    let page = cell.get(&org, "/pacing", "").await;
    assert!(page.header("content-type").unwrap().starts_with("text/html"), "{page:?}");
}
