//! Pipelines through the API: what runs, changing it safely, and what hostile documents come to.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, header};
use contracts::{RequestId, Role, UserId};
use serde_json::{Value, json};

use crate::support::{Answer, TestCell, TestOrg};

const DAYS: &str = "/api/pipelines/dv360_line_item_days";

pub(crate) struct Org {
    pub(crate) cell: TestCell,
    pub(crate) org: TestOrg,
    pub(crate) cookie: String,
}

impl Org {
    pub(crate) async fn start() -> Self {
        let cell = TestCell::start().await;
        let org = cell.org("acme").await;
        let cookie = cell.enter_as_owner(&org).await;
        Self { cell, org, cookie }
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.cell.get(&self.org, path, &self.cookie).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    async fn write(&self, method: Method, path: &str, body: Value) -> Answer {
        let key = RequestId::new().to_string();
        let request = (method, path);
        self.cell
            .write(&self.org, request, &self.cookie, (&key, body))
            .await
    }

    async fn put(&self, path: &str, layer: Value, version: u32) -> Answer {
        let body = json!({"layer": layer, "comment": "a test", "expected_version": version});
        self.write(Method::PUT, &format!("{path}/layer"), body)
            .await
    }

    async fn switch(&self, path: &str, enabled: bool) -> Answer {
        let body = json!({"enabled": enabled});
        self.write(Method::PUT, &format!("{path}/enabled"), body)
            .await
    }
}

/// A file drop of another platform, whole.
pub(crate) fn manifest(name: &str) -> Value {
    json!({
        "pipeline": name, "version": 1, "title": "The Trade Desk, daily",
        "description": "Delivered each morning.", "dataset": "line_item_days",
        "source": {"connector": "file_drop", "file": {
            "dsp": "ttd", "name_pattern": "ttd_*.csv", "format": "csv", "delimiter": ";",
            "decimal_separator": ",", "date_format": "d.m.y", "skip_lines": 1, "totals": "last_row"}},
        "columns": [
            {"name": "day", "headers": ["Tag"], "role": "dimension", "kind": "date", "to": "date"},
            {"name": "advertiser", "headers": ["Advertiser Id"], "role": "dimension", "kind": "text", "to": "advertiser_id"},
            {"name": "campaign", "headers": ["Campaign Id"], "role": "dimension", "kind": "text", "to": "campaign_id"},
            {"name": "ad_group", "headers": ["Ad Group Id"], "role": "dimension", "kind": "text", "to": "line_item_id"},
            {"name": "currency", "headers": ["Währung"], "role": "dimension", "kind": "currency", "to": "currency"},
            {"name": "impressions", "headers": ["Impressionen"], "role": "metric", "kind": "count", "to": "impressions"},
            {"name": "clicks", "headers": ["Klicks"], "role": "metric", "kind": "count", "to": "clicks"},
            {"name": "spend", "headers": ["Ausgaben"], "role": "metric", "kind": "money", "to": "revenue"},
        ],
        "schedule": {"every_hours": 24},
        "window": {"first_days": 90, "look_back_days": 7, "month_close_day": 3},
        "contract": {"new_column": "freeze", "missing_column": "quarantine", "retyped_column": "quarantine"},
        "retention": {"bronze_days": 400, "silver_days": 400},
    })
}

#[tokio::test]
async fn an_org_begins_with_what_is_shipped() {
    let org = Org::start().await;
    let list = org.json("/api/pipelines").await;
    let enabled: Vec<(&str, bool)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["pipeline"].as_str().unwrap(), one["enabled"] == true))
        .collect();
    assert_eq!(
        enabled,
        [
            ("dv360_line_item_days", true),
            ("dv360_device_days", false),
            ("dv360_advertiser_days", false)
        ]
    );
    let days = org.json(DAYS).await;
    assert_eq!(days["effective"], days["built_in"]);
    assert_eq!(days["pipeline_version"], "dv360_line_item_days@1+0/2");
    assert_eq!(
        (&days["layer"], &days["layer_version"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!((&days["problems"], &days["diff"]), (&json!([]), &json!([])));
    assert_eq!(
        org.json(&format!("{DAYS}/versions")).await["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_change_is_kept_with_who_and_why_and_can_be_taken_back() {
    let org = Org::start().await;
    let layer = json!({"window": {"look_back_days": 14}, "columns": [
        {"name": "clicks", "headers": ["Clicks", "Klicks"]}]});
    let tried = org
        .write(
            Method::POST,
            &format!("{DAYS}/check"),
            json!({"layer": layer}),
        )
        .await;
    assert_eq!(tried.status, 200, "{tried:?}");
    let tried = tried.json();
    assert_eq!(tried["valid"], true, "{tried}");
    assert_eq!(
        tried["diff"],
        json!([
            {"path": "/columns/clicks/headers", "before": ["Clicks"], "after": ["Clicks", "Klicks"]},
            {"path": "/window/look_back_days", "before": 7, "after": 14},
        ])
    );
    assert_eq!(
        org.json(DAYS).await["layer_version"],
        0,
        "trying keeps nothing"
    );

    let kept = org.put(DAYS, layer.clone(), 0).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    assert_eq!(kept.json(), org.json(DAYS).await);
    assert_eq!(
        kept.json()["pipeline_version"],
        "dv360_line_item_days@1+1/2"
    );
    assert_eq!(kept.json()["effective"]["window"]["look_back_days"], 14);
    let stale = org.put(DAYS, json!({"title": "Mine"}), 0).await;
    assert_eq!(
        (stale.status.as_u16(), stale.code()),
        (409, "version_conflict".into())
    );

    let back = org.put(DAYS, Value::Null, 1).await.json();
    assert_eq!(back["effective"], back["built_in"]);
    assert_eq!(back["pipeline_version"], "dv360_line_item_days@1+0/2");
    let versions = org.json(&format!("{DAYS}/versions")).await;
    let items = versions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["version"], &items[0]["layer"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(
        (&items[1]["version"], &items[1]["layer"]),
        (&json!(1), &layer)
    );
    assert_eq!(items[1]["comment"], "a test");
    assert_eq!(items[1]["changed_by"], org.org.owner.to_string());
    assert_eq!(items[0]["diff"][1]["after"], 7, "{}", items[0]);
    assert_eq!(items[1]["diff"], tried["diff"]);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_made() {
    let org = Org::start().await;
    let changes = (0..4).map(|days| {
        let layer = json!({"window": {"look_back_days": 10 + days}});
        org.put(DAYS, layer, 0)
    });
    let answers = futures::future::join_all(changes).await;
    let codes: Vec<u16> = answers.iter().map(|one| one.status.as_u16()).collect();
    assert_eq!(
        codes.iter().filter(|code| **code == 200).count(),
        1,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == 409).count(),
        3,
        "{codes:?}"
    );
}

#[tokio::test]
async fn a_pipeline_of_an_org_s_own_lives_and_ends() {
    let org = Org::start().await;
    let path = "/api/pipelines/ttd_days";
    let unknown = org.cell.get(&org.org, path, &org.cookie).await;
    assert_eq!(unknown.code(), "pipeline_not_found");
    let part = org
        .put(path, json!({"title": "a part of nothing"}), 0)
        .await;
    assert_eq!(part.code(), "pipeline_not_found");
    let made = org.put(path, manifest("ttd_days"), 0).await;
    assert_eq!(made.status, 200, "{made:?}");
    assert_eq!(made.json()["enabled"], false);
    assert_eq!(made.json()["pipeline_version"], "ttd_days@1+1/2");
    assert_eq!(org.switch(path, true).await.status, 200);
    let list = org.json("/api/pipelines").await;
    let ours = list["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&ours["pipeline"], &ours["dsp"]),
        (&json!("ttd_days"), &json!("ttd"))
    );

    // Another one may be made, but not run: each would replace the other's rows.
    let other = "/api/pipelines/ttd_again";
    assert_eq!(org.put(other, manifest("ttd_again"), 0).await.status, 200);
    assert_eq!(org.switch(other, true).await.code(), "rows_taken");
    let mut elsewhere = manifest("ttd_again");
    elsewhere["source"]["file"]["dsp"] = json!("amazon");
    assert_eq!(org.put(other, elsewhere, 1).await.status, 200);
    assert_eq!(org.switch(other, true).await.status, 200);
    assert_eq!(
        org.put(other, manifest("ttd_again"), 2).await.code(),
        "rows_taken"
    );

    assert_eq!(
        org.put(path, Value::Null, 1).await.code(),
        "pipeline_enabled"
    );
    assert_eq!(org.switch(path, false).await.status, 200);
    assert_eq!(org.put(path, Value::Null, 1).await.status, 200);
    assert_eq!(
        org.cell.get(&org.org, path, &org.cookie).await.code(),
        "pipeline_not_found"
    );
    let versions = org.json(&format!("{path}/versions")).await;
    assert_eq!(
        versions["items"].as_array().unwrap().len(),
        2,
        "what was is still told"
    );
}

#[tokio::test]
async fn only_those_who_may_change_pipelines_do() {
    let org = Org::start().await;
    for (role, status) in [
        (Role::Viewer, 403),
        (Role::Analyst, 403),
        (Role::Admin, 200),
    ] {
        let cookie = org.cell.enter(&org.org, UserId::new(), role).await;
        let request = (Method::PUT, "/api/pipelines/dv360_device_days/enabled");
        let body = json!({"enabled": true});
        let key = RequestId::new().to_string();
        let answer = org
            .cell
            .write(&org.org, request, &cookie, (&key, body))
            .await;
        assert_eq!(answer.status, status, "{role}");
        let looked = org.cell.get(&org.org, DAYS, &cookie).await;
        assert_eq!(looked.status, 200, "{role}");
    }
}

/// What cannot run is refused with the place, and what cannot even be read before that.
#[tokio::test]
async fn hostile_documents_are_refused_and_nothing_is_kept() {
    let org = Org::start().await;
    let drop = |change: fn(&mut Value)| {
        let mut spec = manifest("evil");
        change(&mut spec);
        spec
    };
    for (layer, said) in [
        (drop(|spec| spec["pipeline"] = json!("other")), "/pipeline"),
        (drop(|spec| spec["surprise"] = json!(1)), "/surprise"),
        (
            drop(|spec| spec["source"]["file"]["name_pattern"] = json!("../../etc/*")),
            "/source/file/name_pattern",
        ),
        (
            drop(|spec| spec["source"]["file"]["name_pattern"] = json!("http://169.254.169.254/")),
            "/source/file/name_pattern",
        ),
        (
            drop(|spec| spec["source"]["file"]["regex"] = json!("(a+)+$")),
            "/source",
        ),
        (
            drop(|spec| spec["source"]["file"]["dsp"] = json!("dv360")),
            "/source/file/dsp",
        ),
        (
            drop(|spec| spec["source"]["url"] = json!("http://10.0.0.1/")),
            "/source",
        ),
        (
            drop(|spec| spec["columns"][1]["name"] = json!("day")),
            "/columns/1/name",
        ),
        (
            drop(|spec| spec["columns"][1]["headers"] = json!(["Tag"])),
            "/columns/1/headers/0",
        ),
        (
            drop(|spec| spec["columns"][0]["ask"] = json!("FILTER_DATE")),
            "/columns/0/ask",
        ),
        (drop(|spec| spec["columns"] = json!([])), "/columns"),
        (drop(|spec| spec["columns"] = json!({"day": 1})), "/columns"),
    ] {
        let tried = org
            .write(
                Method::POST,
                "/api/pipelines/evil/check",
                json!({"layer": layer}),
            )
            .await;
        assert_eq!(tried.status, 200, "{said}: {tried:?}");
        let tried = tried.json();
        assert_eq!(tried["valid"], false, "{said}: {tried}");
        let paths: BTreeSet<&str> = tried["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        assert!(paths.contains(said), "{said}: {paths:?}");
        let kept = org.put("/api/pipelines/evil", layer, 0).await;
        assert_eq!(kept.code(), "invalid_pipeline", "{said}");
        assert!(kept.text.contains(said), "{said}: {kept:?}");
    }
    for name in [
        "UPPER",
        "a%2F..%2Fb",
        "a%00b",
        "schema",
        &"x".repeat(64),
        "dv360_mine",
        "file_drop_x",
    ] {
        let path = format!("/api/pipelines/{name}");
        let kept = org.put(&path, manifest("evil"), 0).await;
        assert!(
            [404, 405, 422].contains(&kept.status.as_u16()),
            "{name}: {kept:?}"
        );
    }
    let list = org.json("/api/pipelines").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn bodies_that_are_no_document_cost_nothing() {
    let org = Org::start().await;
    let deep = format!(
        r#"{{"layer":{}1{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let large = format!(
        r#"{{"layer":{{"columns":[{}1]}}}}"#,
        "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",".repeat(990)
    );
    let huge = format!(r#"{{"layer":{{"title":"{}"}}}}"#, "x".repeat(2 << 20));
    let cases: [(&[u8], u16); 9] = [
        (deep.as_bytes(), 422),
        (large.as_bytes(), 413),
        (huge.as_bytes(), 413),
        (br#"{"layer":{"title":"a","title":"b"}}"#, 422),
        (br#"{"layer":{"title":"\u0000"}}"#, 422),
        (b"{\"layer\":{\"title\":\"\xff\xfe\"}}", 400),
        (br#"{"layer":"text"}"#, 200),
        (br#"{"layer":{},"more":1}"#, 422),
        (br#"{"layer":"#, 400),
    ];
    for (body, status) in cases {
        let request = Request::post(format!("{DAYS}/check"))
            .header(header::COOKIE, &org.cookie)
            .header("idempotency-key", RequestId::new().to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_vec()))
            .unwrap();
        let answer = org.cell.send(&org.org, request).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(answer.status, status, "{shown}: {}", answer.text);
        if status == 200 {
            assert_eq!(answer.json()["valid"], false);
        }
    }
}
