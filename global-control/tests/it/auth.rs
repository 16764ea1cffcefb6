//! Signing in, staying signed in, signing out.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;
use std::time::{Duration, Instant};

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn a_session_lasts_from_login_to_logout() {
    let test = TestApp::start().await;
    test.person("ada").await;
    let mut browser = test.browser();
    browser.get("/api/me").await.refused(401, "not_signed_in");
    let user = browser
        .login(" ADA@Example.com", PASSWORD)
        .await
        .expect(200);
    assert_eq!(user["user"]["email"], "ada@example.com");
    let me = browser.get("/api/me").await.expect(200);
    assert_eq!(me["user"], user["user"]);
    assert_eq!(me["orgs"], json!([]));
    let cookie = browser.cookie.clone();
    let logout = browser.request(Method::POST, "/api/logout");
    browser
        .send(logout.body(Body::empty()).unwrap())
        .await
        .expect(204);
    assert_eq!(browser.cookie, None);
    browser.cookie = cookie;
    browser.get("/api/me").await.refused(401, "not_signed_in");
    let logout = browser.request(Method::POST, "/api/logout");
    browser
        .send(logout.body(Body::empty()).unwrap())
        .await
        .expect(204);
}

#[tokio::test]
async fn login_gives_a_new_session_and_ends_the_presented_one() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    let first = ada.cookie.clone();
    ada.login("ada@example.com", PASSWORD).await.expect(200);
    assert_ne!(ada.cookie, first);
    let mut thief = test.browser();
    thief.cookie = first;
    thief.get("/api/me").await.refused(401, "not_signed_in");
    assert_eq!(test.count("select count(*) from app_sessions").await, 1);
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    test.sql("update app_sessions set seen_at = now() - interval '2 hours'")
        .await;
    test.sql("update app_sessions set idle_expires_at = now() + interval '1 hour'")
        .await;
    ada.get("/api/me").await.expect(200);
    let renewed = "select count(*) from app_sessions
        where idle_expires_at > now() + interval '6 days' and seen_at > now() - interval '1 minute'";
    assert_eq!(test.count(renewed).await, 1);
    test.sql("update app_sessions set idle_expires_at = now() - interval '1 second'")
        .await;
    ada.get("/api/me").await.refused(401, "not_signed_in");
    ada.login("ada@example.com", PASSWORD).await.expect(200);
    test.sql("update app_sessions set expires_at = now() - interval '1 second'")
        .await;
    ada.get("/api/me").await.refused(401, "not_signed_in");
    global_control::work::clean_up(&test.app.db).await.unwrap();
    assert_eq!(test.count("select count(*) from app_sessions").await, 0);
}

#[tokio::test]
async fn the_cookie_is_stored_hashed_only() {
    let test = TestApp::start().await;
    let ada = test.person("ada").await;
    let value = ada.cookie.unwrap().split_once('=').unwrap().1.to_owned();
    let dump: String = sqlx::query_scalar(
        "select string_agg(app_sessions::text, ' ') || ' ' ||
            coalesce((select string_agg(idempotency_keys::text, ' ') from idempotency_keys), '')
        from app_sessions",
    )
    .fetch_one(&test.rows)
    .await
    .unwrap();
    assert!(!dump.contains(&value));
    assert!(!dump.contains(PASSWORD));
}

#[tokio::test]
async fn wrong_credentials_read_the_same_whoever_is_meant() {
    let test = TestApp::start().await;
    test.person("ada").await;
    let mut browser = test.browser();
    let mut bodies = Vec::new();
    for (email, password) in [
        ("ada@example.com", "wrong horse battery"),
        ("eve@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("", ""),
        ("ada@example.com", &PASSWORD.repeat(10_000)),
        ("ada@example.com\0", PASSWORD),
        ("' or 1=1 --", PASSWORD),
    ] {
        let answer = browser.login(email, password).await;
        assert_eq!(browser.cookie, None);
        bodies.push(answer.body["error"]["message"].clone());
        answer.refused(401, "bad_credentials");
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    let failed = "select count(*) from audit_log where action = 'login.failed'";
    assert_eq!(test.count(failed).await, 7);
}

#[tokio::test]
async fn an_unknown_address_takes_as_long_as_a_known_one() {
    let test = TestApp::start_with(&[
        ("LIMITS__LOGIN_PER_ACCOUNT", "1000"),
        ("LIMITS__LOGIN_PER_CLIENT", "1000"),
    ])
    .await;
    test.person("ada").await;
    let mut browser = test.browser();
    // The fastest of several tries, as many as a busy machine needs. A missing hash would show as
    // a factor that no number of tries takes away.
    let mut fastest = [Duration::MAX; 2];
    let mut factor = f64::MAX;
    for round in 0..60 {
        for (at, email) in ["ada@example.com", "eve@example.com"]
            .into_iter()
            .enumerate()
        {
            let started = Instant::now();
            browser.login(email, "wrong horse battery").await;
            fastest[at] = fastest[at].min(started.elapsed());
        }
        let [known, unknown] = fastest.map(|time| time.as_secs_f64());
        factor = (unknown / known).max(known / unknown);
        if round > 5 && factor < 1.3 {
            return;
        }
    }
    panic!("one takes {factor} times as long as the other: {fastest:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_per_account_and_per_client() {
    let test = TestApp::start_with(&[
        ("LIMITS__LOGIN_PER_ACCOUNT", "2"),
        ("LIMITS__LOGIN_PER_CLIENT", "4"),
        ("LIMITS__LOGIN_PER_CLIENT_REFILL_MS", "60000"),
    ])
    .await;
    test.person("ada").await;
    let mut browser = test.browser();
    for _ in 0..2 {
        browser
            .login("ada@example.com", "guess")
            .await
            .refused(401, "bad_credentials");
    }
    // The right password is held back too, and so is the same account in capitals.
    let answer = browser.login("ADA@example.com", PASSWORD).await;
    let wait: u64 = answer.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    answer.refused(429, "too_many_attempts");
    browser
        .login("bob@example.com", "guess")
        .await
        .refused(401, "bad_credentials");
    browser
        .login("eve@example.com", "guess")
        .await
        .refused(429, "too_many_attempts");
    let mut elsewhere = test.browser();
    elsewhere.client = "198.51.100.1".into();
    elsewhere
        .login("eve@example.com", "guess")
        .await
        .refused(401, "bad_credentials");
}

#[tokio::test]
async fn a_dead_database_is_said_plainly_and_soon() {
    let test = TestApp::start_with(&[("DATABASE_URL", "postgres://x:x@127.0.0.1:1/x")]).await;
    let mut browser = test.browser();
    let started = Instant::now();
    let answer = browser.login("ada@example.com", PASSWORD).await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    answer.refused(503, "try_again");
    let ready = test.internal_with(None, Method::GET, "/readyz", None).await;
    assert_eq!(ready.expect(503)["failing"], json!(["database"]));
    let live = test.internal_with(None, Method::GET, "/livez", None).await;
    live.expect(200);
}
