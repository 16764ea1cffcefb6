//! Signing up: what is refused, and that a repeated request happens once.

use axum::body::Body;
use axum::http::{Method, header};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

fn body(email: &str, slug: Option<&str>) -> Value {
    let org = slug.map(|slug| json!({ "name": "Acme", "slug": slug }));
    json!({ "email": email, "password": PASSWORD, "name": "Ada", "org": org })
}

#[tokio::test]
async fn signing_up_signs_in_and_starts_the_org() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let answer = browser
        .post("/api/signup", body("Ada@Example.com", Some("acme")))
        .await;
    let cookie = answer.headers[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        cookie.starts_with("cellplane_app=") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let body = answer.expect(201);
    assert_eq!(body["user"]["email"], "ada@example.com");
    let org = &body["org"];
    assert_eq!(org["state"], "provisioning");
    assert_eq!(org["role"], "owner");
    assert_eq!(org["url"], "http://acme.localhost:8080");
    assert_eq!(org["problem"], json!(null));
    let me = browser.get("/api/me").await.expect(200);
    assert_eq!(me["orgs"], json!([org]));
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log order by action")
        .fetch_all(&test.rows)
        .await
        .unwrap();
    assert_eq!(actions, ["org.requested", "user.signed_up"]);
}

#[tokio::test]
async fn each_bad_field_has_its_own_code() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let good = body("ada@example.com", Some("acme"));
    for (field, value, code) in [
        ("email", json!("ada"), "invalid_email"),
        ("email", json!("a\0b@example.com"), "invalid_email"),
        ("password", json!("short"), "weak_password"),
        ("password", json!("Password123"), "weak_password"),
        ("password", json!("ADA@example.com"), "weak_password"),
        ("password", json!("x".repeat(500_000)), "weak_password"),
        ("name", json!(" "), "invalid_name"),
        ("name", json!("a\u{202e}b"), "invalid_name"),
        ("name", json!("n".repeat(300_000)), "invalid_name"),
        (
            "org",
            json!({ "name": "A", "slug": "admin" }),
            "slug_reserved",
        ),
        (
            "org",
            json!({ "name": "A", "slug": "Acme" }),
            "invalid_slug",
        ),
        (
            "org",
            json!({ "name": "A", "slug": "x".repeat(300_000) }),
            "invalid_slug",
        ),
        ("org", json!({ "name": "", "slug": "acme" }), "invalid_name"),
        ("org", json!({ "name": "A" }), "invalid_body"),
        ("email", json!(7), "invalid_body"),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        browser.post("/api/signup", bad).await.refused(422, code);
    }
    assert_eq!(test.count("select count(*) from users").await, 0);
    assert_eq!(test.count("select count(*) from orgs").await, 0);
}

#[tokio::test]
async fn a_taken_address_or_slug_leaves_nothing_behind() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    browser
        .post("/api/signup", body("ada@example.com", Some("acme")))
        .await
        .expect(201);
    let again = browser
        .post("/api/signup", body("ADA@example.com", None))
        .await;
    again.refused(409, "email_taken");
    let same = browser
        .post("/api/signup", body("bob@example.com", Some("acme")))
        .await;
    same.refused(409, "slug_taken");
    let alike = browser
        .post("/api/signup", body("bob@example.com", Some("ac-me")))
        .await;
    alike.refused(409, "slug_confusable");
    assert_eq!(test.count("select count(*) from users").await, 1);
    assert_eq!(test.count("select count(*) from operations").await, 1);
    assert_eq!(test.count("select count(*) from app_sessions").await, 1);
}

#[tokio::test]
async fn a_repeated_request_happens_once() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let wish = body("ada@example.com", Some("acme"));
    let first = browser
        .post_with_key("/api/signup", wish.clone(), "key-1")
        .await
        .expect(201);
    let mut other = test.browser();
    let again = other
        .post_with_key("/api/signup", wish.clone(), "key-1")
        .await
        .expect(201);
    assert_eq!(first, again);
    // The answer was lost with its cookie; both cookies work.
    assert_ne!(browser.cookie, other.cookie);
    browser.get("/api/me").await.expect(200);
    other.get("/api/me").await.expect(200);
    assert_eq!(test.count("select count(*) from orgs").await, 1);
    let mut changed = wish;
    changed["password"] = json!("another long password");
    let reused = browser.post_with_key("/api/signup", changed, "key-1").await;
    reused.refused(422, "idempotency_key_reused");
}

#[tokio::test]
async fn the_key_is_required_and_checked() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let request = browser
        .request(Method::POST, "/api/signup")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body("ada@example.com", None).to_string()))
        .unwrap();
    browser
        .send(request)
        .await
        .refused(400, "idempotency_key_required");
    for key in ["", &"k".repeat(129), "with space"] {
        let answer = browser
            .post_with_key("/api/signup", body("a@example.com", None), key)
            .await;
        answer.refused(400, "idempotency_key_invalid");
    }
}

#[tokio::test]
async fn of_many_at_once_one_gets_the_address_and_one_the_slug() {
    let test = TestApp::start().await;
    let same_address = join_all((0..8).map(|_| async {
        let mut browser = test.browser();
        browser
            .post("/api/signup", body("ada@example.com", None))
            .await
            .status
            .as_u16()
    }))
    .await;
    assert_eq!(
        same_address.iter().filter(|status| **status == 201).count(),
        1
    );
    assert!(
        same_address
            .iter()
            .all(|status| [201, 409].contains(status))
    );
    let same_slug = join_all((0..8).map(|n| {
        let test = &test;
        async move {
            let slug = ["acme", "ac-me"][n % 2];
            let wish = body(&format!("p{n}@example.com"), Some(slug));
            test.browser()
                .post("/api/signup", wish)
                .await
                .status
                .as_u16()
        }
    }))
    .await;
    assert_eq!(
        same_slug.iter().filter(|status| **status == 201).count(),
        1,
        "{same_slug:?}"
    );
    assert!(same_slug.iter().all(|status| [201, 409].contains(status)));
    let same_key = join_all((0..8).map(|_| async {
        let wish = body("key@example.com", Some("keyed-org"));
        test.browser()
            .post_with_key("/api/signup", wish, "one-key")
            .await
            .expect(201)
    }))
    .await;
    assert!(same_key.windows(2).all(|pair| pair[0] == pair[1]));
}
