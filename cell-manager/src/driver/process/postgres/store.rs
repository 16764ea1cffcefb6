//! The SQL a driver runs as superuser: roles, the database, and who may connect to it.

use std::net::SocketAddr;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};

use super::super::secrets::Secret;
use super::{Cluster, Error, SUPERUSER};

/// A role that can log in.
#[derive(Debug, Clone, Copy)]
pub struct Role<'a> {
    pub name: &'a str,
    pub password: &'a Secret,
    /// Reads and writes past row-level security: only what moves whole orgs.
    pub bypass_rls: bool,
    /// More statements, run once when the role is made.
    pub grants: &'a [&'a str],
}

/// The roles and the one database of a cluster. Repeatable; the first role owns the database.
pub async fn ensure_database(
    cluster: &Cluster,
    addr: SocketAddr,
    database: &str,
    roles: &[Role<'_>],
) -> Result<(), Error> {
    let work = async {
        let mut conn = connect(addr, SUPERUSER, &cluster.superuser_password, "postgres").await?;
        for role in roles {
            ensure_role(&mut conn, role).await?;
        }
        create_database(&mut conn, database, roles).await?;
        conn.close().await
    };
    work.await.map_err(|source| Error::Sql {
        folder: cluster.folder.clone(),
        source: Box::new(source),
    })
}

pub async fn connect(
    addr: SocketAddr,
    role: &str,
    password: &Secret,
    database: &str,
) -> Result<PgConnection, sqlx::Error> {
    let options = PgConnectOptions::new_without_pgpass()
        .host(&addr.ip().to_string())
        .port(addr.port())
        .username(role)
        .password(password.expose())
        .database(database)
        .ssl_mode(PgSslMode::Disable)
        .application_name("cellctl")
        // A new database takes as long as the disk takes.
        .disable_statement_logging();
    PgConnection::connect_with(&options).await
}

async fn ensure_role(conn: &mut PgConnection, role: &Role<'_>) -> Result<(), sqlx::Error> {
    let name = role.name;
    let bypass = if role.bypass_rls {
        "bypassrls"
    } else {
        "nobypassrls"
    };
    let attributes = format!("login nosuperuser nocreatedb nocreaterole noreplication {bypass}");
    let found: Option<bool> = sqlx::query_scalar(
        r"
        select rolcanlogin and not rolsuper and not rolcreaterole and not rolcreatedb
           and not rolreplication and rolbypassrls = $2
        from pg_roles
        where rolname = $1
        ",
    )
    .bind(name)
    .bind(role.bypass_rls)
    .fetch_optional(&mut *conn)
    .await?;
    if found == Some(true) {
        return Ok(());
    }
    let verb = if found.is_some() { "alter" } else { "create" };
    let password = role.password.expose();
    // One transaction: a role that exists has its grants.
    let mut tx = conn.begin().await?;
    let sql = format!("{verb} role {name} {attributes} password '{password}'");
    tx.execute(AssertSqlSafe(sql)).await?;
    for grant in role.grants {
        tx.execute(AssertSqlSafe((*grant).to_owned())).await?;
    }
    tx.commit().await
}

async fn create_database(
    conn: &mut PgConnection,
    database: &str,
    roles: &[Role<'_>],
) -> Result<(), sqlx::Error> {
    let Some((owner, others)) = roles.split_first() else {
        return Ok(());
    };
    let exists: bool =
        sqlx::query_scalar(r"select exists (select from pg_database where datname = $1)")
            .bind(database)
            .fetch_one(&mut *conn)
            .await?;
    if !exists {
        let sql = format!(
            "create database {database} owner {} template template0",
            owner.name
        );
        conn.execute(AssertSqlSafe(sql)).await?;
    }
    let mut closed = format!(
        "revoke all on database {database} from public;
         revoke connect on database postgres, template1 from public;"
    );
    for role in others {
        closed += &format!(
            "grant connect, temporary on database {database} to {};",
            role.name
        );
    }
    conn.execute(AssertSqlSafe(closed)).await?;
    Ok(())
}
