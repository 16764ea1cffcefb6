//! Entering an org host, the session, leaving; and the guard in front of every other route.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contracts::{Action, OrgId, Role, UserId};
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;

use super::edge::Edge;
use super::{Error, ListedMember, Member};
use crate::app::App;
use crate::modules;
use crate::routes::Needs;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    pub user: SessionUser,
    pub org: SessionOrg,
    pub role: Role,
    /// Everything the role allows.
    pub permissions: Vec<Action>,
    /// The modules that are switched on.
    pub modules: Vec<String>,
    /// Where the person's other orgs and account are.
    pub app_url: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionUser {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionOrg {
    pub org_id: OrgId,
    pub slug: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberList {
    /// By name.
    pub items: Vec<ListedMember>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EnterQuery {
    /// The single-use code from global-control.
    code: String,
}

/// Redeem a sign-in code
#[utoipa::path(get, path = "/auth/enter", tag = "session", params(EnterQuery),
    responses((status = 303, description = "Signed in, or back to the app host with `?problem=`")))]
pub async fn enter(
    State(app): State<App>,
    edge: Edge,
    Query(query): Query<EnterQuery>,
) -> Result<Response, ApiError> {
    let keys = &app.signers;
    match super::redeem(&app.db, keys, &edge.scope, &query.code, &app.config.serve).await {
        Ok(signed_in) => {
            let age = app.config.serve.session_absolute_seconds.into();
            let cookie = session_cookie(&app, signed_in.token.as_str(), age);
            let mut response = redirect(&signed_in.path);
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(Error::Tenancy(error)) => Err(error.into()),
        Err(error @ (Error::Code(_) | Error::Claims | Error::CodeUsed)) => {
            // A person in a browser is here: they sign in again rather than read JSON.
            tracing::info!(%error, "a sign-in code was refused");
            let app_host = app.config.public_url_template.app();
            Ok(redirect(&format!("{app_host}/?problem=code_not_valid")))
        }
    }
}

/// Who is signed in
#[utoipa::path(get, path = "/api/session", tag = "session",
    responses((status = 200, body = Session), (status = 401, description = "`not_signed_in`")))]
pub async fn show(State(app): State<App>, member: Member) -> Result<axum::Json<Session>, ApiError> {
    let org = super::fetch_org(&app.db, &member.scope).await?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let modules = modules::list_enabled(&mut tx).await;
    let modules = modules.map_err(crate::tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(Session {
        permissions: member.role.actions(),
        role: member.role,
        modules,
        user: SessionUser {
            user_id: member.user,
            email: member.email,
            name: member.name,
        },
        org: SessionOrg {
            org_id: org.org,
            slug: org.slug,
            name: org.name,
        },
        app_url: app.config.public_url_template.app(),
    }))
}

/// Who has been in this org, by name
///
/// Also those who are not any more: what they did still says so.
#[utoipa::path(get, path = "/api/members", tag = "session",
    responses((status = 200, body = MemberList)))]
pub async fn members(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<MemberList>, ApiError> {
    let items = super::list_members(&app.db, &member.scope).await?;
    Ok(axum::Json(MemberList { items }))
}

/// Sign out of this org
#[utoipa::path(post, path = "/api/logout", tag = "session",
    responses((status = 204, description = "Signed out, whether or not signed in before")))]
pub async fn logout(
    State(app): State<App>,
    edge: Edge,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(token) = session_token(&app, &headers) {
        super::end_session(&app.db, &edge.scope, &token).await?;
    }
    let gone = session_cookie(&app, "", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// In front of every route that needs somebody: finds the member once and checks what they may do.
pub async fn guard(needs: Needs, mut request: Request, next: Next) -> Result<Response, ApiError> {
    let needed = match needs {
        Needs::Nothing => return Ok(next.run(request).await),
        Needs::SignedIn => None,
        Needs::May(action) => Some(action),
    };
    let extensions = request.extensions();
    let (app, edge) = match (extensions.get::<App>(), extensions.get::<Edge>()) {
        (Some(app), Some(edge)) => (app.clone(), *edge),
        _ => return Err(ApiError::internal("a guarded route outside the edge gate")),
    };
    let not_signed_in = || ApiError::unauthorized("not_signed_in", "sign in to see this");
    let token = session_token(&app, request.headers()).ok_or_else(not_signed_in)?;
    let member = super::find_member(&app.db, &edge.scope, &token, &app.config.serve)
        .await?
        .ok_or_else(not_signed_in)?;
    if let Some(action) = needed
        && !member.may(action)
    {
        let message = format!("your role does not allow this ({})", action.as_str());
        return Err(ApiError::forbidden("not_allowed", message));
    }
    request.extensions_mut().insert(member);
    Ok(next.run(request).await)
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let member = parts.extensions.get::<Self>().cloned();
        member.ok_or_else(|| ApiError::internal("this route's entry needs nobody"))
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Tenancy(error) => error.into(),
            Error::Code(_) | Error::Claims | Error::CodeUsed => {
                Self::forbidden("code_not_valid", "this sign-in code is not valid any more")
            }
        }
    }
}

fn cookie_name(app: &App) -> &'static str {
    if app.config.public_url_template.secure() {
        "__Host-cellplane_org"
    } else {
        "cellplane_org"
    }
}

fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| Cookie::split_parse(text.to_owned()))
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

fn session_cookie(app: &App, token: &str, max_age_seconds: i64) -> HeaderValue {
    let cookie = Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url_template.secure())
        .max_age(cookie::time::Duration::seconds(max_age_seconds))
        .build();
    HeaderValue::from_str(&cookie.to_string()).expect("a cookie of hex and fixed words")
}

/// `path` has been checked to be visible ASCII, or is one of our own addresses.
fn redirect(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (
                header::REFERRER_POLICY,
                HeaderValue::from_static("no-referrer"),
            ),
        ],
    )
        .into_response()
}
