//! OAuth 2.0 as Google runs it: consent, codes, access and refresh tokens, revocation.
//!
//! Codes and tokens are signed, not stored, so connections outlive a restart of the simulator with
//! the same seed. Only what was used up or revoked is remembered.

pub(crate) mod consent;

pub(crate) mod http;

mod hostile;

mod sealed;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};

use crate::journal::{Entry, Journal};

pub(crate) const SCOPE_REPORTS: &str = "https://www.googleapis.com/auth/doubleclickbidmanager";
pub(crate) const SCOPE_ENTITIES: &str = "https://www.googleapis.com/auth/display-video";
const SCOPE_OPENID: &str = "openid";
const SCOPE_EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";

/// Every scope the consent page knows, with the words it shows for it.
pub(crate) const SCOPES: [(&str, &str); 7] = [
    (
        SCOPE_ENTITIES,
        "Create, see, edit, and permanently delete your Display & Video 360 entities",
    ),
    (
        SCOPE_REPORTS,
        "View and manage your reports in DoubleClick Bid Manager",
    ),
    (
        SCOPE_OPENID,
        "Associate you with your personal info on Google",
    ),
    (SCOPE_EMAIL, "See your primary Google Account email address"),
    (
        "https://www.googleapis.com/auth/userinfo.profile",
        "See your personal info",
    ),
    ("email", "See your primary Google Account email address"),
    ("profile", "See your personal info"),
];

const CODE_LIFETIME_S: i64 = 600;

/// The error half of RFC 6749, section 5.2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub(crate) struct Error {
    pub(crate) code: u16,
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

impl Error {
    pub(crate) fn new(code: u16, error: &'static str, description: &'static str) -> Self {
        Self {
            code,
            error,
            description,
        }
    }

    pub(crate) fn dead_grant() -> Self {
        Self::new(400, "invalid_grant", "Token has been expired or revoked.")
    }
}

/// What a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) email: String,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    /// Distinguishes this consent from every other one; what revoking names.
    pub(crate) id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) offline: bool,
    pub(crate) expires: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Challenge {
    S256(String),
    Plain(String),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    /// How often all access tokens had been expired when this one was issued.
    generation: u64,
    expires: i64,
}

#[derive(Debug, Serialize)]
pub(crate) struct TokenResponse {
    access_token: String,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Tokens {
    key: hmac::Key,
    journal: Arc<Journal>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    used_codes: HashSet<String>,
    revoked: HashSet<String>,
    /// Who has agreed before: a refresh token comes with the first consent only.
    consented: HashSet<(String, String)>,
    access_lifetime_s: i64,
    /// Access tokens of earlier generations are expired.
    generation: u64,
}

impl Tokens {
    pub(crate) fn new(seed: u64, access_lifetime_s: i64, journal: Arc<Journal>) -> Self {
        let secret = format!("dv360-simulator/oauth/{seed}");
        let state = State {
            used_codes: HashSet::new(),
            revoked: HashSet::new(),
            consented: HashSet::new(),
            access_lifetime_s,
            generation: 0,
        };
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
            journal,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn set_access_lifetime(&self, seconds: i64) {
        self.state.lock().access_lifetime_s = seconds;
    }

    pub(crate) fn expire_access(&self) {
        self.state.lock().generation += 1;
    }

    /// The code for a consent; `offline` decides whether a refresh token will come with it.
    pub(crate) fn issue_code(&self, code: Code, asked_again: bool) -> String {
        let who = (code.grant.client_id.clone(), code.grant.email.clone());
        let first = self.note_consent(who.0, who.1);
        let offline = code.offline && (first || asked_again);
        sealed::seal(&self.key, "4/0A", &Code { offline, ..code })
    }

    /// Whether it is the person's first consent for the client.
    pub(crate) fn note_consent(&self, client: String, email: String) -> bool {
        let entry = Entry::Consented(client.clone(), email.clone());
        let first = self.state.lock().consented.insert((client, email));
        self.note(first, &entry)
    }

    /// Whether the code is used for the first time.
    pub(crate) fn note_code(&self, grant: String) -> bool {
        let entry = Entry::CodeUsed(grant.clone());
        let first = self.state.lock().used_codes.insert(grant);
        self.note(first, &entry)
    }

    /// Whether the grant was still good.
    pub(crate) fn note_revoked(&self, grant: String) -> bool {
        let entry = Entry::Revoked(grant.clone());
        let first = self.state.lock().revoked.insert(grant);
        self.note(first, &entry)
    }

    fn note(&self, first: bool, entry: &Entry) -> bool {
        if first {
            self.journal.write(entry);
        }
        first
    }

    pub(crate) fn redeem_code(
        &self,
        text: &str,
        client_id: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<TokenResponse, Error> {
        let bad = || Error::new(400, "invalid_grant", "Bad Request");
        let code: Code = sealed::open(&self.key, "4/0A", text).ok_or_else(bad)?;
        if code.expires < now || code.grant.client_id != client_id {
            return Err(bad());
        }
        if code.redirect_uri != redirect_uri {
            return Err(Error::new(400, "redirect_uri_mismatch", "Bad Request"));
        }
        check_verifier(code.challenge.as_ref(), verifier)?;
        if !self.note_code(code.grant.id.clone()) {
            return Err(bad());
        }
        let refresh = code
            .offline
            .then(|| sealed::seal(&self.key, "1//0", &code.grant));
        Ok(self.respond(code.grant, refresh, now))
    }

    pub(crate) fn refresh(
        &self,
        text: &str,
        client_id: &str,
        scope: Option<&str>,
        now: i64,
    ) -> Result<TokenResponse, Error> {
        let grant = self.find_grant(text).ok_or_else(Error::dead_grant)?;
        if grant.client_id != client_id {
            return Err(Error::new(401, "unauthorized_client", "Unauthorized"));
        }
        let wanted = scope.unwrap_or_default().split_whitespace();
        if wanted
            .into_iter()
            .any(|one| !grant.scopes.iter().any(|held| held == one))
        {
            return Err(Error::new(
                400,
                "invalid_scope",
                "Some requested scopes were invalid.",
            ));
        }
        Ok(self.respond(grant, None, now))
    }

    /// The grant behind a refresh token that is neither forged nor revoked.
    pub(crate) fn find_grant(&self, refresh: &str) -> Option<Grant> {
        let grant: Grant = sealed::open(&self.key, "1//0", refresh)?;
        (!self.state.lock().revoked.contains(&grant.id)).then_some(grant)
    }

    pub(crate) fn find_access(&self, text: &str, now: i64) -> Option<Grant> {
        let access: Access = sealed::open(&self.key, "ya29.", text)?;
        let state = self.state.lock();
        let dead = access.expires <= now
            || access.generation < state.generation
            || state.revoked.contains(&access.grant.id);
        (!dead).then_some(access.grant)
    }

    /// Revoking either token ends the whole grant.
    pub(crate) fn revoke(&self, text: &str) -> Result<(), Error> {
        let access = || sealed::open::<Access>(&self.key, "ya29.", text).map(|one| one.grant);
        let grant = sealed::open::<Grant>(&self.key, "1//0", text).or_else(access);
        let fresh = grant.is_some_and(|grant| self.note_revoked(grant.id));
        let gone = || Error::new(400, "invalid_token", "Token expired or revoked");
        if fresh { Ok(()) } else { Err(gone()) }
    }

    fn respond(&self, grant: Grant, refresh_token: Option<String>, now: i64) -> TokenResponse {
        let (expires_in, generation) = {
            let state = self.state.lock();
            (state.access_lifetime_s, state.generation)
        };
        let scope = grant.scopes.join(" ");
        let identified = grant.scopes.iter().any(|one| one == SCOPE_OPENID);
        let id_token = identified.then(|| self.id_token(&grant, now));
        let access = Access {
            grant,
            generation,
            expires: now + expires_in,
        };
        let access_token = sealed::seal(&self.key, "ya29.", &access);
        TokenResponse {
            access_token,
            expires_in,
            refresh_token,
            scope,
            token_type: "Bearer",
            id_token,
        }
    }

    fn id_token(&self, grant: &Grant, now: i64) -> String {
        let claims = serde_json::json!({
            "iss": "https://accounts.google.com",
            "aud": grant.client_id,
            "azp": grant.client_id,
            "sub": subject(&grant.email),
            "email": grant.email,
            "email_verified": true,
            "iat": now,
            "exp": now + 3600,
        });
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

/// Google's stable number for a person.
pub(crate) fn subject(email: &str) -> String {
    format!("1{:020}", crate::world::mix::text(email))
}

/// The moment a new code stops working.
pub(crate) fn code_expiry(now: i64) -> i64 {
    now + CODE_LIFETIME_S
}

fn check_verifier(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Error> {
    let refused = |why| Err(Error::new(400, "invalid_grant", why));
    let Some(challenge) = challenge else {
        return Ok(());
    };
    let Some(verifier) = verifier else {
        return refused("Missing code verifier.");
    };
    let matches = match challenge {
        Challenge::Plain(expected) => expected == verifier,
        Challenge::S256(expected) => {
            let digest = digest::digest(&digest::SHA256, verifier.as_bytes());
            *expected == URL_SAFE_NO_PAD.encode(digest)
        }
    };
    if matches {
        Ok(())
    } else {
        refused("Invalid code verifier.")
    }
}
