//! Faults at a rate, of single calls, of pages, of the token endpoint, and of people's quotas.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{ANA, Answer, Api, consent, daily, exchange, http, text};

impl Api {
    async fn order(&self, order: Value) {
        let answer = self.send(Method::PUT, "/sim/faults", Some(order)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    async fn refresh(&self) -> reqwest::Result<Answer> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", self.refresh_token.as_str()),
            ("client_id", "client"),
            ("client_secret", "secret"),
        ];
        let url = format!("{}/token", self.running.base_url);
        let answer = http().post(url).form(&fields).send().await?;
        let status = answer.status();
        let body = answer.json().await.unwrap_or(Value::Null);
        Ok(Answer { status, body })
    }
}

#[tokio::test]
async fn a_fifth_of_everybodys_calls_can_fail() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    api.order(json!({"everyone": {"api": [
        {"kind": "unavailable", "rate": 0.1},
        {"kind": "internal", "rate": 0.1},
    ]}}))
    .await;
    let mut failed = [0, 0];
    for _ in 0..400 {
        let status = api
            .get(&format!("/v4/advertisers/{advertiser}"))
            .await
            .status;
        failed[0] += usize::from(status == StatusCode::SERVICE_UNAVAILABLE);
        failed[1] += usize::from(status == StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert!(
        (20..65).contains(&failed[0]) && (20..65).contains(&failed[1]),
        "{failed:?}"
    );
}

#[tokio::test]
async fn a_run_whose_answer_is_lost_has_been_run() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let lost = json!({"kind": "lost_answer", "times": 1, "on": ["run_query"]});
    api.set_faults(&advertiser, json!({"api": lost})).await;
    let path = format!("/v2/queries/{query}:run");
    let answer = api.post(&path, json!({})).await;
    assert_eq!(answer.body, Value::Null, "nothing whole arrived");
    let made = |body: Value| body["reports"].as_array().unwrap().len();
    assert_eq!(made(api.get("/sim/reports").await.body), 1);
    let reset = json!({"kind": "reset", "times": 1, "on": ["run_query"]});
    api.set_faults(&advertiser, json!({"api": reset})).await;
    assert_eq!(api.post(&path, json!({})).await.body, Value::Null);
    assert_eq!(made(api.get("/sim/reports").await.body), 1);
    api.run(&query).await;
}

#[tokio::test]
async fn the_four_refusals_come_in_googles_words_and_a_gateway_speaks_html() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let kinds = [
        (
            "invalid_combination",
            "The combination of dimensions, metrics, and filters in your report is invalid",
        ),
        (
            "currency_missing",
            "Advertiser Currency must be included as a dimension.",
        ),
        (
            "range_too_long",
            "A report with an active schedule cannot have a date range longer than 90 days.",
        ),
        (
            "goal_without_order",
            "Insertion Order or Insertion Order ID is required when Percentage from Current IO \
             Goal is selected.",
        ),
    ];
    for (kind, message) in kinds {
        api.set_faults(&advertiser, json!({"api": {"kind": kind}}))
            .await;
        let refused = api.post("/v2/queries", daily(&partner, &advertiser)).await;
        assert_eq!(refused.error(), format!("400 INVALID_ARGUMENT {message}"));
    }
    let statuses = [
        ("not_found", 404),
        ("unauthenticated", 401),
        ("bad_gateway", 502),
    ];
    for (kind, status) in statuses {
        api.set_faults(&advertiser, json!({"api": {"kind": kind}}))
            .await;
        let answer = api.get(&format!("/v4/advertisers/{advertiser}")).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.body.is_null(), kind == "bad_gateway");
    }
    api.set_faults(&advertiser, json!({"api": {"kind": {"slow": {"ms": 120}}}}))
        .await;
    let began = Instant::now();
    let late = api.get(&format!("/v4/advertisers/{advertiser}")).await;
    assert_eq!(late.status, StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_report_can_be_done_with_a_link_that_has_expired_or_take_its_own_time() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    api.set_faults(&advertiser, json!({"report": {"kind": "expired_link"}}))
        .await;
    let done = api.wait_for(&api.run(&query).await, "DONE").await;
    let link = text(&done["metadata"]["googleCloudStoragePath"]);
    let expired = api.plain(&link).await.unwrap();
    assert_eq!(expired.status(), StatusCode::BAD_REQUEST);
    assert!(expired.text().await.unwrap().contains("ExpiredToken"));
    let slow = json!({"report": {"kind": {"delay": {"ms": 3_600_000}}}});
    api.set_faults(&advertiser, slow).await;
    assert_eq!(
        api.run(&query).await["metadata"]["status"]["state"],
        "QUEUED"
    );
}

#[tokio::test]
async fn a_page_can_come_again_and_its_token_be_refused() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let path = format!("/v4/advertisers/{advertiser}/lineItems?pageSize=2");
    let first = api.get(&path).await.body;
    let second = format!("{path}&pageToken={}", text(&first["nextPageToken"]));
    let repeated = json!({"page": {"kind": "repeated_token", "times": 1}});
    api.set_faults(&advertiser, repeated).await;
    let trap = api.get(&second).await.body;
    let same = format!("{path}&pageToken={}", text(&trap["nextPageToken"]));
    assert_eq!(same, second);
    assert_ne!(
        api.get(&same).await.body["nextPageToken"],
        trap["nextPageToken"]
    );
    let refused = json!({"page": {"kind": "token_refused", "times": 1}});
    api.set_faults(&advertiser, refused).await;
    assert_eq!(api.get(&second).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(api.get(&second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_endpoint_can_be_anything_but_one() {
    let api = Api::start().await;
    let token = |kind: Value| json!({"user": ANA, "token": {"kind": kind, "times": 1}});
    api.order(token(json!("unavailable"))).await;
    assert_eq!(
        api.refresh().await.unwrap().status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(api.refresh().await.unwrap().status, StatusCode::OK);
    api.order(token(json!("html"))).await;
    assert_eq!(api.refresh().await.unwrap().body, Value::Null);
    api.order(token(json!("redirect"))).await;
    assert_eq!(
        api.refresh().await.unwrap().status,
        StatusCode::TEMPORARY_REDIRECT
    );
    api.order(token(json!({"slow": {"ms": 50}}))).await;
    assert_eq!(api.refresh().await.unwrap().status, StatusCode::OK);
    api.order(token(json!("huge"))).await;
    let url = format!("{}/token", api.running.base_url);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", api.refresh_token.as_str()),
        ("client_id", "client"),
        ("client_secret", "secret"),
    ];
    let mut huge = http().post(url).form(&fields).send().await.unwrap();
    let mut got = 0;
    while got < 10_000_000 {
        got += huge.chunk().await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn a_person_can_grant_less_than_was_asked_for() {
    let api = Api::start().await;
    let only = "https://www.googleapis.com/auth/display-video";
    api.order(json!({"user": ANA, "scopes": [only]})).await;
    let code = consent(&api.running.base_url, &[("user", ANA)]).await;
    let grant = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
    ];
    let token = exchange(&api.running.base_url, &grant).await;
    assert_eq!(token.body["scope"], only);
}

#[tokio::test]
async fn queries_of_others_are_in_the_list_and_can_be_read() {
    let api = Api::start().await;
    api.configure(json!({"foreign_queries": 3})).await;
    let listed = api.get("/v2/queries").await.body;
    let queries = listed["queries"].as_array().unwrap();
    assert_eq!(queries.len(), 3);
    let id = text(&queries[0]["queryId"]);
    assert_eq!(
        &api.get(&format!("/v2/queries/{id}")).await.body,
        &queries[0]
    );
    let run = api.post(&format!("/v2/queries/{id}:run"), json!({})).await;
    assert_eq!(run.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_has_so_many_runs_a_day_and_so_many_reports_at_once() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let limits = |name: &str| {
        let mut quotas = json!({"reports_per_day": 0, "reports_per_second": 0});
        quotas[name] = json!(1);
        json!({"quotas": quotas, "report_delay_ms": 3_600_000})
    };
    let run = async || {
        api.post(&format!("/v2/queries/{query}:run"), json!({}))
            .await
    };
    api.configure(limits("runs_per_day_and_user")).await;
    assert_eq!(run().await.status, StatusCode::OK);
    assert_eq!(
        run().await.error(),
        "429 RESOURCE_EXHAUSTED Quota exceeded for ad hoc report executions per day."
    );
    api.configure(limits("reports_under_way_per_user")).await;
    assert_eq!(
        run().await.error(),
        "429 RESOURCE_EXHAUSTED Quota exceeded for simultaneous reports."
    );
    api.configure(limits("scheduled_per_user")).await;
    let mut scheduled = daily(&partner, &advertiser);
    scheduled["schedule"] = json!({
        "frequency": "DAILY",
        "startDate": {"year": 2026, "month": 7, "day": 1},
        "endDate": {"year": 2027, "month": 7, "day": 1},
    });
    api.create_query(scheduled.clone()).await;
    assert_eq!(
        api.post("/v2/queries", scheduled).await.error(),
        "429 RESOURCE_EXHAUSTED Quota exceeded for active scheduled reports."
    );
}
