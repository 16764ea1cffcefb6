//! The signup operation under every disturbance, driven step by step as separate workers would.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use axum::http::StatusCode;
use chrono::{TimeDelta, Utc};
use contracts::{OperationId, OrgId};
use global_control::operations;
use global_control::signup::{
    ATTEMPTS_MAX, Action, Observed, Outcome, Ran, Retry, State, next, perform, run,
};
use serde_json::json;
use test_kit::durable::{How, Subject, survives_everything};
use tokio::sync::OnceCell;

use crate::support::{Behaviour, Browser, StandInCell, TestApp};

/// One platform for the whole matrix; each run is an org of its own.
static SURROUNDINGS: OnceCell<(TestApp, StandInCell, Option<String>)> = OnceCell::const_new();
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// One org being set up, with no router to wait for.
struct Provisioning {
    test: &'static TestApp,
    cell: &'static StandInCell,
    org: OrgId,
    id: OperationId,
}

impl Subject for Provisioning {
    type State = State;

    async fn fresh() -> Result<Self> {
        let start = async || {
            let test = TestApp::start().await;
            let cell = test.cell("cell-1", 100).await;
            let cookie = test.person("ada").await.cookie;
            (test, cell, cookie)
        };
        let (test, cell, cookie) = SURROUNDINGS.get_or_init(start).await;
        let mut ada = test.browser();
        ada.cookie.clone_from(cookie);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let org = start_org(&mut ada, &format!("run-{}", "x".repeat(run + 1))).await;
        let id = open_operation(test, org).await.context("an operation")?;
        Ok(Self {
            test,
            cell,
            org,
            id,
        })
    }

    async fn pending(&mut self) -> Result<Option<State>> {
        let mut tx = self.test.app.db.begin().await?;
        let held = operations::fetch::<State>(&mut tx, self.id).await?;
        Ok((!operations::State::ended(&held.state)).then_some(held.state))
    }

    async fn step(&mut self, how: How) -> Result<()> {
        let context = self.test.context();
        let mut tx = context.db.begin().await?;
        let held = operations::fetch::<State>(&mut tx, self.id).await?;
        tx.commit().await?;
        let seen = Observed {
            now: Utc::now(),
            attempts: 0,
            hopeless: (how == How::Fail).then(|| "a test said so".to_owned()),
        };
        let action = next(&held.state, &seen);
        let mut outcome = perform(&context, self.org, action.clone(), seen.now).await?;
        if how == How::Twice {
            outcome = perform(&context, self.org, action, seen.now).await?;
        }
        if how == How::CrashBeforeWrite {
            return Ok(());
        }
        if let Outcome::Advance(state) = outcome {
            let mut tx = context.db.begin().await?;
            ensure!(operations::advance(&mut tx, self.id, held.revision, &state).await?);
            tx.commit().await?;
        }
        Ok(())
    }

    async fn check(&mut self, disturbed: bool) -> Result<()> {
        let (state, assigned, slugs, placed, routes): (String, i64, i64, i64, i64) =
            sqlx::query_as(
                "select state,
                    (select count(*) from assignments where org_id = $1),
                    (select count(*) from slugs where org_id = $1),
                    (select count(*) from placements where org_id = $1),
                    (select count(*) from route_log where entry -> 'org' ->> 'org' = $2)
                from orgs where org_id = $1",
            )
            .bind(self.org.as_uuid())
            .bind(self.org.to_string())
            .fetch_one(&self.test.rows)
            .await?;
        let prepared = self
            .cell
            .orgs()
            .iter()
            .filter(|(org, _)| *org == self.org)
            .count();
        let counts = (assigned, slugs, placed, routes, prepared);
        match state.as_str() {
            "active" => ensure!(counts == (1, 1, 1, 1, 1), "{counts:?}"),
            "failed" => ensure!(disturbed && counts == (0, 0, 0, 0, 0), "{counts:?}"),
            other => anyhow::bail!("the org is still {other}"),
        }
        let miscounted = "select count(*) from cells where placed_orgs <>
            (select count(*) from placements where placements.cell_id = cells.cell_id)";
        ensure!(self.test.count(miscounted).await == 0);
        Ok(())
    }
}

async fn start_org(person: &mut Browser<'_>, slug: &str) -> OrgId {
    person.org(slug).await.parse().unwrap()
}

async fn open_operation(test: &TestApp, org: OrgId) -> Option<OperationId> {
    let mut tx = test.app.db.begin().await.unwrap();
    operations::find_open(&mut tx, org).await.unwrap()
}

/// Claims the one due operation and runs it as far as it goes, as a worker would.
async fn run_once(test: &TestApp) -> Ran {
    let mut tx = test.app.db.begin().await.unwrap();
    let mut claimed = operations::claim(&mut tx, "test", 1).await.unwrap();
    tx.commit().await.unwrap();
    let raw = claimed.pop().expect("an operation is due").operation;
    let held = operations::Operation::read(raw).unwrap();
    run(&test.context(), held).await.unwrap()
}

/// Lets every wait of an operation be over.
async fn run_to_end(test: &TestApp) -> State {
    for _ in 0..40 {
        if let Ran::Ended(state) = run_once(test).await {
            return state;
        }
        test.sql("update operations set next_run_at = now() - interval '1 second'")
            .await;
    }
    panic!("the operation never ends");
}

#[tokio::test]
async fn a_signup_survives_repetition_crash_and_failure_at_every_step() {
    let runs = survives_everything::<Provisioning>().await.unwrap();
    assert_eq!(runs, 1 + 3 * 4);
}

#[tokio::test]
async fn an_org_ends_active_on_the_cell_that_prepared_it() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    let mut ada = test.person("ada").await;
    let org = start_org(&mut ada, "acme").await;
    assert!(matches!(
        run_once(&test).await,
        Ran::Ended(State::Done { .. })
    ));
    let (prepared, wish) = cell.orgs().pop().unwrap();
    assert_eq!(prepared, org);
    assert_eq!(wish.slug.as_str(), "acme");
    assert_eq!(wish.owner.email, "ada@example.com");
    let body = ada.get(&format!("/api/orgs/{org}")).await.expect(200);
    assert_eq!(body["state"], "active");
    let why: serde_json::Value = sqlx::query_scalar("select considered from placements")
        .fetch_one(&test.rows)
        .await
        .unwrap();
    assert_eq!(why[0]["verdict"]["verdict"], "taken");
    assert_eq!(why[0]["cell"], json!(cell.id));
}

#[tokio::test]
async fn a_full_fleet_fails_the_org_at_once_and_frees_the_slug() {
    let test = TestApp::start().await;
    let _cell = test.cell("cell-1", 0).await;
    let mut ada = test.person("ada").await;
    let org = start_org(&mut ada, "acme").await;
    let ran = run_once(&test).await;
    assert!(matches!(&ran, Ran::Ended(State::Aborted { .. })), "{ran:?}");
    let body = ada.get(&format!("/api/orgs/{org}")).await.expect(200);
    assert_eq!(body["state"], "failed");
    assert_eq!(body["problem"], "no cell could take the org");
    ada.org("acme").await;
}

#[tokio::test]
async fn a_cell_that_says_no_fails_the_org_and_gets_its_place_back() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    cell.behave(Behaviour::Answers(StatusCode::CONFLICT));
    start_org(&mut test.person("ada").await, "acme").await;
    let ran = run_once(&test).await;
    assert!(matches!(&ran, Ran::Ended(State::Aborted { .. })), "{ran:?}");
    assert_eq!(test.count("select sum(placed_orgs) from cells").await, 0);
    assert_eq!(test.count("select count(*) from slugs").await, 0);
}

#[tokio::test]
async fn a_cell_that_recovers_in_time_gets_the_org() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    for trouble in [
        Behaviour::Answers(StatusCode::SERVICE_UNAVAILABLE),
        Behaviour::LosesAnswers,
    ] {
        cell.behave(trouble);
        let slug = format!("org-{trouble:?}").to_lowercase();
        let slug: String = slug.chars().filter(char::is_ascii_alphabetic).collect();
        start_org(&mut test.person(&slug).await, &slug).await;
        for _ in 0..3 {
            assert!(matches!(run_once(&test).await, Ran::Waiting { .. }));
            test.sql("update operations set next_run_at = now() where finished_at is null")
                .await;
        }
        assert_eq!(
            test.count("select max(attempts)::bigint from operations")
                .await,
            3
        );
        cell.behave(Behaviour::Works);
        assert!(matches!(
            run_once(&test).await,
            Ran::Ended(State::Done { .. })
        ));
    }
    assert_eq!(cell.orgs().len(), 2);
}

#[tokio::test]
async fn a_cell_that_stays_away_does_not_hold_the_slug_for_ever() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    cell.behave(Behaviour::Answers(StatusCode::BAD_GATEWAY));
    start_org(&mut test.person("ada").await, "acme").await;
    for _ in 0..ATTEMPTS_MAX + 3 {
        assert!(matches!(run_once(&test).await, Ran::Waiting { .. }));
        test.sql("update operations set next_run_at = now()").await;
    }
    let name: String = sqlx::query_scalar("select state_name from operations")
        .fetch_one(&test.rows)
        .await
        .unwrap();
    assert_eq!(name, "aborting");
    assert_eq!(test.count("select count(*) from slugs").await, 1);
    test.sql(
        "update operations set state = jsonb_set(state, '{deadline}', '\"2020-01-01T00:00:00Z\"')",
    )
    .await;
    assert!(matches!(
        run_once(&test).await,
        Ran::Ended(State::Aborted { .. })
    ));
    assert_eq!(test.count("select count(*) from slugs").await, 0);
}

#[tokio::test]
async fn a_silent_fleet_is_waited_for_and_then_given_up() {
    let test = TestApp::start().await;
    start_org(&mut test.person("ada").await, "acme").await;
    assert!(matches!(run_once(&test).await, Ran::Waiting { .. }));
    test.sql("update operations set next_run_at = now()").await;
    assert!(matches!(run_to_end(&test).await, State::Aborted { .. }));
}

#[tokio::test]
async fn an_org_waits_for_live_routers_but_not_for_long() {
    let test = TestApp::start().await;
    let _cell = test.cell("cell-1", 5).await;
    test.sql(
        "insert into routers (router_id, acked_seq, lease_until)
        values (gen_random_uuid(), 0, now() + interval '10 seconds'),
            (gen_random_uuid(), 0, now() - interval '1 second')",
    )
    .await;
    start_org(&mut test.person("ada").await, "acme").await;
    assert!(matches!(run_once(&test).await, Ran::Waiting { .. }));
    assert_eq!(
        test.count("select count(*) from orgs where state = 'active'")
            .await,
        0
    );
    test.sql("update routers set acked_seq = 2 where lease_until > now()")
        .await;
    test.sql("update operations set next_run_at = now()").await;
    assert!(matches!(
        run_once(&test).await,
        Ran::Ended(State::Done { .. })
    ));

    test.sql("update routers set acked_seq = 0").await;
    start_org(&mut test.person("bob").await, "other").await;
    assert!(matches!(run_once(&test).await, Ran::Waiting { .. }));
    test.sql(
        "update operations set next_run_at = now(),
            state = jsonb_set(state, '{deadline}', '\"2020-01-01T00:00:00Z\"')
        where finished_at is null",
    )
    .await;
    assert!(matches!(
        run_once(&test).await,
        Ran::Ended(State::Done { .. })
    ));
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_changes_nothing() {
    let test = TestApp::start().await;
    let _cell = test.cell("cell-1", 5).await;
    let org = start_org(&mut test.person("ada").await, "acme").await;
    let id = open_operation(&test, org).await.unwrap();
    let claim = async |worker: &str| {
        let mut tx = test.app.db.begin().await.unwrap();
        let claimed = operations::claim(&mut tx, worker, 5).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    };
    let slow = claim("slow").await.pop().unwrap();
    assert!(claim("quick").await.is_empty());
    test.sql("update operations set lease_until = now() - interval '1 second'")
        .await;
    let quick = claim("quick").await.pop().unwrap();
    let done = run(
        &test.context(),
        operations::Operation::read(quick.operation).unwrap(),
    )
    .await;
    assert!(matches!(done.unwrap(), Ran::Ended(State::Done { .. })));
    let late = run(
        &test.context(),
        operations::Operation::read(slow.operation).unwrap(),
    )
    .await;
    assert_eq!(late.unwrap(), Ran::Lost);
    let mut tx = test.app.db.begin().await.unwrap();
    let held = operations::fetch::<State>(&mut tx, id).await.unwrap();
    assert!(matches!(held.state, State::Done { .. }));
    assert_eq!(test.count("select count(*) from route_log").await, 2);
    assert_eq!(test.count("select sum(placed_orgs) from cells").await, 1);
}

#[tokio::test]
async fn a_late_placement_of_a_failed_org_takes_no_place() {
    let test = TestApp::start().await;
    let cell = test.cell("cell-1", 5).await;
    cell.behave(Behaviour::Answers(StatusCode::CONFLICT));
    let org = start_org(&mut test.person("ada").await, "acme").await;
    assert!(matches!(
        run_once(&test).await,
        Ran::Ended(State::Aborted { .. })
    ));
    let late = perform(&test.context(), org, Action::Place, Utc::now()).await;
    assert_eq!(late.unwrap_err().retry(), Retry::Never);
    assert_eq!(test.count("select sum(placed_orgs) from cells").await, 0);
}

#[tokio::test]
async fn waits_are_short_enough_for_a_person() {
    let now = Utc::now();
    let test = TestApp::start().await;
    let org = OrgId::new();
    let place = global_control::signup::Place {
        cell: contracts::CellId::new(),
        epoch: contracts::Epoch::FIRST,
    };
    let reason = String::new();
    let action = Action::GiveUp {
        place: Some(place),
        reason,
    };
    let outcome = perform(&test.context(), org, action, now).await.unwrap();
    let Outcome::Advance(State::Aborting { deadline, .. }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(deadline - now, TimeDelta::seconds(10));
}
