//! Tokens are refused for every reason they should be.

use serde::{Deserialize, Serialize};

use super::{
    InternalClaims, SigningKey, VerifyingKeys, internal_token, sign_hs256, verify_internal,
};
use crate::config::HexKey;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
}

fn claims(exp: i64) -> Claims {
    Claims {
        iss: "one".into(),
        aud: "two".into(),
        exp,
    }
}

#[test]
fn an_internal_token_serves_its_audience_and_key_only() {
    let token = internal_token("cell_x", "global-control", &[1; 32]);
    let read = verify_internal(&token, "global-control", &[1; 32]).unwrap();
    assert_eq!(read.iss, "cell_x");
    assert!(verify_internal(&token, "cell_y", &[1; 32]).is_err());
    assert!(verify_internal(&token, "global-control", &[2; 32]).is_err());
    assert!(verify_internal("", "global-control", &[1; 32]).is_err());
    assert_eq!(super::claimed_issuer(&token).as_deref(), Some("cell_x"));
    assert_eq!(super::claimed_issuer("x.y.z"), None);
}

#[test]
fn an_expired_internal_token_is_refused() {
    let old = InternalClaims {
        iss: "a".into(),
        aud: "b".into(),
        iat: 0,
        exp: 1,
    };
    assert!(verify_internal(&sign_hs256(&old, &[1; 32]), "b", &[1; 32]).is_err());
}

#[test]
fn an_internal_token_that_outlives_its_call_is_refused() {
    let now = super::now();
    for (iat, exp, passes) in [
        (now, now + 60, true),
        (now, now + 61, false),
        (now, now + 86_400, false),
        (now + 86_400, now + 86_430, false),
    ] {
        let claims = InternalClaims {
            iss: "a".into(),
            aud: "b".into(),
            iat,
            exp,
        };
        let token = sign_hs256(&claims, &[1; 32]);
        let verified = verify_internal(&token, "b", &[1; 32]);
        assert_eq!(verified.is_ok(), passes, "{claims:?}");
    }
}

#[test]
fn a_signed_token_is_bound_to_kind_key_and_audience() {
    let key = SigningKey::from_seed(&HexKey::new([3; 32]));
    let keys = VerifyingKeys::new(vec![key.public_key()]);
    let far = super::now() + 60;
    let token = key.sign_jwt("kind+jwt", &claims(far));
    assert_eq!(
        keys.verify_jwt::<Claims>("kind+jwt", &token, "two")
            .unwrap(),
        claims(far)
    );
    assert!(
        keys.verify_jwt::<Claims>("other+jwt", &token, "two")
            .is_err()
    );
    assert!(
        keys.verify_jwt::<Claims>("kind+jwt", &token, "three")
            .is_err()
    );
    let expired = key.sign_jwt("kind+jwt", &claims(super::now() - 60));
    assert!(
        keys.verify_jwt::<Claims>("kind+jwt", &expired, "two")
            .is_err()
    );
    let stranger = SigningKey::from_seed(&HexKey::new([4; 32]));
    let strangers = VerifyingKeys::new(vec![stranger.public_key()]);
    assert!(
        strangers
            .verify_jwt::<Claims>("kind+jwt", &token, "two")
            .is_err()
    );
    let both = VerifyingKeys::new(vec![stranger.public_key(), key.public_key()]);
    assert!(both.verify_jwt::<Claims>("kind+jwt", &token, "two").is_ok());
}

#[test]
fn a_public_key_used_as_hmac_secret_does_not_pass() {
    let key = SigningKey::from_seed(&HexKey::new([3; 32]));
    let public = key.public_key();
    let forged = sign_hs256(&claims(super::now() + 60), &public.0);
    let keys = VerifyingKeys::new(vec![public]);
    assert!(
        keys.verify_jwt::<Claims>(super::INTERNAL_TYP, &forged, "two")
            .is_err()
    );
}

#[test]
fn signed_bytes_are_exact() {
    let key = SigningKey::from_seed(&HexKey::new([3; 32]));
    let keys = VerifyingKeys::new(vec![key.public_key()]);
    let signature = key.sign_bytes(b"routes");
    assert!(keys.verify_bytes(b"routes", &signature).is_ok());
    assert!(keys.verify_bytes(b"Routes", &signature).is_err());
    assert!(keys.verify_bytes(b"routes", "zz").is_err());
}
