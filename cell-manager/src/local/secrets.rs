//! The platform's own secrets: made once per data directory, in a file only its owner reads.

use std::path::Path;

use contracts::RouterId;
use serde::{Deserialize, Serialize};
use service_kit::config::HexKey;
use service_kit::keys;
use service_kit::tokens::SigningKey;

use crate::driver::process::files;
use crate::driver::process::secrets::{self, Secret};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlatformSecrets {
    /// Derives every internal caller's key.
    pub(super) control_master_key: Secret,
    /// Derives the key that routers sign with, per receiver.
    pub(super) edge_master_key: Secret,
    /// Seed of global-control's Ed25519 key.
    pub(super) signing_key: Secret,
    pub(super) superuser_password: Secret,
    pub(super) global_password: Secret,
    pub(super) dv360_client_secret: Secret,
    pub(super) router_id: RouterId,
    pub(super) demo_password: Secret,
}

impl PlatformSecrets {
    pub(super) fn ensure(path: &Path) -> Result<Self, files::Error> {
        secrets::ensure(path, || Self {
            control_master_key: Secret::random(),
            edge_master_key: Secret::random(),
            signing_key: Secret::random(),
            superuser_password: Secret::random(),
            global_password: Secret::random(),
            dv360_client_secret: Secret::random(),
            router_id: RouterId::new(),
            demo_password: Secret::random(),
        })
    }

    /// Hex of the key that `purpose` and `subject` get of this master.
    pub(super) fn derive(master: &Secret, purpose: &str, subject: &str) -> String {
        hex::encode(keys::derive(&bytes(master), purpose, subject))
    }

    pub(super) fn control_master(&self) -> [u8; 32] {
        bytes(&self.control_master_key)
    }

    /// Hex of the key that verifies what global-control signs.
    pub(super) fn public_key(&self) -> String {
        let seed = HexKey::new(bytes(&self.signing_key));
        hex::encode(SigningKey::from_seed(&seed).public_key().0)
    }

    /// Short enough to type.
    pub(super) fn demo_password(&self) -> &str {
        &self.demo_password.expose()[..20]
    }
}

fn bytes(secret: &Secret) -> [u8; 32] {
    secret.bytes().expect("our own secrets are 64 hex digits")
}
