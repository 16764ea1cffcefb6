//! The secrets of one cell: made once, kept in a file only its owner reads, given to the cell's
//! processes through their environment. The keys towards global-control and the router are not
//! here: they are derived from the platform's master keys.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use service_kit::keys;

use super::files;

const REMEDY: &str =
    "restore it from a backup: without it the data of this folder cannot be opened";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellSecrets {
    /// Passwords of the Postgres roles.
    pub superuser_password: Secret,
    pub owner_password: Secret,
    pub app_password: Secret,
    pub mover_password: Secret,
    pub redis_password: Secret,
    /// Signs the org context that row-level security checks.
    pub context_key: Secret,
    /// Wraps the data keys of the orgs.
    pub envelope_key: Secret,
}

/// 64 hex digits that never print.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    pub fn random() -> Self {
        Self(hex::encode(keys::random_32()).into())
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub fn bytes(&self) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(self.expose(), &mut bytes).ok()?;
        Some(bytes)
    }
}

/// Only into files of mode 0600; see `ensure`.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl CellSecrets {
    pub fn ensure(path: &Path) -> Result<Self, files::Error> {
        ensure(path, || Self {
            superuser_password: Secret::random(),
            owner_password: Secret::random(),
            app_password: Secret::random(),
            mover_password: Secret::random(),
            redis_password: Secret::random(),
            context_key: Secret::random(),
            envelope_key: Secret::random(),
        })
    }
}

/// Reads the secrets, or makes them when there are none yet.
pub fn ensure<T: Serialize + serde::de::DeserializeOwned>(
    path: &Path,
    make: impl FnOnce() -> T,
) -> Result<T, files::Error> {
    if let Some(found) = files::read_json(path, REMEDY)? {
        return Ok(found);
    }
    let fresh = make();
    files::write_json(path, &fresh, 0o600)?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    //! Secrets stay the same, stay private and don't print.

    use std::os::unix::fs::PermissionsExt as _;

    use super::CellSecrets;

    #[test]
    fn secrets_are_made_once_and_only_their_owner_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let made = CellSecrets::ensure(&path).unwrap();
        let read = CellSecrets::ensure(&path).unwrap();
        assert_eq!(made.context_key.expose(), read.context_key.expose());
        assert_ne!(made.context_key.expose(), made.envelope_key.expose());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!format!("{made:?}").contains(made.app_password.expose()));
    }
}
