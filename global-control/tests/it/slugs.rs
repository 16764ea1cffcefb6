//! Which addresses are free, and what is suggested instead.

use expect_test::expect;

use crate::support::TestApp;

#[tokio::test]
async fn each_wish_gets_its_reason_and_a_free_suggestion() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    ada.org("acme").await;
    ada.org("acme-media").await;
    let mut lines = Vec::new();
    for wish in [
        "fresh",
        "acme",
        "ac-me",
        "admin",
        "adm1n",
        "Caf%C3%A9%20Nord",
        "ab",
        "%F0%9F%A6%80",
        "xn--acme",
    ] {
        let body = ada.get(&format!("/api/slugs/{wish}")).await.expect(200);
        lines.push(format!(
            "{wish}: {} {} {} ({})",
            body["available"],
            body["reason"],
            body["suggestion"],
            body["message"].as_str().unwrap()
        ));
    }
    expect![[r#"
        fresh: true null null (this address is free)
        acme: false "taken" "acme-team" (this address is taken)
        ac-me: false "confusable" "ac-me-team" (this address looks too much like one that is taken)
        admin: false "reserved" "admin-media" (this name is reserved)
        adm1n: false "reserved" "adm1n-media" (this name is reserved)
        Caf%C3%A9%20Nord: false "invalid" "cafe-nord" (use only lower-case letters a to z, digits and hyphens)
        ab: false "invalid" "ab-media" (use at least 3 characters)
        %F0%9F%A6%80: false "invalid" null (use only lower-case letters a to z, digits and hyphens)
        xn--acme: false "invalid" "xn-acme" (start and end with a letter or digit, and never put two hyphens together)"#]].assert_eq(&lines.join("\n"));
}

#[tokio::test]
async fn strange_wishes_are_answered_calmly() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let long = "x".repeat(50_000);
    for wish in [
        "%00",
        "..%2F..%2Fetc",
        "%27%20or%201%3D1",
        &long,
        "%E2%80%AE",
    ] {
        let body = browser.get(&format!("/api/slugs/{wish}")).await.expect(200);
        assert_eq!(body["available"], false);
        assert_eq!(body["reason"], "invalid");
    }
    let answer = browser.get("/api/slugs/%FF").await;
    assert!(answer.status.is_client_error(), "{answer:?}");
}

#[tokio::test]
async fn a_suggestion_can_be_had() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    ada.org("acme").await;
    for _ in 0..5 {
        let body = ada.get("/api/slugs/acme").await.expect(200);
        ada.org(body["suggestion"].as_str().unwrap()).await;
    }
}

#[tokio::test]
async fn looking_up_addresses_is_limited_per_client() {
    let test = TestApp::start_with(&[
        ("LIMITS__LOOKUP_PER_CLIENT", "3"),
        ("LIMITS__LOOKUP_PER_CLIENT_REFILL_MS", "60000"),
    ])
    .await;
    let mut browser = test.browser();
    for _ in 0..3 {
        browser.get("/api/slugs/acme").await.expect(200);
    }
    browser
        .get("/api/slugs/acme")
        .await
        .refused(429, "too_many_attempts");
}
