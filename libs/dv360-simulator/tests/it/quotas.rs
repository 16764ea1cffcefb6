//! Requests are counted the way Google counts them.

use std::time::Instant;

use reqwest::StatusCode;
use serde_json::json;

use crate::client::Api;

const EXHAUSTED: &str = "429 RESOURCE_EXHAUSTED Resource has been exhausted (e.g. check quota).";

#[tokio::test]
async fn the_daily_quota_of_the_reporting_api_ends_and_failed_requests_count() {
    let api = Api::start().await;
    api.configure(json!({"quotas": {"reports_per_day": 3, "reports_per_second": 0}}))
        .await;
    assert_eq!(api.get("/v2/queries").await.status, StatusCode::OK);
    assert_eq!(
        api.get("/v2/queries/77").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        api.get("/v2/queries?pageSize=999").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(api.get("/v2/queries").await.error(), EXHAUSTED);
    let old_form = json!({"reports_per_day": 1, "reports_per_second": 0, "refuse_with_403": true});
    api.configure(json!({"quotas": old_form})).await;
    assert_eq!(api.get("/v2/queries").await.status, StatusCode::OK);
    let refused = api.get("/v2/queries").await;
    assert_eq!(
        refused.error(),
        "403 PERMISSION_DENIED Daily Limit Exceeded"
    );
    assert_eq!(
        refused.body["error"]["errors"][0]["reason"],
        "dailyLimitExceeded"
    );
}

#[tokio::test]
async fn more_than_four_reporting_requests_in_a_second_are_refused() {
    let api = Api::start().await;
    api.configure(json!({"quotas": {}})).await;
    let started = Instant::now();
    let mut served = 0;
    for _ in 0..60 {
        served += u64::from(api.get("/v2/queries").await.error() != EXHAUSTED);
    }
    let seconds_touched = started.elapsed().as_secs() + 2;
    assert!(served <= 4 * seconds_touched, "{served} were served");
}

#[tokio::test]
async fn entity_requests_are_limited_per_advertiser() {
    let api = Api::start().await;
    let all = api.advertisers().await;
    let limits = json!({"entities_per_minute_and_advertiser": 2, "entities_per_minute": 0});
    api.configure(json!({"quotas": limits})).await;
    let path = format!("/v4/advertisers/{}", all[0].1);
    let mut refused = 0;
    for _ in 0..5 {
        refused += usize::from(api.get(&path).await.error() == EXHAUSTED);
    }
    assert!(refused >= 1);
    assert_eq!(
        api.get(&format!("/v4/advertisers/{}", all[1].1))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_number_of_requests_made_can_be_asked_for() {
    let api = Api::start().await;
    api.get("/v2/queries").await;
    api.get("/v4/partners").await;
    api.get("/v4/partners").await;
    let counted = api.get("/sim/requests").await.body;
    assert_eq!(
        counted,
        json!({"reports": 1, "entities": 2, "downloads": 0, "refused": 0})
    );
}
