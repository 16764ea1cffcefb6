//! What an org used reaches its ledger, adds up, and is shown to its members only.

use cell::metering::Meter;
use cell::tenancy::OrgScope;
use contracts::{Epoch, Role};

use crate::support::{TestCell, TestOrg};

async fn ledger(cell: &TestCell, org: &TestOrg, meter: &str) -> i64 {
    let mut admin = cell.superuser().await;
    sqlx::query_scalar(
        "select coalesce(sum(quantity), 0)::bigint from tenant.usage_ledger \
         where org_id = $1 and meter = $2",
    )
    .bind(org.scope.org().as_uuid())
    .bind(meter)
    .fetch_one(&mut admin)
    .await
    .unwrap()
}

#[tokio::test]
async fn requests_are_counted_for_their_org() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    let cookie = cell.enter_as_owner(&a).await;
    let mut sent = 0;
    for _ in 0..3 {
        sent += cell.get(&a, "/api/session", &cookie).await.text.len();
    }
    cell.app.usage.flush(&cell.app.db).await;
    assert_eq!(ledger(&cell, &a, "api_calls").await, 3);
    assert_eq!(
        ledger(&cell, &a, "bytes_out").await,
        i64::try_from(sent).unwrap()
    );
    assert!(ledger(&cell, &a, "cpu_us").await > 0);
    assert_eq!(ledger(&cell, &b, "api_calls").await, 0);
    cell.app.usage.flush(&cell.app.db).await;
    assert_eq!(ledger(&cell, &a, "api_calls").await, 3);
}

#[tokio::test]
async fn members_read_their_usage_by_hour_and_meter() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    let cookie = cell.enter(&a, a.owner, Role::Viewer).await;
    for (org, quantity) in [(&a, 5), (&a, 7), (&b, 100)] {
        cell.app.usage.add(&org.scope, Meter::DspCalls, quantity);
        cell.app.usage.flush(&cell.app.db).await;
    }
    let shown = cell.get(&a, "/api/usage", &cookie).await.json();
    let items = shown["items"].as_array().unwrap();
    let calls: Vec<_> = items
        .iter()
        .filter(|item| item["meter"] == "dsp_calls")
        .collect();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["quantity"], 12);
    let backwards = "/api/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    for path in [
        backwards,
        "/api/usage?from=2020-01-01T00:00:00Z",
        "/api/usage?form=x",
    ] {
        assert_eq!(cell.get(&a, path, &cookie).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn usage_of_a_frozen_org_waits_for_the_thaw() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut admin = cell.superuser().await;
    let freeze =
        "update cell.org_state set state = 'frozen', freeze_until = now() + interval '1 h'";
    sqlx::query(freeze).execute(&mut admin).await.unwrap();
    cell.app.usage.add(&org.scope, Meter::DspCalls, 5);
    cell.app.usage.flush(&cell.app.db).await;
    assert_eq!(ledger(&cell, &org, "dsp_calls").await, 0);
    let thaw = "update cell.org_state set state = 'active', freeze_until = null";
    sqlx::query(thaw).execute(&mut admin).await.unwrap();
    cell.app.usage.flush(&cell.app.db).await;
    assert_eq!(ledger(&cell, &org, "dsp_calls").await, 5);
}

#[tokio::test]
async fn usage_under_a_wrong_epoch_is_the_orgs_all_the_same() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    for epoch in [0, 7] {
        let stale = OrgScope::vouched(org.scope.org(), Epoch(epoch));
        cell.app.usage.add(&stale, Meter::DspCalls, 5);
        cell.app.usage.flush(&cell.app.db).await;
        cell.app.usage.flush(&cell.app.db).await;
    }
    assert_eq!(ledger(&cell, &org, "dsp_calls").await, 10);
}
