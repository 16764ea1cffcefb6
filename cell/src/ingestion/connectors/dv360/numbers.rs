//! Numbers and dates as DV360 prints them, read exactly or not at all.

use chrono::NaiveDate;

const MICROS: i64 = 1_000_000;

/// Reads a metric cell as millionths. `None` means the source says there is no value.
pub(crate) fn parse_micros(text: &str) -> Option<Result<i64, NumberError>> {
    match text {
        "" | "-" | "Unknown" => None,
        _ => Some(parse_decimal(text)),
    }
}

/// A count: millionths that are a whole number (`1.00` is a count, `1.50` is not).
pub(crate) fn whole(micros: i64) -> Result<i64, NumberError> {
    if micros % MICROS == 0 {
        Ok(micros / MICROS)
    } else {
        Err(NumberError)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number this report may hold")]
pub(crate) struct NumberError;

/// `1234.5`, `-0.020020`, `"1,234"`: at most six decimals, thousands grouped properly or not at all.
fn parse_decimal(text: &str) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || fraction.len() > 6 || (digits.ends_with('.')) {
        return Err(NumberError);
    }
    let mut value: i64 = 0;
    let grouped = whole.contains(',');
    for (index, group) in whole.split(',').enumerate() {
        let right_size = match index {
            0 if grouped => (1..=3).contains(&group.len()),
            0 => true,
            _ => group.len() == 3,
        };
        if !right_size {
            return Err(NumberError);
        }
        value = append_digits(value, group)?;
    }
    value = append_digits(value, fraction)?;
    for _ in fraction.len()..6 {
        value = value.checked_mul(10).ok_or(NumberError)?;
    }
    Ok(if negative { -value } else { value })
}

fn append_digits(value: i64, digits: &str) -> Result<i64, NumberError> {
    digits.bytes().try_fold(value, |value, byte| {
        if !byte.is_ascii_digit() {
            return Err(NumberError);
        }
        value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i64::from(byte - b'0')))
            .ok_or(NumberError)
    })
}

/// `YYYY/MM/DD` or `YYYY-MM-DD`, nothing shorter.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let separator = *bytes.get(4)?;
    let plain = bytes.len() == 10
        && matches!(separator, b'/' | b'-')
        && bytes[7] == separator
        && bytes
            .iter()
            .enumerate()
            .all(|(index, byte)| matches!(index, 4 | 7) || byte.is_ascii_digit());
    if !plain {
        return None;
    }
    NaiveDate::from_ymd_opt(
        text[0..4].parse().ok()?,
        text[5..7].parse().ok()?,
        text[8..10].parse().ok()?,
    )
}

#[cfg(test)]
mod tests;
