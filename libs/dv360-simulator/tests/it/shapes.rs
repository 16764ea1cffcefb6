//! Downloads and files in every shape, as a client meets them.

use std::io::Read as _;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Api, daily, http, text};

/// A report and where its file is.
async fn report(api: &Api) -> (String, String) {
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let done = api.wait_for(&api.run(&query).await, "DONE").await;
    let link = text(&done["metadata"]["googleCloudStoragePath"]);
    (advertiser, link)
}

async fn strike(api: &Api, advertiser: &str, kind: Value) {
    api.set_faults(advertiser, json!({"download": {"kind": kind}}))
        .await;
}

#[tokio::test]
async fn a_broken_download_can_be_gone_on_with() {
    let api = Api::start().await;
    let (advertiser, link) = report(&api).await;
    let whole = api.plain(&link).await.unwrap().bytes().await.unwrap();
    let part = async |range: &str| {
        let answer = http()
            .get(&link)
            .header("range", range)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.bytes().await.unwrap())
    };
    let (status, rest) = part("bytes=100-").await;
    assert_eq!(
        (status, &rest[..]),
        (StatusCode::PARTIAL_CONTENT, &whole[100..])
    );
    let (_, middle) = part("bytes=10-19").await;
    assert_eq!(middle, whole[10..20]);
    let (status, _) = part("bytes=999999-").await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    strike(&api, &advertiser, json!("no_ranges")).await;
    assert_eq!(part("bytes=100-").await, (StatusCode::OK, whole));
}

#[tokio::test]
async fn a_download_comes_packed_in_pieces_or_with_a_length_that_is_wrong() {
    let api = Api::start().await;
    let (advertiser, link) = report(&api).await;
    let whole = api.plain(&link).await.unwrap().bytes().await.unwrap();
    strike(&api, &advertiser, json!("gzip")).await;
    let packed = http().get(&link).send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, whole);
    for kind in [json!("without_length"), json!({"slow": {"ms": 1}})] {
        strike(&api, &advertiser, kind).await;
        assert_eq!(
            api.plain(&link).await.unwrap().bytes().await.unwrap(),
            whole
        );
    }
    strike(&api, &advertiser, json!("without_length")).await;
    assert_eq!(api.plain(&link).await.unwrap().content_length(), None);
    strike(&api, &advertiser, json!({"long_length": {"by": 5}})).await;
    let long = api.plain(&link).await.unwrap();
    assert_eq!(long.content_length(), Some(whole.len() as u64 + 5));
    assert!(long.bytes().await.is_err());
}

#[tokio::test]
async fn a_link_can_lead_somewhere_else() {
    let api = Api::start().await;
    let (advertiser, link) = report(&api).await;
    strike(&api, &advertiser, json!("html")).await;
    let page = api.plain(&link).await.unwrap();
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    strike(&api, &advertiser, json!("redirect")).await;
    let away = api.plain(&link).await.unwrap();
    assert_eq!(away.status(), StatusCode::TEMPORARY_REDIRECT);
    assert!(
        away.headers()["location"]
            .to_str()
            .unwrap()
            .contains("169.254.169.254")
    );
    strike(&api, &advertiser, json!("expired")).await;
    let expired = api.plain(&link).await.unwrap();
    assert_eq!(expired.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_files_shape_is_decided_when_the_report_is_run() {
    let api = Api::start().await;
    let (advertiser, _) = report(&api).await;
    let (partner, _) = api.advertisers().await[0].clone();
    let shapes = json!({"file": [{"kind": "bom", "times": 1}, {"kind": "crlf"}]});
    api.set_faults(&advertiser, shapes).await;
    let both = api.download(daily(&partner, &advertiser)).await;
    assert!(both.starts_with("\u{feff}Date,") && both.contains("\r\n"));
    let one = api.download(daily(&partner, &advertiser)).await;
    assert!(one.starts_with("Date,") && one.contains("\r\n"));
    let reports = api.get("/sim/reports").await.body;
    let files: Vec<&Value> = reports["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["file"])
        .collect();
    assert_eq!(
        files,
        [&json!([]), &json!(["bom", "crlf"]), &json!(["crlf"])]
    );
    let (_, link) = report(&api).await;
    api.set_faults(&advertiser, json!({})).await;
    assert!(
        api.plain(&link)
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("\r\n")
    );
}

#[tokio::test]
async fn every_shape_that_can_be_ordered_changes_the_file() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let plain = api.download(daily(&partner, &advertiser)).await;
    let named = |kind: &str, header: &str| json!({kind: {"header": header}});
    let kinds = [
        json!("bom"),
        json!("crlf"),
        json!("no_totals"),
        json!("iso_dates"),
        json!("shuffled_columns"),
        json!("thousands"),
        json!("blank_first_dimension"),
        json!("wrong_totals"),
        json!("wrong_dates"),
        json!("wrong_groups"),
        json!("no_footer"),
        json!("empty"),
        json!("nul"),
        json!("formula"),
        json!("html"),
        json!({"duplicate_rows": {"counted": true}}),
        json!({"missing_days": {"days": 2}}),
        json!({"long_line": {"bytes": 9}}),
        json!({"many_columns": {"count": 9}}),
        json!({"renamed_header": {"from": "Clicks", "to": "Taps"}}),
        named("extra_column", "Views"),
        named("missing_column", "Clicks"),
        named("retyped_column", "Clicks"),
        named("censored", "Clicks"),
        named("zero_column", "Clicks"),
    ];
    for kind in kinds {
        api.set_faults(&advertiser, json!({"file": {"kind": kind}}))
            .await;
        let shaped = api.download(daily(&partner, &advertiser)).await;
        assert_ne!(shaped, plain, "{kind}");
    }
}

#[tokio::test]
async fn a_day_can_be_split_by_device_country_and_hour_without_losing_any() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let whole = api.download(daily(&partner, &advertiser)).await;
    let totals = |file: &str| {
        let line = file
            .lines()
            .find(|line| line.starts_with(",,"))
            .unwrap()
            .to_owned();
        line.trim_start_matches(',').to_owned()
    };
    for split in ["FILTER_DEVICE_TYPE", "FILTER_COUNTRY", "FILTER_TIME_OF_DAY"] {
        let mut query = daily(&partner, &advertiser);
        query["params"]["groupBys"]
            .as_array_mut()
            .unwrap()
            .push(json!(split));
        let file = api.download(query).await;
        assert_eq!(totals(&file), totals(&whole), "{split}");
        assert!(file.lines().count() > whole.lines().count());
    }
}
