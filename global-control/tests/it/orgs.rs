//! Starting orgs, looking at them, going to them.

use axum::http::Method;
use contracts::OrgId;
use contracts::handoff::{self, HandoffClaims};
use serde_json::json;
use service_kit::tokens::VerifyingKeys;

use crate::support::TestApp;

/// 210 orgs that the one user has started.
const MANY_ORGS: &str = "insert into orgs (org_id, slug, name, state, created_by)
    select gen_random_uuid(), 'many-' || n, 'Many', 'active', user_id
    from users, generate_series(1, 210) as n";

#[tokio::test]
async fn an_org_is_seen_by_its_members_only() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    let mut bob = test.person("bob").await;
    let id = ada.org("acme").await;
    let path = format!("/api/orgs/{id}");
    assert_eq!(ada.get(&path).await.expect(200)["slug"], "acme");
    bob.get(&path).await.refused(404, "org_not_found");
    bob.post(&format!("{path}/enter"), json!({}))
        .await
        .refused(404, "org_not_found");
    assert_eq!(bob.get("/api/me").await.expect(200)["orgs"], json!([]));
    test.browser()
        .get(&path)
        .await
        .refused(401, "not_signed_in");
    for strange in [
        "acme",
        "org_1",
        "user_0192f3a4b5c67d8e9fa0b1c2d3e4f506",
        "%00",
        "..%2F",
    ] {
        let answer = ada.get(&format!("/api/orgs/{strange}")).await;
        assert_eq!(answer.status, 404, "{strange}: {answer:?}");
    }
    ada.get(&format!("/api/orgs/{}", OrgId::new()))
        .await
        .refused(404, "org_not_found");
}

#[tokio::test]
async fn a_repeated_start_gives_the_same_org() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    let mut bob = test.person("bob").await;
    let body = json!({ "name": "Acme", "slug": "acme" });
    let first = ada
        .post_with_key("/api/orgs", body.clone(), "k")
        .await
        .expect(202);
    let again = ada
        .post_with_key("/api/orgs", body.clone(), "k")
        .await
        .expect(202);
    assert_eq!(first, again);
    let other = json!({ "name": "Acme", "slug": "other" });
    let reused = ada.post_with_key("/api/orgs", other.clone(), "k").await;
    reused.refused(422, "idempotency_key_reused");
    // Another person's key is another key; a failed write keeps no key.
    bob.post_with_key("/api/orgs", body, "k")
        .await
        .refused(409, "slug_taken");
    bob.post_with_key("/api/orgs", other, "k").await.expect(202);
}

#[tokio::test]
async fn entering_gives_a_code_for_that_org_alone() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    let id = ada.org("acme").await;
    let path = format!("/api/orgs/{id}/enter");
    ada.post(&path, json!({}))
        .await
        .refused(409, "org_not_ready");
    test.sql("update orgs set state = 'active'").await;
    for bad in [
        "//evil.example",
        "https://evil.example",
        "",
        "a",
        "/\\x",
        "/a b",
    ] {
        ada.post(&path, json!({ "path": bad }))
            .await
            .refused(422, "invalid_path");
    }
    ada.post(&path, json!({ "to": "/" }))
        .await
        .refused(422, "invalid_body");
    let wish = json!({ "path": "/pacing?x=1" });
    let body = ada
        .post_with_key(&path, wish.clone(), "k")
        .await
        .expect(200);
    let again = ada.post_with_key(&path, wish, "k").await.expect(200);
    assert_ne!(body, again);
    ada.post_with_key(&path, json!({}), "k")
        .await
        .refused(422, "idempotency_key_reused");
    let url = body["url"].as_str().unwrap();
    let code = url
        .strip_prefix("http://acme.localhost:8080/auth/enter?code=")
        .unwrap();
    let keys = VerifyingKeys::new(vec![test.app.signing.public_key()]);
    let claims: HandoffClaims = keys.verify_jwt(handoff::TYP, code, &id).unwrap();
    assert_eq!(claims.path, "/pacing?x=1");
    assert_eq!(claims.email, "ada@example.com");
    assert_eq!(claims.role.as_str(), "owner");
    assert_eq!(claims.exp - claims.iat, handoff::LIFETIME_SECONDS);
    let other = OrgId::new().to_string();
    assert!(
        keys.verify_jwt::<HandoffClaims>(handoff::TYP, code, &other)
            .is_err()
    );
    test.sql("update orgs set state = 'failed', problem = 'x'")
        .await;
    ada.post(&path, json!({})).await.refused(409, "org_failed");
}

#[tokio::test]
async fn one_person_cannot_start_orgs_without_end() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    test.sql(MANY_ORGS).await;
    test.sql(
        "insert into memberships (org_id, user_id, role)
        select org_id, created_by, 'owner' from orgs limit 100",
    )
    .await;
    let more = json!({ "name": "More", "slug": "one-more" });
    ada.post("/api/orgs", more)
        .await
        .refused(409, "too_many_orgs");
}

#[tokio::test]
async fn operators_list_every_org_in_pages() {
    let test = TestApp::start().await;
    test.person("ada").await;
    test.sql(MANY_ORGS).await;
    let first = test
        .internal("operator", Method::GET, "/internal/orgs", None)
        .await
        .expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/internal/orgs?cursor={cursor}");
    let second = test
        .internal("operator", Method::GET, &path, None)
        .await
        .expect(200);
    assert_eq!(second["items"].as_array().unwrap().len(), 10);
    assert_eq!(second["next_cursor"], json!(null));
    let bad = test
        .internal("operator", Method::GET, "/internal/orgs?cursor=x", None)
        .await;
    bad.refused(400, "invalid_query");
}

#[tokio::test]
async fn the_answer_of_a_dsp_is_sent_on_to_the_org() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let path = "/oauth/dv360/callback?state=acme.abc&code=4%2F0x&scope=a%20b&authuser=0";
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.headers["location"],
        "http://acme.localhost:8080/connections/dv360/callback?state=acme.abc&code=4%2F0x&scope=a+b"
    );
    let denied = browser
        .get("/oauth/dv360/callback?state=acme.abc&error=access_denied")
        .await;
    assert!(
        denied.headers["location"]
            .to_str()
            .unwrap()
            .ends_with("&error=access_denied")
    );
    for bad in [
        "",
        "?state=acme",
        "?state=evil.example%2F.x&code=1&state=2",
        "?state=%2F%2Fevil.x",
    ] {
        let answer = browser.get(&format!("/oauth/dv360/callback{bad}")).await;
        assert!(
            !answer.headers.contains_key("location") || answer.status == 303,
            "{bad}"
        );
        if let Some(location) = answer.headers.get("location") {
            assert!(
                location.to_str().unwrap().contains(".localhost:8080/"),
                "{bad}"
            );
        }
    }
}
