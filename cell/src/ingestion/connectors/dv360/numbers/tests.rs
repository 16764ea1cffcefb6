//! Every spelling a report has been seen to use, and what only looks like one.

use super::{parse_date, parse_micros, whole};

#[test]
fn numbers_are_exact() {
    let micros = |text| parse_micros(text).unwrap().unwrap();
    assert_eq!(micros("0.020020"), 20_020);
    assert_eq!(micros("-12"), -12_000_000);
    assert_eq!(micros("1,234,567.5"), 1_234_567_500_000);
    assert_eq!(micros("9223372036854.775807"), i64::MAX);
    assert_eq!(whole(micros("1.00")), Ok(1));
    assert!(whole(micros("1.50")).is_err());
    for missing in ["", "-", "Unknown"] {
        assert_eq!(parse_micros(missing), None);
    }
}

#[test]
fn what_only_looks_like_a_number_is_refused() {
    for text in [
        "1.",
        ".5",
        "1e3",
        "1.0000001",
        "12,34",
        "1,2345",
        "1234,567",
        ",123",
        "1,23",
        "< 1000",
        "+1",
        "--1",
        "1 000",
        "NaN",
        "9223372036854.775808",
        "1.2,3",
        "0x1",
        "١",
    ] {
        assert!(parse_micros(text).unwrap().is_err(), "{text}");
    }
}

#[test]
fn dates_have_two_spellings() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 2, 28);
    assert_eq!(parse_date("2026/02/28"), day);
    assert_eq!(parse_date("2026-02-28"), day);
    for text in [
        "2026/2/28",
        "2026/02-28",
        "2026/02/29",
        "26/02/28",
        "2026/02/28 ",
        "+026/02/28",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}
