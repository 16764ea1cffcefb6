//! Configuration documents: versions, layers, history, and what a cell gets of them.

use axum::http::Method;
use contracts::OrgId;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

async fn put(test: &TestApp, name: &str, body: Value) -> Answer {
    let path = format!("/internal/config/{name}");
    test.internal("operator", Method::PUT, &path, Some(body))
        .await
}

async fn pull(test: &TestApp, cell: &str, after: i64) -> Value {
    let path = format!("/internal/cells/{cell}/config?after={after}");
    test.internal(cell, Method::GET, &path, None)
        .await
        .expect(200)
}

#[tokio::test]
async fn a_fresh_platform_has_its_defaults() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await.id.to_string();
    let mut first = pull(&test, &cell, 0).await;
    let budgets = first["documents"].as_array_mut().unwrap().pop().unwrap();
    assert_eq!(
        (&budgets["version"], &budgets["name"]),
        (&json!(3), &json!("budgets"))
    );
    assert_eq!(budgets["value"]["limits"]["calls"]["hard"], 1_000);
    assert_eq!(
        first,
        json!({
            "documents": [
                { "version": 1, "name": "modules", "layer": "platform",
                  "value": { "pacing": { "enabled": true } } },
                { "version": 2, "name": "pacing.settings", "layer": "platform",
                  "value": { "band": { "low": 90, "high": 110 } } },
            ],
            "version": 3,
        })
    );
    assert_eq!(
        pull(&test, &cell, 3).await,
        json!({ "documents": [], "version": 3 })
    );
}

#[tokio::test]
async fn every_version_is_kept_and_the_newest_is_sent() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await.id.to_string();
    for low in [80, 85] {
        let value = json!({ "value": { "band": { "low": low, "high": 110 } } });
        put(&test, "pacing.settings", value).await.expect(200);
    }
    let batch = pull(&test, &cell, 3).await;
    assert_eq!(batch["version"], 5);
    assert_eq!(batch["documents"].as_array().unwrap().len(), 1);
    assert_eq!(batch["documents"][0]["value"]["band"]["low"], 85);
    let path = "/internal/config/pacing.settings/history";
    let history = test
        .internal("operator", Method::GET, path, None)
        .await
        .expect(200);
    let versions: Vec<&Value> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["version"])
        .collect();
    assert_eq!(versions, [5, 4, 2]);
    let heads = test
        .internal("operator", Method::GET, "/internal/config", None)
        .await
        .expect(200);
    assert_eq!(heads["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_orgs_layer_goes_to_the_cell_of_that_org_only() {
    let test = TestApp::start().await;
    let home = test.cell("cell-1", 1).await;
    let mut ada = test.person("ada").await;
    let org = ada.org("acme").await;
    let body = json!({ "org": org, "value": { "band": { "low": 70 } } });
    put(&test, "pacing.settings", body.clone())
        .await
        .refused(404, "org_not_found");
    let mut tx = test.app.db.begin().await.unwrap();
    let raw = global_control::operations::claim(&mut tx, "t", 1)
        .await
        .unwrap()
        .pop()
        .unwrap();
    tx.commit().await.unwrap();
    let held = global_control::operations::Operation::read(raw.operation).unwrap();
    global_control::signup::run(&test.context(), held)
        .await
        .unwrap();
    put(&test, "pacing.settings", body).await.expect(200);
    let other = test.cell("cell-2", 5).await;
    let batch = pull(&test, &home.id.to_string(), 3).await;
    assert_eq!(batch["documents"][0]["layer"], "org");
    assert_eq!(batch["documents"][0]["org"], org);
    let batch = pull(&test, &other.id.to_string(), 3).await;
    assert_eq!(batch, json!({ "documents": [], "version": 4 }));
    put(
        &test,
        "pacing.settings",
        json!({ "org": org, "value": null }),
    )
    .await
    .expect(200);
    let batch = pull(&test, &home.id.to_string(), 4).await;
    assert_eq!(batch["documents"][0]["value"], json!(null));
}

#[tokio::test]
async fn a_document_is_checked_and_compared_before_it_is_written() {
    let test = TestApp::start().await;
    let good = json!({ "pacing": { "enabled": false } });
    for (name, value) in [
        ("colours", json!({})),
        ("modules", json!({ "pacing": { "enabled": "\u{0}" } })),
        ("modules", json!([1, 2])),
        ("MODULES", good.clone()),
        ("modules%00", good.clone()),
    ] {
        let answer = put(&test, name, json!({ "value": value })).await;
        answer.refused(422, "invalid_document");
    }
    let nobody = json!({ "org": OrgId::new(), "value": good });
    put(&test, "modules", nobody)
        .await
        .refused(404, "org_not_found");
    let stale = json!({ "value": good, "if_version": 7 });
    put(&test, "modules", stale)
        .await
        .refused(409, "changed_meanwhile");
    let seen = json!({ "value": good, "if_version": 1 });
    assert_eq!(put(&test, "modules", seen).await.expect(200)["version"], 4);
    // What was refused used up no version.
    assert_eq!(test.count("select version from config_counter").await, 4);
}
