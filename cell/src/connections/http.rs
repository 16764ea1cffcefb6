//! Connections over HTTP: consent, what can be chosen, choosing, removing.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use contracts::ConnectionId;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::consent::{self, Callback};
use super::{Connection, ConnectionState, Error, store};
use crate::app::App;
use crate::auth::{self, Member};
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::connector;
use crate::ingestion::sync::Problem;
use crate::ingestion::sync::http::{SyncAnswer, SyncSummary};
use crate::ingestion::sync::store as syncs;
use crate::tenancy::OrgTx;

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Connection)]
pub struct ConnectionAnswer {
    pub connection_id: ConnectionId,
    /// `dv360` or `file_drop`.
    pub connector: String,
    pub state: ConnectionState,
    /// What people call it, where no account stands for it.
    pub name: Option<String>,
    /// Who consented.
    pub account_email: Option<String>,
    pub scopes: Vec<String>,
    pub problem: Option<Problem>,
    pub partner: Option<ChosenPartner>,
    pub advertisers_selected: i64,
    pub last_sync: Option<SyncSummary>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChosenPartner {
    pub partner_id: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionList {
    pub items: Vec<ConnectionAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorize {
    /// Where to come back to on this host, such as `/connections`.
    pub return_path: String,
    /// A connection that is to go on with this consent, also if another account gives it; absent:
    /// the account's own, or a new one.
    pub connection_id: Option<ConnectionId>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuthorizeAnswer {
    /// Send the person there.
    pub authorize_url: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PartnerList {
    pub items: Vec<PartnerAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Partner)]
pub struct PartnerAnswer {
    pub partner_id: String,
    pub name: String,
    pub entity_status: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AdvertisersQuery {
    partner_id: String,
    /// Part of a name, or an id.
    search: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdvertiserList {
    pub items: Vec<AdvertiserAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Advertiser)]
pub struct AdvertiserAnswer {
    pub advertiser_id: String,
    pub name: String,
    pub currency: String,
    pub time_zone: String,
    pub entity_status: String,
    pub selected: bool,
    pub estimate: Estimate,
}

/// What a first sync takes; all advertisers chosen together share one report.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct Estimate {
    pub days: u64,
    pub report_requests: u32,
    /// Most of it is waiting for the source to make the report.
    pub seconds: u32,
}

/// Create, run, two polls and the link; four minutes is the middle of what reports have taken.
const ESTIMATE: Estimate = Estimate {
    days: 90,
    report_requests: 5,
    seconds: 240,
};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseAdvertisers {
    pub partner_id: String,
    #[schema(min_items = 1, max_items = 1000)]
    pub advertiser_ids: Vec<String>,
}

/// Where a person comes back to is registered with the source, so each has addresses of its own.
const DV360: &str = "dv360";

/// The most advertisers of one connection; they share one report.
const MOST_ADVERTISERS: usize = 1000;

/// List connections
#[utoipa::path(get, path = "/api/connections", tag = "connections",
    responses((status = 200, body = ConnectionList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<ConnectionList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let connections = store::list(&mut tx, None).await.map_err(Error::from)?;
    let mut items = Vec::with_capacity(connections.len());
    for connection in connections {
        items.push(answer(&mut tx, connection).await?);
    }
    tx.commit().await?;
    Ok(axum::Json(ConnectionList {
        items,
        next_cursor: None,
    }))
}

/// One connection
#[utoipa::path(get, path = "/api/connections/{connection_id}", tag = "connections",
    params(("connection_id" = ConnectionId, Path)),
    responses((status = 200, body = ConnectionAnswer), (status = 404, description = "`connection_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<ConnectionAnswer>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::find(&mut tx, id).await.map_err(Error::from)?;
    let answer = answer(&mut tx, found.ok_or(Error::NotFound)?).await?;
    tx.commit().await?;
    Ok(axum::Json(answer))
}

/// One that is known to be there.
pub(crate) async fn fetch_answer(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<ConnectionAnswer, Error> {
    let found = store::find(tx, id).await?;
    answer(tx, found.ok_or(Error::NotFound)?).await
}

async fn answer(tx: &mut OrgTx, connection: Connection) -> Result<ConnectionAnswer, Error> {
    let id = connection.connection_id;
    let latest = syncs::Page {
        connection_id: Some(id),
        limit: 1,
        ..syncs::Page::default()
    };
    let last = syncs::list(tx, &latest).await?;
    Ok(ConnectionAnswer {
        connection_id: id,
        connector: connection.connector,
        state: connection.state,
        name: connection.name,
        account_email: connection.account_email,
        scopes: connection.scopes,
        problem: connection.problem,
        partner: connection
            .partner
            .map(|(partner_id, name)| ChosenPartner { partner_id, name }),
        advertisers_selected: connection.advertisers_selected,
        last_sync: last.into_iter().next().map(SyncSummary::from),
        created_at: connection.created_at,
    })
}

/// Begin to connect DV360
#[utoipa::path(post, path = "/api/connections/dv360/authorize", tag = "connections",
    request_body = Authorize, params(("idempotency-key" = String, Header)),
    responses((status = 200, body = AuthorizeAnswer), (status = 404, description = "`connection_not_found`"),
        (status = 422, description = "`invalid_return_path`")))]
pub async fn authorize(
    State(app): State<App>,
    member: Member,
    write: Write,
    Json(wish): Json<Authorize>,
) -> Result<Response, ApiError> {
    if !consent::is_return_path(&wish.return_path) {
        let message = "return_path is a path on this host, such as /connections";
        return Err(ApiError::unprocessable("invalid_return_path", message));
    }
    let org = auth::fetch_org(&app.db, &member.scope).await?;
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let consent = consent::Wish {
        connector: DV360,
        slug: &org.slug,
        return_path: &wish.return_path,
        connection: wish.connection_id,
    };
    let url = consent::begin(&app.ingestion, write.tx(), &member, consent).await?;
    let body = AuthorizeAnswer {
        authorize_url: url.into(),
    };
    write.finish(StatusCode::OK, &body).await
}

/// Where the source sends a person back to
#[utoipa::path(get, path = "/connections/dv360/callback", tag = "connections", params(Callback),
    responses((status = 303, description = "To the return path with `?connection=` or `?problem=`")))]
pub async fn callback(
    State(app): State<App>,
    member: Member,
    Query(callback): Query<Callback>,
) -> Result<Response, ApiError> {
    let landing = consent::finish(&app.ingestion, &member, DV360, &callback).await?;
    let location = HeaderValue::from_str(&landing.location()).map_err(ApiError::internal)?;
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Remove a connection
///
/// Its data stays. The consent itself is withdrawn in the Google account, as it may serve other
/// orgs, too.
#[utoipa::path(delete, path = "/api/connections/{connection_id}", tag = "connections",
    params(("connection_id" = ConnectionId, Path), ("idempotency-key" = String, Header)),
    responses((status = 204), (status = 404, description = "`connection_not_found`")))]
pub async fn remove(
    State(app): State<App>,
    write: Write,
    Path(id): Path<ConnectionId>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let removed = store::delete(write.tx(), id).await.map_err(Error::from)?;
    let connector = removed.ok_or(Error::NotFound)?;
    if let Ok(remote) = app.ingestion.connectors.remote(&connector) {
        remote.forget(id);
    }
    write.finish_empty().await
}

/// The partners the account sees
#[utoipa::path(get, path = "/api/connections/{connection_id}/partners", tag = "connections",
    params(("connection_id" = ConnectionId, Path)),
    responses((status = 200, body = PartnerList), (status = 404, description = "`connection_not_found`")))]
pub async fn partners(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<PartnerList>, ApiError> {
    let opened = super::open(&app.ingestion, &member.scope, id).await?;
    let session = opened.session().map_err(Error::from)?;
    let found = super::ask(
        &app.ingestion,
        &member.scope,
        id,
        session,
        session.list_partners(),
    )
    .await?;
    let item = |one: connector::Partner| PartnerAnswer {
        partner_id: one.partner_id,
        name: one.name,
        entity_status: one.entity_status,
    };
    Ok(axum::Json(PartnerList {
        items: found.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}

/// The advertisers of a partner
#[utoipa::path(get, path = "/api/connections/{connection_id}/advertisers", tag = "connections",
    params(("connection_id" = ConnectionId, Path), AdvertisersQuery),
    responses((status = 200, body = AdvertiserList), (status = 404, description = "`connection_not_found`")))]
pub async fn advertisers(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
    Query(query): Query<AdvertisersQuery>,
) -> Result<axum::Json<AdvertiserList>, ApiError> {
    let opened = super::open(&app.ingestion, &member.scope, id).await?;
    let session = opened.session().map_err(Error::from)?;
    let listing = session.list_advertisers(&query.partner_id);
    let found = super::ask(&app.ingestion, &member.scope, id, session, listing).await?;
    let selected = super::selected(&app.ingestion, &member.scope, id).await?;
    let wanted = query.search.unwrap_or_default().to_lowercase();
    let matches = |one: &connector::Advertiser| {
        one.name.to_lowercase().contains(&wanted) || one.advertiser_id.contains(&wanted)
    };
    let item = |one: connector::Advertiser| AdvertiserAnswer {
        selected: selected.contains(&one.advertiser_id),
        advertiser_id: one.advertiser_id,
        name: one.name,
        currency: one.currency.to_string(),
        time_zone: one.time_zone.name().to_owned(),
        entity_status: one.entity_status,
        estimate: ESTIMATE,
    };
    Ok(axum::Json(AdvertiserList {
        items: found.into_iter().filter(matches).map(item).collect(),
        next_cursor: None,
    }))
}

/// Choose advertisers
///
/// Starts the backfill of each pipeline that is on by itself; the one of the line items' days is
/// answered, if it is on.
#[utoipa::path(put, path = "/api/connections/{connection_id}/advertisers", tag = "connections",
    params(("connection_id" = ConnectionId, Path), ("idempotency-key" = String, Header)),
    request_body = ChooseAdvertisers,
    responses((status = 202, body = SyncAnswer), (status = 404, description = "`connection_not_found`"),
        (status = 409, description = "`no_pipeline_on`"),
        (status = 422, description = "`wrong_choice`")))]
pub async fn choose(
    State(app): State<App>,
    member: Member,
    write: Write,
    Path(id): Path<ConnectionId>,
    Json(wish): Json<ChooseAdvertisers>,
) -> Result<Response, ApiError> {
    if wish.advertiser_ids.len() > MOST_ADVERTISERS {
        let message = format!("choose at most {MOST_ADVERTISERS} advertisers");
        return Err(ApiError::unprocessable("wrong_choice", message));
    }
    // The source is asked before the transaction begins: nothing waits for it while holding locks.
    let opened = super::open(&app.ingestion, &member.scope, id).await?;
    let session = opened.session().map_err(Error::from)?;
    let checking = super::check_choice(session, &wish.partner_id, &wish.advertiser_ids);
    let choice = super::ask(&app.ingestion, &member.scope, id, session, checking).await?;
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let sync = super::choose(write.tx(), id, &choice, member.user, Utc::now()).await?;
    write
        .finish(StatusCode::ACCEPTED, &SyncAnswer::from(sync))
        .await
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => {
                Self::not_found("connection_not_found", "there is no such connection")
            }
            Error::NoPipeline(_) => {
                Self::not_found("pipeline_not_found", "there is no such pipeline")
            }
            Error::NotReady => Self::conflict(
                "connection_not_ready",
                "finish setting up the connection, or connect again, first",
            ),
            Error::NotOfPartner(_) | Error::UnknownPartner(_) | Error::NothingChosen => {
                Self::unprocessable("wrong_choice", error.to_string())
            }
            Error::NothingOn => Self::conflict(
                "no_pipeline_on",
                "switch a pipeline of this source on first, so that there is something to bring in",
            ),
            Error::AccountTaken => Self::conflict("account_connected", error.to_string()),
            Error::SeesNothing => Self::conflict("account_sees_nothing", error.to_string()),
            Error::UnknownConnector(_) => Self::conflict("connector_unknown", error.to_string()),
            Error::Source(source) => of_source(source),
            Error::Sealed(error) => Self::internal(error),
            Error::Tenancy(error) => error.into(),
        }
    }
}

/// What the source says, with what to do about it.
fn of_source(error: connector::Error) -> ApiError {
    let (code, said) = (error.code(), error.to_string());
    match error {
        connector::Error::SignedOut(_)
        | connector::Error::MissingScopes(_)
        | connector::Error::Unauthorized(_) => {
            ApiError::conflict(code, "the consent has ended; connect DV360 again")
                .with_source(error)
        }
        connector::Error::Forbidden(_) => ApiError::conflict(
            code,
            "the Google account may not see this; add it as a user in Display & Video 360",
        )
        .with_source(error),
        connector::Error::NotFound(_) | connector::Error::Rejected(_) => {
            ApiError::unprocessable(code, said)
        }
        connector::Error::NotAsked(_) => ApiError::conflict(code, said),
        connector::Error::QuotaExhausted(_) => {
            ApiError::unavailable(code, "today's requests to DV360 are used up", 3600)
                .with_source(error)
        }
        connector::Error::Denied(denied) => {
            let wait = denied.wait(Utc::now()).as_secs();
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            ApiError::unavailable(code, said, wait).with_source(denied)
        }
        connector::Error::Unavailable(_)
        | connector::Error::Unexpected(_)
        | connector::Error::LinkRefused(_)
        | connector::Error::AddressRefused(_)
        | connector::Error::Disk(_) => {
            ApiError::unavailable(code, "DV360 does not answer as it should; try again", 5)
                .with_source(error)
        }
    }
}
