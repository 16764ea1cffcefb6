//! Old names beside suggested ones, as CSV that a spreadsheet takes for text and nothing else.

use std::borrow::Cow;

use super::http::NameAnswer;

const HEADER: [&str; 9] = [
    "Level",
    "Entity ID",
    "Advertiser ID",
    "Advertiser",
    "Status",
    "Name",
    "Suggested name",
    "Confidence",
    "What is wrong",
];

pub(super) fn write(names: &[NameAnswer]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEADER)?;
    for one in names {
        let suggestion = one.suggestions.first();
        let confidence = suggestion.and_then(|one| serde_json::to_value(one.confidence).ok());
        let confidence = confidence.as_ref().and_then(serde_json::Value::as_str);
        let said: Vec<&str> = one
            .issues
            .iter()
            .map(|issue| issue.message.as_str())
            .collect();
        let said = said.join("; ");
        let cells = [
            one.level.as_str(),
            &one.entity_id,
            &one.advertiser_id,
            &one.advertiser_name,
            &one.entity_status,
            &one.name,
            suggestion.map_or("", |one| one.name.as_str()),
            confidence.unwrap_or_default(),
            &said,
        ];
        file.write_record(cells.map(|cell| plain(cell).into_owned()))?;
    }
    Ok(file.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// What a spreadsheet would run is made text by an apostrophe in front.
fn plain(cell: &str) -> Cow<'_, str> {
    match cell.trim_start_matches(' ').bytes().next() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    //! No cell is a formula, and every cell is one cell.

    use super::{NameAnswer, write};

    #[test]
    fn no_name_is_run_by_a_spreadsheet() {
        let name = |name: &str| NameAnswer {
            dsp: "dv360".into(),
            level: "line_item".into(),
            entity_id: "1".into(),
            advertiser_id: "2".into(),
            advertiser_name: "@Acme".into(),
            parent_id: None,
            name: name.into(),
            entity_status: "active".into(),
            convention_id: None,
            compliant: None,
            issues: Vec::new(),
            suggestions: Vec::new(),
        };
        let hostile = [
            "=HYPERLINK(\"http://x\")",
            "+1+1",
            "-2",
            " =1",
            "\t=1",
            "a,\"b\"\nc",
            "plain_name",
        ];
        let text = write(&hostile.map(name)).unwrap();
        let mut read = csv::Reader::from_reader(text.as_slice());
        let names: Vec<String> = read
            .records()
            .map(|row| row.unwrap()[5].to_owned())
            .collect();
        let expected = [
            "'=HYPERLINK(\"http://x\")",
            "'+1+1",
            "'-2",
            "' =1",
            "'\t=1",
            "a,\"b\"\nc",
            "plain_name",
        ];
        assert_eq!(names, expected);
    }
}
