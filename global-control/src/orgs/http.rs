//! Orgs of the signed-in person: create, look at, enter; and whether a slug is free.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::Utc;
use contracts::handoff::{self, HandoffClaims};
use contracts::{OrgId, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service_kit::ApiError;
use service_kit::error::ErrorBody;
use service_kit::extract::{Json, Path, Query};
use service_kit::idempotency::Key;
use service_kit::keys;

use super::slugs::{self, Availability};
use super::{Error, NewOrg, OrgState, OrgSummary};
use crate::app::App;
use crate::audit::{self, Action, Actor, Entry};
use crate::auth::User;
use crate::auth::http::{Client, SignedIn, limited};
use crate::auth::limits::Kind;
use crate::idempotency::{self, Begun, Write};
use crate::internal::http::{Caller, Page};

const PAGE: i64 = 200;

#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrg {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(min_length = 3, max_length = 40)]
    pub slug: String,
}

/// Is this address free?
#[utoipa::path(
    get, path = "/api/slugs/{slug}", tag = "orgs",
    params(("slug" = String, Path, description = "The address a person wishes for, as typed")),
    responses((status = 200, body = Availability), (status = 429, body = ErrorBody))
)]
pub async fn check_slug(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Path(wish): Path<String>,
) -> Result<axum::Json<Availability>, ApiError> {
    limited(
        app.limits
            .take_client(Kind::LookupClient, client, Instant::now()),
    )?;
    let mut tx = app.db.begin().await?;
    Ok(axum::Json(slugs::check(&mut tx, &wish).await?))
}

/// Start an org
///
/// Answers at once; the org is usable when its state is `active`.
#[utoipa::path(
    post, path = "/api/orgs", tag = "orgs",
    params(("idempotency-key" = String, Header, description = "A fresh random value per intended write")),
    request_body = CreateOrg,
    responses(
        (status = 202, body = OrgSummary),
        (status = 401, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`slug_taken`, `slug_confusable`, `too_many_orgs`"),
        (status = 422, body = ErrorBody, description = "`invalid_slug`, `invalid_name`, `idempotency_key_reused`"),
    )
)]
pub async fn create_org(
    State(app): State<Arc<App>>,
    SignedIn(user): SignedIn,
    key: Key,
    Json(request): Json<CreateOrg>,
) -> Result<(StatusCode, axum::Json<OrgSummary>), ApiError> {
    let new = NewOrg::parse(&request.name, &request.slug)?;
    let mut tx = app.db.begin().await?;
    let write = Write {
        scope: user.user_id.to_string(),
        route: "POST /api/orgs",
        key: &key,
    };
    let org = match idempotency::begin(&mut tx, &app.fingerprints, write, &request).await? {
        Begun::Again(org) => org,
        Begun::First(ticket) => {
            let org = super::create(&mut tx, user.user_id, &new, &app.urls).await?;
            idempotency::finish(&mut tx, ticket, &org).await?;
            org
        }
    };
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, axum::Json(org)))
}

/// One of your orgs
#[utoipa::path(
    get, path = "/api/orgs/{org_id}", tag = "orgs",
    params(("org_id" = OrgId, Path)),
    responses((status = 200, body = OrgSummary), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody))
)]
pub async fn get_org(
    State(app): State<Arc<App>>,
    SignedIn(user): SignedIn,
    Path(org): Path<OrgId>,
) -> Result<axum::Json<OrgSummary>, ApiError> {
    let mut tx = app.db.begin().await?;
    let org = super::fetch_of_member(&mut tx, org, user.user_id, &app.urls).await?;
    Ok(axum::Json(org))
}

#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnterOrg {
    /// Where to go on the org's host; `/` when absent.
    #[schema(nullable = false)]
    path: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnterAnswer {
    /// Follow it within a minute; it works once.
    url: String,
}

/// Go to an org's own host
#[utoipa::path(
    post, path = "/api/orgs/{org_id}/enter", tag = "orgs",
    params(
        ("org_id" = OrgId, Path),
        ("idempotency-key" = String, Header, description = "A fresh random value per intended write"),
    ),
    request_body = EnterOrg,
    responses(
        (status = 200, body = EnterAnswer),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`org_not_ready`, `org_failed`"),
        (status = 422, body = ErrorBody, description = "`invalid_path`, `idempotency_key_reused`"),
    )
)]
pub async fn enter_org(
    State(app): State<Arc<App>>,
    SignedIn(user): SignedIn,
    Client(client): Client,
    key: Key,
    Path(id): Path<OrgId>,
    Json(request): Json<EnterOrg>,
) -> Result<axum::Json<EnterAnswer>, ApiError> {
    let path = request.path.as_deref().unwrap_or("/").to_owned();
    if !handoff::is_local_path(&path) {
        return Err(Error::Path.into());
    }
    let mut tx = app.db.begin().await?;
    let org = super::fetch_of_member(&mut tx, id, user.user_id, &app.urls).await?;
    match org.state {
        OrgState::Provisioning => return Err(Error::NotReady.into()),
        OrgState::Failed => return Err(Error::Failed.into()),
        OrgState::Active => {}
    }
    let write = Write {
        scope: user.user_id.to_string(),
        route: &format!("POST /api/orgs/{id}/enter"),
        key: &key,
    };
    // A repetition gets a fresh code: the lost one works only once anyway and is stored nowhere.
    let begun: Begun<Value> =
        idempotency::begin(&mut tx, &app.fingerprints, write, &request).await?;
    if let Begun::First(ticket) = begun {
        idempotency::finish(&mut tx, ticket, &json!(null)).await?;
        let entry = Entry::new(Action::OrgEntered, Actor::User(user.user_id));
        audit::record(&mut tx, entry.org(id).client(client)).await?;
    }
    let url = enter_url(&app, user, &org, path);
    tx.commit().await?;
    Ok(axum::Json(EnterAnswer { url }))
}

fn enter_url(app: &App, user: User, org: &OrgSummary, path: String) -> String {
    let iat = Utc::now().timestamp();
    let role: Role = org.role;
    let claims = HandoffClaims {
        iss: handoff::ISSUER.to_owned(),
        aud: org.org_id,
        sub: user.user_id,
        jti: hex::encode(&keys::random_32()[..16]),
        iat,
        exp: iat + handoff::LIFETIME_SECONDS,
        email: user.email,
        name: user.name,
        role,
        path,
    };
    let code = app.signing.sign_jwt(handoff::TYP, &claims);
    format!("{}/auth/enter?code={code}", org.url)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOrgs {
    cursor: Option<OrgId>,
}

/// Operators: every org and where it lives.
pub async fn list_org_places(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListOrgs>,
) -> Result<axum::Json<Page<super::OrgPlace>>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let items = super::list_places(&mut tx, query.cursor, PAGE).await?;
    let full = i64::try_from(items.len()).is_ok_and(|count| count == PAGE);
    let last = items.last().filter(|_| full);
    let next_cursor = last.map(|org| org.org_id.to_string());
    Ok(axum::Json(Page { items, next_cursor }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Slug(contracts::slug::SlugError::Reserved) => {
                Self::unprocessable("slug_reserved", message)
            }
            Error::Slug(_) => Self::unprocessable("invalid_slug", message),
            Error::Name(_) => Self::unprocessable("invalid_name", message),
            Error::SlugTaken => Self::conflict("slug_taken", message),
            Error::SlugConfusable => Self::conflict("slug_confusable", message),
            Error::NotFound => Self::not_found("org_not_found", message),
            Error::NotReady => Self::conflict("org_not_ready", message).retry_after(1),
            Error::Failed => Self::conflict("org_failed", message),
            Error::Path => Self::unprocessable("invalid_path", message),
            Error::TooMany => Self::conflict("too_many_orgs", message),
            Error::Database(source) => source.into(),
        }
    }
}
