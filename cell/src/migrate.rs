//! `cell migrate`: brings the database up to date as the owner of its tables, then gives the app and
//! the mover their rights and the database the key that org contexts are signed with.

use service_kit::config::HexKey;
use sqlx::{Connection, PgConnection};

use crate::tenancy::key_blocks;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/cell");

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the migrations do not apply")]
    Migrations(#[from] sqlx::migrate::MigrateError),
    #[error("the database refused or failed")]
    Database(#[from] sqlx::Error),
}

/// Repeatable. `url` is the owner's.
pub async fn run(
    url: &str,
    app_role: &str,
    mover_role: &str,
    context_key: &HexKey,
) -> Result<(), Error> {
    let mut connection = PgConnection::connect(url).await?;
    MIGRATIONS.run(&mut connection).await?;
    let (inner, outer) = key_blocks(context_key.bytes());
    let mut tx = connection.begin().await?;
    sqlx::query("select cell.grant_roles($1, $2)")
        .bind(app_role)
        .bind(mover_role)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        r#"
        insert into cell.context_key (context_key_id, inner_block, outer_block)
        values (1, $1, $2)
        on conflict (context_key_id) do update
           set inner_block = excluded.inner_block, outer_block = excluded.outer_block
        "#,
    )
    .bind(inner)
    .bind(outer)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Identifies the schema: the versions and checksums of all migrations.
pub fn fingerprint() -> Vec<u8> {
    MIGRATIONS
        .iter()
        .flat_map(|migration| migration.checksum.to_vec())
        .collect()
}
