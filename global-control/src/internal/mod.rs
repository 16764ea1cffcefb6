//! Who may call the internal listener: cells, routers and the operator, each with its own key.

use contracts::{CellId, RouterId};
use service_kit::{keys, tokens};

pub mod http;

/// Our name in internal calls.
pub const AUDIENCE: &str = "global-control";
const OPERATOR: &str = "operator";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    Operator,
    Cell(CellId),
    Router(RouterId),
}

/// The caller named by a token that the caller's own key has signed for us.
pub fn identify(master: &[u8; 32], token: &str) -> Option<Identity> {
    let issuer = tokens::claimed_issuer(token)?;
    let identity = if issuer == OPERATOR {
        Identity::Operator
    } else if let Ok(cell) = issuer.parse() {
        Identity::Cell(cell)
    } else {
        Identity::Router(issuer.parse().ok()?)
    };
    let key = keys::derive(master, keys::CONTROL, &issuer);
    tokens::verify_internal(token, AUDIENCE, &key).ok()?;
    Some(identity)
}

#[cfg(test)]
mod tests {
    //! Only the right key, audience and lifetime are believed.

    use contracts::{CellId, RouterId};
    use service_kit::keys::derive;
    use service_kit::tokens::{InternalClaims, internal_token, sign_hs256};

    use super::{AUDIENCE, Identity, identify};

    const MASTER: [u8; 32] = [3; 32];

    fn token(issuer: &str, audience: &str, key_of: &str) -> String {
        internal_token(issuer, audience, &derive(&MASTER, "control", key_of))
    }

    #[test]
    fn each_caller_is_known_by_its_own_key() {
        let cell = CellId::new();
        let router = RouterId::new();
        let known = |issuer: &str| identify(&MASTER, &token(issuer, AUDIENCE, issuer));
        assert_eq!(known("operator"), Some(Identity::Operator));
        assert_eq!(known(&cell.to_string()), Some(Identity::Cell(cell)));
        assert_eq!(known(&router.to_string()), Some(Identity::Router(router)));
        assert_eq!(known("somebody"), None);
    }

    #[test]
    fn another_key_audience_or_a_long_life_is_refused() {
        let cell = CellId::new().to_string();
        assert_eq!(identify(&MASTER, &token("operator", AUDIENCE, &cell)), None);
        assert_eq!(identify(&MASTER, &token(&cell, &cell, &cell)), None);
        assert_eq!(identify(&[4; 32], &token(&cell, AUDIENCE, &cell)), None);
        let iat = chrono::Utc::now().timestamp();
        let claims = InternalClaims {
            iss: cell.clone(),
            aud: AUDIENCE.into(),
            iat,
            exp: iat + 86_400,
        };
        let key = derive(&MASTER, "control", &cell);
        assert_eq!(identify(&MASTER, &sign_hs256(&claims, &key)), None);
        assert_eq!(identify(&MASTER, "a.b.c"), None);
    }
}
