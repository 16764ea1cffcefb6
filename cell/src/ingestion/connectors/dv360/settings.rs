//! Where Google is and who we are to it. Other addresses (a simulator) are configuration only.

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};
use service_kit::config::CommaList;
use url::Url;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub authorize_url: Url,
    pub token_url: Url,
    pub revoke_url: Url,
    pub bid_manager_url: Url,
    pub display_video_url: Url,
    pub client_id: String,
    #[serde(serialize_with = "hidden")]
    pub client_secret: SecretString,
    /// Hosts (`host` or `host:port`) reports may be downloaded from; plain http only on loopback.
    pub download_hosts: CommaList<String>,
    /// Ours, as registered with the source.
    pub redirect_url: Url,
}

fn hidden<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("[hidden]")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a default address is a URL")
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            authorize_url: url("https://accounts.google.com/o/oauth2/v2/auth"),
            token_url: url("https://oauth2.googleapis.com/token"),
            revoke_url: url("https://oauth2.googleapis.com/revoke"),
            bid_manager_url: url("https://doubleclickbidmanager.googleapis.com/v2/"),
            display_video_url: url("https://displayvideo.googleapis.com/"),
            client_id: String::new(),
            client_secret: SecretString::from(""),
            download_hosts: CommaList(vec!["storage.googleapis.com".to_owned()]),
            redirect_url: url("http://app.localhost:8080/oauth/dv360/callback"),
        }
    }
}
