//! Picklists out of files that others publish: CSV, tab-separated text or JSON, as the IAB's
//! vocabularies come. What cannot be a code is left out and told.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::convention::Choice;
use super::examine::MOST_VALUES;

/// What a column of codes is called, the likelier first.
const CODES: [&str; 7] = [
    "code",
    "unique id",
    "unique_id",
    "id",
    "key",
    "value",
    "name",
];
const LABELS: [&str; 7] = [
    "label",
    "name",
    "condensed name",
    "title",
    "description",
    "meaning",
    "value",
];
/// Published files have titles above their header.
const HEADER_WITHIN: usize = 5;
const LONGEST_CODE: usize = 100;
const LONGEST_LABEL: usize = 300;
const MOST_TOLD: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NamingPicklist)]
pub struct ReadList {
    pub values: Vec<Choice>,
    /// Columns that the file has; none for JSON.
    pub columns: Vec<String>,
    pub code_column: Option<String>,
    pub label_column: Option<String>,
    /// Rows that were left out, and why.
    pub left_out: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is nothing in it")]
    Empty,
    #[error("the JSON cannot be read: {0}")]
    Json(String),
    #[error("JSON is a list of codes, or of objects with a code")]
    Shape,
    #[error("line {line} cannot be read: {reason}")]
    Line { line: u64, reason: String },
    #[error("none of the first {HEADER_WITHIN} lines names a column of codes")]
    NoHeader,
    #[error("there is no column {0:?}")]
    NoColumn(String),
    #[error("a picklist has at most {MOST_VALUES} values")]
    TooMany,
}

/// `columns`: that of the codes and that of the labels, by name; none: the likeliest.
pub fn read(text: &str, columns: (Option<&str>, Option<&str>)) -> Result<ReadList, Error> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if text.starts_with('[') || text.starts_with('{') {
        return read_json(text);
    }
    read_table(text, columns)
}

fn read_json(text: &str) -> Result<ReadList, Error> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| Error::Json(error.to_string()))?;
    let items = value.get("values").unwrap_or(&value);
    let mut list = Gathered::default();
    for (at, item) in items.as_array().ok_or(Error::Shape)?.iter().enumerate() {
        let of = |keys: &[&str]| {
            let found = keys.iter().find_map(|key| item.get(key)?.as_str());
            found.map(str::to_owned)
        };
        let code = item
            .as_str()
            .map(str::to_owned)
            .or_else(|| of(&["code", "id", "name"]));
        let label = of(&["label", "name", "title"]).unwrap_or_default();
        let aliases = item.get("aliases").and_then(Value::as_array);
        let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
        let aliases = aliases.map(str::to_owned).collect();
        list.add(
            &format!("item {}", at + 1),
            &code.unwrap_or_default(),
            &label,
            aliases,
        )?;
    }
    Ok(list.done(Vec::new(), (None, None)))
}

fn read_table(text: &str, wanted: (Option<&str>, Option<&str>)) -> Result<ReadList, Error> {
    let tabs = text
        .lines()
        .take(HEADER_WITHIN)
        .any(|line| line.contains('\t'));
    let semicolons = || {
        text.lines()
            .next()
            .is_some_and(|line| line.contains(';') && !line.contains(','))
    };
    let mut file = csv::ReaderBuilder::new()
        .delimiter(if tabs {
            b'\t'
        } else if semicolons() {
            b';'
        } else {
            b','
        })
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in file.records() {
        let row = row.map_err(|error| Error::Line {
            line: error.position().map_or(0, csv::Position::line),
            reason: error.to_string(),
        })?;
        rows.push(row);
    }
    let is = |cell: &str, name: &str| cell.eq_ignore_ascii_case(name);
    let find = |row: &csv::StringRecord, names: &[&str]| {
        let mut found = names
            .iter()
            .filter_map(|name| row.iter().position(|cell| is(cell, name)));
        found.next()
    };
    let codes = wanted.0.map_or_else(|| CODES.to_vec(), |name| vec![name]);
    let header = rows
        .iter()
        .take(HEADER_WITHIN)
        .position(|row| find(row, &codes).is_some());
    let header = match (header, wanted.0) {
        (Some(at), _) => at,
        (None, Some(name)) => return Err(Error::NoColumn(name.to_owned())),
        (None, None) => return Err(Error::NoHeader),
    };
    let head = &rows[header];
    let code = find(head, &codes).ok_or(Error::NoHeader)?;
    let label = match wanted.1 {
        Some(name) => Some(find(head, &[name]).ok_or_else(|| Error::NoColumn(name.to_owned()))?),
        None => find(head, &LABELS).filter(|at| *at != code),
    };
    let mut list = Gathered::default();
    for row in &rows[header + 1..] {
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: usize| row.get(at).unwrap_or_default();
        list.add(
            &format!("line {line}"),
            cell(code),
            label.map_or("", cell),
            Vec::new(),
        )?;
    }
    let named = |at: usize| head.get(at).map(str::to_owned);
    let columns = head
        .iter()
        .filter(|name| !name.is_empty())
        .map(str::to_owned);
    Ok(list.done(columns.collect(), (named(code), label.and_then(named))))
}

#[derive(Default)]
struct Gathered {
    values: Vec<Choice>,
    seen: std::collections::HashSet<String>,
    left_out: Vec<String>,
}

impl Gathered {
    fn add(
        &mut self,
        at: &str,
        code: &str,
        label: &str,
        aliases: Vec<String>,
    ) -> Result<(), Error> {
        let (code, label) = (code.trim(), label.trim());
        let wrong = if code.is_empty() {
            Some("it has no code".to_owned())
        } else if code.chars().count() > LONGEST_CODE || label.chars().count() > LONGEST_LABEL {
            Some("it is too long".to_owned())
        } else if code.chars().chain(label.chars()).any(char::is_control) {
            Some("it has a control character in it".to_owned())
        } else if !self.seen.insert(code.to_owned()) {
            Some(format!("{code} is there already"))
        } else {
            None
        };
        if let Some(wrong) = wrong {
            if self.left_out.len() < MOST_TOLD {
                self.left_out.push(format!("{at}: {wrong}"));
            }
            return Ok(());
        }
        if self.values.len() == MOST_VALUES {
            return Err(Error::TooMany);
        }
        self.values.push(Choice {
            code: code.to_owned(),
            label: label.to_owned(),
            aliases,
        });
        Ok(())
    }

    fn done(
        self,
        columns: Vec<String>,
        (code, label): (Option<String>, Option<String>),
    ) -> ReadList {
        ReadList {
            values: self.values,
            columns,
            code_column: code,
            label_column: label,
            left_out: self.left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    //! Files as they are published, and files that are not.

    use super::{Error, ReadList, read};

    fn codes(list: &ReadList) -> Vec<(&str, &str)> {
        let values = list.values.iter();
        values
            .map(|one| (one.code.as_str(), one.label.as_str()))
            .collect()
    }

    #[test]
    fn a_published_vocabulary_is_read_with_its_titles() {
        let text = "\u{feff}Relational ID System\t\tTiered Categories\nUnique ID\tParent\tName\tTier 1\n\
            150\t\tAttractions\tAttractions\n151\t150\tAmusement and Theme Parks\tAttractions\n\
            151\t150\tTwice\t\n\t\tNo code\t\n";
        let list = read(text, (None, None)).unwrap();
        assert_eq!(
            codes(&list),
            [("150", "Attractions"), ("151", "Amusement and Theme Parks")]
        );
        assert_eq!(list.code_column.as_deref(), Some("Unique ID"));
        assert_eq!(
            list.left_out,
            ["line 5: 151 is there already", "line 6: it has no code"]
        );
        let by_name = read(text, (Some("Name"), Some("Tier 1"))).unwrap();
        assert_eq!(
            codes(&by_name)[1],
            ("Amusement and Theme Parks", "Attractions")
        );
    }

    #[test]
    fn csv_and_json_are_read_alike() {
        let expected = [("DE", "Germany, Federal Republic"), ("FR", "France")];
        let csv = "code,label\nDE,\"Germany, Federal Republic\"\nFR,France\n";
        assert_eq!(codes(&read(csv, (None, None)).unwrap()), expected);
        let json = r#"[{"code":"DE","label":"Germany, Federal Republic","aliases":["GER"]},
            {"code":"FR","label":"France"}]"#;
        let list = read(json, (None, None)).unwrap();
        assert_eq!(codes(&list), expected);
        assert_eq!(list.values[0].aliases, ["GER"]);
        let plain = read(r#"["YT","CTV"]"#, (None, None)).unwrap();
        assert_eq!(codes(&plain), [("YT", ""), ("CTV", "")]);
    }

    #[test]
    fn what_is_no_list_is_refused_with_a_reason() {
        let many: String = (0..5_001).map(|at| format!("{at}\n")).collect();
        for (text, columns, error) in [
            ("  ", (None, None), Error::Empty),
            ("a,b\n1,2\n", (None, None), Error::NoHeader),
            (
                "code\nx\n",
                (Some("tier"), None),
                Error::NoColumn("tier".into()),
            ),
            (
                "code\nx\n",
                (None, Some("tier")),
                Error::NoColumn("tier".into()),
            ),
            (r#"{"code":1}"#, (None, None), Error::Shape),
            (&format!("code\n{many}"), (None, None), Error::TooMany),
        ] {
            assert_eq!(read(text, columns), Err(error), "{:.20}", text);
        }
        assert!(matches!(read("[1,", (None, None)), Err(Error::Json(_))));
    }
}
