//! What a manifest must keep to: a pattern that stays in its folder, a dialect that can be read, and
//! nothing that is said of a source that could be asked.

use contracts::Currency;

use crate::documents::{Finding, Findings, is_name};
use crate::ingestion::pipelines::spec::{FileShape, Source, Spec};
use crate::ingestion::reading::Dialect;

pub(super) const LONGEST_PATTERN: usize = 200;
const MOST_SKIPPED: u32 = 100;
const LONGEST_DSP: usize = 31;

pub(crate) fn check(spec: &Spec) -> Vec<Finding> {
    let mut found = Findings::default();
    let Source::FileDrop { file } = &spec.source else {
        return found.into_vec();
    };
    check_dsp(&file.dsp, &mut found);
    check_pattern(&file.name_pattern, &mut found);
    check_dialect(file, &mut found);
    for (at, column) in spec.columns.iter().enumerate() {
        if column.ask.is_some() {
            found.error(
                format!("/columns/{at}/ask"),
                "files are not asked for anything",
            );
        }
    }
    if spec.budget.calls_per_day.is_some() {
        found.error("/budget/calls_per_day", "files take no calls");
    }
    found.into_vec()
}

/// Rows of another platform's name would take the place of what that platform says itself.
fn check_dsp(dsp: &str, found: &mut Findings) {
    let path = "/source/file/dsp";
    if !is_name(dsp) || dsp.len() > LONGEST_DSP {
        let message =
            format!("a platform's name has up to {LONGEST_DSP} lower case letters, digits and _");
        found.error(path, message);
    } else if crate::ingestion::connectors::ASKED.contains(&dsp) {
        found.error(
            path,
            format!("{dsp} is asked itself; its rows would replace each other"),
        );
    }
}

fn check_pattern(pattern: &str, found: &mut Findings) {
    let path = "/source/file/name_pattern";
    if let Err(reason) = is_inside(pattern) {
        found.error(path, reason);
    }
    if pattern.len() > LONGEST_PATTERN {
        found.error(
            path,
            format!("a pattern has at most {LONGEST_PATTERN} bytes"),
        );
    }
    let last = pattern
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if [".xlsx", ".xls"].iter().any(|end| last.ends_with(end)) {
        found.error(
            path,
            "workbooks cannot be read by this version; deliver CSV",
        );
    }
    if [".gz", ".zip", ".zst", ".bz2"]
        .iter()
        .any(|end| last.ends_with(end))
    {
        found.error(
            path,
            "compressed files cannot be read by this version; deliver CSV",
        );
    }
}

/// Whether a name, or a pattern of names, stays below the folder it is looked for in.
pub(crate) fn is_inside(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("a name is not empty");
    }
    if name.contains(['\\', ':', '%']) || name.chars().any(char::is_control) {
        return Err("a name has no control characters, no \\, no : and no %");
    }
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && part.trim() == part;
    if !name.split('/').all(plain) {
        return Err(
            "a name is a path below the folder; no part of it is empty or begins with a dot",
        );
    }
    Ok(())
}

fn check_dialect(file: &FileShape, found: &mut Findings) {
    if !matches!(file.delimiter, ',' | ';' | '|' | '\t') {
        found.error(
            "/source/file/delimiter",
            "fields are delimited by , ; | or a tab",
        );
    }
    if !matches!(file.decimal_separator, '.' | ',') {
        found.error(
            "/source/file/decimal_separator",
            "decimals are separated by . or ,",
        );
    }
    if file.skip_lines > MOST_SKIPPED {
        let message = format!("the header is within the first {MOST_SKIPPED} lines");
        found.error("/source/file/skip_lines", message);
    }
    let currency = file.currency.as_deref().map(str::parse::<Currency>);
    if let Some(Err(error)) = currency {
        found.error("/source/file/currency", error.to_string());
    } else if found.is_empty()
        && let Err(reason) = Dialect::of_file(file)
    {
        found.error("/source/file", reason);
    }
}

#[cfg(test)]
mod tests {
    //! What a hostile manifest says, and where it is told so.

    use serde_json::{Value, json};

    use super::{check, is_inside};

    fn said(change: Value) -> Vec<String> {
        let mut file = json!({"dsp": "ttd", "name_pattern": "daily/*.csv", "format": "csv"});
        for (key, value) in change.as_object().unwrap() {
            file[key] = value.clone();
        }
        let spec = json!({
            "pipeline": "p", "version": 1, "title": "T", "description": "",
            "dataset": "line_item_days", "source": {"connector": "file_drop", "file": file},
            "columns": [], "schedule": {"every_hours": 24},
            "window": {"first_days": 90, "look_back_days": 7, "month_close_day": 3},
            "contract": {"new_column": "freeze", "missing_column": "freeze", "retyped_column": "freeze"},
            "retention": {"bronze_days": 400, "silver_days": 400},
        });
        let found = check(&serde_json::from_value(spec).unwrap());
        found.into_iter().map(|one| one.path).collect()
    }

    #[test]
    fn a_manifest_stays_in_its_folder_and_in_what_can_be_read() {
        assert_eq!(
            said(json!({"delimiter": ";", "decimal_separator": ","})),
            [""; 0]
        );
        for pattern in [
            "",
            "/etc/passwd",
            "../x.csv",
            "a/../b.csv",
            "a//b.csv",
            "./a.csv",
            ".hidden",
            "a\\b",
            "C:x",
            "file:///x",
            "http://169.254.169.254/latest",
            "%2e%2e/x",
            "a\u{1b}",
            "a/",
            " a",
            "x.XLSX",
            "x.csv.gz",
        ] {
            assert_eq!(
                said(json!({"name_pattern": pattern})),
                ["/source/file/name_pattern"],
                "{pattern:?}"
            );
        }
        let long = said(json!({"name_pattern": "x".repeat(201)}));
        assert_eq!(long, ["/source/file/name_pattern"]);
        for (change, path) in [
            (json!({"dsp": "dv360"}), "/source/file/dsp"),
            (json!({"dsp": "The Trade Desk"}), "/source/file/dsp"),
            (json!({"delimiter": "a"}), "/source/file/delimiter"),
            (json!({"delimiter": "\""}), "/source/file/delimiter"),
            (json!({"delimiter": "\n"}), "/source/file/delimiter"),
            (
                json!({"decimal_separator": "5"}),
                "/source/file/decimal_separator",
            ),
            (
                json!({"skip_lines": 4_000_000_000_u64}),
                "/source/file/skip_lines",
            ),
            (json!({"currency": "euro"}), "/source/file/currency"),
        ] {
            assert_eq!(said(change.clone()), [path], "{change}");
        }
    }

    #[test]
    fn names_lead_nowhere_else() {
        assert!(is_inside("2026/11/spend *.csv").is_ok());
        for name in ["..", "a/..", "~/../x", "\0", "a\0b", "/", "//host/share"] {
            assert!(is_inside(name).is_err(), "{name:?}");
        }
    }
}
