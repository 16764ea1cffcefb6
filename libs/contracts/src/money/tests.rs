//! Decimals become micros exactly or not at all.

use proptest::prelude::{prop_assert_eq, proptest};

use super::{Currency, Micros, MicrosError};

#[test]
fn decimals_are_read_exactly() {
    for (text, micros) in [
        ("0", 0),
        ("0.020020", 20_020),
        ("1234.5", 1_234_500_000),
        ("-0.000001", -1),
        ("9223372036854.775807", i64::MAX),
    ] {
        assert_eq!(Micros::from_decimal(text), Ok(Micros(micros)), "{text}");
    }
}

#[test]
fn anything_else_is_refused() {
    for text in [
        "",
        "-",
        ".5",
        "1e6",
        "1,234",
        "0.1234567",
        "+1",
        "--1",
        "1.2.3",
        "٣",
    ] {
        assert_eq!(
            Micros::from_decimal(text),
            Err(MicrosError::Shape),
            "{text}"
        );
    }
    assert_eq!(
        Micros::from_decimal("9223372036854.775808"),
        Err(MicrosError::Range)
    );
}

#[test]
fn a_currency_is_three_capitals() {
    assert_eq!("EUR".parse::<Currency>().unwrap().to_string(), "EUR");
    for text in ["eur", "EURO", "", "E1R"] {
        assert!(text.parse::<Currency>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn printing_and_reading_agree(micros in 0_i64..i64::MAX) {
        let text = format!("{}.{:06}", micros / Micros::PER_UNIT, micros % Micros::PER_UNIT);
        prop_assert_eq!(Micros::from_decimal(&text), Ok(Micros(micros)));
    }
}
