//! Every fault knob does what it says, and nothing to anyone else.

use reqwest::StatusCode;
use serde_json::json;

use crate::client::{ANA, Api, daily, exchange, text};

#[tokio::test]
async fn a_report_can_fail_as_often_as_it_is_told_to() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    api.set_faults(
        &advertiser,
        json!({"report": {"kind": "failed", "times": 1}}),
    )
    .await;
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let failed = api.run(&query).await;
    api.wait_for(&failed, "FAILED").await;
    let fine = api.run(&query).await;
    api.wait_for(&fine, "DONE").await;
    api.wait_for(&failed, "FAILED").await;
}

#[tokio::test]
async fn a_report_can_be_done_without_a_path() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    api.set_faults(
        &advertiser,
        json!({"report": {"kind": "done_without_path"}}),
    )
    .await;
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    let done = api.wait_for(&report, "DONE").await;
    assert_eq!(done["metadata"].get("googleCloudStoragePath"), None);
}

#[tokio::test]
async fn a_report_can_be_stuck_in_the_queue_or_while_running() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    for (kind, state) in [("queued_forever", "QUEUED"), ("running_forever", "RUNNING")] {
        api.set_faults(&advertiser, json!({"report": {"kind": kind}}))
            .await;
        let report = api.run(&query).await;
        api.wait_for(&report, state).await;
    }
}

#[tokio::test]
async fn a_download_can_break_off_or_end_early_without_a_sign() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    let link = text(&api.wait_for(&report, "DONE").await["metadata"]["googleCloudStoragePath"]);
    let whole = api.plain(&link).await.unwrap().bytes().await.unwrap();

    let broken = json!({"download": {"kind": {"cut_connection": {"at": 500}}}});
    api.set_faults(&advertiser, broken).await;
    let response = api.plain(&link).await.unwrap();
    assert_eq!(response.content_length(), Some(whole.len() as u64));
    assert!(response.bytes().await.is_err());

    let short = json!({"download": {"kind": {"cut_body": {"at": 500}}}});
    api.set_faults(&advertiser, short).await;
    let response = api.plain(&link).await.unwrap();
    assert_eq!(response.content_length(), Some(500));
    assert_eq!(response.bytes().await.unwrap(), whole[..500]);

    let gone = json!({"download": {"kind": "unavailable", "times": 1}});
    api.set_faults(&advertiser, gone).await;
    assert_eq!(
        api.plain(&link).await.unwrap().status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        api.plain(&link).await.unwrap().bytes().await.unwrap(),
        whole
    );
}

#[tokio::test]
async fn api_calls_about_one_advertiser_can_be_refused() {
    let api = Api::start().await;
    let all = api.advertisers().await;
    let (partner, advertiser) = all[0].clone();
    let path = format!("/v4/advertisers/{advertiser}");
    let kinds = [
        (
            "resource_exhausted",
            "429 RESOURCE_EXHAUSTED Resource has been exhausted (e.g. check quota).",
        ),
        (
            "daily_limit_exceeded",
            "403 PERMISSION_DENIED Daily Limit Exceeded",
        ),
        (
            "user_rate_limit_exceeded",
            "403 PERMISSION_DENIED User Rate Limit Exceeded",
        ),
        (
            "permission_denied",
            "403 PERMISSION_DENIED The caller does not have permission",
        ),
        ("internal", "500 INTERNAL Internal error encountered."),
        (
            "unavailable",
            "503 UNAVAILABLE The service is currently unavailable.",
        ),
        (
            "deadline_exceeded",
            "504 DEADLINE_EXCEEDED The request deadline was exceeded.",
        ),
    ];
    for (kind, error) in kinds {
        api.set_faults(&advertiser, json!({"api": {"kind": kind}}))
            .await;
        assert_eq!(api.get(&path).await.error(), error);
        assert_eq!(
            api.post("/v2/queries", daily(&partner, &advertiser))
                .await
                .error(),
            error
        );
    }
    assert_eq!(
        api.get(&format!("/v4/advertisers/{}", all[1].1))
            .await
            .status,
        StatusCode::OK
    );
    api.set_faults(
        &advertiser,
        json!({"api": {"kind": "daily_limit_exceeded"}}),
    )
    .await;
    let reason = &api.get(&path).await.body["error"]["errors"][0]["reason"];
    assert_eq!(reason, "dailyLimitExceeded");
}

#[tokio::test]
async fn a_person_can_lose_the_grant_and_get_it_back() {
    let api = Api::start().await;
    let order = json!({"user": ANA, "invalid_grant": true});
    api.send(reqwest::Method::PUT, "/sim/faults", Some(order))
        .await;
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", api.refresh_token.as_str()),
    ];
    let dead = exchange(&api.running.base_url, &refresh).await;
    assert_eq!(
        (dead.status, &dead.body["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
    let listed = api.get("/sim/faults").await.body;
    assert_eq!(listed["faults"][0]["user"], ANA);
    api.send(reqwest::Method::DELETE, "/sim/faults", None).await;
    assert_eq!(
        exchange(&api.running.base_url, &refresh).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_unknown_fault_is_refused_by_the_control_api() {
    let api = Api::start().await;
    let order = json!({"advertiser_id": "1", "faults": {"weather": "bad"}});
    let refused = api
        .send(reqwest::Method::PUT, "/sim/faults", Some(order))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
