//! Signed tokens: HS256 between services that share a derived key, EdDSA where many verify.
//!
//! The algorithm is fixed by the caller, never taken from the token; `typ` separates kinds, so a
//! token of one kind never passes for another. `ring` does the cryptography.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{self, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::{HexKey, PublicKey};

mod provider;

pub(crate) use provider::install as install_provider;

/// `typ` of the tokens in internal calls.
pub const INTERNAL_TYP: &str = "cellplane-internal+jwt";
/// Internal tokens are made per call and die quickly.
pub const INTERNAL_LIFETIME_SECONDS: i64 = 60;
/// How far the clocks of two services may differ.
const LEEWAY_SECONDS: i64 = 5;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the token is not valid")]
    Invalid(#[source] jsonwebtoken::errors::Error),
    #[error("the token is of another kind")]
    Kind,
    #[error("the signature is not valid")]
    Signature,
    #[error("the token lives longer than any should")]
    Lifetime,
}

/// Who calls whom in an internal call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalClaims {
    pub iss: String,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
}

/// A fresh bearer token for one internal call.
pub fn internal_token(issuer: &str, audience: &str, key: &[u8; 32]) -> String {
    let iat = now();
    let claims = InternalClaims {
        iss: issuer.to_owned(),
        aud: audience.to_owned(),
        iat,
        exp: iat + INTERNAL_LIFETIME_SECONDS,
    };
    sign_hs256(&claims, key)
}

/// Who made the token, unverified: only to look up the key to verify it with.
pub fn claimed_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Issuer>(token)
        .ok()
        .map(|claims| claims.iss)
}

/// Also refuses a token that was made to be kept: whoever finds it in a log has a minute.
pub fn verify_internal(
    token: &str,
    audience: &str,
    key: &[u8; 32],
) -> Result<InternalClaims, Error> {
    install_provider();
    let key = DecodingKey::from_secret(key);
    let claims: InternalClaims =
        verify(token, INTERNAL_TYP, Some(audience), Algorithm::HS256, &key)?;
    let latest = now().saturating_add(INTERNAL_LIFETIME_SECONDS + LEEWAY_SECONDS);
    let lifetime = claims.exp.saturating_sub(claims.iat);
    if lifetime <= INTERNAL_LIFETIME_SECONDS && claims.exp <= latest {
        Ok(claims)
    } else {
        Err(Error::Lifetime)
    }
}

pub fn sign_hs256<C: Serialize>(claims: &C, key: &[u8; 32]) -> String {
    install_provider();
    let header = header(Algorithm::HS256, INTERNAL_TYP);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(key))
        .expect("claims are plain JSON and HMAC cannot fail")
}

/// An Ed25519 key that signs; made from a 32-byte seed.
pub struct SigningKey {
    seed: HexKey,
    pair: Ed25519KeyPair,
}

impl SigningKey {
    pub fn from_seed(seed: &HexKey) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.bytes())
            .expect("every 32-byte seed makes a key pair");
        Self {
            seed: seed.clone(),
            pair,
        }
    }

    pub fn public_key(&self) -> PublicKey {
        let bytes = self.pair.public_key().as_ref();
        PublicKey(
            bytes
                .try_into()
                .expect("an Ed25519 public key has 32 bytes"),
        )
    }

    /// Lower-case hex of the signature over the exact bytes.
    pub fn sign_bytes(&self, bytes: &[u8]) -> String {
        hex::encode(self.pair.sign(bytes))
    }

    pub fn sign_jwt<C: Serialize>(&self, typ: &str, claims: &C) -> String {
        install_provider();
        let key = EncodingKey::from_ed_der(self.seed.bytes());
        jsonwebtoken::encode(&header(Algorithm::EdDSA, typ), claims, &key)
            .expect("claims are plain JSON and the key is an Ed25519 seed")
    }
}

/// The public keys that are trusted now; several while one is rotated.
#[derive(Debug, Clone)]
pub struct VerifyingKeys(Vec<PublicKey>);

impl VerifyingKeys {
    pub const fn new(keys: Vec<PublicKey>) -> Self {
        Self(keys)
    }

    pub fn verify_bytes(&self, bytes: &[u8], signature_hex: &str) -> Result<(), Error> {
        let signature = hex::decode(signature_hex).map_err(|_| Error::Signature)?;
        self.0
            .iter()
            .any(|key| {
                UnparsedPublicKey::new(&signature::ED25519, key.0)
                    .verify(bytes, &signature)
                    .is_ok()
            })
            .then_some(())
            .ok_or(Error::Signature)
    }

    /// Verifies kind, signature, expiry and audience.
    pub fn verify_jwt<C: DeserializeOwned>(
        &self,
        typ: &str,
        token: &str,
        audience: &str,
    ) -> Result<C, Error> {
        install_provider();
        let mut last = Error::Signature;
        for key in &self.0 {
            let key = DecodingKey::from_ed_der(&key.0);
            match verify(token, typ, Some(audience), Algorithm::EdDSA, &key) {
                Ok(claims) => return Ok(claims),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

fn header(algorithm: Algorithm, typ: &str) -> Header {
    let mut header = Header::new(algorithm);
    header.typ = Some(typ.to_owned());
    header
}

fn verify<C: DeserializeOwned>(
    token: &str,
    typ: &str,
    audience: Option<&str>,
    algorithm: Algorithm,
    key: &DecodingKey,
) -> Result<C, Error> {
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECONDS.unsigned_abs();
    validation.set_required_spec_claims(&["exp", "aud", "iss"]);
    if let Some(audience) = audience {
        validation.set_audience(&[audience]);
    }
    let verified = jsonwebtoken::decode::<C>(token, key, &validation).map_err(Error::Invalid)?;
    if verified.header.typ.as_deref() == Some(typ) {
        Ok(verified.claims)
    } else {
        Err(Error::Kind)
    }
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

#[cfg(test)]
mod tests;
