//! Settings are read strictly and secrets stay hidden.

use serde::{Deserialize, Serialize};

use super::{CommaList, HexKey, PublicUrls, Telemetry, load_from, print};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    listen: CommaList<std::net::SocketAddr>,
    key: HexKey,
    #[serde(default)]
    telemetry: Telemetry,
    #[serde(default = "one")]
    threads: usize,
}

fn one() -> usize {
    1
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

#[test]
fn nested_names_and_lists_are_read() {
    let config: Sample = load_from(
        "SAMPLE",
        pairs(&[
            ("SAMPLE_LISTEN", "127.0.0.1:80, [::1]:80"),
            ("SAMPLE_KEY", KEY),
            ("SAMPLE_TELEMETRY__LOG_FILTER", "debug"),
            ("SAMPLE_THREADS", "3"),
            ("SAMPLER_IGNORED", "x"),
        ]),
    )
    .unwrap();
    assert_eq!(config.listen.0.len(), 2);
    assert_eq!(config.telemetry.log_filter, "debug");
    assert_eq!(config.threads, 3);
    let shown = print(&config).unwrap();
    assert!(
        shown.contains("[hidden]") && !shown.contains("0001020304"),
        "{shown}"
    );
    assert_eq!(format!("{:?}", config.key), "[hidden]");
}

#[test]
fn an_unknown_name_is_an_error_that_names_it() {
    let error = load_from::<Sample, _>(
        "SAMPLE",
        pairs(&[
            ("SAMPLE_LISTEN", "127.0.0.1:80"),
            ("SAMPLE_KEY", KEY),
            ("SAMPLE_LISTNE", "x"),
        ]),
    )
    .unwrap_err();
    assert!(error.to_string().contains("listne"), "{error}");
}

#[test]
fn a_bad_key_is_an_error_that_does_not_repeat_it() {
    let error = load_from::<Sample, _>(
        "SAMPLE",
        pairs(&[("SAMPLE_LISTEN", "127.0.0.1:80"), ("SAMPLE_KEY", "c0ffee")]),
    )
    .unwrap_err();
    assert!(error.to_string().contains("64 hex digits"), "{error}");
    assert!(!error.to_string().contains("c0ffee"), "{error}");
}

#[test]
fn public_urls_take_one_host_label() {
    let urls: PublicUrls = "http://{host}.localhost:8080".parse().unwrap();
    assert_eq!(urls.app(), "http://app.localhost:8080");
    assert!(!urls.secure());
    for text in [
        "http://localhost",
        "https://{host}.x/",
        "ftp://{host}.x",
        "{host}.x",
        "",
    ] {
        assert!(text.parse::<PublicUrls>().is_err(), "{text}");
    }
}
