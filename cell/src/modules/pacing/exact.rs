//! Exact fractions and the only rounding there is: half to even, at the very end.

/// `numerator / denominator`, rounded half to even. The denominator is positive.
pub(crate) fn round(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    let twice_rest = 2 * numerator.rem_euclid(denominator);
    match twice_rest.cmp(&denominator) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

/// `numerator / denominator` as a decimal with two digits (`"98.53"`).
pub(crate) fn two_digits(numerator: i128, denominator: i128) -> String {
    let hundredths = round(numerator * 100, denominator);
    let sign = if hundredths < 0 { "-" } else { "" };
    let magnitude = hundredths.abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

/// Millionths as people write them: `30,000.00`, `9,677.419355`.
pub(crate) fn amount(micros: i64) -> String {
    let magnitude = micros.unsigned_abs();
    let sign = if micros < 0 { "-" } else { "" };
    let fraction = format!("{:06}", magnitude % 1_000_000);
    let fraction = fraction.trim_end_matches('0');
    format!("{sign}{}.{fraction:0<2}", grouped(magnitude / 1_000_000))
}

/// Millionths of something that comes in whole pieces: `4,363,671`.
pub(crate) fn whole(micros: i64) -> String {
    let number = round(micros.into(), 1_000_000);
    let sign = if number < 0 { "-" } else { "" };
    format!(
        "{sign}{}",
        grouped(u64::try_from(number.unsigned_abs()).unwrap_or(u64::MAX))
    )
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
