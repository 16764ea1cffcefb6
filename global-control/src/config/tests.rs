//! Settings load over defaults, refuse unknown names and never print a secret.

use service_kit::config::{load_from, print};

use super::Config;

const REQUIRED: [(&str, &str); 5] = [
    ("DATABASE_URL", "postgres://global:hunter2@127.0.0.1/global"),
    ("PUBLIC_URL_TEMPLATE", "http://{host}.localhost:8080"),
    (
        "CONTROL_MASTER_KEY",
        "0707070707070707070707070707070707070707070707070707070707070707",
    ),
    (
        "EDGE_KEY",
        "0808080808080808080808080808080808080808080808080808080808080808",
    ),
    (
        "SIGNING_KEY",
        "0909090909090909090909090909090909090909090909090909090909090909",
    ),
];

fn load(more: &[(&str, &str)]) -> Result<Config, service_kit::config::Error> {
    let pairs = REQUIRED.iter().chain(more);
    load_from(
        "GLOBAL",
        pairs.map(|(name, value)| (format!("GLOBAL_{name}"), (*value).to_owned())),
    )
}

#[test]
fn the_required_settings_are_enough() {
    let config = load(&[("LIMITS__LOGIN_PER_ACCOUNT", "3")]).unwrap();
    assert_eq!(config.worker_threads, 2);
    assert_eq!(config.limits.login_per_account, 3);
    assert_eq!(config.public_listen.port(), 7_000);
}

#[test]
fn an_unknown_name_is_refused() {
    assert!(load(&[("DATABSE_URL", "x")]).is_err());
    assert!(load(&[("SESSIONS__IDLE", "1")]).is_err());
}

#[test]
fn printing_hides_every_secret() {
    let text = print(&load(&[]).unwrap()).unwrap();
    for secret in ["hunter2", "0707", "0808", "0909"] {
        assert!(!text.contains(secret), "{text}");
    }
}
