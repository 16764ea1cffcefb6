//! Every spelling a report has been seen to use, and what only looks like one.

use super::{Number, NumberError, Numbers, parse_date, whole};
use crate::ingestion::pipelines::spec::DateFormat;

#[test]
fn numbers_are_exact() {
    let micros = |text| Numbers::POINT.micros(text).unwrap();
    assert_eq!(micros("0.020020"), 20_020);
    assert_eq!(micros("-12"), -12_000_000);
    assert_eq!(micros("1,234,567.5"), 1_234_567_500_000);
    assert_eq!(micros("9223372036854.775807"), i64::MAX);
    assert_eq!(whole(micros("1.00")), Ok(1));
    assert!(whole(micros("1.50")).is_err());
    let comma = Numbers { decimal: b',' };
    assert_eq!(comma.micros("1.234.567,5"), Ok(1_234_567_500_000));
    assert_eq!(comma.micros("1,234.5"), Err(NumberError));
}

#[test]
fn a_withheld_number_is_known_by_its_bound() {
    let read = |text| Numbers::POINT.read(text);
    assert_eq!(read("< 1000"), Ok(Number::Below(1_000_000_000)));
    assert_eq!(read("<1,000"), Ok(Number::Below(1_000_000_000)));
    assert_eq!(read("7"), Ok(Number::Micros(7_000_000)));
    for text in ["<", "< ", "< -1", "< 0", "<  1", "<<1", "> 1"] {
        assert_eq!(read(text), Err(NumberError), "{text}");
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
        "",
        "-",
        "Unknown",
        "-,1",
        "1,",
        "+1",
        "--1",
        "1 000",
        "NaN",
        "9223372036854.775808",
        "1.2,3",
        "0x1",
        "١",
    ] {
        assert!(Numbers::POINT.micros(text).is_err(), "{text}");
    }
}

#[test]
fn dates_are_read_in_one_format() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 2, 28);
    let parse_date = |text| parse_date(text, DateFormat::YearMonthDay);
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
    let read = |text, format| super::parse_date(text, format);
    assert_eq!(read("28.02.2026", DateFormat::DayMonthYear), day);
    assert_eq!(read("02/28/2026", DateFormat::MonthDayYear), day);
    assert_eq!(read("20260228", DateFormat::Compact), day);
    assert_eq!(read("28.02.2026", DateFormat::MonthDayYear), None);
}
