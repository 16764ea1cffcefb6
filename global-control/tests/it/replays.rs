//! An operator's replay reaches the cell that has the org, and only an operator's.

use axum::http::{Method, StatusCode};
use contracts::{CellId, OrgId, ReplayId};
use serde_json::{Value, json};

use crate::support::{Behaviour, StandInCell, TestApp};

struct Fleet {
    test: TestApp,
    cell: StandInCell,
    org: String,
}

impl Fleet {
    /// One org, at home on one cell.
    async fn start() -> Self {
        let test = TestApp::start().await;
        let cell = test.cell("cell-1", 5).await;
        let org = test.person("ada").await.org("acme").await;
        let fleet = Self { test, cell, org };
        fleet.refused("acme", 409, "org_not_ready").await;
        for sql in [
            "insert into placements (org_id, cell_id, epoch, considered)
             select org_id, cell_id, 3, '[]' from orgs, cells",
            "insert into assignments (org_id, cell_id, epoch, route_seq)
             select org_id, cell_id, 3, 1 from orgs, cells",
            "update orgs set state = 'active'",
        ] {
            fleet.test.sql(sql).await;
        }
        fleet
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> crate::support::Answer {
        self.test.internal("operator", method, path, body).await
    }

    async fn refused(&self, org: &str, status: u16, code: &str) {
        let path = format!("/internal/orgs/{org}/replays");
        self.ask(Method::GET, &path, None)
            .await
            .refused(status, code);
    }
}

#[tokio::test]
async fn a_replay_is_asked_of_the_cell_that_has_the_org() {
    let fleet = Fleet::start().await;
    let (org, id) = (&fleet.org, ReplayId::new());
    let wish = json!({"start": "2026-01-01", "end": "2026-01-31", "dry_run": false});
    let path = format!("/internal/orgs/acme/replays/{id}");
    let answer = fleet.ask(Method::PUT, &path, Some(wish.clone())).await;
    let at_cell = format!("/internal/orgs/{org}/replays/{id}");
    let expected = json!({
        "method": "PUT", "target": format!("{at_cell}?epoch=3"), "body": wish,
    });
    assert_eq!(answer.expect(202), expected, "the answer is the cell's own");
    let path = format!("/internal/orgs/{org}/replays/{id}");
    let shown = fleet.ask(Method::GET, &path, None).await.expect(202);
    assert_eq!(shown["target"], format!("{at_cell}?epoch=3"));
    let path = format!("/internal/orgs/{org}/replays?cursor={id}");
    let listed = fleet.ask(Method::GET, &path, None).await.expect(202);
    let target = format!("/internal/orgs/{org}/replays?epoch=3&cursor={id}");
    assert_eq!(listed["target"], target);
    let path = format!("/internal/orgs/acme/replays/{id}/cancel");
    let cancelled = fleet.ask(Method::POST, &path, None).await.expect(202);
    assert_eq!(cancelled["target"], format!("{at_cell}/cancel?epoch=3"));

    let acts: Vec<(String, String, Value)> = sqlx::query_as(
        "select action, actor, details from audit_log where action like 'replay.%' order by at",
    )
    .fetch_all(&fleet.test.rows)
    .await
    .unwrap();
    assert_eq!(acts.len(), 2, "{acts:?}");
    assert_eq!((&*acts[0].0, &*acts[0].1), ("replay.started", "operator"));
    assert_eq!(acts[0].2["wish"], wish);
    assert_eq!(acts[1].0, "replay.cancelled");
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_in_words() {
    let fleet = Fleet::start().await;
    fleet.refused("nobody-here", 404, "org_not_found").await;
    let unknown = OrgId::new().to_string();
    fleet.refused(&unknown, 404, "org_not_found").await;
    fleet.refused("%2e%2e", 404, "org_not_found").await;
    fleet
        .cell
        .behave(Behaviour::Answers(StatusCode::UNAUTHORIZED));
    fleet.refused("acme", 502, "cell_confused").await;
    fleet
        .test
        .sql("update cells set internal_addr = '127.0.0.1:1'")
        .await;
    fleet.refused("acme", 503, "cell_unreachable").await;
    fleet
        .test
        .sql("update orgs set state = 'failed', problem = 'full'")
        .await;
    fleet.refused("acme", 409, "org_failed").await;
    let path = "/internal/orgs/acme/replays/7";
    let wrong = fleet.ask(Method::GET, path, None).await;
    assert!(wrong.status.is_client_error(), "{wrong:?}");
}

#[tokio::test]
async fn only_operators_may_ask() {
    let fleet = Fleet::start().await;
    let id = ReplayId::new();
    let one = format!("/internal/orgs/acme/replays/{id}");
    let wish = json!({"start": "2026-01-01", "end": "2026-01-31", "dry_run": true});
    for (method, path, body) in [
        (Method::GET, "/internal/orgs/acme/replays".to_owned(), None),
        (Method::GET, one.clone(), None),
        (Method::PUT, one.clone(), Some(wish)),
        (Method::POST, format!("{one}/cancel"), None),
    ] {
        for cell in [fleet.cell.id, CellId::new()] {
            let answer = fleet
                .test
                .internal(&cell.to_string(), method.clone(), &path, body.clone())
                .await;
            answer.refused(403, "not_yours");
        }
        let nobody = fleet.test.internal_with(None, method, &path, body).await;
        nobody.refused(401, "not_identified");
    }
}
