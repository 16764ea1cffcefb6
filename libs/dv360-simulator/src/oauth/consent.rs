//! The authorization request and the consent page.
//!
//! A request that names no usable redirect is answered with an error page, never redirected.

use std::fmt::Write as _;

use serde::Deserialize;
use url::Url;

use super::{Challenge, SCOPES};
use crate::world::User;

/// The query of `/o/oauth2/v2/auth`; the decision form sends the same fields back.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Request {
    #[serde(default)]
    pub(crate) client_id: String,
    #[serde(default)]
    pub(crate) redirect_uri: String,
    #[serde(default)]
    pub(crate) response_type: String,
    #[serde(default)]
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) access_type: Option<String>,
    pub(crate) prompt: Option<String>,
    pub(crate) login_hint: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) code_challenge_method: Option<String>,
    /// Skips the page: `1` allows as `user` (or the hint, or the first person), `deny` denies.
    pub(crate) auto: Option<String>,
    pub(crate) user: Option<String>,
    /// With `auto`: the scopes that are granted, if not all.
    pub(crate) grant: Option<String>,
}

impl Request {
    /// The scopes asked for, or why the request gets an error page.
    pub(crate) fn check(&self, known_client: Option<&str>) -> Result<Vec<String>, String> {
        if self.client_id.is_empty() {
            return Err("Error 400: invalid_request. Missing required parameter: client_id".into());
        }
        if known_client.is_some_and(|known| known != self.client_id) {
            return Err("Error 401: invalid_client. The OAuth client was not found.".into());
        }
        if Url::parse(&self.redirect_uri).is_err() {
            return Err("Error 400: redirect_uri_mismatch".into());
        }
        if self.response_type != "code" {
            return Err("Error 400: invalid_request. response_type must be code".into());
        }
        let scopes: Vec<String> = self.scope.split_whitespace().map(str::to_owned).collect();
        let unknown = scopes
            .iter()
            .find(|scope| SCOPES.iter().all(|(known, _)| known != scope));
        match unknown {
            _ if scopes.is_empty() => {
                Err("Error 400: invalid_request. Missing required parameter: scope".into())
            }
            Some(scope) => Err(format!(
                "Error 400: invalid_scope. Some requested scopes were invalid: {scope}"
            )),
            None => Ok(scopes),
        }
    }

    pub(crate) fn challenge(&self) -> Option<Challenge> {
        let challenge = self.code_challenge.clone()?;
        match self.code_challenge_method.as_deref() {
            Some("S256") => Some(Challenge::S256(challenge)),
            _ => Some(Challenge::Plain(challenge)),
        }
    }

    pub(crate) fn asks_again(&self) -> bool {
        self.prompt
            .as_deref()
            .unwrap_or_default()
            .split_whitespace()
            .any(|one| one == "consent")
    }

    pub(crate) fn offline(&self) -> bool {
        self.access_type.as_deref() == Some("offline")
    }

    /// Where the browser goes next, with the answer in the query.
    pub(crate) fn answer(&self, pairs: &[(&str, &str)]) -> String {
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return self.redirect_uri.clone();
        };
        {
            let mut query = url.query_pairs_mut();
            for (name, value) in pairs {
                query.append_pair(name, value);
            }
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
        }
        url.into()
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", &self.response_type),
            ("scope", &self.scope),
        ];
        let optional = [
            ("state", &self.state),
            ("access_type", &self.access_type),
            ("prompt", &self.prompt),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ];
        for (name, value) in optional {
            fields.extend(value.as_deref().map(|value| (name, value)));
        }
        fields
    }
}

/// The page on which a person picks an account, ticks scopes and allows or denies.
pub(crate) fn page(request: &Request, scopes: &[String], users: &[User]) -> String {
    let mut hidden = String::new();
    for (name, value) in request.fields() {
        let value = escape(value);
        let _ = writeln!(
            hidden,
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        );
    }
    let mut accounts = String::new();
    for (number, user) in users.iter().enumerate() {
        let hinted = request.login_hint.as_deref() == Some(user.email.as_str());
        let checked = if hinted || (request.login_hint.is_none() && number == 0) {
            "checked"
        } else {
            ""
        };
        let (name, email) = (escape(&user.name), escape(&user.email));
        let letter = name.chars().next().unwrap_or('?');
        let _ = writeln!(
            accounts,
            "<label class=\"account\"><input type=\"radio\" name=\"user\" value=\"{email}\" {checked}>\
             <span class=\"avatar\">{letter}</span><span>{name}<small>{email}</small></span></label>"
        );
    }
    let mut wanted = String::new();
    for scope in scopes {
        let words = SCOPES
            .iter()
            .find(|(known, _)| known == scope)
            .map_or("", |(_, words)| *words);
        let (scope, words) = (escape(scope), escape(words));
        let _ = writeln!(
            wanted,
            "<label class=\"scope\"><input type=\"checkbox\" name=\"granted\" value=\"{scope}\" checked>\
             <span>{words}<small>{scope}</small></span></label>"
        );
    }
    include_str!("consent.html")
        .replace("{{client}}", &escape(&request.client_id))
        .replace("{{hidden}}", &hidden)
        .replace("{{accounts}}", &accounts)
        .replace("{{scopes}}", &wanted)
}

pub(crate) fn error_page(why: &str) -> String {
    include_str!("refused.html").replace("{{why}}", &escape(why))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
