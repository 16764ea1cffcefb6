//! The cell works from its own copy of the configuration, layer upon layer.

use cell::config_docs;
use contracts::OrgId;
use contracts::config_docs::{ConfigBatch, ConfigDocument, Layer};
use serde_json::{Value, json};

use crate::support::{TestCell, TestOrg};

fn document(version: i64, layer: Layer, value: Value) -> ConfigDocument {
    ConfigDocument {
        version,
        name: "pacing.settings".into(),
        layer,
        value,
    }
}

async fn apply(cell: &TestCell, documents: Vec<ConfigDocument>) -> i64 {
    let version = documents.last().map_or(0, |document| document.version);
    let batch = ConfigBatch { documents, version };
    config_docs::apply(&cell.app.db, &batch).await.unwrap();
    config_docs::version(&cell.app.db).await.unwrap()
}

async fn effective(cell: &TestCell, org: &TestOrg) -> Value {
    let mut tx = cell.app.db.begin_read(&org.scope).await.unwrap();
    config_docs::effective(&mut tx, "pacing.settings")
        .await
        .unwrap()
}

#[tokio::test]
async fn an_orgs_layer_lies_over_the_platforms() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    assert_eq!(effective(&cell, &a).await, Value::Null);
    let own = Layer::Org { org: a.scope.org() };
    let stored = apply(
        &cell,
        vec![
            document(3, Layer::Platform, json!({ "low": 90, "high": 110 })),
            document(4, own, json!({ "low": 80 })),
            document(5, Layer::Org { org: OrgId::new() }, json!({ "low": 1 })),
        ],
    )
    .await;
    assert_eq!(stored, 5);
    assert_eq!(
        effective(&cell, &a).await,
        json!({ "low": 80, "high": 110 })
    );
    assert_eq!(
        effective(&cell, &b).await,
        json!({ "low": 90, "high": 110 })
    );
    apply(&cell, vec![document(6, own, Value::Null)]).await;
    assert_eq!(
        effective(&cell, &a).await,
        json!({ "low": 90, "high": 110 })
    );
}

#[tokio::test]
async fn an_older_version_never_replaces_a_newer_one() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    apply(&cell, vec![document(9, Layer::Platform, json!({ "v": 9 }))]).await;
    let stored = apply(&cell, vec![document(8, Layer::Platform, json!({ "v": 8 }))]).await;
    assert_eq!(stored, 9);
    assert_eq!(effective(&cell, &org).await, json!({ "v": 9 }));
}

#[tokio::test]
async fn a_frozen_org_holds_the_version_back_until_its_layer_is_stored() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut admin = cell.superuser().await;
    let freeze =
        "update cell.org_state set state = 'frozen', freeze_until = now() + interval '1 h'";
    sqlx::query(freeze).execute(&mut admin).await.unwrap();
    let layer = Layer::Org {
        org: org.scope.org(),
    };
    let batch = ConfigBatch {
        documents: vec![document(2, layer, json!({ "low": 80 }))],
        version: 2,
    };
    assert!(config_docs::apply(&cell.app.db, &batch).await.is_err());
    assert_eq!(config_docs::version(&cell.app.db).await.unwrap(), 0);
    let thaw = "update cell.org_state set state = 'active', freeze_until = null";
    sqlx::query(thaw).execute(&mut admin).await.unwrap();
    config_docs::apply(&cell.app.db, &batch).await.unwrap();
    assert_eq!(effective(&cell, &org).await, json!({ "low": 80 }));
}
