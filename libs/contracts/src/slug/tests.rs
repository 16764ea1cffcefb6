//! What may be an org's host, and what looks like another's.

use proptest::prelude::{prop_assert, proptest};

use super::{Slug, SlugError};

#[test]
fn readable_labels_are_accepted() {
    for text in ["acme", "acme-media", "a1b", "7up", "north-2-south", "demo"] {
        assert!(text.parse::<Slug>().is_ok(), "{text}");
    }
}

#[test]
fn each_rule_is_named_when_broken() {
    for (text, error) in [
        ("ab", SlugError::TooShort),
        ("", SlugError::TooShort),
        (
            "a23456789012345678901234567890123456789012",
            SlugError::TooLong,
        ),
        ("Acme", SlugError::Character),
        ("acme.media", SlugError::Character),
        ("аcme", SlugError::Character),
        ("-acme", SlugError::Hyphen),
        ("acme-", SlugError::Hyphen),
        ("xn--acme", SlugError::Hyphen),
        ("12345", SlugError::OnlyDigits),
        ("admin", SlugError::Reserved),
        ("adm1n", SlugError::Reserved),
        ("a-p-p", SlugError::Reserved),
    ] {
        assert_eq!(text.parse::<Slug>(), Err(error), "{text}");
    }
}

#[test]
fn look_alikes_share_a_skeleton() {
    let skeleton = |text: &str| text.parse::<Slug>().unwrap().skeleton();
    for (one, other) in [
        ("acme-media", "acmemedia"),
        ("oslo", "0slo"),
        ("million", "mi11ion"),
        ("modern", "modem"),
        ("wave", "vvave"),
    ] {
        assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
    }
    assert_ne!(skeleton("acme"), skeleton("acne"));
}

#[test]
fn a_suggestion_comes_close_to_the_name() {
    let suggest = |text: &str| Slug::suggest(text).map(|slug| slug.to_string());
    assert_eq!(suggest("Acme Média GmbH"), Some("acme-media-gmbh".into()));
    assert_eq!(suggest("  Straße & Söhne!! "), Some("strasse-sohne".into()));
    assert_eq!(suggest("北京"), None);
    assert_eq!(suggest("Admin"), None);
}

proptest! {
    #[test]
    fn whatever_is_suggested_is_valid(text in ".{0,80}") {
        if let Some(slug) = Slug::suggest(&text) {
            prop_assert!(slug.as_str().parse::<Slug>().is_ok());
        }
    }
}
