//! Saved queries, reports and their files.

use std::collections::BTreeMap;

use dv360_simulator::config::SimulatorConfig;
use dv360_simulator::world::{AdvertiserSpec, World};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Api, BEN, config, daily, text, two_partners};

const MISSING: &str = "404 NOT_FOUND Requested entity was not found.";

/// Revenue in micros by (date, line item) of a `daily` file, and the totals row's.
fn revenue(file: &str) -> (BTreeMap<(String, String), u64>, u64) {
    let (table, _) = file.split_once("\n\n").unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let micros = |text: &str| text.replace('.', "").parse::<u64>().unwrap();
    let (mut rows, mut total) = (BTreeMap::new(), 0);
    for record in reader.records() {
        let record = record.unwrap();
        match &record[0] {
            "" => total = micros(&record[6]),
            date => {
                let key = (date.replace('/', "-"), record[3].to_owned());
                assert!(
                    rows.insert(key, micros(&record[6])).is_none(),
                    "a row came twice"
                );
            }
        }
    }
    (rows, total)
}

fn truth(body: &Value) -> BTreeMap<(String, String), u64> {
    let rows = body["rows"].as_array().unwrap().iter();
    let key = |row: &Value| (text(&row["date"]), text(&row["line_item_id"]));
    rows.map(|row| (key(row), row["revenue_micros"].as_u64().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_report_equals_what_the_world_serves_and_later_the_truth() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let mut query = daily(&partner, &advertiser);
    query["metadata"]["dataRange"] = json!({
        "range": "CUSTOM_DATES",
        "customStartDate": {"year": 2026, "month": 7, "day": 13},
        "customEndDate": {"year": 2026, "month": 7, "day": 20},
    });
    let base = format!("/sim/truth?advertiser={advertiser}&from=2026-07-13&to=2026-07-20");
    let (rows, total) = revenue(&api.download(query.clone()).await);
    assert_eq!(
        rows,
        truth(&api.get(&format!("{base}&served=true")).await.body)
    );
    assert_eq!(rows.values().sum::<u64>(), total);
    let final_figures = truth(&api.get(&base).await.body);
    assert_ne!(rows, final_figures);
    api.configure(json!({"today": "2026-07-24"})).await;
    assert_eq!(revenue(&api.download(query).await).0, final_figures);
}

#[tokio::test]
async fn a_report_has_dates_at_once_and_a_finish_time_and_a_path_only_when_done() {
    let mut settings = config();
    settings.report_delay_ms = 3_600_000;
    let api = Api::start_with(settings, two_partners()).await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let waiting = api.run(&query).await;
    let status = json!({"state": "QUEUED", "format": "CSV"});
    assert_eq!(waiting["metadata"]["status"], status);
    let first = json!({"year": 2026, "month": 7, "day": 13});
    assert_eq!(waiting["metadata"]["reportDataStartDate"], first);
    let last = json!({"year": 2026, "month": 7, "day": 19});
    assert_eq!(waiting["metadata"]["reportDataEndDate"], last);
    assert_eq!(waiting["metadata"].get("googleCloudStoragePath"), None);
    api.configure(json!({"report_delay_ms": 50})).await;
    let report = api.run(&query).await;
    let done = api.wait_for(&report, "DONE").await;
    assert!(done["metadata"]["status"]["finishTime"].is_string());
    assert!(done["metadata"]["googleCloudStoragePath"].is_string());
}

#[tokio::test]
async fn a_download_needs_its_signature_and_nothing_else() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    let link = text(&api.wait_for(&report, "DONE").await["metadata"]["googleCloudStoragePath"]);
    let response = api.plain(&link).await.unwrap();
    let promised = response.content_length().unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv");
    let body = response.bytes().await.unwrap();
    assert_eq!(promised, body.len() as u64);
    assert_eq!(api.plain(&link).await.unwrap().bytes().await.unwrap(), body);
    let (unsigned, _) = link.split_once('?').unwrap();
    assert_eq!(
        api.plain(unsigned).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let forged = link.replace("Expires=1", "Expires=2");
    let refused = api.plain(&forged).await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("SignatureDoesNotMatch")
    );
}

#[tokio::test]
async fn an_expired_link_is_replaced_by_fetching_the_report_again() {
    let api = Api::start().await;
    api.configure(json!({"link_lifetime_s": -1})).await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    let stale = text(&api.wait_for(&report, "DONE").await["metadata"]["googleCloudStoragePath"]);
    let refused = api.plain(&stale).await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.text().await.unwrap().contains("ExpiredToken"));
    api.configure(json!({"link_lifetime_s": 60})).await;
    let fresh = text(&api.wait_for(&report, "DONE").await["metadata"]["googleCloudStoragePath"]);
    assert_eq!(api.plain(&fresh).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_query_does_not_exist_for_another_user() {
    let mut api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    api.sign_in(BEN).await;
    assert_eq!(api.get("/v2/queries").await.body, json!({}));
    for path in [
        format!("/v2/queries/{query}"),
        format!("/v2/queries/{query}/reports"),
        format!(
            "/v2/queries/{query}/reports/{}",
            text(&report["key"]["reportId"])
        ),
    ] {
        assert_eq!(api.get(&path).await.error(), MISSING, "{path}");
    }
    let run = api
        .post(&format!("/v2/queries/{query}:run"), json!({}))
        .await;
    assert_eq!(run.error(), MISSING);
    let delete = api
        .send(Method::DELETE, &format!("/v2/queries/{query}"), None)
        .await;
    assert_eq!(delete.error(), MISSING);
}

#[tokio::test]
async fn a_report_over_an_advertiser_one_may_not_see_fails_without_a_reason() {
    let api = Api::start().await;
    let all = api.advertisers().await;
    let query = api.create_query(daily(&all[2].0, &all[2].1)).await;
    let report = api.run(&query).await;
    let failed = api.wait_for(&report, "FAILED").await;
    let mut fields: Vec<_> = failed["metadata"]["status"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    fields.sort();
    assert_eq!(fields, ["finishTime", "format", "state"]);
}

#[tokio::test]
async fn a_scheduled_query_runs_every_morning_without_being_asked() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let mut query = daily(&partner, &advertiser);
    query["schedule"] = json!({
        "frequency": "DAILY",
        "startDate": {"year": 2026, "month": 7, "day": 1},
        "endDate": {"year": 2026, "month": 7, "day": 22},
    });
    let query = api.create_query(query).await;
    let path = format!("/v2/queries/{query}/reports");
    assert_eq!(api.get(&path).await.body, json!({}));
    api.configure(json!({"today": "2026-07-30"})).await;
    let listed = api.get(&path).await.body;
    let ends = listed["reports"].as_array().unwrap().iter();
    let ends: Vec<_> = ends
        .map(|one| one["metadata"]["reportDataEndDate"]["day"].as_i64())
        .collect();
    assert_eq!(ends, [Some(20), Some(21)]);
    assert_eq!(
        api.get(&path).await.body["reports"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn deleting_a_query_deletes_its_reports() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    let link = text(&api.wait_for(&report, "DONE").await["metadata"]["googleCloudStoragePath"]);
    let deleted = api
        .send(Method::DELETE, &format!("/v2/queries/{query}"), None)
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(
        api.get(&format!("/v2/queries/{query}")).await.error(),
        MISSING
    );
    assert_eq!(
        api.plain(&link).await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_bad_query_is_refused_at_once_with_googles_words() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let mut query = daily(&partner, &advertiser);
    query["params"]["metrics"] = json!(["METRIC_POST_CLICK_CONVERSIONS"]);
    assert_eq!(
        api.post("/v2/queries", query).await.error(),
        "400 INVALID_ARGUMENT The combination of dimensions, metrics, and filters in your report is invalid"
    );
    let mut query = daily(&partner, &advertiser);
    query["params"]["filters"][0]["value"] = json!(1);
    let refused = api.post("/v2/queries", query).await.error();
    assert!(
        refused.ends_with("'query.params.filters[0].value' (TYPE_STRING), 1"),
        "{refused}"
    );
    assert_eq!(api.get("/v2/queries").await.body, json!({}));
}

/// Kiritimati is a day ahead of Niue whatever the clock says.
#[tokio::test]
async fn each_advertiser_has_its_own_yesterday() {
    let spec = |name: &str, zone: &str| AdvertiserSpec {
        name: name.to_owned(),
        time_zone: zone.parse().unwrap(),
        line_items: 1,
        ..AdvertiserSpec::default()
    };
    let world = World::builder(5)
        .advertiser(spec("Early", "Pacific/Kiritimati"))
        .advertiser(spec("Late", "Pacific/Niue"))
        .build();
    let api = Api::start_with(SimulatorConfig::for_tests(), world).await;
    let all = api.advertisers().await;
    let mut yesterdays = Vec::new();
    for (partner, advertiser) in &all {
        let mut query = daily(partner, advertiser);
        query["metadata"]["dataRange"] = json!({"range": "PREVIOUS_DAY"});
        let (rows, _) = revenue(&api.download(query).await);
        yesterdays.extend(rows.into_keys().map(|(date, _)| date));
    }
    assert_eq!(yesterdays.len(), 2, "{yesterdays:?}");
    assert!(yesterdays[0] > yesterdays[1], "{yesterdays:?}");
}
