//! A person's way to the source and back. What comes back is believed only if it carries a state
//! this session began in the last ten minutes, and only once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::ConnectionId;
use service_kit::keys::random_32;
use url::Url;

use super::Error;
use super::renewal::{self, Consent};
use crate::auth::Member;
use crate::ingestion::Ingestion;
use crate::ingestion::connector;
use crate::tenancy::envelope::{self, Place};
use crate::tenancy::{OrgTx, sha256};

mod store;

const MINUTES: i32 = 10;
const LONGEST_PATH: usize = 512;
/// Where a person lands when nothing says where they came from.
const HOME: &str = "/connections";

/// What the source sent back with the person.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
}

/// Where the person goes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    pub return_path: String,
    /// The connection, or the code of what went wrong.
    pub outcome: Result<ConnectionId, &'static str>,
}

impl Landing {
    fn problem(return_path: &str, code: &'static str) -> Self {
        Self {
            return_path: return_path.to_owned(),
            outcome: Err(code),
        }
    }

    pub fn location(&self) -> String {
        let joint = if self.return_path.contains('?') {
            '&'
        } else {
            '?'
        };
        match &self.outcome {
            Ok(id) => format!("{}{joint}connection={id}", self.return_path),
            Err(code) => format!("{}{joint}problem={code}", self.return_path),
        }
    }
}

/// A path on this host and nothing else.
pub fn is_return_path(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '#'])
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Which consent to begin: to what, in which org, and where the person came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) connector: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) return_path: &'a str,
    /// A connection that is to go on with it, whoever consents.
    pub(crate) connection: Option<ConnectionId>,
}

/// Begins a consent. The state's first part says which org to come back to.
pub(crate) async fn begin(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    member: &Member,
    wish: Wish<'_>,
) -> Result<Url, Error> {
    let remote = ingestion.connectors.remote(wish.connector)?;
    if let Some(id) = wish.connection {
        let found = super::find_connector(tx, id).await?;
        found
            .filter(|connector| connector == wish.connector)
            .ok_or(Error::NotFound)?;
    }
    let state = format!("{}.{}", wish.slug, hex::encode(random_32()));
    let verifier = URL_SAFE_NO_PAD.encode(random_32());
    let challenge = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    let hash = sha256(state.as_bytes());
    let key = ingestion.cell_key.fetch(tx).await?;
    let owner = hex::encode(hash);
    let begun = store::Begun {
        sealed_verifier: key.seal(place(&owner), verifier.as_bytes()),
        return_path: wish.return_path.to_owned(),
        connection_id: wish.connection.map(ConnectionId::as_uuid),
    };
    store::insert_state(tx, &hash, member.session, &begun, MINUTES).await?;
    Ok(remote.authorize_url(&state, &challenge))
}

fn place(owner: &str) -> Place<'_> {
    Place {
        owner,
        field: "pkce_verifier",
        version: 1,
    }
}

/// Ends a consent. Whatever is wrong with it becomes a code the page can explain.
pub(crate) async fn finish(
    ingestion: &Ingestion,
    member: &Member,
    connector: &str,
    callback: &Callback,
) -> Result<Landing, Error> {
    let remote = ingestion.connectors.remote(connector)?;
    let Some(state) = &callback.state else {
        return Ok(Landing::problem(HOME, "consent_unknown"));
    };
    let hash = sha256(state.as_bytes());
    let mut tx = ingestion.db.begin(&member.scope).await?;
    let begun = store::take_state(&mut tx, &hash, member.session).await?;
    let Some(begun) = begun else {
        return Ok(Landing::problem(HOME, "consent_expired"));
    };
    let key = ingestion.cell_key.fetch(&mut tx).await?;
    tx.commit().await?;
    let back = begun.return_path.as_str();
    let code = match (&callback.error, &callback.code) {
        (None, Some(code)) => code,
        (Some(error), _) if error == "access_denied" => {
            return Ok(Landing::problem(back, "consent_denied"));
        }
        (Some(_) | None, _) => return Ok(Landing::problem(back, "consent_failed")),
    };
    let owner = hex::encode(hash);
    let verifier = key.open(place(&owner), &begun.sealed_verifier)?;
    let verifier = std::str::from_utf8(&verifier).map_err(|_| envelope::Error::Sealed)?;
    let grant = match remote.exchange_code(code, verifier).await {
        Ok(grant) => grant,
        Err(error) => {
            tracing::info!(%error, "a consent came to nothing");
            let code = match &error {
                connector::Error::SignedOut(_) => "consent_expired",
                other => other.code(),
            };
            return Ok(Landing::problem(back, code));
        }
    };
    let consent = Consent {
        connector,
        wished: begun.connection_id.map(ConnectionId::from_uuid),
        grant: &grant,
    };
    let outcome = match keep(ingestion, member, consent).await {
        Ok(id) => Ok(id),
        Err(Error::NotFound) => Err("connection_removed"),
        Err(Error::AccountTaken) => Err("account_connected"),
        Err(Error::SeesNothing) => Err("account_sees_nothing"),
        Err(error) => return Err(error),
    };
    Ok(Landing {
        return_path: begun.return_path,
        outcome,
    })
}

/// The source is asked before the transaction begins: nothing waits for it while holding locks.
async fn keep(
    ingestion: &Ingestion,
    member: &Member,
    consent: Consent<'_>,
) -> Result<ConnectionId, Error> {
    let sight = renewal::look(ingestion, &member.scope, consent).await?;
    let mut tx = ingestion.db.begin(&member.scope).await?;
    let id = renewal::keep(ingestion, &mut tx, member.user, consent, sight.as_ref()).await?;
    tx.commit().await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    //! Where a person may be sent back to.

    use super::{Landing, is_return_path};

    #[test]
    fn only_paths_of_this_host_are_returned_to() {
        for path in ["/", "/connections", "/setup?step=2&x=%20"] {
            assert!(is_return_path(path), "{path}");
        }
        for path in [
            "",
            "connections",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "/a b",
            "/a\r\nx: y",
            "/#x",
        ] {
            assert!(!is_return_path(path), "{path}");
        }
        assert_eq!(
            Landing::problem("/setup?step=2", "x").location(),
            "/setup?step=2&problem=x"
        );
    }
}
