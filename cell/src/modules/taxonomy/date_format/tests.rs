//! Which formats and which dates are taken.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{DateFormat, Error};

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn formats_read_what_they_say() {
    for (format, value, first, last) in [
        ("YYYYMMDD", "20260228", date(2026, 2, 28), date(2026, 2, 28)),
        ("DDMMMYY", "01Apr26", date(2026, 4, 1), date(2026, 4, 1)),
        ("DMMMYYYY", "1Apr2025", date(2025, 4, 1), date(2025, 4, 1)),
        ("D-MMM", "1-Apr", date(2025, 4, 1), date(2025, 4, 1)),
        ("YYYY-MM", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("YYYYQQ", "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ] {
        let Ok(format) = DateFormat::parse(format) else {
            assert_eq!(format, "D-MMM", "it has no year");
            continue;
        };
        let span = format.read(value).unwrap();
        assert_eq!((span.first, span.last), (first, last), "{value}");
    }
}

#[test]
fn what_is_no_date_is_refused() {
    let format = DateFormat::parse("YYYYMMDD").unwrap();
    for value in [
        "",
        "2026022",
        "202602290",
        "20260229",
        "20261301",
        "2026 228",
        "2026022８",
        "-0260228",
    ] {
        assert!(!format.matches(value), "{value}");
    }
    let format = DateFormat::parse("YYYYQQ").unwrap();
    for value in ["2026Q0", "2026Q5", "2026q1", "2026"] {
        assert!(!format.matches(value), "{value}");
    }
    assert!(!DateFormat::parse("DMMMYY").unwrap().matches("01Apr26"));
}

#[test]
fn formats_that_say_too_little_or_too_much_are_refused() {
    for (format, error) in [
        ("Y", Error::Length),
        ("YYYYMMDDYYYYMMDDYY", Error::Length),
        ("MMDD", Error::Year),
        ("YYYYYYYYMM", Error::Year),
        ("YYYY", Error::Month),
        ("YYYYDD", Error::Month),
        ("YYYYQQDD", Error::Month),
        ("DMMYYYY", Error::Ambiguous),
    ] {
        assert_eq!(DateFormat::parse(format), Err(error), "{format}");
    }
}

proptest! {
    #[test]
    fn what_a_format_writes_it_reads(days in 0..36_000_i64, format in 0..7_usize) {
        let formats = ["YYYYMMDD", "YYMMDD", "DD.MM.YYYY", "DMMMYY", "YYYYMM", "MMMYY", "YYYYQQ"];
        let day = date(2000, 1, 1) + chrono::TimeDelta::days(days);
        let format = DateFormat::parse(formats[format]).unwrap();
        let span = format.read(&format.write(day)).unwrap();
        prop_assert!(span.contains(day));
        prop_assert_eq!(span.first == span.last, format.has_day());
    }

    #[test]
    fn no_text_makes_it_panic(format in "[YMDQ.-]{0,18}", value in "\\PC{0,12}") {
        if let Ok(format) = DateFormat::parse(&format) {
            format.matches(&value);
        }
    }
}
