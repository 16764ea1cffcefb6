//! The rows of connections, of what was chosen on them, and of consents under way.

use chrono::NaiveDate;
use contracts::{ConnectionId, UserId};
use uuid::Uuid;

use super::{Connection, ConnectionState};
use crate::ingestion::connector::{Advertiser, Grant, Partner};
use crate::ingestion::sync::Problem;
use crate::ingestion::sync::plan::{Chosen, LONGEST_DAYS};
use crate::tenancy::OrgTx;

struct Row {
    connection_id: Uuid,
    connector: String,
    state: String,
    problem_code: Option<String>,
    problem_message: Option<String>,
    name: Option<String>,
    account_email: Option<String>,
    scopes: Vec<String>,
    partner_id: Option<String>,
    partner_name: Option<String>,
    advertisers_selected: i64,
    created_at: chrono::DateTime<chrono::Utc>,
}

impl From<Row> for Connection {
    fn from(row: Row) -> Self {
        let state = ConnectionState::ALL
            .into_iter()
            .find(|state| state.as_str() == row.state);
        Self {
            connection_id: ConnectionId::from_uuid(row.connection_id),
            connector: row.connector,
            state: state.unwrap_or(ConnectionState::Failed),
            problem: row
                .problem_code
                .zip(row.problem_message)
                .map(|(code, message)| Problem { code, message }),
            name: row.name,
            account_email: row.account_email,
            scopes: row.scopes,
            partner: row.partner_id.zip(row.partner_name),
            advertisers_selected: row.advertisers_selected,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    tx: &mut OrgTx,
    only: Option<ConnectionId>,
) -> Result<Vec<Connection>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select c.connection_id, c.connector, c.state, c.problem_code, c.problem_message,
               c.name, c.account_email, c.scopes, c.partner_id, c.partner_name, c.created_at,
               (select count(*)
                  from tenant.connection_advertisers a
                 where a.org_id = $1 and a.connection_id = c.connection_id
               ) as "advertisers_selected!"
          from tenant.connections c
         where c.org_id = $1 and c.connection_id = coalesce($2, c.connection_id)
         order by c.created_at, c.connection_id
        "#,
        org,
        only.map(ConnectionId::as_uuid),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Connection::from).collect())
}

pub(super) async fn find(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<Option<Connection>, sqlx::Error> {
    Ok(list(tx, Some(id)).await?.into_iter().next())
}

/// A sealed refresh token, the version it was sealed under, and for which kind of source.
pub(super) struct Credentials {
    pub(super) connector: String,
    pub(super) credentials: Vec<u8>,
    pub(super) version: i64,
    pub(super) account: Option<String>,
}

pub(super) async fn find_credentials(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<Option<Credentials>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Credentials,
        r#"
        select connector, sealed_credentials as credentials, credentials_version as version,
               account_email as account
          from tenant.connections
         where org_id = $1 and connection_id = $2
        "#,
        org,
        id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await
}

/// A connection and the version of its credentials.
pub(super) type Versioned = (ConnectionId, i64);

/// The connection of this account, and the one with this id.
pub(super) async fn find_renewable(
    tx: &mut OrgTx,
    connector: &str,
    email: Option<&str>,
    id: Option<ConnectionId>,
) -> Result<(Option<Versioned>, Option<Versioned>), sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select connection_id, credentials_version,
               account_email is not distinct from $3 as "of_account!"
          from tenant.connections
         where org_id = $1 and connector = $2 and (account_email = $3 or connection_id = $4)
         order by connection_id
           for update
        "#,
        org,
        connector,
        email,
        id.map(ConnectionId::as_uuid),
    )
    .fetch_all(&mut **tx)
    .await?;
    let (mut of_account, mut of_id) = (None, None);
    for row in rows {
        let found = ConnectionId::from_uuid(row.connection_id);
        let versioned = Some((found, row.credentials_version));
        if row.of_account {
            of_account = versioned;
        }
        if Some(found) == id {
            of_id = versioned;
        }
    }
    Ok((of_account, of_id))
}

/// A connection that was just consented to.
pub(super) struct NewConnection<'a> {
    pub(super) connection_id: ConnectionId,
    pub(super) connector: &'a str,
    pub(super) created_by: UserId,
    pub(super) account_email: Option<&'a str>,
    pub(super) scopes: &'a [String],
    pub(super) sealed: &'a [u8],
}

pub(super) async fn insert(tx: &mut OrgTx, new: &NewConnection<'_>) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.connections (
            org_id, connection_id, connector, state, account_email, scopes,
            sealed_credentials, credentials_version, created_by)
        values ($1, $2, $3, 'needs_setup', $4, $5, $6, 1, $7)
        "#,
        org,
        new.connection_id.as_uuid(),
        new.connector,
        new.account_email,
        new.scopes,
        new.sealed,
        new.created_by.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Without a consent there is nothing to seal and nothing to set up.
pub(super) async fn insert_drop(
    tx: &mut OrgTx,
    id: ConnectionId,
    connector: &str,
    name: &str,
    user: UserId,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.connections (
            org_id, connection_id, connector, state, name, scopes, sealed_credentials,
            credentials_version, created_by)
        values ($1, $2, $3, 'active', $4, '{}', '', 1, $5)
        "#,
        org,
        id.as_uuid(),
        connector,
        name,
        user.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A new consent ends a pause. It may be another account's.
pub(super) async fn renew(
    tx: &mut OrgTx,
    id: ConnectionId,
    version: i64,
    grant: &Grant,
    sealed: &[u8],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.connections
           set sealed_credentials = $4, credentials_version = $3, scopes = $5,
               account_email = $6,
               state = case when partner_id is null then 'needs_setup' else 'active' end,
               problem_code = null, problem_message = null, updated_at = clock_timestamp()
         where org_id = $1 and connection_id = $2
        "#,
        org,
        id.as_uuid(),
        version,
        sealed,
        &grant.scopes,
        grant.account_email,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes what the consent sees of what was chosen, and tells people of the rest, if there is any.
pub(super) async fn set_sight(
    tx: &mut OrgTx,
    id: ConnectionId,
    seen: &[String],
    problem: Option<&Problem>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.connection_advertisers
           set out_of_sight = advertiser_id <> all ($3)
         where org_id = $1 and connection_id = $2
           and out_of_sight is distinct from (advertiser_id <> all ($3))
        "#,
        org,
        id.as_uuid(),
        seen,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update tenant.connections
           set problem_code = $3, problem_message = $4
         where org_id = $1 and connection_id = $2
        "#,
        org,
        id.as_uuid(),
        problem.map(|problem| &problem.code),
        problem.map(|problem| &problem.message),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn pause(
    tx: &mut OrgTx,
    id: ConnectionId,
    problem: &Problem,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.connections
           set state = 'paused', problem_code = $3, problem_message = $4,
               updated_at = clock_timestamp()
         where org_id = $1 and connection_id = $2
        "#,
        org,
        id.as_uuid(),
        problem.code,
        problem.message,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a connection and says what kind of source it was of; none: there is no such connection.
pub(super) async fn delete(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<Option<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        delete from tenant.connections
         where org_id = $1 and connection_id = $2
        returning connector
        "#,
        org,
        id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await
}

/// Puts the choice in place of an earlier one and says what kind of source it is of; none: there
/// is no such connection.
pub(super) async fn set_choice(
    tx: &mut OrgTx,
    id: ConnectionId,
    partner: &Partner,
    advertisers: &[Advertiser],
) -> Result<Option<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let connector = sqlx::query_scalar!(
        r#"
        update tenant.connections
           set partner_id = $3, partner_name = $4, updated_at = clock_timestamp(),
               state = case when state = 'needs_setup' then 'active' else state end,
               problem_code = case when state = 'paused' then problem_code end,
               problem_message = case when state = 'paused' then problem_message end
         where org_id = $1 and connection_id = $2
        returning connector
        "#,
        org,
        id.as_uuid(),
        partner.partner_id,
        partner.name,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if connector.is_none() {
        return Ok(None);
    }
    let text = |field: fn(&Advertiser) -> &str| -> Vec<String> {
        advertisers
            .iter()
            .map(|one| field(one).to_owned())
            .collect()
    };
    sqlx::query!(
        "delete from tenant.connection_advertisers where org_id = $1 and connection_id = $2",
        org,
        id.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.connection_advertisers (
            org_id, connection_id, advertiser_id, name, currency, time_zone)
        select $1, $2, a.advertiser_id, a.name, a.currency, a.time_zone
          from unnest($3::text[], $4::text[], $5::text[], $6::text[])
               as a (advertiser_id, name, currency, time_zone)
        "#,
        org,
        id.as_uuid(),
        &text(|one| &one.advertiser_id),
        &text(|one| &one.name),
        &text(|one| one.currency.as_str()),
        &text(|one| one.time_zone.name()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(connector)
}

struct ChosenRow {
    advertiser_id: String,
    name: String,
    currency: String,
    time_zone: String,
    through: Option<NaiveDate>,
    doubted: Option<NaiveDate>,
}

/// What is chosen and in sight, with how far its data reaches and what of it is doubted.
pub(super) async fn list_chosen(
    tx: &mut OrgTx,
    id: ConnectionId,
    dsp: &str,
    dataset: &str,
) -> Result<Vec<Chosen>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        ChosenRow,
        r#"
        select a.advertiser_id, a.name, a.currency, a.time_zone, w.through as "through?",
               (select min(d.date)
                  from tenant.loaded_days d
                 where d.org_id = $1 and d.dataset = $4 and d.dsp = $3
                   and d.advertiser_id = a.advertiser_id and d.doubted_at is not null
                   and d.date > current_date - $5::int) as doubted
          from tenant.connection_advertisers a
          left join tenant.watermarks w
            on w.org_id = $1 and w.dataset = $4 and w.dsp = $3 and w.advertiser_id = a.advertiser_id
         where a.org_id = $1 and a.connection_id = $2 and not a.out_of_sight
         order by a.advertiser_id
        "#,
        org,
        id.as_uuid(),
        dsp,
        dataset,
        i32::try_from(LONGEST_DAYS).unwrap_or(i32::MAX),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unreadable = |_| sqlx::Error::Decode("a currency that was checked".into());
            let zone = row.time_zone.parse();
            Ok(Chosen {
                currency: row.currency.parse().map_err(unreadable)?,
                time_zone: zone.map_err(|_| sqlx::Error::Decode("an unknown time zone".into()))?,
                advertiser_id: row.advertiser_id,
                name: row.name,
                through: row.through,
                doubted: row.doubted,
            })
        })
        .collect()
}

/// The ids and names of what is chosen, in sight or not.
pub(super) async fn list_choice(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, name
          from tenant.connection_advertisers
         where org_id = $1 and connection_id = $2
         order by name, advertiser_id
        "#,
        org,
        id.as_uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.advertiser_id, row.name))
        .collect())
}
