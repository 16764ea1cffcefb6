//! `POST /api/signup`: a person, their session and, if wished, their first org, all or nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::error::ErrorBody;
use service_kit::extract::Json;
use service_kit::idempotency::Key;

use crate::app::App;
use crate::audit::{self, Action, Actor, Entry};
use crate::auth::http::{Client, limited, sign_in_header};
use crate::auth::limits::Kind;
use crate::auth::password::{self, Hash};
use crate::auth::person::{Email, PersonName};
use crate::auth::{self, User};
use crate::db::GlobalTx;
use crate::idempotency::{self, Begun, Write};
use crate::orgs::http::CreateOrg;
use crate::orgs::{self, NewOrg, OrgSummary};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignupRequest {
    #[schema(format = "email")]
    email: String,
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: SecretString,
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// Starts an org at once.
    org: Option<CreateOrg>,
}

#[derive(Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignupAnswer {
    user: User,
    org: Option<OrgSummary>,
}

/// Everything about a signup that can be checked without the database.
struct Wish {
    email: Email,
    name: PersonName,
    org: Option<NewOrg>,
}

impl SignupRequest {
    fn parse(&self) -> Result<Wish, ApiError> {
        let email = Email::parse(&self.email).map_err(auth::Error::from)?;
        let name = PersonName::parse(&self.name).map_err(auth::Error::from)?;
        password::check(&self.password, &email).map_err(auth::Error::from)?;
        let org = self.org.as_ref();
        let org = org
            .map(|org| NewOrg::parse(&org.name, &org.slug))
            .transpose()?;
        Ok(Wish { email, name, org })
    }
}

/// Sign up
///
/// Sets the session cookie. An org started along with it is usable when its state is `active`.
#[utoipa::path(
    post, path = "/api/signup", tag = "auth",
    params(("idempotency-key" = String, Header, description = "A fresh random value per intended write")),
    request_body = SignupRequest,
    responses(
        (status = 201, body = SignupAnswer),
        (status = 409, body = ErrorBody, description = "`email_taken`, `slug_taken`, `slug_confusable`"),
        (status = 422, body = ErrorBody, description = "`invalid_email`, `weak_password`, `invalid_name`, `invalid_slug`, `slug_reserved`"),
        (status = 429, body = ErrorBody),
    )
)]
pub async fn signup(
    State(app): State<Arc<App>>,
    Client(client): Client,
    key: Key,
    Json(request): Json<SignupRequest>,
) -> Result<impl IntoResponse, ApiError> {
    limited(
        app.limits
            .take_client(Kind::SignupClient, client, Instant::now()),
    )?;
    let wish = request.parse()?;
    let hash = app.hasher.hash(request.password.clone());
    let hash = hash.await.map_err(auth::Error::from)?;
    let mut tx = app.db.begin().await?;
    let write = Write {
        scope: format!("signup {}", wish.email.as_str()),
        route: "POST /api/signup",
        key: &key,
    };
    let fingerprint = (
        &request.email,
        request.password.expose_secret(),
        &request.name,
        &request.org,
    );
    let begun = idempotency::begin(&mut tx, &app.fingerprints, write, &fingerprint).await?;
    let answer = match begun {
        Begun::Again(answer) => answer,
        Begun::First(ticket) => {
            let answer = create(&mut tx, &app, &wish, &hash).await?;
            let entry = Entry::new(Action::UserSignedUp, Actor::User(answer.user.user_id));
            audit::record(&mut tx, entry.client(client)).await?;
            idempotency::finish(&mut tx, ticket, &answer).await?;
            answer
        }
    };
    // Whoever repeats the request knows the password, so a lost cookie is given again.
    let secret = auth::start_session(&mut tx, answer.user.user_id, &app.sessions).await?;
    tx.commit().await?;
    app.meters.signups.inc();
    Ok((
        StatusCode::CREATED,
        sign_in_header(&app, &secret),
        axum::Json(answer),
    ))
}

async fn create(
    tx: &mut GlobalTx,
    app: &App,
    wish: &Wish,
    hash: &Hash,
) -> Result<SignupAnswer, ApiError> {
    let user = auth::create_user(tx, &wish.email, &wish.name, hash).await?;
    let org = match &wish.org {
        Some(new) => Some(orgs::create(tx, user.user_id, new, &app.urls).await?),
        None => None,
    };
    Ok(SignupAnswer { user, org })
}
