//! The eleven shapes of file that published parsers get wrong, and every way to cut one off.

use chrono::NaiveDate;

use super::read;
use crate::ingestion::connector::{FileError, ReadSummary, ReportRequest};
use crate::ingestion::pipelines::spec::{Column, Kind, Role, Spec, To};

fn column(name: &str, headers: &[&str], role: Role, kind: Kind, to: To) -> Column {
    Column {
        name: name.to_owned(),
        ask: None,
        headers: headers.iter().map(|&header| header.to_owned()).collect(),
        role,
        kind,
        to,
        required: true,
    }
}

fn dimension(name: &str, header: &str) -> Column {
    column(name, &[header], Role::Dimension, Kind::Text, To::Breakdown)
}

fn metric(name: &str, headers: &[&str], to: To) -> Column {
    column(name, headers, Role::Metric, Kind::Money, to)
}

fn with_columns(columns: Vec<Column>) -> Spec {
    Spec {
        columns,
        quality: Vec::new(),
        ..crate::ingestion::pipelines::line_item_days()
    }
}

fn wide_spec() -> Spec {
    with_columns(vec![
        dimension("a", "Advertiser ID"),
        dimension("b", "Advertiser"),
        dimension("c", "Browser"),
        metric("clicks", &["Clicks"], To::Revenue),
        metric(
            "counters",
            &["Rich Media Custom Counters", "Counters"],
            To::MediaCost,
        ),
        metric("engagements", &["Engagements"], To::BillableCost),
    ])
}

fn narrow_spec() -> Spec {
    with_columns(vec![
        dimension("a", "Advertiser ID"),
        metric("clicks", &["Clicks"], To::Revenue),
    ])
}

/// As a real file is, with the ids changed to none of anybody.
const FOOTER: &str = r#"
Report Time:,2023/01/30 14:14 GMT
Date Range:,2022/11/01 to 2023/01/29
Group By:,Advertiser ID
Group By:,Advertiser
Group By:,Browser
MRC Accredited Metrics,"Clicks(Desktop Video, Desktop Display, Mobile Display)",Active View metrics are accredited only when Measurement Source = Measured
"Reporting numbers from the previous month are finalized (for billing purposes) on the first of each month, unless communicated otherwise. Some numbers in reports may fluctuate for up to seven days before matching billing numbers."
Filter by Advertiser ID:,Test_BNRS (630317194)
Filter by Partner ID:,995544
"#;
const HEADER: &str =
    "Advertiser ID,Advertiser,Browser,Clicks,Rich Media Custom Counters,Engagements\n";

fn standard() -> String {
    format!(
        "{HEADER}630317194,Test_BNRS,Firefox,1,0,0\n630317194,Test_BNRS,Google Chrome,2,0,0.020020\n,,,3,0,0.020020\n{FOOTER}"
    )
}

struct Case<'a> {
    spec: Spec,
    partner_id: &'a str,
    advertiser_ids: Vec<String>,
    text: &'a str,
}

fn wide(text: &str) -> Case<'_> {
    Case {
        spec: wide_spec(),
        partner_id: "995544",
        advertiser_ids: vec!["630317194".to_owned()],
        text,
    }
}

impl Case<'_> {
    fn read_bytes(
        &self,
        bytes: &[u8],
        announced: Option<u64>,
    ) -> Result<(ReadSummary, Vec<String>), FileError> {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let request = ReportRequest {
            partner_id: self.partner_id.to_owned(),
            advertiser_ids: self.advertiser_ids.clone(),
            start: day(2022, 11, 1),
            end: day(2023, 1, 29),
        };
        let mut rows = Vec::new();
        let summary = read(bytes, &self.spec, &request, announced, &mut |fact| {
            let metrics = &fact.metrics[4..];
            rows.push(format!("{}|{}|{metrics:?}", fact.line, fact.breakdown));
            Ok(())
        })?;
        Ok((summary, rows))
    }

    fn read(&self) -> Result<(ReadSummary, Vec<String>), FileError> {
        self.read_bytes(self.text.as_bytes(), None)
    }

    /// Reads, and insists on the sum of the first metric.
    fn sum(&self) -> i128 {
        let (summary, rows) = self.read().unwrap();
        assert_eq!(rows.len() as u64, summary.rows);
        first(&summary)
    }
}

/// The sum of the first metric.
fn first(summary: &ReadSummary) -> i128 {
    summary.sums[0].1 / 1_000_000
}

#[test]
fn a_standard_file_is_read_and_proven() {
    let text = standard();
    let (summary, rows) = wide(&text).read().unwrap();
    assert_eq!(
        rows,
        [
            "2|a=630317194;b=Test_BNRS;c=Firefox|[Some(1000000), Some(0), Some(0)]",
            "3|a=630317194;b=Test_BNRS;c=Google Chrome|[Some(2000000), Some(0), Some(20020)]",
        ]
    );
    let sums = ["clicks", "counters", "engagements"].map(str::to_owned);
    let sums: Vec<_> = sums.into_iter().zip([3_000_000, 0, 20_020]).collect();
    assert_eq!(summary.sums, sums);
    let made = summary.reported_at.unwrap();
    assert_eq!(made.to_rfc3339(), "2023-01-30T14:14:00+00:00");
    assert_eq!(summary.bytes, text.len() as u64);
    assert!(summary.control_total);
}

#[test]
fn b_a_file_without_a_totals_row_keeps_its_last_row() {
    let text = standard().replace(",,,3,0,0.020020\n", "");
    let (summary, rows) = wide(&text).read().unwrap();
    assert_eq!((rows.len(), summary.control_total), (2, false));
    assert_eq!(first(&summary), 3);
}

#[test]
fn c_a_footer_wider_than_the_rows_is_no_row() {
    let ids: Vec<String> = (1..=7).map(|id| format!("63031719{id}")).collect();
    let text = format!(
        "Advertiser ID,Clicks\n630317191,3\n,3\n\nReport Time:,2026/09/16 13:02 PM\nDate Range:,2022/11/01 to 2023/01/29\nGroup By:,Advertiser ID\nFilter by Partner ID:,995544\nFilter by Advertiser ID:,{}\n",
        ids.join(",")
    );
    let case = Case {
        spec: narrow_spec(),
        partner_id: "995544",
        advertiser_ids: ids,
        text: &text,
    };
    assert_eq!(case.sum(), 3);
}

#[test]
fn d_commas_quotes_and_line_feeds_in_names_are_names() {
    let text = standard().replace(
        "Test_BNRS,Firefox",
        "\"Test, \"\"B\"\"\n\n,,,9,9,9\",Firefox",
    );
    let (summary, rows) = wide(&text).read().unwrap();
    assert_eq!(first(&summary), 3);
    assert!(rows[0].contains("b=Test, \"B\"%0A%0A,,,9,9,9;c="));
    assert!(
        rows[1].starts_with("5|"),
        "line numbers count line feeds in names: {}",
        rows[1]
    );
}

#[test]
fn e_no_data_is_an_empty_report() {
    let no_data = "No data returned by the reporting service.\n";
    let with_footer = format!("{HEADER}{no_data}{FOOTER}");
    assert_eq!(wide(&with_footer).sum(), 0);
    let bare = format!("{HEADER}{no_data}");
    let case = wide(&bare);
    let (summary, _) = case
        .read_bytes(bare.as_bytes(), Some(bare.len() as u64))
        .unwrap();
    assert_eq!(summary.rows, 0);
    assert!(
        case.read().unwrap_err().download_again,
        "nothing proves that it is whole"
    );
}

#[test]
fn f_a_byte_order_mark_is_skipped() {
    let text = format!("\u{feff}{}", standard());
    let (summary, _) = wide(&text).read().unwrap();
    assert_eq!((first(&summary), summary.bytes), (3, text.len() as u64));
}

#[test]
fn g_carriage_returns_end_lines() {
    assert_eq!(wide(&standard().replace('\n', "\r\n")).sum(), 3);
}

#[test]
fn h_thousands_separators_are_read() {
    let text = standard()
        .replace("Chrome,2,", "Chrome,\"1,234\",")
        .replace(",,,3,", ",,,\"1,235\",");
    assert_eq!(wide(&text).sum(), 1235);
}

#[test]
fn i_a_blank_first_dimension_is_still_a_row() {
    let text = standard().replace("630317194,Test_BNRS,Firefox", ",Test_BNRS,Firefox");
    let (summary, rows) = wide(&text).read().unwrap();
    assert_eq!((first(&summary), rows.len()), (3, 2));
}

#[test]
fn j_a_file_cut_off_at_any_byte_is_refused() {
    let no_data = format!("{HEADER}No data returned by the reporting service.\n{FOOTER}");
    for text in [standard(), standard().replace('\n', "\r\n"), no_data] {
        let case = wide(&text);
        for length in 0..text.len() {
            let cut = &text.as_bytes()[..length];
            assert!(
                case.read_bytes(cut, None).is_err(),
                "accepted {length} of {}",
                text.len()
            );
            assert!(case.read_bytes(cut, Some(text.len() as u64)).is_err());
        }
        assert!(case.read_bytes(text.as_bytes(), None).is_ok());
    }
}

#[test]
fn k_a_backslash_is_a_letter() {
    let text = standard().replace("Test_BNRS,Firefox", "\"Test\\\",Fire\\fox");
    let (summary, rows) = wide(&text).read().unwrap();
    assert_eq!(first(&summary), 3);
    assert!(rows[0].contains(";b=Test\\;c=Fire\\fox|"));
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let text = standard()
        .replace(
            HEADER,
            "Counters,Browser,Clicks,Advertiser,Advertiser ID,Engagements\n",
        )
        .replace(
            "630317194,Test_BNRS,Firefox,1,0,0",
            "0,Firefox,1,Test_BNRS,630317194,0",
        )
        .replace(
            "630317194,Test_BNRS,Google Chrome,2,0",
            "0,Google Chrome,2,Test_BNRS,630317194",
        )
        .replace(",,,3,0,", "0,,3,,,");
    assert_eq!(
        wide(&text).read().unwrap().1[0],
        "2|a=630317194;b=Test_BNRS;c=Firefox|[Some(1000000), Some(0), Some(0)]"
    );
}

#[test]
fn null_markers_are_no_numbers() {
    let text = standard().replace("Firefox,1,0,0", "Firefox,1,-,Unknown");
    let (_, rows) = wide(&text).read().unwrap();
    assert!(rows[0].ends_with("[Some(1000000), None, None]"));
}

#[track_caller]
fn check_refused(from: &str, to: &str, message: &str) {
    let whole = standard();
    assert!(whole.contains(from), "{from}");
    let text = whole.replace(from, to);
    assert_eq!(wide(&text).read().unwrap_err().to_string(), message);
}

#[test]
fn a_file_that_is_not_what_was_asked_for_is_refused() {
    check_refused(
        "Browser,Clicks",
        "Browser,Klicks",
        "the header lacks the column \"clicks\" and has the unknown column \"Klicks\", which may be its new name",
    );
    check_refused(
        ",Engagements",
        "",
        "the header lacks the column \"engagements\"",
    );
    check_refused(
        "Browser,Clicks",
        "Browser,Engagements",
        "the header has the column \"Engagements\" twice",
    );
    check_refused(
        ",,,3,",
        ",,,4,",
        "the totals row says 4 for \"Clicks\", the rows add up to 3",
    );
    check_refused(
        ",,,3,",
        ",,,,",
        "the totals row has no value for \"Clicks\"",
    );
    check_refused(
        "Firefox,1,",
        "Firefox,1 000,",
        "line 2: \"1 000\" in column \"Clicks\" is not a number this report may hold",
    );
    check_refused(
        "Firefox,1,0",
        "Firefox,1",
        "line 2: 5 fields where the header has 6",
    );
    check_refused(
        "2022/11/01 to",
        "2022/11/02 to",
        "the footer says 2022-11-02 to 2023-01-29, asked for was 2022-11-01 to 2023-01-29",
    );
    check_refused(
        "2022/11/01 to 2023/01/29",
        "All Time",
        "the footer's date range \"All Time\" cannot be read",
    );
    check_refused(
        "By:,Browser",
        "By:,Device",
        "the footer groups by \"Device\", which was not asked for",
    );
    check_refused(
        "Group By:,Browser\n",
        "",
        "the footer does not group by \"Browser\", which was asked for",
    );
    check_refused(
        "ID:,995544",
        "ID:,995545",
        "the footer's filter by \"Partner ID\" names [\"995545\"], asked for was [\"995544\"]",
    );
    check_refused(
        "630317194,Test_BNRS,Google",
        ",,,3,0,0\n630317194,Test_BNRS,Google",
        "the totals row says 3 for \"Clicks\", the rows add up to 1",
    );
    check_refused(
        "630317194,Test_BNRS,Google",
        ",,,1,0,0\n630317194,Test_BNRS,Google",
        "line 3: a row without any dimension stands before the last row",
    );
}

#[test]
fn a_cut_off_file_is_told_from_a_wrong_one() {
    let text = standard();
    let case = wide(&text);
    let announced = Some(text.len() as u64 + 1);
    let error = case.read_bytes(text.as_bytes(), announced).unwrap_err();
    assert_eq!((error.code, error.download_again), ("file_cut_off", true));
    let cut = &text.as_bytes()[..text.len() / 4];
    let cut = case.read_bytes(cut, None).unwrap_err();
    assert_eq!((cut.code, cut.download_again), ("file_cut_off", true));
    let wrong = standard().replace(",,,3,", ",,,4,");
    let wrong = wide(&wrong).read().unwrap_err();
    assert_eq!((wrong.code, wrong.download_again), ("control_total", false));
}

/// What was withheld is not known, and the total still has to be possible.
#[test]
fn a_withheld_value_is_null_and_bounds_the_total() {
    let withheld = |total: &str| {
        let text = standard()
            .replace("Firefox,1,", "Firefox,< 1000,")
            .replace(",,,3,", total);
        wide(&text).read()
    };
    let (summary, rows) = withheld(",,,701,").unwrap();
    assert_eq!((summary.censored, summary.control_total), (1, true));
    assert!(rows[0].ends_with("[None, Some(0), Some(0)]"), "{}", rows[0]);
    assert!(withheld(",,,1,").is_err(), "less than what is known");
    assert!(withheld(",,,1003,").is_err(), "more than was withheld");
    assert!(withheld(",,,,").is_ok(), "withheld too");
}

/// Whatever one wrong byte does, it never makes a sum that is wrong and believed.
#[test]
fn no_single_wrong_byte_changes_a_sum_unnoticed() {
    let text = standard();
    let case = wide(&text);
    let (truth, _) = case.read().unwrap();
    let mut accepted = 0;
    for at in 0..text.len() {
        for byte in *b"0159,.-\"\n\r /x\0\xff" {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            if let Ok((summary, _)) = case.read_bytes(&bytes, None) {
                assert_eq!(summary.sums, truth.sums, "byte {at} as {byte}");
                accepted += 1;
            }
        }
    }
    assert!(accepted > 0, "names may change");
}
