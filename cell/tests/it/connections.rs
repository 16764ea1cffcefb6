//! Consent and choice: what is believed, what is refused, and what a person is told.

use axum::http::Method;
use contracts::{Role, UserId};
use serde_json::json;

use crate::source::Slice;

#[tokio::test]
async fn a_consent_becomes_a_connection() {
    let slice = Slice::start().await;
    let id = slice.connect().await;
    let connection = slice.json(&format!("/api/connections/{id}")).await;
    assert_eq!(connection["state"], "needs_setup");
    assert_eq!(connection["account_email"], "ana.lima@meridian.example");
    assert_eq!(connection["advertisers_selected"], 0);
    let partners = slice.json(&format!("/api/connections/{id}/partners")).await;
    let partners = partners["items"].as_array().unwrap();
    assert_eq!(partners.len(), 2);
    let ours = partners
        .iter()
        .find(|one| one["name"] == "Meridian Collective");
    let partner = ours.unwrap()["partner_id"].as_str().unwrap();
    let path = format!("/api/connections/{id}/advertisers?partner_id={partner}&search=KESTREL");
    let found = slice.json(&path).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["time_zone"], "Asia/Kolkata");
    assert_eq!(found["items"][0]["estimate"]["days"], 90);
}

#[tokio::test]
async fn the_same_account_is_the_same_connection() {
    let slice = Slice::start().await;
    let first = slice.connect().await;
    assert_eq!(slice.connect().await, first);
    let list = slice.json("/api/connections").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_state_works_once_and_for_its_session_only() {
    let slice = Slice::start().await;
    let query = slice.consent("auto=1").await;
    let other = slice
        .cell
        .enter(&slice.org, UserId::new(), Role::Admin)
        .await;
    let path = format!("/connections/dv360/callback?{query}");
    let stolen = slice.cell.get(&slice.org, &path, &other).await;
    let expired = "/connections?problem=consent_expired";
    assert_eq!(stolen.header("location"), Some(expired));
    assert!(slice.come_back(&query).await.contains("connection="));
    assert_eq!(slice.come_back(&query).await, expired);
    assert_eq!(slice.come_back("code=x&state=acme.00").await, expired);
    let unknown = slice.come_back("code=x").await;
    assert_eq!(unknown, "/connections?problem=consent_unknown");
}

#[tokio::test]
async fn what_a_person_declines_is_not_taken() {
    let slice = Slice::start().await;
    let denied = slice.come_back(&slice.consent("auto=deny").await).await;
    assert_eq!(denied, "/setup?step=2&problem=consent_denied");
    let one = "auto=1&grant=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdisplay-video";
    let partly = slice.come_back(&slice.consent(one).await).await;
    assert_eq!(partly, "/setup?step=2&problem=missing_scopes");
    assert_eq!(slice.count("connections").await, 0);
    let path = "/api/connections/dv360/authorize";
    let body = json!({"return_path": "//evil.test"});
    let away = slice.write(Method::POST, path, body).await;
    assert_eq!(away.status, 422);
    assert_eq!(away.code(), "invalid_return_path");
}

#[tokio::test]
async fn the_refresh_token_is_nowhere_in_the_clear() {
    let slice = Slice::start().await;
    slice.connect().await;
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed_credentials from tenant.connections")
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    assert!(sealed.len() > 40);
    let text = String::from_utf8_lossy(&sealed);
    assert!(!text.contains("1//") && !text.contains("ana.lima"));
}

/// The account sees both partners' advertisers, and the source would answer for any of them.
#[tokio::test]
async fn another_partners_advertiser_cannot_be_chosen() {
    let slice = Slice::start().await;
    let id = slice.connect().await;
    let mixed = slice.choose(&id, &[0, 2]).await;
    assert_eq!(mixed.status, 422);
    assert_eq!(mixed.code(), "wrong_choice");
    assert_eq!(slice.choose(&id, &[]).await.code(), "wrong_choice");
    assert_eq!(slice.count("syncs").await, 0);
}

#[tokio::test]
async fn a_consent_that_ends_pauses_the_connection_until_the_next() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let id = sync["connection_id"].as_str().unwrap();
    let path = format!("/api/connections/{id}");
    let user = "ana.lima@meridian.example";
    slice
        .order_faults(json!({"user": user, "invalid_grant": true}))
        .await;
    // The access token that is still held would work for an hour.
    slice.control(json!({"expire_access_tokens": true})).await;
    let wish = json!({"connection_id": id});
    let again = slice.write(Method::POST, "/api/syncs", wish.clone()).await;
    assert_eq!(again.status, 202, "{again:?}");
    let again = slice.end_of(&again.json()).await;
    assert_eq!(again["state"], "failed");
    assert_eq!(again["problem"]["code"], "signed_out");
    let connection = slice.json(&path).await;
    assert_eq!(connection["state"], "paused");
    assert_eq!(connection["problem"]["code"], "signed_out");
    let refused = slice.write(Method::POST, "/api/syncs", wish).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.code(), "connection_not_ready");

    slice
        .order_faults(json!({"user": user, "invalid_grant": false}))
        .await;
    assert_eq!(slice.connect().await, id);
    let connection = slice.json(&path).await;
    assert_eq!(connection["state"], "active");
    let resumed = slice.end_of(&connection["last_sync"]).await;
    assert_eq!(resumed["kind"], "daily");
    assert_eq!(resumed["state"], "done", "{resumed}");
}

#[tokio::test]
async fn a_removed_connection_is_gone() {
    let slice = Slice::start().await;
    let id = slice.connect().await;
    let path = format!("/api/connections/{id}");
    let removed = slice.write(Method::DELETE, &path, json!({})).await;
    assert_eq!(removed.status, 204);
    assert_eq!(slice.get(&path).await.code(), "connection_not_found");
    let again = slice.write(Method::DELETE, &path, json!({})).await;
    assert_eq!(again.status, 404);
}
