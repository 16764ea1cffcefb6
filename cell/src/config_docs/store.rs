//! The stored layers. An older version never replaces a newer one.

use contracts::config_docs::ConfigDocument;
use serde_json::Value;

use crate::tenancy::{CellTx, OrgTx};

/// The platform's layer and the org's, where there is one. A stored null is a removed document.
pub(super) async fn find_layers(
    tx: &mut OrgTx,
    name: &str,
) -> Result<(Option<Value>, Option<Value>), sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select (select document_value from cell.list_platform_documents() where document_name = $2)
                   as platform,
               (select value from tenant.config_documents where org_id = $1 and name = $2)
                   as org
        "#,
        org,
        name,
    )
    .fetch_one(&mut **tx)
    .await?;
    let present = |value: Option<Value>| value.filter(|value| !value.is_null());
    Ok((present(row.platform), present(row.org)))
}

pub(super) async fn version(tx: &mut CellTx) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select cell.config_version() as "version!""#)
        .fetch_one(&mut **tx)
        .await
}

pub(super) async fn raise_version(tx: &mut CellTx, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("select cell.set_config_version($1)::text", version)
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn put_platform(
    tx: &mut CellTx,
    document: &ConfigDocument,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select cell.store_platform_document($1, $2, $3)::text",
        document.name,
        document.version,
        document.value,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn put_org(tx: &mut OrgTx, document: &ConfigDocument) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.config_documents as d (org_id, name, version, value)
        values ($1, $2, $3, $4)
        on conflict (org_id, name) do update
           set version = excluded.version, value = excluded.value
         where d.version < excluded.version
        "#,
        org,
        document.name,
        document.version,
        document.value,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
