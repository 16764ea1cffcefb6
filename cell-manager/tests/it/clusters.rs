//! Clusters demand passwords, give each role its rights and no more, and lose nothing to a kill.

use cell_manager::driver::process::identity::ProcessIdentity;
use cell_manager::driver::process::postgres::store::{connect, ensure_database};
use cell_manager::driver::process::postgres::{Error, SUPERUSER};
use cell_manager::driver::process::privileges::running_as_root;
use cell_manager::driver::process::processes::Phase;
use cell_manager::driver::process::secrets::Secret;
use rustix::process::Signal;
use sqlx::{Connection as _, Executor as _};

use crate::support::{Bench, Folder, eventually, roles};

#[tokio::test]
async fn roles_have_their_rights_and_everybody_needs_a_password() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let (superuser, password) = (Secret::random(), Secret::random());
    let cluster = bench.cluster(&superuser);
    let addr = bench.start_cluster(&cluster).await;
    for _ in 0..2 {
        ensure_database(&cluster, addr, "cell", &roles(&password))
            .await
            .unwrap();
    }

    let mut conn = connect(addr, SUPERUSER, &superuser, "cell").await.unwrap();
    let rights: Vec<(String, bool, bool)> = sqlx::query_as(
        "select rolname::text, rolsuper or rolcreaterole or rolcreatedb or rolreplication,
                rolbypassrls
         from pg_roles where rolname like 'cell%' order by 1",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let expected = [
        ("cell_app", false, false),
        ("cell_mover", false, true),
        ("cell_owner", false, false),
    ];
    assert_eq!(
        rights,
        expected.map(|(name, big, bypass)| (name.to_owned(), big, bypass))
    );
    let owner: String = sqlx::query_scalar(
        "select pg_get_userbyid(datdba)::text from pg_database where datname = 'cell'",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert_eq!(owner, "cell_owner");
    let methods: Vec<String> =
        sqlx::query_scalar("select distinct auth_method from pg_hba_file_rules")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(methods, ["scram-sha-256"]);
    conn.close().await.unwrap();

    let wrong = Secret::random();
    for role in ["cell_app", "cell_owner", "cell_mover", SUPERUSER] {
        assert!(connect(addr, role, &wrong, "cell").await.is_err(), "{role}");
    }
    let mut app = connect(addr, "cell_app", &password, "cell").await.unwrap();
    assert!(app.execute("create table public.t (a int)").await.is_err());
    assert!(
        app.execute("create temporary table t (a int)")
            .await
            .is_ok()
    );
    assert!(
        connect(addr, "cell_app", &password, "postgres")
            .await
            .is_err()
    );
    bench.close().await;
}

#[tokio::test]
async fn a_killed_server_is_started_again_with_all_that_was_committed() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let password = Secret::random();
    let cluster = bench.cluster(&password);
    let addr = bench.start_cluster(&cluster).await;
    let mut conn = connect(addr, SUPERUSER, &password, "postgres")
        .await
        .unwrap();
    conn.execute("create table kept as select 42 as answer")
        .await
        .unwrap();
    drop(conn);

    let first = bench.pid(&cluster.name);
    ProcessIdentity::of(first).unwrap().signal(Signal::KILL);
    eventually("the server is ready again", async || {
        let state = bench.processes.state(&cluster.name).unwrap();
        state.phase == Phase::Ready && state.pid != Some(first) && state.restarts > 0
    })
    .await;
    let mut conn = connect(addr, SUPERUSER, &password, "postgres")
        .await
        .unwrap();
    let kept: i32 = sqlx::query_scalar("select answer from kept")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(kept, 42);
    drop(conn);
    bench.close().await;
}

#[tokio::test]
async fn a_folder_only_root_may_enter_still_gets_its_cluster() {
    let folder = Folder::with_mode(0o700);
    let bench = Bench::open(&folder).await;
    let inside = bench.layout.clusters.starts_with(folder.data());
    assert_eq!(inside, !running_as_root());
    let password = Secret::random();
    let cluster = bench.cluster(&password);
    let addr = bench.start_cluster(&cluster).await;
    connect(addr, SUPERUSER, &password, "postgres")
        .await
        .unwrap();
    bench.close().await;
    assert_eq!(
        folder.layout().clusters,
        Bench::open(&folder).await.layout.clusters
    );
}

#[tokio::test]
async fn a_cluster_of_another_version_or_a_lost_one_is_refused() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let cluster = bench.cluster(&Secret::random());
    let lost = cluster
        .ensure(&bench.tools, &bench.processes, true)
        .await
        .unwrap_err();
    assert!(matches!(lost, Error::Missing { .. }), "{lost}");

    std::fs::create_dir(&cluster.folder).unwrap();
    std::fs::write(cluster.folder.join("PG_VERSION"), "9\n").unwrap();
    let foreign = cluster
        .ensure(&bench.tools, &bench.processes, true)
        .await
        .unwrap_err();
    let text = foreign.to_string();
    assert!(
        text.contains("made by PostgreSQL 9") && text.contains("--pg-bin-dir"),
        "{text}"
    );
}

#[tokio::test]
async fn a_lock_file_with_somebody_elses_pid_does_not_stop_a_server() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let password = Secret::random();
    let cluster = bench.cluster(&password);
    cluster
        .ensure(&bench.tools, &bench.processes, false)
        .await
        .unwrap();
    let note = format!("{}\n{}\n", std::process::id(), cluster.folder.display());
    std::fs::write(cluster.folder.join("postmaster.pid"), note).unwrap();
    let addr = bench.start_cluster(&cluster).await;
    connect(addr, SUPERUSER, &password, "postgres")
        .await
        .unwrap();
    bench.close().await;
}
