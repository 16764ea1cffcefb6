//! Every spelling of one host is the same host; nonsense is refused.

use proptest::prelude::*;

use super::{Error, Host};

fn name(text: &str) -> String {
    match Host::parse(Some(text)) {
        Ok(Host::Name { name, .. }) => name,
        other => panic!("{text} gave {other:?}"),
    }
}

#[test]
fn case_port_and_trailing_dot_do_not_matter() {
    for text in [
        "acme.localhost",
        "ACME.LocalHost",
        "acme.localhost:8080",
        "acme.localhost.",
        "acme.localhost.:8080",
        "acme.localhost:",
    ] {
        assert_eq!(name(text), "acme.localhost");
    }
}

#[test]
fn the_port_is_kept_for_redirects() {
    let host = Host::parse(Some("localhost:8080")).unwrap();
    assert_eq!(
        host,
        Host::Name {
            name: "localhost".to_owned(),
            port: Some(8080)
        }
    );
}

#[test]
fn addresses_are_recognised() {
    for text in ["127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080"] {
        assert_eq!(Host::parse(Some(text)), Ok(Host::Ip), "{text}");
    }
}

#[test]
fn nonsense_is_refused() {
    assert_eq!(Host::parse(None), Err(Error::Missing));
    assert_eq!(Host::parse(Some("")), Err(Error::Missing));
    assert_eq!(Host::parse(Some(&"a".repeat(300))), Err(Error::TooLong));
    for text in [
        ".",
        "..",
        "a..b",
        ".a",
        "a.b..",
        "-a.b",
        "a-.b",
        "a b",
        " a",
        "a_b.c",
        "a:b",
        "a:70000",
        "a:1:2",
        "[::1",
        "[::1]x",
        "[zz]",
        "::1",
        "ä.localhost",
        "a/b",
        "a@b",
        "a%2eb",
        ":80",
    ] {
        assert_eq!(Host::parse(Some(text)), Err(Error::Malformed), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        drop(Host::parse(Some(&text)));
    }

    #[test]
    fn spellings_agree(label in "[a-z0-9]{1,20}", domain in "[a-z]{2,10}", port in any::<u16>()) {
        let plain = name(&format!("{label}.{domain}"));
        let odd = name(&format!("{}.{domain}.:{port}", label.to_uppercase()));
        prop_assert_eq!(plain, odd);
    }
}
