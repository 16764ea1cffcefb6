//! What the environment may say.

use super::SimulatorConfig;

fn load(pairs: &[(&str, &str)]) -> Result<SimulatorConfig, String> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    service_kit::config::load_from("SIMULATOR", pairs).map_err(|error| error.to_string())
}

#[test]
fn every_kind_of_setting_is_read_from_text() {
    let config = load(&[
        ("SIMULATOR_LISTEN", "127.0.0.1:9"),
        ("SIMULATOR_TODAY", "2026-07-20"),
        ("SIMULATOR_LINE_ITEMS", "12"),
        ("SIMULATOR_AUTO_CONSENT", "true"),
        ("SIMULATOR_CLIENT_SECRET", "hush"),
        ("SIMULATOR_QUOTAS__REPORTS_PER_SECOND", "50"),
        ("SIMULATOR_TELEMETRY__LOG_FORMAT", "compact"),
    ])
    .unwrap();
    assert_eq!(config.listen.port(), 9);
    assert_eq!(config.today.unwrap().to_string(), "2026-07-20");
    assert_eq!(config.line_items, Some(12));
    assert!(config.auto_consent);
    assert_eq!(config.quotas.reports_per_second, 50);
    assert_eq!(config.quotas.reports_per_day, 2_000);
    let shown = service_kit::config::print(&config).unwrap();
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn an_unknown_setting_is_an_error() {
    let refused = load(&[("SIMULATOR_WEATHER", "bad")]).unwrap_err();
    assert!(refused.contains("weather"), "{refused}");
}
