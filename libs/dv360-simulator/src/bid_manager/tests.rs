//! Ranges, refusals and the file itself.

use std::time::{Duration, Instant};

use chrono::{NaiveDate, TimeZone, Utc};
use expect_test::expect;
use serde_json::{Value, json};

use super::ranges::resolve;
use super::render::{self, Request};
use super::store::{Progress, Report};
use super::{DataRange, FilterPair, Parameters, Query, shape, validate};
use crate::clock::Now;
use crate::faults::ReportFault;
use crate::world::{AdvertiserSpec, World};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn range(name: &str) -> DataRange {
    DataRange {
        range: name.to_owned(),
        ..DataRange::default()
    }
}

#[test]
fn ranges_end_where_google_says() {
    // A Tuesday.
    let today = day("2026-07-14");
    let names = [
        "CURRENT_DAY",
        "PREVIOUS_DAY",
        "WEEK_TO_DATE",
        "MONTH_TO_DATE",
        "QUARTER_TO_DATE",
        "YEAR_TO_DATE",
        "PREVIOUS_WEEK",
        "PREVIOUS_MONTH",
        "PREVIOUS_QUARTER",
        "PREVIOUS_YEAR",
        "LAST_7_DAYS",
        "LAST_90_DAYS",
    ];
    let mut lines = String::new();
    for name in names {
        let span = resolve(&range(name), today).unwrap();
        lines.push_str(&format!(
            "{name} {} {} {}\n",
            span.start,
            span.end,
            span.days()
        ));
    }
    expect![[r#"
        CURRENT_DAY 2026-07-14 2026-07-14 1
        PREVIOUS_DAY 2026-07-13 2026-07-13 1
        WEEK_TO_DATE 2026-07-12 2026-07-14 3
        MONTH_TO_DATE 2026-07-01 2026-07-14 14
        QUARTER_TO_DATE 2026-07-01 2026-07-14 14
        YEAR_TO_DATE 2026-01-01 2026-07-14 195
        PREVIOUS_WEEK 2026-07-05 2026-07-11 7
        PREVIOUS_MONTH 2026-06-01 2026-06-30 30
        PREVIOUS_QUARTER 2026-04-01 2026-06-30 91
        PREVIOUS_YEAR 2025-01-01 2025-12-31 365
        LAST_7_DAYS 2026-07-07 2026-07-13 7
        LAST_90_DAYS 2026-04-15 2026-07-13 90
    "#]]
    .assert_eq(&lines);
    assert_eq!(resolve(&range("CUSTOM_DATES"), today), None);
}

fn good() -> Value {
    json!({
        "metadata": {"title": "t", "dataRange": {"range": "LAST_7_DAYS"}, "format": "CSV"},
        "params": {
            "type": "STANDARD",
            "groupBys": ["FILTER_DATE", "FILTER_ADVERTISER_CURRENCY"],
            "metrics": ["METRIC_REVENUE_ADVERTISER"],
            "filters": [{"type": "FILTER_PARTNER", "value": "1"}],
        },
    })
}

/// What creating the query answers after the change.
fn check(change: impl FnOnce(&mut Value), expected: &str) {
    let mut body = good();
    change(&mut body);
    let read = shape::read::<Query>(body.to_string().as_bytes(), &shape::QUERY, "query");
    let said = read.and_then(|query| validate::query(&query, day("2026-07-14")));
    assert_eq!(
        said.map_or_else(|error| error.to_string(), |()| "ok".to_owned()),
        expected
    );
}

#[test]
fn a_good_query_is_taken() {
    check(|_| {}, "ok");
}

#[test]
fn ids_as_numbers_unknown_fields_and_unknown_enums_are_refused_by_name() {
    check(
        |body| body["params"]["filters"][0]["value"] = json!(995544),
        "INVALID_ARGUMENT: Invalid value at 'query.params.filters[0].value' (TYPE_STRING), 995544",
    );
    check(
        |body| body["params"]["dimensions"] = json!([]),
        r#"INVALID_ARGUMENT: Invalid JSON payload received. Unknown name "dimensions" at 'query.params': Cannot find field."#,
    );
    check(
        |body| body["metadata"]["dataRange"]["range"] = json!("LAST_8_DAYS"),
        r#"INVALID_ARGUMENT: Invalid value at 'query.metadata.data_range.range' (TYPE_ENUM), "LAST_8_DAYS""#,
    );
}

#[test]
fn invalid_combinations_get_the_message_that_names_nothing() {
    let message = "INVALID_ARGUMENT: The combination of dimensions, metrics, and filters in your report is invalid";
    let unknown_metric =
        |body: &mut Value| body["params"]["metrics"] = json!(["METRIC_POST_CLICK_CONVERSIONS"]);
    check(unknown_metric, message);
    check(|body| body["params"]["metrics"] = json!([]), message);
    check(
        |body| body["params"]["groupBys"][0] = json!("FILTER_DAY"),
        message,
    );
    check(
        |body| body["params"]["filters"][0]["value"] = json!("acme"),
        message,
    );
}

#[test]
fn cost_metrics_need_the_currency_dimension() {
    check(
        |body| body["params"]["groupBys"] = json!(["FILTER_DATE"]),
        "INVALID_ARGUMENT: Advertiser Currency must be included as a dimension.",
    );
}

#[test]
fn the_io_goal_needs_the_insertion_order() {
    check(
        |body| body["params"]["metrics"] = json!(["METRIC_PERCENTAGE_FROM_CURRENT_IO_GOAL"]),
        "INVALID_ARGUMENT: Insertion Order or Insertion Order ID is required when Percentage from Current IO Goal is selected.",
    );
}

fn with_schedule(range: &str, end_year: i32) -> impl FnOnce(&mut Value) + use<> {
    let range = range.to_owned();
    move |body| {
        body["metadata"]["dataRange"]["range"] = json!(range);
        body["schedule"] = json!({
            "frequency": "DAILY",
            "startDate": {"year": 2026, "month": 1, "day": 1},
            "endDate": {"year": end_year, "month": 12, "day": 31},
        });
    }
}

#[test]
fn an_active_schedule_covers_ninety_days_at_most() {
    let message = "INVALID_ARGUMENT: A report with an active schedule cannot have a date range longer than 90 days.";
    check(with_schedule("LAST_90_DAYS", 2031), "ok");
    check(with_schedule("LAST_365_DAYS", 2031), message);
    check(with_schedule("ALL_TIME", 2031), message);
    check(
        |body| body["schedule"] = json!({"frequency": "DAILY"}),
        "INVALID_ARGUMENT: Request contains an invalid argument.",
    );
}

#[test]
fn what_is_not_modelled_says_so_instead_of_posing_as_google() {
    check(
        |body| body["params"]["groupBys"][0] = json!("FILTER_CITY"),
        "UNIMPLEMENTED: the simulator does not model FILTER_CITY",
    );
    check(
        |body| body["metadata"]["format"] = json!("XLSX"),
        "UNIMPLEMENTED: the simulator does not model the XLSX format",
    );
}

fn request(world: &World, group_bys: &[&str], metrics: &[&str], dates: (&str, &str)) -> Request {
    let names = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    let date = |text: &str| Some(day(text).into());
    let advertiser = world.advertisers[0].id;
    Request {
        params: Parameters {
            r#type: "STANDARD".to_owned(),
            group_bys: names(group_bys),
            metrics: names(metrics),
            filters: vec![
                FilterPair {
                    r#type: "FILTER_PARTNER".to_owned(),
                    value: world.partners[0].id.to_string(),
                },
                FilterPair {
                    r#type: "FILTER_ADVERTISER".to_owned(),
                    value: advertiser.to_string(),
                },
            ],
            options: None,
        },
        range: DataRange {
            range: "CUSTOM_DATES".to_owned(),
            custom_start_date: date(dates.0),
            custom_end_date: date(dates.1),
        },
        advertisers: vec![advertiser],
        revision: 0,
        now: Now {
            instant: Utc.with_ymd_and_hms(2026, 7, 20, 14, 14, 5).unwrap(),
            fixed: Some(day("2026-07-20")),
        },
    }
}

fn world(line_items: u32) -> World {
    let spec = AdvertiserSpec {
        name: "Ström, \"Nord\" & Söhne".to_owned(),
        line_items,
        ..AdvertiserSpec::default()
    };
    World::builder(11)
        .built_on(day("2026-07-20"))
        .advertiser(spec)
        .build()
}

#[test]
fn a_file_is_written_byte_for_byte() {
    let world = world(2);
    let group_bys = [
        "FILTER_DATE",
        "FILTER_ADVERTISER_NAME",
        "FILTER_ADVERTISER_CURRENCY",
        "FILTER_LINE_ITEM",
    ];
    let metrics = [
        "METRIC_IMPRESSIONS",
        "METRIC_CLICKS",
        "METRIC_CTR",
        "METRIC_REVENUE_ADVERTISER",
    ];
    let request = request(&world, &group_bys, &metrics, ("2026-07-01", "2026-07-02"));
    expect![[r#"
        Date,Advertiser,Advertiser Currency,Line Item ID,Impressions,Clicks,Click Rate (CTR),Revenue (Adv Currency)
        2026/07/02,"Ström, ""Nord"" & Söhne",USD,88711700000,16476,32,0.19%,281.100939
        2026/07/01,"Ström, ""Nord"" & Söhne",USD,88711700001,84611,33,0.03%,937.020281
        2026/07/01,"Ström, ""Nord"" & Söhne",USD,88711700000,13571,44,0.32%,231.992487
        2026/07/02,"Ström, ""Nord"" & Söhne",USD,88711700001,68812,25,0.03%,758.960407
        ,,,,183470,134,,2209.074114

        Report Time:,2026/07/20 14:14 GMT
        Date Range:,2026/07/01 to 2026/07/02
        Group By:,Date
        Group By:,Advertiser
        Group By:,Advertiser Currency
        Group By:,Line Item ID
        MRC Accredited Metrics,"Clicks(Desktop Video, Desktop Display, Desktop Rich Media, Mobile Video, Mobile Display, Mobile Rich Media, In-App Video, In-App Display, In-App Rich Media)",Active View metrics are accredited only when Measurement Source = Measured
        "Reporting numbers from the previous month are finalized (for billing purposes) on the first of each month, unless communicated otherwise. Some numbers in reports may fluctuate for up to seven days before matching billing numbers."
        Filter by Advertiser ID:,"Ström, ""Nord"" & Söhne (670687117)"
        Filter by Partner ID:,2323391
    "#]].assert_eq(&render::file(&world, &request));
}

#[test]
fn an_empty_report_says_so_between_header_and_footer() {
    let world = world(2);
    let request = request(
        &world,
        &["FILTER_DATE"],
        &["METRIC_IMPRESSIONS"],
        ("2020-07-01", "2020-07-02"),
    );
    expect![[r#"
        Date,Impressions
        No data returned by the reporting service.

        Report Time:,2026/07/20 14:14 GMT
        Date Range:,2020/07/01 to 2020/07/02
        Group By:,Date
        "Reporting numbers from the previous month are finalized (for billing purposes) on the first of each month, unless communicated otherwise. Some numbers in reports may fluctuate for up to seven days before matching billing numbers."
        Filter by Advertiser ID:,"Ström, ""Nord"" & Söhne (670687117)"
        Filter by Partner ID:,2323391
    "#]].assert_eq(&render::file(&world, &request));
}

#[test]
fn currencies_are_converted_at_fixed_rates() {
    let spec = AdvertiserSpec {
        currency: "GBP".to_owned(),
        ..AdvertiserSpec::default()
    };
    let world = World::builder(11)
        .built_on(day("2026-07-20"))
        .advertiser(spec)
        .build();
    let metrics = [
        "METRIC_REVENUE_ADVERTISER",
        "METRIC_REVENUE_USD",
        "METRIC_REVENUE_PARTNER",
    ];
    let request = request(
        &world,
        &["FILTER_ADVERTISER_CURRENCY"],
        &metrics,
        ("2026-07-01", "2026-07-02"),
    );
    let file = render::file(&world, &request);
    let row: Vec<f64> = file
        .lines()
        .nth(1)
        .unwrap()
        .split(',')
        .skip(1)
        .map(|cell| cell.parse().unwrap())
        .collect();
    assert!((row[0] / 0.79 - row[1]).abs() < 0.001, "{row:?}");
    assert_eq!(row[1], row[2]);
}

#[test]
fn ninety_days_of_fifty_line_items_render_within_a_tenth_of_a_second() {
    let spec = AdvertiserSpec {
        line_items: 50,
        days: 90,
        ..AdvertiserSpec::default()
    };
    let world = World::builder(3)
        .built_on(day("2026-07-20"))
        .advertiser(spec)
        .build();
    let group_bys = [
        "FILTER_DATE",
        "FILTER_PARTNER",
        "FILTER_ADVERTISER",
        "FILTER_ADVERTISER_CURRENCY",
        "FILTER_MEDIA_PLAN",
        "FILTER_INSERTION_ORDER",
        "FILTER_LINE_ITEM",
        "FILTER_LINE_ITEM_NAME",
    ];
    let metrics = [
        "METRIC_IMPRESSIONS",
        "METRIC_CLICKS",
        "METRIC_TOTAL_CONVERSIONS",
        "METRIC_MEDIA_COST_ADVERTISER",
        "METRIC_BILLABLE_COST_ADVERTISER",
        "METRIC_REVENUE_ADVERTISER",
    ];
    let request = request(&world, &group_bys, &metrics, ("2026-04-21", "2026-07-19"));
    let quickest = (0..5).map(|_| {
        let started = Instant::now();
        let file = render::file(&world, &request);
        assert_eq!(
            file.lines().take_while(|line| !line.is_empty()).count(),
            1 + 4_500 + 1
        );
        started.elapsed()
    });
    let quickest = quickest.min().unwrap();
    println!("quickest of five: {quickest:?}");
    assert!(quickest < Duration::from_millis(100), "took {quickest:?}");
}

#[test]
fn a_report_waits_in_the_queue_then_runs_then_is_done() {
    let world = world(1);
    let request = request(&world, &["FILTER_DATE"], &[], ("2026-07-01", "2026-07-02"));
    let report = |fault| Report {
        id: 2,
        query_id: 1,
        title: String::new(),
        request: request.clone(),
        asked_ms: 5_000,
        delay_ms: 1_000,
        fault,
        file: Vec::new(),
        scheduled: false,
    };
    let states = |fault| {
        let at = |ms| report(fault).state(5_000_i64 + ms);
        [0, 699, 700, 999, 1_000].map(at)
    };
    let (queued, running, done) = (Progress::Queued, Progress::Running, Progress::Done);
    assert_eq!(states(None), [queued, queued, running, running, done]);
    let failing = states(Some(ReportFault::Failed));
    assert_eq!(
        failing,
        [queued, queued, running, running, Progress::Failed]
    );
    assert_eq!(states(Some(ReportFault::QueuedForever)), [queued; 5]);
}
