//! Consent, codes and tokens. The refresh token is the only thing kept; access tokens stay in memory.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::client;
use crate::config::Dv360 as Settings;
use crate::ingestion::connector::{Error, Grant};

pub(crate) const SCOPE_REPORTS: &str = "https://www.googleapis.com/auth/doubleclickbidmanager";
pub(crate) const SCOPE_ENTITIES: &str = "https://www.googleapis.com/auth/display-video";
/// A token endpoint says little.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// Tell which account consented, and nothing else.
const IDENTITY_SCOPES: &str = "openid https://www.googleapis.com/auth/userinfo.email";

/// `prompt=consent` makes the source hand out a refresh token even to someone who consented before.
pub(crate) fn authorize_url(settings: &Settings, state: &str, challenge: &str) -> Url {
    let mut url = settings.authorize_url.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &settings.client_id)
        .append_pair("redirect_uri", settings.redirect_url.as_str())
        .append_pair(
            "scope",
            &format!("{SCOPE_ENTITIES} {SCOPE_REPORTS} {IDENTITY_SCOPES}"),
        )
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent")
        .append_pair("state", state)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256");
    url
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
    expires_in: u64,
    refresh_token: Option<SecretString>,
    #[serde(default)]
    scope: String,
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct TokenProblem {
    error: String,
    #[serde(default)]
    error_description: String,
}

pub(crate) struct AccessToken {
    pub(crate) token: SecretString,
    pub(crate) expires_in: std::time::Duration,
}

/// A person may untick scopes, so what was granted is checked, not assumed.
pub(crate) async fn exchange_code(
    http: &reqwest::Client,
    settings: &Settings,
    code: &str,
    verifier: &str,
) -> Result<Grant, Error> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", verifier),
        ("redirect_uri", settings.redirect_url.as_str()),
        ("client_id", &settings.client_id),
        ("client_secret", settings.client_secret.expose_secret()),
    ];
    let answer = post_form(http, settings, &form).await?;
    let scopes: Vec<String> = answer.scope.split_whitespace().map(str::to_owned).collect();
    let missing: Vec<String> = [SCOPE_ENTITIES, SCOPE_REPORTS]
        .into_iter()
        .filter(|wanted| !scopes.iter().any(|scope| scope == wanted))
        .map(str::to_owned)
        .collect();
    if !missing.is_empty() {
        return Err(Error::MissingScopes(missing));
    }
    let refresh_token = answer.refresh_token;
    Ok(Grant {
        refresh_token: refresh_token
            .ok_or_else(|| Error::Unexpected("no refresh token was given".to_owned()))?,
        scopes,
        account_email: answer.id_token.as_deref().and_then(email_of),
    })
}

/// `scope` is left out on purpose: anything but an exact subset of the grant would be refused.
pub(crate) async fn refresh(
    http: &reqwest::Client,
    settings: &Settings,
    refresh_token: &SecretString,
) -> Result<AccessToken, Error> {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose_secret()),
        ("client_id", &settings.client_id),
        ("client_secret", settings.client_secret.expose_secret()),
    ];
    let answer = post_form(http, settings, &form).await?;
    Ok(AccessToken {
        token: answer.access_token,
        expires_in: std::time::Duration::from_secs(answer.expires_in),
    })
}

/// Token requests are safe to repeat (a code that was used up says so), so transient errors are.
async fn post_form(
    http: &reqwest::Client,
    settings: &Settings,
    form: &[(&str, &str)],
) -> Result<TokenAnswer, Error> {
    let mut attempt = 0;
    loop {
        let request = http.post(settings.token_url.clone());
        let request = request.timeout(settings.answer_timeout()).form(form);
        let error = match request.send().await {
            Ok(answer) if answer.status().is_success() => {
                return client::json_within(answer, MAX_ANSWER_BYTES).await;
            }
            Ok(answer) => problem(answer).await,
            Err(error) => client::unavailable(error),
        };
        if attempt == client::MAX_RETRIES || !matches!(error, Error::Unavailable(_)) {
            return Err(error);
        }
        tokio::time::sleep(client::backoff(attempt)).await;
        attempt += 1;
    }
}

async fn problem(answer: reqwest::Response) -> Error {
    let status = answer.status().as_u16();
    if client::transient(status) {
        return Error::Unavailable(format!("the token endpoint answered {status}"));
    }
    match client::json_within::<TokenProblem>(answer, MAX_ANSWER_BYTES).await {
        Ok(problem) if problem.error == "invalid_grant" => {
            Error::SignedOut(problem.error_description)
        }
        Ok(problem) => Error::Unauthorized(problem.error),
        Err(error) => error,
    }
}

/// The e-mail address in an ID token. It came straight from the token endpoint, so its signature
/// adds nothing; it is shown to people and decides nothing.
fn email_of(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        email: Option<String>,
    }
    let payload = id_token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Claims = serde_json::from_slice(&bytes).ok()?;
    claims.email
}
