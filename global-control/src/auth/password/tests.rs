//! Weak passwords are named; hashes verify and differ.

use prometheus_client::metrics::histogram::Histogram;
use secrecy::SecretString;

use super::{COMMON, Hasher, MIN_CHARS, STAND_IN, Weak, check};
use crate::auth::person::Email;

fn verdict(password: &str) -> Result<(), Weak> {
    let email = Email::parse("ada.lovelace@example.com").unwrap();
    check(&SecretString::from(password), &email)
}

#[test]
fn weak_passwords_are_named() {
    for (password, weak) in [
        ("", Weak::TooShort),
        ("hunter2", Weak::TooShort),
        ("ééééééé", Weak::TooShort),
        ("password", Weak::Common),
        ("PassWord1", Weak::Common),
        ("12345678", Weak::Common),
        ("zzzzzzzzzzz", Weak::Common),
        ("Ada.Lovelace@example.com", Weak::Email),
        ("ada.lovelace", Weak::Email),
    ] {
        assert_eq!(verdict(password), Err(weak), "{password}");
    }
    assert_eq!(verdict(&"ab".repeat(65)), Err(Weak::TooLong));
    assert_eq!(verdict(&"ab".repeat(500_000)), Err(Weak::TooLong));
}

#[test]
fn long_and_plain_passwords_are_fine() {
    let long = "ab".repeat(64);
    for password in [
        "correct horse battery staple",
        "ünïcödé 密码 ok",
        &long,
        "kdjfhgie",
    ] {
        assert_eq!(verdict(password), Ok(()), "{password}");
    }
}

#[test]
fn the_list_of_common_passwords_is_usable() {
    assert!(COMMON.len() >= 190, "{}", COMMON.len());
    for word in COMMON.iter() {
        assert!(word.chars().count() >= MIN_CHARS, "{word}");
        assert_eq!(word.to_lowercase(), **word);
    }
}

#[tokio::test]
async fn a_hash_fits_its_password_only() {
    let hasher = Hasher::new(Histogram::new([1.0]));
    let password = || SecretString::from("correct horse");
    let one = hasher.hash(password()).await.unwrap();
    let other = hasher.hash(password()).await.unwrap();
    assert!(
        one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        one.as_str()
    );
    assert_ne!(one.as_str(), other.as_str());
    let stored = Some(one.as_str().to_owned());
    assert!(hasher.verify(password(), stored.clone()).await.unwrap());
    let wrong = SecretString::from("Correct horse");
    assert!(!hasher.verify(wrong, stored).await.unwrap());
    assert!(!hasher.verify(password(), None).await.unwrap());
    let stand_in = STAND_IN
        .rsplit_once('$')
        .unwrap()
        .0
        .rsplit_once('$')
        .unwrap()
        .0;
    assert!(
        one.as_str().starts_with(stand_in),
        "the stand-in costs as much"
    );
}
