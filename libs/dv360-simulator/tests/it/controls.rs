//! The simulator's own controls, and its health.

use reqwest::StatusCode;
use serde_json::json;

use crate::client::{Api, daily, exchange, text};

#[tokio::test]
async fn it_says_that_it_lives_and_is_ready() {
    let api = Api::start().await;
    for path in ["/livez", "/readyz"] {
        let url = format!("{}{path}", api.running.base_url);
        assert_eq!(api.plain(&url).await.unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn access_tokens_can_be_expired_while_the_grant_lives_on() {
    let mut api = Api::start().await;
    api.configure(json!({"expire_access_tokens": true})).await;
    assert_eq!(
        api.get("/v4/partners").await.status,
        StatusCode::UNAUTHORIZED
    );
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", api.refresh_token.as_str()),
    ];
    let token = exchange(&api.running.base_url, &refresh).await;
    api.set_token(&text(&token.body["access_token"]));
    assert_eq!(api.get("/v4/partners").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_report_delay_can_be_changed_for_the_reports_to_come() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let quick = api.run(&query).await;
    api.configure(json!({"report_delay_ms": 3_600_000})).await;
    let slow = api.run(&query).await;
    assert_eq!(quick["metadata"]["status"]["state"], "DONE");
    assert_eq!(slow["metadata"]["status"]["state"], "QUEUED");
    api.wait_for(&quick, "DONE").await;
}

#[tokio::test]
async fn an_unknown_setting_and_an_absurd_truth_are_refused() {
    let api = Api::start().await;
    let unknown = api.post("/sim/config", json!({"weather": "bad"})).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let advertiser = api.advertisers().await[0].1.clone();
    let backwards = format!("/sim/truth?advertiser={advertiser}&from=2026-07-20&to=2026-07-01");
    assert_eq!(api.get(&backwards).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_stopped_simulator_answers_no_more() {
    let api = Api::start().await;
    let url = format!("{}/livez", api.running.base_url);
    api.running.stop().await.unwrap();
    assert!(
        reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .get(url)
            .send()
            .await
            .is_err()
    );
}

#[tokio::test]
async fn there_is_a_page_to_drive_it_and_the_page_has_its_parts() {
    let api = Api::start().await;
    let base = api.running.base_url.clone();
    let page = api.plain(&format!("{base}/sim")).await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("<h1>DV360 simulator</h1>"));
    for part in ["page.css", "page.js", "faults.js", "truth.js"] {
        let answer = api.plain(&format!("{base}/sim/{part}")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{part}");
    }
    let home = api.plain(&base).await.unwrap();
    assert_eq!(home.headers()["location"], "/sim");
}

#[tokio::test]
async fn the_requests_are_kept_without_what_is_secret_in_them() {
    let api = Api::start().await;
    api.get("/v2/queries?pageSize=5").await;
    let log = api.get("/sim/log").await.body;
    let last = log["requests"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["path"], &last["status"]),
        (&json!("/v2/queries"), &json!(200))
    );
    assert_eq!(log["counts"]["GET /v2/queries"], 1);
    let after = format!("/sim/log?after={}", last["number"]);
    assert_eq!(api.get(&after).await.body["requests"], json!([]));
}
