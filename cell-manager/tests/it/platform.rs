//! The whole platform, started by the real supervisor and used as people use it.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use test_kit::journey::Person;
use test_kit::platform::{Options, Platform, Signal};
use test_kit::wait;

const SOON: Duration = Duration::from_secs(20);

/// Signed up, connected and looking at pacing.
async fn at_home(platform: &Platform, slug: &str) -> Person {
    let mut person = Person::new(platform.port()).unwrap();
    person.sign_up(slug).await.unwrap();
    person.enter(SOON).await.unwrap();
    let connection = person.connect().await.unwrap();
    person.choose_advertisers(&connection, 1).await.unwrap();
    person.first_pacing(SOON).await.unwrap();
    person
}

async fn can_work(person: &mut Person) -> bool {
    let read = person.org_get("/api/pacing/insertion-orders").await;
    let connections = person.org_get("/api/connections").await.unwrap();
    let connection = &connections.body["items"][0]["connection_id"];
    let sync = json!({ "connection_id": connection });
    let written = person.org_post("/api/syncs", &sync).await;
    let read = read.is_ok_and(|answer| answer.status == StatusCode::OK);
    let written = written.is_ok_and(|answer| answer.status.is_success() || answer.status == 409);
    read && written
}

#[tokio::test]
async fn a_stranger_signs_up_and_sees_pacing_of_their_own() {
    let platform = Platform::start(&Options::default()).await.unwrap();
    let mut acme = at_home(&platform, "acme-one").await;
    let page = acme.org_get("/api/pacing/insertion-orders").await.unwrap();
    let rows = page.body["items"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["insertion_order_id"].is_string()),
        "{rows:?}"
    );
    let order = rows[0]["insertion_order_id"].as_str().unwrap();
    let path = format!("/api/pacing/insertion-orders/{order}");
    let detail = acme.org_get(&path).await.unwrap();
    assert!(
        !detail.body["days"].as_array().unwrap().is_empty(),
        "{detail:?}"
    );

    let mut other = Person::new(platform.port()).unwrap();
    other.sign_up("other-one").await.unwrap();
    other.enter(SOON).await.unwrap();
    let nothing = other.org_get("/api/pacing/insertion-orders").await.unwrap();
    assert_eq!(nothing.body["items"], json!([]));
    let hidden = other.org_get(&path).await.unwrap();
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    other.slug = acme.slug.clone();
    let stranger = other.org_get("/api/session").await.unwrap();
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let nobody = other.get("nobody-here", "/").await.unwrap();
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn signed_in_people_work_on_while_global_control_is_dead() {
    let platform = Platform::start(&Options::default()).await.unwrap();
    let mut person = at_home(&platform, "steady-one").await;
    for name in [
        "global-control/serve",
        "global-control/work",
        "global-control/postgres",
    ] {
        platform.signal(name, Signal::STOP).unwrap();
    }
    assert!(
        can_work(&mut person).await,
        "right after the control plane stopped"
    );
    let before = platform.process("router").unwrap()["pid"].clone();
    platform.kill("router").unwrap();
    wait::until("the router is back", SOON, async || {
        let now = platform.process("router").ok()?;
        let ready = now["pid"] != before && now["state"] == "ready";
        ready.then_some(())
    })
    .await;
    assert!(can_work(&mut person).await, "after a restart of the router");
    platform.kill("cell-1/serve").unwrap();
    wait::until("the cell serves again", SOON, async || {
        let session = person.org_get("/api/session").await.ok()?;
        (session.status == StatusCode::OK).then_some(())
    })
    .await;
    assert!(can_work(&mut person).await, "after a restart of the cell");
    for name in [
        "global-control/postgres",
        "global-control/work",
        "global-control/serve",
    ] {
        platform.signal(name, Signal::CONT).unwrap();
    }
}

#[tokio::test]
async fn a_dead_cell_is_a_503_for_its_orgs_and_nothing_for_others() {
    let options = Options {
        cells: 2,
        ..Options::default()
    };
    let platform = Platform::start(&options).await.unwrap();
    let mut people = Vec::new();
    let mut served_by = std::collections::BTreeSet::new();
    for number in 0..12 {
        let mut person = Person::new(platform.port()).unwrap();
        person
            .sign_up(&format!("spread-{number}-agency"))
            .await
            .unwrap();
        person.enter(SOON).await.unwrap();
        let cell = person.served_by().await.unwrap();
        if served_by.insert(cell.clone()) {
            people.push((person, cell));
        }
        if people.len() == 2 {
            break;
        }
    }
    assert_eq!(people.len(), 2, "both cells have an org: {served_by:?}");
    let (mut lost, cell) = people.remove(0);
    let (mut other, _) = people.remove(0);
    platform
        .signal(&format!("{cell}/serve"), Signal::STOP)
        .unwrap();
    let started = Instant::now();
    let answer = other.org_get("/api/session").await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    platform
        .signal(&format!("{cell}/serve"), Signal::CONT)
        .unwrap();
    platform.kill(&format!("{cell}/serve")).unwrap();
    let refused = lost.org_get("/api/session").await.unwrap();
    assert!(
        [StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK].contains(&refused.status),
        "{refused:?}"
    );
    wait::until("the cell is back", SOON, async || {
        let session = lost.org_get("/api/session").await.ok()?;
        (session.status == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test]
async fn data_survives_a_killed_supervisor_and_no_orphan_is_left() {
    let options = Options::default();
    let mut platform = Platform::start(&options).await.unwrap();
    let mut person = at_home(&platform, "lasting-one").await;
    let before = platform.status().unwrap();
    let pids: Vec<i64> = before["processes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|process| process["pid"].as_i64())
        .collect();
    platform.kill_supervisor().unwrap();
    platform.restart(&options).await.unwrap();
    let after = platform.status().unwrap();
    let adopted: Vec<i64> = after["processes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|process| process["pid"].as_i64())
        .collect();
    for pid in pids {
        assert!(
            !runs(pid) || adopted.contains(&pid),
            "process {pid} was left behind"
        );
    }
    assert!(
        can_work(&mut person).await,
        "the session and the data are still there"
    );
}

/// A zombie has ended; nobody has asked yet how.
fn runs(pid: i64) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    })
}

#[tokio::test]
async fn cells_come_and_go_while_the_platform_runs() {
    let platform = Platform::start(&Options::default()).await.unwrap();
    let started = Instant::now();
    platform
        .cellctl(&["cells", "create", "--name", "extra"])
        .unwrap();
    eprintln!("a new cell served after {:?}", started.elapsed());
    assert_eq!(platform.process("extra/serve").unwrap()["state"], "ready");
    platform
        .cellctl(&["cells", "delete", "extra", "--yes"])
        .unwrap();
    assert!(platform.process("extra/serve").is_err());
    let person = at_home(&platform, "staying-one").await;
    let refused = platform.cellctl(&["cells", "delete", "cell-1", "--yes"]);
    let message = format!("{:#}", refused.unwrap_err());
    assert!(message.contains("org"), "{message}");
    drop(person);
}

/// What an operator types, through the supervisor, global-control and the cell to the org's files.
#[tokio::test]
async fn an_operator_replays_an_orgs_files() {
    let platform = Platform::start(&Options::default()).await.unwrap();
    let mut person = at_home(&platform, "again-one").await;
    wait::until("the backfill is over", SOON, async || {
        let syncs = person.org_get("/api/syncs").await.ok()?;
        let items = syncs.body["items"].as_array()?;
        let over = !items.is_empty() && items.iter().all(|one| one["state"] == "done");
        over.then_some(())
    })
    .await;
    let today = chrono::Utc::now().date_naive();
    let range = format!("{}..{today}", today - chrono::Days::new(30));
    let replay = |more: &[&str]| {
        let asked = ["replay", "--org", "again-one", "--range", &range];
        platform.cellctl(&[&asked[..], more].concat())
    };
    let dry = replay(&["--dry-run", "--json"]).unwrap();
    let dry: serde_json::Value = serde_json::from_str(&dry).unwrap();
    assert_eq!(
        (&dry["state"], &dry["dry_run"]),
        (&json!("done"), &json!(true))
    );
    assert!(dry["diff"]["rows_equal"].as_u64().unwrap() > 100, "{dry}");
    assert_eq!(dry["diff"]["before"], dry["diff"]["after"]);
    let done = replay(&["--yes"]).unwrap();
    let hash = dry["diff"]["after"]["sha256"].as_str().unwrap();
    assert_eq!(done.matches(hash).count(), 2, "{done}");
    let list = platform.cellctl(&["replays", "list", "--org", "again-one"]);
    assert_eq!(
        list.unwrap().lines().count(),
        3,
        "a heading and two replays"
    );
    let id = dry["replay_id"].as_str().unwrap();
    let shown = platform.cellctl(&["replays", "show", id, "--org", "again-one"]);
    assert!(shown.unwrap().contains("(dry run)"));

    let refused = |asked: &[&str]| format!("{:#}", platform.cellctl(asked).unwrap_err());
    let other = ["replay", "--org", "other-one", "--range", &range, "--yes"];
    assert!(refused(&other).contains("there is no org other-one"));
    let empty = ["replay", "--org", "again-one", "--range", "2019-01-01"];
    assert!(refused(&empty).contains("no file has been loaded for these days"));
    let version = format!("{:#}", replay(&["--pipeline-version", "7"]).unwrap_err());
    assert!(version.contains("7 is not a version of"), "{version}");
    platform.signal("cell-1/serve", Signal::STOP).unwrap();
    let away = format!("{:#}", replay(&[]).unwrap_err());
    platform.signal("cell-1/serve", Signal::CONT).unwrap();
    assert!(
        away.contains("cell-1, which has the org again-one, does not answer"),
        "{away}"
    );
}

/// The supervisor brings back what dies, and the sync that was under way goes on.
#[tokio::test]
async fn syncs_go_on_after_a_kill_of_the_worker_and_of_its_database() {
    let platform = Platform::start(&Options {
        report_delay_ms: 400,
        ..Options::default()
    })
    .await
    .unwrap();
    let mut person = at_home(&platform, "hardy-one").await;
    let connections = person.org_get("/api/connections").await.unwrap();
    let connection = connections.body["items"][0]["connection_id"].clone();
    for part in ["work", "postgres"] {
        for step in ["entities", "waiting"] {
            let body = json!({ "connection_id": connection });
            let sync = person.org_post("/api/syncs", &body).await.unwrap();
            assert_eq!(sync.status, StatusCode::ACCEPTED, "{sync:?}");
            let path = format!("/api/syncs/{}", sync.body["sync_id"].as_str().unwrap());
            wait::until("a step", SOON, async || {
                let sync = person.org_get(&path).await.ok()?.body;
                // A short step may be over between two looks.
                let there = sync["state"] == step || sync["progress"].as_f64()? > 0.3;
                there.then_some(())
            })
            .await;
            platform.kill(&format!("cell-1/{part}")).unwrap();
            let died = Instant::now();
            let done = wait::until("the end of the sync", Duration::from_secs(60), async || {
                let sync = person.org_get(&path).await.ok()?;
                (!sync.body["finished_at"].is_null()).then_some(sync.body)
            })
            .await;
            let took = died.elapsed();
            println!("{part}, killed in {step}: done within {took:?}");
            assert_eq!(done["state"], "done", "{part}: {done}");
        }
    }
}
