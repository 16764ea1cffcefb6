//! Consent, codes, tokens and what they open.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{ANA, Api, OUTSIDER, REDIRECT, authorize, consent, exchange, http, text};

#[tokio::test]
async fn the_consent_page_shows_accounts_and_scopes_and_answers_a_decision() {
    let api = Api::start().await;
    let base = &api.running.base_url;
    let query = [
        ("client_id", "client"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "https://www.googleapis.com/auth/display-video"),
        ("state", "acme.<\">"),
    ];
    let page = http()
        .get(format!("{base}/o/oauth2/v2/auth"))
        .query(&query)
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    for wanted in [
        ANA,
        "auth/display-video",
        "Allow",
        "Deny",
        "acme.&lt;&quot;&gt;",
    ] {
        assert!(page.contains(wanted), "no {wanted} in {page}");
    }
    let decide = async |fields: &[(&str, &str)]| {
        let form = [&query[..], fields].concat();
        let url = format!("{base}/o/oauth2/v2/auth/decision");
        let response = http().post(url).form(&form).send().await.unwrap();
        response.headers()["location"].to_str().unwrap().to_owned()
    };
    let granted = ("granted", "https://www.googleapis.com/auth/display-video");
    let allowed = decide(&[("decision", "allow"), ("user", ANA), granted]).await;
    assert!(
        allowed.contains("code=4%2F0A") && allowed.contains("state=acme."),
        "{allowed}"
    );
    let nothing_ticked = decide(&[("decision", "allow"), ("user", ANA)]).await;
    assert!(
        nothing_ticked.contains("error=access_denied"),
        "{nothing_ticked}"
    );
    let denied = decide(&[("decision", "deny"), ("user", ANA), granted]).await;
    assert!(
        denied.contains("error=access_denied") && denied.contains("state="),
        "{denied}"
    );
}

#[tokio::test]
async fn an_authorization_request_with_a_bad_redirect_is_not_redirected() {
    let api = Api::start().await;
    let url = format!(
        "{}/o/oauth2/v2/auth?client_id=c&response_type=code",
        api.running.base_url
    );
    let response = api.plain(&url).await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("redirect_uri_mismatch")
    );
}

#[tokio::test]
async fn automatic_consent_can_deny_and_can_grant_less() {
    let api = Api::start().await;
    let base = &api.running.base_url;
    let denied = authorize(base, &[("auto", "deny")]).await;
    assert!(denied.contains("error=access_denied"), "{denied}");
    let only = ("grant", "https://www.googleapis.com/auth/display-video");
    let code = consent(base, &[only]).await;
    let token = exchange(
        base,
        &[("grant_type", "authorization_code"), ("code", &code)],
    )
    .await;
    assert_eq!(token.body["scope"], only.1);
    let mut api = api;
    api.set_token(&text(&token.body["access_token"]));
    assert_eq!(api.get("/v4/partners").await.status, StatusCode::OK);
    let refused = api.get("/v2/queries").await.error();
    assert_eq!(
        refused,
        "403 PERMISSION_DENIED Request had insufficient authentication scopes."
    );
}

#[tokio::test]
async fn a_wrong_client_secret_and_a_bad_code_are_refused() {
    let api = Api::start().await;
    let base = &api.running.base_url;
    let bad = exchange(
        base,
        &[
            ("grant_type", "authorization_code"),
            ("code", "4/0Anonsense"),
        ],
    )
    .await;
    assert_eq!(
        (bad.status, &bad.body["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
    let unknown = exchange(base, &[("grant_type", "password")]).await;
    assert_eq!(unknown.body["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn refreshing_gives_a_new_access_token_and_revoking_ends_it() {
    let api = Api::start().await;
    let base = &api.running.base_url;
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", api.refresh_token.as_str()),
    ];
    let token = exchange(base, &refresh).await;
    assert_eq!(token.status, StatusCode::OK);
    assert_eq!(token.body["expires_in"], 3_599);
    assert_eq!(token.body.get("refresh_token"), None);
    let revoked = http()
        .post(format!("{base}/revoke"))
        .form(&[("token", &api.refresh_token)]);
    assert_eq!(revoked.send().await.unwrap().status(), StatusCode::OK);
    let dead = exchange(base, &refresh).await;
    assert_eq!(dead.status, StatusCode::BAD_REQUEST);
    let expected = json!({
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    });
    assert_eq!(dead.body, expected);
    assert_eq!(
        api.get("/v4/partners").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn missing_and_wrong_bearers_are_told_apart() {
    let mut api = Api::start().await;
    let url = format!("{}/v2/queries", api.running.base_url);
    let missing: Value = api.plain(&url).await.unwrap().json().await.unwrap();
    assert_eq!(missing["error"]["status"], "UNAUTHENTICATED");
    assert!(text(&missing["error"]["message"]).starts_with("Request is missing required"));
    api.set_token("ya29.nonsense");
    let wrong = api.get("/v2/queries").await;
    assert!(
        wrong
            .error()
            .starts_with("401 UNAUTHENTICATED Request had invalid"),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_google_account_that_is_no_user_has_no_permission() {
    let mut api = Api::start().await;
    api.sign_in(OUTSIDER).await;
    let refused = api.get("/v4/partners").await.error();
    assert_eq!(
        refused,
        "403 PERMISSION_DENIED The caller does not have permission"
    );
}

#[tokio::test]
async fn the_person_behind_a_token_can_be_asked_for() {
    let api = Api::start().await;
    assert_eq!(api.get("/v1/userinfo").await.body["email"], ANA);
}
