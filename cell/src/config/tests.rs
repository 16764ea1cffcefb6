//! The settings parse from plain pairs, and secrets never show.

use super::Config;

pub(crate) fn pairs() -> Vec<(String, String)> {
    let key = |byte: u8| hex::encode([byte; 32]);
    [
        (
            "CELL_CELL_ID",
            "cell_0192f3a4b5c67d8e9fa0b1c2d3e4f506".to_owned(),
        ),
        ("CELL_NAME", "a".into()),
        (
            "CELL_DATABASE_URL",
            "postgres://cell_app:pass1@127.0.0.1:1/cell".into(),
        ),
        ("CELL_REDIS_URL", "redis://cell:pass2@127.0.0.1:1/".into()),
        ("CELL_BRONZE_URL", "file:///tmp/bronze".into()),
        ("CELL_GLOBAL_CONTROL_URL", "http://127.0.0.1:1".into()),
        ("CELL_CONTROL_KEY", key(1)),
        ("CELL_EDGE_KEY", key(2)),
        ("CELL_CONTEXT_KEY", key(3)),
        ("CELL_ENVELOPE_KEY", key(4)),
        ("CELL_GLOBAL_PUBLIC_KEYS", key(5)),
        (
            "CELL_PUBLIC_URL_TEMPLATE",
            "http://{host}.localhost:8080".into(),
        ),
        (
            "CELL_DV360__AUTHORIZE_URL",
            "http://127.0.0.1:1/o/auth".into(),
        ),
        ("CELL_DV360__TOKEN_URL", "http://127.0.0.1:1/token".into()),
        ("CELL_DV360__REVOKE_URL", "http://127.0.0.1:1/revoke".into()),
        (
            "CELL_DV360__BID_MANAGER_URL",
            "http://127.0.0.1:1/v2/".into(),
        ),
        (
            "CELL_DV360__DISPLAY_VIDEO_URL",
            "http://127.0.0.1:1/".into(),
        ),
        ("CELL_DV360__CLIENT_ID", "client".into()),
        ("CELL_DV360__CLIENT_SECRET", "pass3".into()),
        ("CELL_DV360__DOWNLOAD_HOSTS", "127.0.0.1:1".into()),
        (
            "CELL_DV360__REDIRECT_URL",
            "http://app.localhost:8080/oauth/dv360/callback".into(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

#[test]
fn settings_parse_and_secrets_stay_hidden() {
    let config: Config = service_kit::config::load_from("CELL", pairs()).unwrap();
    assert_eq!(config.worker_threads, 2);
    let text = service_kit::config::print(&config).unwrap();
    for secret in ["pass1", "pass2", "pass3", "0101", "0202", "0303", "0404"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn an_unknown_variable_is_refused() {
    let mut pairs = pairs();
    pairs.push(("CELL_DATABSE_URL".into(), "x".into()));
    let error = service_kit::config::load_from::<Config, _>("CELL", pairs).unwrap_err();
    assert!(error.to_string().contains("databse_url"), "{error}");
}

#[test]
fn nested_settings_are_numbers_from_text() {
    let mut pairs = pairs();
    pairs.push(("CELL_WORK__LEASE_MS".into(), "500".into()));
    let config: Config = service_kit::config::load_from("CELL", pairs).unwrap();
    assert_eq!(config.work.lease_ms, 500);
}
