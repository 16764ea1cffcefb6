//! Numbers and dates as sources print them, read exactly or not at all.

use chrono::NaiveDate;

use crate::ingestion::pipelines::spec::DateFormat;

pub(crate) const MICROS: i64 = 1_000_000;
const DECIMALS: usize = 6;

/// How a source writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Between whole and fraction; the other one of `.` and `,` may group thousands.
    pub(crate) decimal: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number this report may hold")]
pub(crate) struct NumberError;

/// A cell that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Micros(i64),
    /// `< 1000`: the source keeps the value to itself and says what it is below.
    Below(i64),
}

impl Numbers {
    pub(crate) const POINT: Self = Self { decimal: b'.' };

    pub(crate) fn read(self, text: &str) -> Result<Number, NumberError> {
        match text.strip_prefix('<') {
            None => self.micros(text).map(Number::Micros),
            Some(bound) => match self.micros(bound.strip_prefix(' ').unwrap_or(bound)) {
                Ok(bound) if bound > 0 => Ok(Number::Below(bound)),
                Ok(_) | Err(NumberError) => Err(NumberError),
            },
        }
    }

    /// `1234.5`, `-0.020020`, `"1,234"` as millionths: at most six decimals, thousands grouped
    /// properly or not at all.
    pub(crate) fn micros(self, text: &str) -> Result<i64, NumberError> {
        let group = if self.decimal == b',' { b'.' } else { b',' };
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            all => (false, all),
        };
        let mut value: i64 = 0;
        // Digits since the start or the last separator of thousands.
        let mut run = 0;
        let mut grouped = false;
        let mut fraction: &[u8] = &[];
        for (at, &byte) in digits.iter().enumerate() {
            if byte.is_ascii_digit() {
                value = append(value, byte)?;
                run += 1;
            } else if byte == group && (1..=3).contains(&run) && (!grouped || run == 3) {
                grouped = true;
                run = 0;
            } else if byte == self.decimal {
                fraction = &digits[at + 1..];
                if fraction.is_empty() {
                    return Err(NumberError);
                }
                break;
            } else {
                return Err(NumberError);
            }
        }
        if run == 0 || (grouped && run != 3) || fraction.len() > DECIMALS {
            return Err(NumberError);
        }
        for &byte in fraction {
            value = append(value, byte)?;
        }
        let scale = POWERS[DECIMALS - fraction.len()];
        value = value.checked_mul(scale).ok_or(NumberError)?;
        Ok(if negative { -value } else { value })
    }
}

const POWERS: [i64; DECIMALS + 1] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

#[inline]
fn append(value: i64, digit: u8) -> Result<i64, NumberError> {
    if !digit.is_ascii_digit() {
        return Err(NumberError);
    }
    value
        .checked_mul(10)
        .and_then(|value| value.checked_add(i64::from(digit - b'0')))
        .ok_or(NumberError)
}

/// A count: millionths that are a whole number (`1.00` is a count, `1.50` is not).
pub(crate) fn whole(micros: i64) -> Result<i64, NumberError> {
    if micros % MICROS == 0 {
        Ok(micros / MICROS)
    } else {
        Err(NumberError)
    }
}

/// A date of four-digit year and nothing shorter.
pub(crate) fn parse_date(text: &str, format: DateFormat) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let (year, month, day) = match (format, bytes.len()) {
        (DateFormat::YearMonthDay, 10)
            if matches!(bytes[4], b'/' | b'-') && bytes[7] == bytes[4] =>
        {
            (&bytes[0..4], &bytes[5..7], &bytes[8..10])
        }
        (DateFormat::DayMonthYear, 10) if bytes[2] == b'.' && bytes[5] == b'.' => {
            (&bytes[6..10], &bytes[3..5], &bytes[0..2])
        }
        (DateFormat::MonthDayYear, 10) if bytes[2] == b'/' && bytes[5] == b'/' => {
            (&bytes[6..10], &bytes[0..2], &bytes[3..5])
        }
        (DateFormat::Compact, 8) => (&bytes[0..4], &bytes[4..6], &bytes[6..8]),
        _ => return None,
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |value, byte| {
            byte.is_ascii_digit()
                .then(|| value * 10 + u32::from(byte - b'0'))
        })
    };
    NaiveDate::from_ymd_opt(number(year)?.cast_signed(), number(month)?, number(day)?)
}

#[cfg(test)]
mod tests;
