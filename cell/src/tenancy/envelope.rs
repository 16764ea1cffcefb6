//! Secrets of an org are sealed with the org's data key, which is itself sealed with the cell's key.
//!
//! AES-256-GCM with a random nonce in front. The associated text names where a value belongs
//! (`org|owner|field|version`), so a ciphertext that was copied elsewhere does not open.

use contracts::{CellId, OrgId};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use service_kit::config::HexKey;
use service_kit::keys::random_32;
use zeroize::Zeroizing;

use super::OrgTx;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the sealed value does not open: wrong key, wrong place or tampered with")]
    Sealed,
    #[error("the org has no data key")]
    NoDataKey,
    #[error("the database refused or failed")]
    Database(#[from] sqlx::Error),
}

/// Where a sealed value belongs. Part of what is authenticated.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The row that holds it, such as a connection's id.
    pub owner: &'a str,
    pub field: &'a str,
    /// Raised by the owner at each change, so that an old value cannot be put back.
    pub version: i64,
}

/// The cell's key-encryption key.
#[derive(Clone)]
pub struct CellKey {
    cell: CellId,
    key: HexKey,
}

/// An org's data key, in the clear; wiped when dropped.
pub struct DataKey {
    org: OrgId,
    bytes: Zeroizing<[u8; 32]>,
}

impl CellKey {
    pub const fn new(cell: CellId, key: HexKey) -> Self {
        Self { cell, key }
    }

    /// A fresh data key, wrapped.
    pub fn new_data_key(&self, org: OrgId, version: i32) -> Vec<u8> {
        let key = Zeroizing::new(random_32());
        seal(self.key.bytes(), &self.wrapping(org, version), &*key)
    }

    pub fn unwrap(&self, org: OrgId, version: i32, wrapped: &[u8]) -> Result<DataKey, Error> {
        let opened = open(self.key.bytes(), &self.wrapping(org, version), wrapped)?;
        let bytes = opened.as_slice().try_into().map_err(|_| Error::Sealed)?;
        Ok(DataKey {
            org,
            bytes: Zeroizing::new(bytes),
        })
    }

    /// The org's newest data key.
    pub async fn fetch(&self, tx: &mut OrgTx) -> Result<DataKey, Error> {
        let org = tx.org();
        let row = sqlx::query!(
            r#"
            select version, wrapped_key
              from tenant.data_keys
             where org_id = $1
             order by version desc
             limit 1
            "#,
            org.as_uuid(),
        )
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NoDataKey)?;
        self.unwrap(org, row.version, &row.wrapped_key)
    }

    fn wrapping(&self, org: OrgId, version: i32) -> String {
        format!("data-key|{org}|{}|{version}", self.cell)
    }
}

impl DataKey {
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        seal(&self.bytes, &self.associated(place), plain)
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        open(&self.bytes, &self.associated(place), sealed)
    }

    fn associated(&self, place: Place<'_>) -> String {
        let Place {
            owner,
            field,
            version,
        } = place;
        format!("{}|{owner}|{field}|{version}", self.org)
    }
}

fn seal(key: &[u8; 32], associated: &str, plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random_32()[..NONCE_LEN]
        .try_into()
        .expect("a nonce is shorter than 32 bytes");
    let mut body = plain.to_vec();
    aead(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated.as_bytes()),
            &mut body,
        )
        .expect("far below the length AES-GCM can seal");
    let mut sealed = nonce.to_vec();
    sealed.append(&mut body);
    sealed
}

fn open(key: &[u8; 32], associated: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(Error::Sealed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Sealed)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = aead(key)
        .open_in_place(nonce, Aad::from(associated.as_bytes()), &mut body)
        .map_err(|_| Error::Sealed)?
        .len();
    body.truncate(length);
    Ok(body)
}

fn aead(key: &[u8; 32]) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, key).expect("AES-256 keys have 32 bytes");
    LessSafeKey::new(key)
}

#[cfg(test)]
mod tests;
