//! Walking through time: what a day shows, and when it stops changing.

use dv360_simulator::config::SimulatorConfig;
use dv360_simulator::world::{AdvertiserSpec, Restatement, World};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Api, daily, day, text};

/// One advertiser in New York with credits after a week and a month that closes on the third.
async fn start() -> Api {
    let spec = AdvertiserSpec {
        line_items: 20,
        ..AdvertiserSpec::default()
    };
    let world = World::builder(5)
        .built_on(day("2026-03-20"))
        .advertiser(spec)
        .build()
        .restated(Restatement::realistic());
    let api = Api::start_with(SimulatorConfig::for_tests(), world).await;
    api.configure(json!({"speed": 0})).await;
    api
}

/// Impressions and revenue of a day, as served and in truth, and whether it is settled.
async fn figures(api: &Api, date: &str) -> ((u64, u64), (u64, u64), bool) {
    let advertiser = api.advertisers().await[0].1.clone();
    let path = format!("/sim/truth?advertiser={advertiser}&from={date}&to={date}&beside=true");
    let rows = api.get(&path).await.body["rows"]
        .as_array()
        .unwrap()
        .clone();
    let sum = |of: fn(&Value) -> &Value, name: &str| {
        let values = rows.iter().map(|row| of(row)[name].as_u64().unwrap());
        values.sum::<u64>()
    };
    let both = |of: fn(&Value) -> &Value| (sum(of, "impressions"), sum(of, "revenue_micros"));
    let settled = rows.iter().all(|row| row["settled"] == true);
    (both(|row| &row["served"]), both(|row| row), settled)
}

#[tokio::test]
async fn a_day_arrives_is_credited_and_is_settled_with_its_month() {
    let api = start().await;
    let mut shown = Vec::new();
    for now in ["02-11", "02-12", "02-14", "02-18", "03-03"] {
        api.configure(json!({"now": format!("2026-{now}T12:00:00Z")}))
            .await;
        let (served, truth, settled) = figures(&api, "2026-02-10").await;
        assert_eq!(settled, now == "03-03");
        assert!(served == truth || !settled, "on {now}");
        shown.push(served.0);
    }
    let [first, second, whole, credited, closed] = shown[..] else {
        panic!("{shown:?}")
    };
    assert!(first < second && second < whole, "{shown:?}");
    assert!(credited < whole, "{shown:?}");
    assert_eq!(credited, closed, "closing settles costs, not impressions");
    api.configure(json!({"now": "2026-03-01T12:00:00Z"})).await;
    let ((_, open), (_, truth), _) = figures(&api, "2026-02-15").await;
    assert_ne!(open, truth, "some costs change when the month is closed");
}

#[tokio::test]
async fn a_day_of_23_hours_delivers_less_than_one_of_24() {
    let api = start().await;
    api.configure(json!({"now": "2026-05-01T12:00:00Z"})).await;
    let advertiser = api.advertisers().await[0].1.clone();
    let today = |body: Value| text(&body["today"]);
    let path = format!("/sim/truth?advertiser={advertiser}&from=2026-03-08&to=2026-03-08");
    for (now, date) in [
        ("2026-03-08T04:59:00Z", "2026-03-07"),
        ("2026-03-08T05:00:00Z", "2026-03-08"),
        ("2026-03-09T03:59:00Z", "2026-03-08"),
        ("2026-03-09T04:00:00Z", "2026-03-09"),
    ] {
        api.configure(json!({"now": now})).await;
        assert_eq!(today(api.get(&path).await.body), date, "at {now}");
    }
}

#[tokio::test]
async fn reports_wait_by_the_simulated_clock() {
    let api = start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    api.configure(json!({"now": "2026-03-20T12:00:00Z", "report_delay_ms": 500_000}))
        .await;
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let report = api.run(&query).await;
    for (seconds, state) in [(300, "QUEUED"), (100, "RUNNING"), (101, "DONE")] {
        api.configure(json!({"advance_s": seconds})).await;
        api.wait_for(&report, state).await;
    }
}

#[tokio::test]
async fn delays_are_drawn_from_those_that_were_seen() {
    let mut config = SimulatorConfig::for_tests();
    config.observed_delays = true;
    let api = Api::start_with(config, crate::client::two_partners()).await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    for _ in 0..60 {
        api.run(&query).await;
    }
    let reports = api.get("/sim/reports").await.body;
    let reports = reports["reports"].as_array().unwrap().clone();
    let delays: Vec<u64> = reports
        .iter()
        .map(|one| one["delay_ms"].as_u64().unwrap())
        .collect();
    for seen in [21_000, 91_000, 239_000, 500_000, 756_000] {
        let near = |delay: &&u64| (seen * 85 / 100..=seen * 115 / 100).contains(*delay);
        assert!(
            delays.iter().filter(near).count() >= 3,
            "{seen}: {delays:?}"
        );
    }
}

#[tokio::test]
async fn a_scheduled_query_makes_its_reports_as_the_mornings_come() {
    let api = start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    api.configure(json!({"now": "2026-03-06T20:00:00Z"})).await;
    let mut query = daily(&partner, &advertiser);
    query["schedule"] = json!({
        "frequency": "DAILY",
        "startDate": {"year": 2026, "month": 3, "day": 1},
        "endDate": {"year": 2027, "month": 3, "day": 1},
    });
    let query = api.create_query(query).await;
    let path = format!("/v2/queries/{query}/reports");
    assert_eq!(api.get(&path).await.body.get("reports"), None);
    // Six in the morning in New York: at eleven UTC, and a day later at ten.
    for (now, reports) in [("03-07T10:59", 0), ("03-07T11:01", 1), ("03-08T10:01", 2)] {
        api.configure(json!({"now": format!("2026-{now}:00Z")}))
            .await;
        let listed = api.get(&path).await.body;
        let count = listed["reports"].as_array().map_or(0, Vec::len);
        assert_eq!(count, reports, "at {now}");
    }
}

#[tokio::test]
async fn the_daily_quota_begins_again_at_midnight_in_california() {
    let api = start().await;
    let quotas = json!({"reports_per_day": 2, "reports_per_second": 0});
    let before = json!({"now": "2026-03-21T06:59:00Z", "quotas": quotas});
    api.configure(before).await;
    let ask = async || api.get("/v2/queries").await.status;
    let answers = [ask().await, ask().await, ask().await];
    assert_eq!(
        answers[1..],
        [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS]
    );
    api.configure(json!({"now": "2026-03-21T07:00:00Z"})).await;
    assert_eq!(ask().await, StatusCode::OK);
}

#[tokio::test]
async fn a_clock_can_run_fast_and_a_time_that_is_none_is_refused() {
    let api = start().await;
    api.configure(json!({"now": "2026-03-01T00:00:00Z", "speed": 100_000}))
        .await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while text(&api.get("/sim/config").await.body["now"]).as_str() < "2026-03-02" {
        assert!(
            std::time::Instant::now() < deadline,
            "the clock stands still"
        );
    }
    let refused = api.post("/sim/config", json!({"now": "soon"})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}
