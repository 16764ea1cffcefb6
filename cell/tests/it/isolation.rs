//! An org's transaction sees one org, whatever SQL is smuggled into it.

use cell::tenancy::{self, OrgTx};
use contracts::{Role, UserId};
use service_kit::keys::hmac_hex;
use sqlx::{AssertSqlSafe, Row};

use crate::support::{CONTEXT_KEY, TestCell, TestOrg};

async fn two_orgs() -> (TestCell, TestOrg, TestOrg) {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    (cell, a, b)
}

async fn slugs(tx: &mut OrgTx) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("select slug from tenant.orgs order by slug")
        .fetch_all(&mut **tx)
        .await
}

/// Runs SQL in a transaction of `org` and returns the code it was refused with.
async fn refused(cell: &TestCell, org: &TestOrg, sql: impl Into<String>) -> String {
    let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
    let sql = sql.into();
    let error = sqlx::raw_sql(AssertSqlSafe(sql.clone()))
        .execute(&mut *tx)
        .await
        .expect_err(&sql);
    tenancy::sql_state(&error).unwrap_or_else(|| panic!("{sql}: {error:?}"))
}

fn context(org: &TestOrg, pid: i32, expires_in: i64) -> String {
    let expires_at = chrono::Utc::now().timestamp() + expires_in;
    let text = format!("{}|1|{pid}|{expires_at}", org.scope.org().as_uuid());
    let mac = hmac_hex(&CONTEXT_KEY, text.as_bytes());
    format!("{text}|{mac}")
}

#[tokio::test]
async fn each_org_sees_its_own_rows_only() {
    let (cell, a, b) = two_orgs().await;
    for org in [&a, &b] {
        let mut tx = cell.app.db.begin_read(&org.scope).await.unwrap();
        assert_eq!(slugs(&mut tx).await.unwrap(), [org.slug.as_str()]);
    }
}

#[tokio::test]
async fn naming_another_org_changes_nothing() {
    let (cell, a, b) = two_orgs().await;
    let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
    sqlx::query("select set_config('app.org_id', $1, true)")
        .bind(b.scope.org().as_uuid().to_string())
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(slugs(&mut tx).await.unwrap(), ["acme"]);
}

#[tokio::test]
async fn only_a_fresh_context_of_this_very_connection_is_honoured() {
    let (cell, a, b) = two_orgs().await;
    let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    // The key is right in these, to show that nothing else is wrong with the forgeries below.
    let right = context(&b, pid, 60);
    let mut forged = right.clone();
    forged.replace_range(
        forged.len() - 1..,
        if forged.ends_with('0') { "1" } else { "0" },
    );
    let swapped = right.replace(
        &b.scope.org().as_uuid().to_string(),
        &a.scope.org().as_uuid().to_string(),
    );
    let cases = [
        (right, true),
        (forged, false),
        (swapped, false),
        (context(&b, pid + 1, 60), false),
        (context(&b, pid, -1), false),
        (String::new(), false),
        ("||||".into(), false),
        ("x".repeat(5_000), false),
    ];
    for (context, honoured) in cases {
        sqlx::query("savepoint attempt")
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query("select set_config('app.context', $1, true)")
            .bind(&context)
            .execute(&mut *tx)
            .await
            .unwrap();
        match slugs(&mut tx).await {
            Ok(seen) => assert!(honoured && seen == ["boreal"], "{context}: {seen:?}"),
            Err(error) => {
                assert_eq!(
                    tenancy::sql_state(&error).as_deref(),
                    Some("42501"),
                    "{context}"
                );
                assert!(!honoured, "{context}");
            }
        }
        let undo = sqlx::query("rollback to savepoint attempt");
        undo.execute(&mut *tx).await.unwrap();
    }
}

#[tokio::test]
async fn entering_another_org_by_sql_shows_nothing_of_it() {
    let (cell, a, b) = two_orgs().await;
    let other = b.scope.org().as_uuid();
    let enter = format!(
        "select cell.enter('{other}', 1, current_setting('app.context')); \
         do $$ begin if exists (select from tenant.orgs where org_id = '{other}') then \
         raise exception 'leak'; end if; end $$"
    );
    let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
    let run = sqlx::raw_sql(AssertSqlSafe(enter));
    run.execute(&mut *tx).await.unwrap();
    let enter = format!("select cell.enter('{other}', 1, 'x'); table tenant.orgs");
    assert_eq!(refused(&cell, &a, enter).await, "42501");
}

#[tokio::test]
async fn the_app_role_cannot_reach_around_its_rows() {
    let (cell, a, b) = two_orgs().await;
    let other = b.scope.org().as_uuid();
    let attempts = [
        "truncate tenant.orgs".to_owned(),
        "truncate tenant.jobs cascade".into(),
        "table cell.context_key".into(),
        "table cell.org_state".into(),
        "table cell.move_log".into(),
        "table cell.config_documents".into(),
        "update cell.org_state set epoch = 9".into(),
        "insert into cell.move_log (org_id, table_name, key) values (gen_random_uuid(), 'x', '{}')"
            .into(),
        format!("select cell.freeze('{other}', 1, gen_random_uuid(), 1)"),
        format!("select cell.thaw('{other}', gen_random_uuid())"),
        format!("select cell.take_over('{other}', gen_random_uuid())"),
        "select cell.grant_roles('cell_app', 'cell_mover')".into(),
        "select cell.protect('tenant.orgs')".into(),
        "set role cell_owner".into(),
        "set role cell_mover".into(),
        "set session authorization cell_owner".into(),
        "set session_replication_role = replica".into(),
        "alter table tenant.orgs disable row level security".into(),
        "alter table tenant.orgs no force row level security".into(),
        "drop policy org on tenant.orgs".into(),
        "create policy mine on tenant.orgs using (true)".into(),
        "alter table tenant.orgs disable trigger zz_capture".into(),
        "create trigger t after insert on tenant.orgs execute function cell.refuse_truncate()"
            .into(),
        "create function cell.mine() returns int language sql as 'select 1'".into(),
        "create table tenant.mine (org_id uuid primary key)".into(),
        "create view tenant.mine as table tenant.orgs".into(),
        "copy tenant.orgs to program 'cat'".into(),
        "copy tenant.orgs to '/tmp/orgs'".into(),
        "select pg_read_file('/etc/passwd')".into(),
    ];
    for sql in attempts {
        assert_eq!(refused(&cell, &a, sql.clone()).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn the_cells_own_questions_are_not_for_an_orgs_transaction() {
    let (cell, a, b) = two_orgs().await;
    let other = b.scope.org().as_uuid();
    let attempts = [
        "select * from cell.claim_jobs(array['x'], 9, 9, 9000)".to_owned(),
        "select * from cell.observe_load()".into(),
        "select * from cell.list_orgs()".into(),
        format!("select * from cell.find_org('{other}')"),
        format!("select * from cell.prepare_org('{other}', 5)"),
        format!("select cell.forget_org('{other}', 1)"),
        "select cell.thaw_expired()".into(),
        "select cell.store_platform_document('x', 99, '{}')".into(),
        "select cell.set_config_version(99)".into(),
    ];
    for sql in attempts {
        assert_eq!(refused(&cell, &a, sql.clone()).await, "42501", "{sql}");
        let unset = format!("select set_config('app.context', '', true); {sql}");
        assert_eq!(refused(&cell, &a, unset.clone()).await, "42501", "{unset}");
    }
}

#[tokio::test]
async fn rows_cannot_be_put_into_or_tied_to_another_org() {
    let (cell, a, b) = two_orgs().await;
    let (own, other) = (a.scope.org().as_uuid(), b.scope.org().as_uuid());
    let hash = "sha256('x')";
    let member = b.owner.as_uuid();
    let cases = [
        (
            format!("insert into tenant.redeemed_codes values ('{other}', 'x', now())"),
            "42501",
        ),
        (
            format!("update tenant.members set org_id = '{other}'"),
            "42501",
        ),
        (
            // The other org's member exists, but a reference cannot leave the org.
            format!(
                "insert into tenant.sessions (org_id, session_id, user_id, token_hash, expires_at) \
                 values ('{own}', gen_random_uuid(), '{member}', {hash}, now())"
            ),
            "23503",
        ),
    ];
    for (sql, code) in cases {
        assert_eq!(refused(&cell, &a, sql.clone()).await, code, "{sql}");
    }
}

#[tokio::test]
async fn a_value_taken_in_one_org_is_free_in_another() {
    let (cell, a, b) = two_orgs().await;
    for org in [&a, &b] {
        let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
        let insert = sqlx::query("insert into tenant.redeemed_codes values ($1, 'same', now())");
        let insert = insert.bind(org.scope.org().as_uuid());
        insert.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn no_context_means_an_error_and_not_an_empty_answer() {
    let (cell, _, _) = two_orgs().await;
    let mut bare = cell.as_role("cell_app").await;
    let error = sqlx::query("table tenant.orgs").fetch_all(&mut bare).await;
    let state = tenancy::sql_state(&error.unwrap_err());
    assert_eq!(state.as_deref(), Some("42501"));
    let mut tx = cell.app.db.begin_cell().await.unwrap();
    let error = sqlx::query("table tenant.orgs").fetch_all(&mut *tx).await;
    let state = tenancy::sql_state(&error.unwrap_err());
    assert_eq!(state.as_deref(), Some("42501"));
}

#[tokio::test]
async fn other_sessions_statements_hold_no_context() {
    let (cell, a, b) = two_orgs().await;
    let mut victim = cell.app.db.begin(&b.scope).await.unwrap();
    slugs(&mut victim).await.unwrap();
    let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
    let seen = sqlx::query("select query from pg_stat_activity where usename = current_user")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    let id = b.scope.org().as_uuid().to_string();
    for row in seen {
        let text: String = row.get(0);
        assert!(!text.contains(&id) && !text.contains("|1|"), "{text}");
    }
}

/// The server may have begun a transaction that nobody waited for any more.
#[tokio::test]
async fn a_beginning_that_is_given_up_begins_nothing_for_the_next() {
    let (cell, org, _) = two_orgs().await;
    for polls in (0..8).cycle().take(80) {
        let mut begin = Box::pin(cell.app.db.begin_read(&org.scope));
        for _ in 0..polls {
            if futures::poll!(begin.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(begin);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
        let read_only: String = sqlx::query_scalar("show transaction_read_only")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(read_only, "off", "given up after {polls} polls");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() {
    let (cell, a, b) = two_orgs().await;
    for _ in 0..20 {
        let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
        let slow = sqlx::query("update tenant.orgs set name = 'gone' from pg_sleep(0.2)");
        let cancelled =
            tokio::time::timeout(std::time::Duration::from_millis(5), slow.execute(&mut *tx));
        assert!(cancelled.await.is_err());
        drop(tx);
        let mut tx = cell.app.db.begin_read(&b.scope).await.unwrap();
        assert_eq!(slugs(&mut tx).await.unwrap(), ["boreal"]);
        tx.commit().await.unwrap();
    }
    let mut tx = cell.app.db.begin_read(&a.scope).await.unwrap();
    let name: String = sqlx::query_scalar("select name from tenant.orgs")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(name, "ACME");
}

#[tokio::test]
async fn a_savepoint_inside_an_org_transaction_is_one() {
    use sqlx::Connection;
    let (cell, a, _) = two_orgs().await;
    let mut tx = cell.app.db.begin(&a.scope).await.unwrap();
    let mut inner = tx.begin().await.unwrap();
    let rename = sqlx::query("update tenant.orgs set name = 'inner'");
    rename.execute(&mut *inner).await.unwrap();
    inner.commit().await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = cell.app.db.begin_read(&a.scope).await.unwrap();
    let name: String = sqlx::query_scalar("select name from tenant.orgs")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(name, "ACME");
}

#[tokio::test]
async fn connections_survive_a_restart_of_the_server() {
    let (cell, a, _) = two_orgs().await;
    for _ in 0..3 {
        let mut admin = cell.superuser().await;
        let killed: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where datname = current_database() and usename = 'cell_app'",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        assert!(killed > 0);
        let mut tx = cell.app.db.begin_read(&a.scope).await.unwrap();
        assert_eq!(slugs(&mut tx).await.unwrap(), ["acme"]);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_of_one_org_is_nobody_in_another() {
    let (cell, a, b) = two_orgs().await;
    let user = UserId::new();
    let cookie = cell.enter(&a, user, Role::Owner).await;
    assert_eq!(cell.get(&a, "/api/session", &cookie).await.status, 200);
    let answer = cell.get(&b, "/api/session", &cookie).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (401, "not_signed_in".into())
    );
}
