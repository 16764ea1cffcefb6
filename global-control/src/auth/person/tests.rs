//! Which addresses and names are taken, and how they are written down.

use super::{Email, NameError, PersonName};

#[test]
fn addresses_are_normalised() {
    for (typed, stored) in [
        ("ada@example.com", "ada@example.com"),
        (
            " Ada.Lovelace+dv@Example.COM ",
            "ada.lovelace+dv@example.com",
        ),
        ("o'neil@sub.example.co.uk", "o'neil@sub.example.co.uk"),
        ("x@xn--mnchen-3ya.de", "x@xn--mnchen-3ya.de"),
    ] {
        assert_eq!(Email::parse(typed).unwrap().as_str(), stored);
    }
}

#[test]
fn what_cannot_be_an_address_is_refused() {
    let long = format!("{}@example.com", "a".repeat(65));
    let longer = format!("a@{}.com", "b.".repeat(130));
    for typed in [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@localhost",
        "ada@@example.com",
        "a b@example.com",
        "ada.@example.com",
        ".ada@example.com",
        "a..b@example.com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exa_mple.com",
        "ada@127.0.0.1",
        "ada@example..com",
        "ada@example.com\r\nbcc: x@example.com",
        "ada\0@example.com",
        "аda@example.com",
        "<ada@example.com>",
        &long,
        &longer,
    ] {
        assert!(Email::parse(typed).is_err(), "{typed:?}");
    }
}

#[test]
fn names_are_collapsed_and_limited() {
    let name = |text: &str| PersonName::parse(text).map(|name| name.as_str().to_owned());
    assert_eq!(name("  Zoë\t O’Connor \n"), Ok("Zoë O’Connor".into()));
    assert_eq!(name("李小龙"), Ok("李小龙".into()));
    assert_eq!(name(" \u{a0} "), Err(NameError::Empty));
    assert_eq!(name(&"é".repeat(80)).map(|name| name.len()), Ok(160));
    assert_eq!(name(&"é".repeat(81)), Err(NameError::TooLong));
    assert_eq!(name(&" ".repeat(1_000_000)), Err(NameError::TooLong));
    for text in [
        "a\0b",
        "a\u{202e}b",
        "\u{200b}",
        "a\u{7}",
        "a\u{61c}b",
        "\u{3164}",
        "\u{2800}",
    ] {
        assert_eq!(name(text), Err(NameError::Invisible), "{text:?}");
    }
}
