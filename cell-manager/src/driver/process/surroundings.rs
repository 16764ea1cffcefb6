//! What a cell is told about the world around it: the same for every cell but for its own keys.

use std::net::SocketAddr;
use std::path::PathBuf;

use contracts::CellId;
use service_kit::keys;

use super::secrets::Secret;

#[derive(Debug, Clone)]
pub struct Surroundings {
    /// global-control's internal listener.
    pub global_control: SocketAddr,
    /// `http://{host}.localhost:8080`
    pub public_url_template: String,
    /// Ed25519 keys of global-control, hex.
    pub global_public_keys: Vec<String>,
    pub control_master_key: Secret,
    pub edge_master_key: Secret,
    pub dv360: Dv360,
    pub ui_dir: Option<PathBuf>,
    /// `json` or `compact`.
    pub log_format: String,
}

/// Where DV360 is, and as which client we come.
#[derive(Debug, Clone)]
pub struct Dv360 {
    pub base: SocketAddr,
    pub client_id: String,
    pub client_secret: Secret,
    pub redirect_url: String,
}

impl Surroundings {
    /// Environment of every subcommand of `cell`, without what belongs to one cell alone.
    pub fn environment(&self, cell: CellId) -> Vec<(String, String)> {
        let subject = cell.to_string();
        let derive = |master: &Secret, purpose| {
            let master = master.bytes().expect("our own secrets are 64 hex digits");
            hex::encode(keys::derive(&master, purpose, &subject))
        };
        let dv360 = &self.dv360;
        let base = dv360.base;
        let mut pairs: Vec<(String, String)> = [
            (
                "CELL_GLOBAL_CONTROL_URL",
                format!("http://{}", self.global_control),
            ),
            ("CELL_PUBLIC_URL_TEMPLATE", self.public_url_template.clone()),
            ("CELL_GLOBAL_PUBLIC_KEYS", self.global_public_keys.join(",")),
            (
                "CELL_CONTROL_KEY",
                derive(&self.control_master_key, keys::CONTROL),
            ),
            ("CELL_EDGE_KEY", derive(&self.edge_master_key, keys::EDGE)),
            ("CELL_TELEMETRY__LOG_FORMAT", self.log_format.clone()),
            (
                "CELL_DV360__AUTHORIZE_URL",
                format!("http://{base}/o/oauth2/v2/auth"),
            ),
            ("CELL_DV360__TOKEN_URL", format!("http://{base}/token")),
            ("CELL_DV360__REVOKE_URL", format!("http://{base}/revoke")),
            ("CELL_DV360__BID_MANAGER_URL", format!("http://{base}/v2/")),
            ("CELL_DV360__DISPLAY_VIDEO_URL", format!("http://{base}/")),
            ("CELL_DV360__CLIENT_ID", dv360.client_id.clone()),
            (
                "CELL_DV360__CLIENT_SECRET",
                dv360.client_secret.expose().to_owned(),
            ),
            ("CELL_DV360__DOWNLOAD_HOSTS", base.to_string()),
            ("CELL_DV360__REDIRECT_URL", dv360.redirect_url.clone()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if let Some(folder) = &self.ui_dir {
            let folder = folder.to_string_lossy().into_owned();
            pairs.push(("CELL_UI_DIR".to_owned(), folder));
        }
        pairs
    }
}
