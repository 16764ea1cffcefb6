//! Codes are redeemed once and offline; sessions live and die in the org's rows.

use axum::body::Body;
use axum::http::{Request, header};
use contracts::{CellId, OrgId, Role, UserId};
use service_kit::config::HexKey;
use service_kit::tokens::SigningKey;

use crate::support::{TestCell, TestOrg, answer, claims, code, signing_key, through_router};

async fn enter(cell: &TestCell, org: &TestOrg, code: &str) -> (u16, String, bool) {
    let answer = cell.get(org, &format!("/auth/enter?code={code}"), "").await;
    let location = answer.header("location").unwrap_or("").to_owned();
    let cookie = answer.header("set-cookie").is_some();
    (answer.status.as_u16(), location, cookie)
}

#[tokio::test]
async fn a_code_opens_a_session_that_says_who_one_is() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let user = UserId::new();
    let code = code(&claims(&org, user, Role::Analyst));
    let entered = cell
        .get(&org, &format!("/auth/enter?code={code}"), "")
        .await;
    assert_eq!(entered.header("location"), Some("/pacing"));
    let set = entered.header("set-cookie").unwrap();
    for part in ["cellplane_org=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain") && !set.contains("Secure"), "{set}");
    let session = cell
        .get(&org, "/api/session", &entered.cookie())
        .await
        .json();
    assert_eq!(session["user"]["user_id"], user.to_string());
    assert_eq!(session["org"]["slug"], "acme");
    assert_eq!(session["role"], "analyst");
    assert_eq!(
        session["permissions"],
        serde_json::json!(["read", "start_sync"])
    );
    assert_eq!(session["app_url"], "http://app.localhost:8080");
}

#[tokio::test]
async fn a_code_works_once_even_for_two_at_the_same_time() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let code = code(&claims(&org, UserId::new(), Role::Viewer));
    let tries = (0..4).map(|_| enter(&cell, &org, &code));
    let results = futures::future::join_all(tries).await;
    let opened = results.iter().filter(|(_, _, cookie)| *cookie).count();
    assert_eq!(opened, 1, "{results:?}");
    let (status, location, cookie) = enter(&cell, &org, &code).await;
    assert_eq!((status, cookie), (303, false));
    assert_eq!(
        location,
        "http://app.localhost:8080/?problem=code_not_valid"
    );
}

#[tokio::test]
async fn codes_of_others_and_old_ones_open_nothing() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let good = || claims(&org, UserId::new(), Role::Owner);
    let mut expired = good();
    (expired.iat, expired.exp) = (expired.iat - 120, expired.exp - 120);
    let mut elsewhere = good();
    elsewhere.aud = OrgId::new();
    let mut issuer = good();
    issuer.iss = CellId::new().to_string();
    let mut path = good();
    path.path = "//evil.example/".into();
    let other_key = SigningKey::from_seed(&HexKey::new([8; 32]));
    let codes = [
        code(&expired),
        code(&elsewhere),
        code(&issuer),
        code(&path),
        other_key.sign_jwt(contracts::handoff::TYP, &good()),
        signing_key().sign_jwt("another-kind+jwt", &good()),
        "nonsense".into(),
    ];
    for code in codes {
        let (status, location, cookie) = enter(&cell, &org, &code).await;
        assert_eq!((status, cookie), (303, false), "{code}");
        assert!(location.starts_with("http://app.localhost:8080/?problem="));
    }
}

#[tokio::test]
async fn a_later_code_updates_the_member() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let user = UserId::new();
    let first = cell.enter(&org, user, Role::Viewer).await;
    let second = cell.enter(&org, user, Role::Admin).await;
    for cookie in [first, second] {
        let session = cell.get(&org, "/api/session", &cookie).await.json();
        assert_eq!(session["role"], "admin");
    }
}

#[tokio::test]
async fn logging_out_ends_that_session_only() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let one = cell.enter_as_owner(&org).await;
    let two = cell.enter_as_owner(&org).await;
    let request = Request::post("/api/logout").header(header::COOKIE, &one);
    let out = cell.send(&org, request.body(Body::empty()).unwrap()).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(cell.get(&org, "/api/session", &one).await.status, 401);
    assert_eq!(cell.get(&org, "/api/session", &two).await.status, 200);
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_their_absolute_end() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut admin = cell.superuser().await;
    for end in [
        "update tenant.sessions set last_seen_at = now() - interval '8 days'",
        "update tenant.sessions set expires_at = now() - interval '1 second'",
    ] {
        let cookie = cell.enter_as_owner(&org).await;
        assert_eq!(cell.get(&org, "/api/session", &cookie).await.status, 200);
        sqlx::query(end).execute(&mut admin).await.unwrap();
        assert_eq!(
            cell.get(&org, "/api/session", &cookie).await.status,
            401,
            "{end}"
        );
    }
}

#[tokio::test]
async fn using_a_session_keeps_it_alive() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut admin = cell.superuser().await;
    let cookie = cell.enter_as_owner(&org).await;
    sqlx::query("update tenant.sessions set last_seen_at = now() - interval '6 days'")
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(cell.get(&org, "/api/session", &cookie).await.status, 200);
    let fresh: bool = sqlx::query_scalar(
        "select last_seen_at > now() - interval '1 minute' from tenant.sessions",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert!(fresh);
}

#[tokio::test]
async fn nobody_gets_in_around_the_router() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let other = cell.org("boreal").await;
    let bare = Request::get("/api/session").header("host", "acme.localhost:8080");
    let refused = answer(&cell.public, bare.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (403, "not_through_router".into())
    );
    // A signature fits one org, one path and one method.
    let sign = |org| {
        through_router(
            org,
            Request::get("/api/session").body(Body::empty()).unwrap(),
        )
    };
    let mut bent = sign(&org);
    let id = other.scope.org().to_string().parse().unwrap();
    bent.headers_mut().insert(contracts::edge::ORG, id);
    assert_eq!(answer(&cell.public, bent).await.status, 403);
    let mut bent = sign(&org);
    *bent.uri_mut() = "/api/usage".parse().unwrap();
    assert_eq!(answer(&cell.public, bent).await.status, 403);
    let mut bent = sign(&org);
    bent.headers_mut()
        .insert("host", "boreal.localhost:8080".parse().unwrap());
    assert_eq!(answer(&cell.public, bent).await.status, 403);
}

#[tokio::test]
async fn writes_from_other_sites_are_refused() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    let request = Request::post("/api/logout")
        .header(header::COOKIE, &cookie)
        .header(header::ORIGIN, "https://evil.example");
    let refused = cell.send(&org, request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (403, "cross_site".into())
    );
    assert_eq!(cell.get(&org, "/api/session", &cookie).await.status, 200);
}

#[tokio::test]
async fn a_wrong_epoch_is_sent_elsewhere_and_says_what_is_in_force() {
    let cell = TestCell::start().await;
    let mut org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    org.scope = cell::tenancy::OrgScope::vouched(org.scope.org(), contracts::Epoch(7));
    let refused = cell.get(&org, "/api/session", &cookie).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (421, "org_elsewhere".into())
    );
    assert_eq!(refused.header("x-cellplane-refused"), Some("active 1"));
}
