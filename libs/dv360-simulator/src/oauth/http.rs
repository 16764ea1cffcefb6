//! Routes of the OAuth part: consent, `/token`, `/revoke` and the person behind a token.

use axum::extract::{Query, RawForm, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::consent::{self, Request};
use super::{Code, Error, Grant, TokenResponse, code_expiry, hostile, subject};
use crate::app::{App, Shared, caller};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/o/oauth2/v2/auth", get(authorize))
        .route("/o/oauth2/v2/auth/decision", post(decide))
        .route("/token", post(token))
        .route("/revoke", post(revoke))
        .route("/v1/userinfo", get(userinfo))
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({"error": self.error, "error_description": self.description});
        (status, Json(body)).into_response()
    }
}

async fn authorize(State(app): State<Shared>, Query(request): Query<Request>) -> Response {
    let scopes = match request.check(app.config.client_id.as_deref()) {
        Ok(scopes) => scopes,
        Err(why) => return refused(&why),
    };
    let auto = request
        .auto
        .clone()
        .or_else(|| app.config.auto_consent.then(|| "1".to_owned()));
    match auto.as_deref() {
        None => {
            let page = consent::page(&request, &scopes, &app.world().users);
            Html(page).into_response()
        }
        Some("deny") => {
            Redirect::to(&request.answer(&[("error", "access_denied")])).into_response()
        }
        Some(_) => {
            let chosen = request.user.clone().or_else(|| request.login_hint.clone());
            let first = || app.world().users.first().map(|user| user.email.clone());
            let email = chosen.or_else(first).unwrap_or_default();
            let granted = match &request.grant {
                None => scopes,
                Some(some) => {
                    let some: Vec<&str> = some.split_whitespace().collect();
                    scopes
                        .into_iter()
                        .filter(|one| some.contains(&one.as_str()))
                        .collect()
                }
            };
            grant(&app, &request, &email, granted)
        }
    }
}

async fn decide(State(app): State<Shared>, RawForm(form): RawForm) -> Response {
    let Ok(pairs) = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&form) else {
        return refused("Error 400: invalid_request");
    };
    let (granted, fields): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|(name, _)| name == "granted");
    let of = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let request = Request {
        client_id: of("client_id").unwrap_or_default(),
        redirect_uri: of("redirect_uri").unwrap_or_default(),
        response_type: of("response_type").unwrap_or_default(),
        scope: of("scope").unwrap_or_default(),
        state: of("state"),
        access_type: of("access_type"),
        prompt: of("prompt"),
        code_challenge: of("code_challenge"),
        code_challenge_method: of("code_challenge_method"),
        ..Request::default()
    };
    let scopes = match request.check(app.config.client_id.as_deref()) {
        Ok(scopes) => scopes,
        Err(why) => return refused(&why),
    };
    if of("decision").as_deref() != Some("allow") {
        return Redirect::to(&request.answer(&[("error", "access_denied")])).into_response();
    }
    let ticked = |scope: &String| granted.iter().any(|(_, value)| value == scope);
    let granted = scopes.into_iter().filter(ticked).collect();
    grant(&app, &request, &of("user").unwrap_or_default(), granted)
}

fn grant(app: &App, request: &Request, email: &str, mut scopes: Vec<String>) -> Response {
    if let Some(only) = app.faults.scopes_of(email) {
        scopes.retain(|scope| only.contains(scope));
    }
    if app.world().find_user(email).is_none() {
        return refused("Error 400: this account does not exist in the simulated world");
    }
    if scopes.is_empty() {
        return Redirect::to(&request.answer(&[("error", "access_denied")])).into_response();
    }
    let scope = scopes.join(" ");
    let grant = Grant {
        email: email.to_owned(),
        client_id: request.client_id.clone(),
        scopes,
        id: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>()),
    };
    let code = Code {
        grant,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge(),
        offline: request.offline(),
        expires: code_expiry(Utc::now().timestamp()),
    };
    let code = app.tokens.issue_code(code, request.asks_again());
    Redirect::to(&request.answer(&[("code", &code), ("scope", &scope)])).into_response()
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(consent::error_page(why))).into_response()
}

#[derive(Debug, Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

async fn token(
    State(app): State<Shared>,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Result<Response, Error> {
    let client_id = authenticate(&app, &headers, &request)?;
    let now = Utc::now().timestamp();
    let missing = |what| Error::new(400, "invalid_request", what);
    match request.grant_type.as_deref() {
        Some("authorization_code") => {
            let code = request
                .code
                .ok_or_else(|| missing("Missing required parameter: code"))?;
            let redirect = request.redirect_uri.unwrap_or_default();
            let verifier = request.code_verifier.as_deref();
            app.tokens
                .redeem_code(&code, &client_id, &redirect, verifier, now)
                .map(given)
        }
        Some("refresh_token") => {
            let missing = || missing("Missing required parameter: refresh_token");
            let refresh = request.refresh_token.ok_or_else(missing)?;
            let grant = app.tokens.find_grant(&refresh);
            let fault = grant.and_then(|grant| app.faults.draw_token(&grant.email));
            if let Some(answer) = hostile::answer(fault).await {
                return answer;
            }
            app.tokens
                .refresh(&refresh, &client_id, request.scope.as_deref(), now)
                .map(given)
        }
        Some(_) => Err(Error::new(
            400,
            "unsupported_grant_type",
            "Invalid grant_type",
        )),
        None => Err(missing("Required parameter is missing: grant_type")),
    }
}

fn given(tokens: TokenResponse) -> Response {
    Json(tokens).into_response()
}

/// The client's id, from the form or from HTTP basic authentication.
fn authenticate(app: &App, headers: &HeaderMap, request: &TokenRequest) -> Result<String, Error> {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| {
        let encoded = value.to_str().ok()?.strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        text.split_once(':')
            .map(|(id, secret)| (id.to_owned(), secret.to_owned()))
    });
    let form = || Some((request.client_id.clone()?, request.client_secret.clone()?));
    let refused = |why| Error::new(401, "invalid_client", why);
    let (id, secret) = basic.or_else(form).ok_or_else(|| refused("Unauthorized"))?;
    if app
        .config
        .client_id
        .as_ref()
        .is_some_and(|known| *known != id)
    {
        return Err(refused("The OAuth client was not found."));
    }
    let known = app
        .config
        .client_secret
        .as_ref()
        .map(|known| known.expose_secret());
    if known.is_some_and(|known| known != secret) || secret.is_empty() {
        return Err(refused("The provided client secret is invalid."));
    }
    Ok(id)
}

#[derive(Debug, Deserialize)]
struct RevokeRequest {
    token: Option<String>,
}

async fn revoke(
    State(app): State<Shared>,
    Query(query): Query<RevokeRequest>,
    Form(form): Form<RevokeRequest>,
) -> Result<Json<Value>, Error> {
    let missing = || Error::new(400, "invalid_request", "Missing required parameter: token");
    let token = form.token.or(query.token).ok_or_else(missing)?;
    app.tokens.revoke(&token)?;
    Ok(Json(json!({})))
}

async fn userinfo(
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, crate::error::Error> {
    let caller = caller(&app, &headers)?;
    let world = app.world();
    let name = world.find_user(&caller.email).map(|user| &user.name);
    Ok(Json(json!({
        "sub": subject(&caller.email),
        "email": caller.email,
        "email_verified": true,
        "name": name,
    })))
}
