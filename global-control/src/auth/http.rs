//! Signing in and out, and the extractors that say who is asking.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use contracts::edge::EdgeContext;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service_kit::ApiError;
use service_kit::error::ErrorBody;
use service_kit::extract::Json;

use super::limits::{Kind, whole_seconds};
use super::{Error, User, session};
use crate::app::App;
use crate::audit::{self, Action, Actor, Entry};
use crate::orgs;

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    email: String,
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LoginAnswer {
    user: User,
}

/// Sign in
///
/// Ends the session the browser had, if any, and sets a new session cookie.
#[utoipa::path(
    post, path = "/api/login", tag = "auth",
    request_body = LoginRequest,
    responses(
        (status = 200, body = LoginAnswer),
        (status = 401, body = ErrorBody, description = "`bad_credentials`"),
        (status = 429, body = ErrorBody, description = "`too_many_attempts`; see `retry-after`"),
    )
)]
pub async fn login(
    State(app): State<Arc<App>>,
    Client(client): Client,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let now = Instant::now();
    let account: String = request
        .email
        .trim()
        .to_lowercase()
        .chars()
        .take(254)
        .collect();
    limited(app.limits.take_client(Kind::LoginClient, client, now))?;
    limited(app.limits.take_account(&account, now))?;
    let mut tx = app.db.begin().await?;
    let known = super::find_credentials(&mut tx, &account).await?;
    tx.commit().await?;
    let checked = super::check_password(&app.hasher, known, request.password).await;
    let mut tx = app.db.begin().await?;
    let user = match checked {
        Ok(user) => user,
        Err(Error::BadCredentials) => {
            app.meters.logins_refused.inc();
            let entry = Entry::new(Action::LoginFailed, Actor::Anonymous)
                .client(client)
                .details(json!({ "email": printable(&account) }));
            audit::record(&mut tx, entry).await?;
            tx.commit().await?;
            return Err(Error::BadCredentials.into());
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(old) = presented(&headers, app.urls.secure()) {
        super::end_session(&mut tx, &old).await?;
    }
    let secret = super::start_session(&mut tx, user.user_id, &app.sessions).await?;
    let entry = Entry::new(Action::LoginSucceeded, Actor::User(user.user_id)).client(client);
    audit::record(&mut tx, entry).await?;
    tx.commit().await?;
    app.meters.logins.inc();
    Ok((
        sign_in_header(&app, &secret),
        axum::Json(LoginAnswer { user }),
    ))
}

/// Sign out
#[utoipa::path(post, path = "/api/logout", tag = "auth", responses((status = 204)))]
pub async fn logout(
    State(app): State<Arc<App>>,
    Client(client): Client,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let secure = app.urls.secure();
    if let Some(secret) = presented(&headers, secure) {
        let mut tx = app.db.begin().await?;
        if let Some(user) = super::end_session(&mut tx, &secret).await? {
            let entry = Entry::new(Action::LoggedOut, Actor::User(user)).client(client);
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
    }
    let cookie = [(header::SET_COOKIE, session::clear_cookie(secure))];
    Ok((StatusCode::NO_CONTENT, cookie))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Me {
    user: User,
    orgs: Vec<orgs::OrgSummary>,
}

/// The signed-in person and their orgs
#[utoipa::path(
    get, path = "/api/me", tag = "auth",
    responses(
        (status = 200, body = Me),
        (status = 401, body = ErrorBody, description = "`not_signed_in`"),
    )
)]
pub async fn me(
    State(app): State<Arc<App>>,
    SignedIn(user): SignedIn,
) -> Result<axum::Json<Me>, ApiError> {
    let mut tx = app.db.begin().await?;
    let orgs = orgs::list_of_user(&mut tx, user.user_id, &app.urls).await?;
    Ok(axum::Json(Me { user, orgs }))
}

/// The person behind the session cookie, or 401.
pub struct SignedIn(pub User);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let secret = presented(&parts.headers, app.urls.secure()).ok_or_else(not_signed_in)?;
        let mut tx = app.db.begin().await?;
        let user = super::find_session(&mut tx, &secret, &app.sessions).await?;
        tx.commit().await?;
        user.map(Self).ok_or_else(not_signed_in)
    }
}

/// The address the router saw.
pub struct Client(pub IpAddr);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<EdgeContext>()
            .map(|context| Self(context.client))
            .ok_or_else(|| ApiError::forbidden("not_through_router", "ask the router"))
    }
}

/// The `set-cookie` that carries a new session.
pub fn sign_in_header(app: &App, secret: &session::Secret) -> [(HeaderName, String); 1] {
    let cookie = secret.set_cookie(app.urls.secure(), app.sessions.absolute_seconds);
    [(header::SET_COOKIE, cookie)]
}

/// Turns a refused token into 429.
pub fn limited(taken: Result<(), std::time::Duration>) -> Result<(), Error> {
    taken.map_err(|wait| Error::Limited {
        retry_seconds: whole_seconds(wait),
    })
}

/// What a stranger typed, fit to be stored.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn presented(headers: &HeaderMap, secure: bool) -> Option<session::Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|text| session::Secret::from_cookies(text, secure))
}

fn not_signed_in() -> ApiError {
    ApiError::unauthorized("not_signed_in", "sign in to go on")
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Email(_) => Self::unprocessable("invalid_email", message),
            Error::Name(_) => Self::unprocessable("invalid_name", message),
            Error::Weak(_) => Self::unprocessable("weak_password", message),
            Error::EmailTaken => Self::conflict("email_taken", message),
            Error::BadCredentials => Self::unauthorized("bad_credentials", message),
            Error::Limited { retry_seconds } => Self::too_many(
                "too_many_attempts",
                format!("too many attempts; try again in {retry_seconds} s"),
                retry_seconds,
            ),
            Error::Busy => Self::unavailable("busy", message, 2),
            Error::Hash(source) => Self::internal(source),
            Error::Database(source) => source.into(),
        }
    }
}
