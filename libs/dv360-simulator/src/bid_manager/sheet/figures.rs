//! Adding and grouping figures the way they are written, without losing a digit.

/// A plain number: digits, perhaps with a fraction.
pub(super) fn is_figure(cell: &str) -> bool {
    let mut parts = cell.splitn(2, '.');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits)
}

/// `left + sign × right`, with the decimals of `left`.
pub(super) fn add(left: &str, right: &str, sign: i128) -> String {
    let places = left
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let sum = scaled(left, places) + sign * scaled(right, places);
    let unit = 10_i128.pow(u32::try_from(places).unwrap_or(0));
    match places {
        0 => sum.to_string(),
        _ => format!("{}.{:0places$}", sum / unit, sum % unit),
    }
}

fn scaled(figure: &str, places: usize) -> i128 {
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let fraction = format!("{fraction:0<places$}");
    format!("{whole}{}", &fraction[..places])
        .parse()
        .unwrap_or(0)
}

/// `1234.5` as `"1,234.5"`.
pub(super) fn group_thousands(cell: &mut String) {
    if !is_figure(cell) {
        return;
    }
    let (whole, fraction) = match cell.find('.') {
        Some(at) => cell.split_at(at),
        None => (cell.as_str(), ""),
    };
    if whole.len() < 4 {
        return;
    }
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    *cell = format!("\"{grouped}{fraction}\"");
}
