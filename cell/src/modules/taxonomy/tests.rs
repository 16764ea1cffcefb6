//! A convention as an agency has it, from the document to findings, suggestions and names.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use expect_test::expect;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::check::{Code, Issue};
use super::compiled::Compiled;
use super::convention::{Convention, Kind, Level, Presence};
use super::examine::examine;
use super::learn::learn;
use super::subject::{Attributes, Parent, Subject};
use super::suggest::{Confidence, Suggestion};

fn document() -> Value {
    json!({
        "title": "Line items",
        "level": "line_item",
        "delimiter": "_",
        "fields": [
            {"name": "market", "kind": {"type": "picklist", "values": [
                {"code": "DE", "label": "Germany", "aliases": ["GER"]},
                {"code": "FR", "label": "France"},
                {"code": "UK", "label": "United Kingdom", "aliases": ["GB"]}]}},
            {"name": "brand", "kind": {"type": "picklist", "values": [
                {"code": "Plixlife"}, {"code": "Cokefifa"}, {"code": "Zürich"}]}},
            {"name": "channel", "kind": {"type": "picklist", "values": [
                {"code": "YT"}, {"code": "DISP"}, {"code": "CTV"}]}},
            {"name": "format", "presence": "optional", "kind": {"type": "picklist", "values": [
                {"code": "NonSkip"}, {"code": "Bumper"}, {"code": "Banner"}]}},
            {"name": "start", "kind": {"type": "date", "format": "YYYYMMDD"}},
            {"name": "advertiser", "kind": {"type": "reference", "attribute": "advertiser_id"}},
            {"name": "variant", "presence": "optional",
             "kind": {"type": "number", "min": 1, "max": 99, "digits": 2}}
        ],
        "rules": [
            {"rule": "implies", "field": "format", "codes": ["NonSkip", "Bumper"],
             "then_field": "channel", "then_codes": ["YT", "CTV"]},
            {"rule": "needs", "field": "channel", "codes": ["YT"], "then_field": "format"},
            {"rule": "agrees", "field": "start", "attribute": "flight_start"},
            {"rule": "same_as_parent", "field": "market", "parent_field": "market"}
        ]
    })
}

fn convention() -> Convention {
    serde_json::from_value(document()).unwrap()
}

fn compiled() -> Compiled {
    Compiled::new(convention()).unwrap()
}

fn subject<'a>(name: &'a str, parent: Option<&'a Parent<'a>>) -> Subject<'a> {
    Subject {
        name,
        parent,
        attributes: Attributes {
            advertiser_id: Some("630317194"),
            flight: NaiveDate::from_ymd_opt(2026, 4, 1).zip(NaiveDate::from_ymd_opt(2026, 4, 30)),
            ..Attributes::default()
        },
    }
}

fn codes(issues: &[Issue]) -> Vec<(Code, &str)> {
    issues
        .iter()
        .map(|issue| (issue.code, issue.field.as_deref().unwrap_or_default()))
        .collect()
}

fn said(name: &str) -> Vec<String> {
    let issues = compiled().check(&subject(name, None));
    issues.into_iter().map(|issue| issue.message).collect()
}

fn suggested(name: &str) -> Vec<Suggestion> {
    compiled().suggest(&subject(name, None))
}

#[test]
fn a_right_name_has_no_issue_with_or_without_what_is_optional() {
    for name in [
        "DE_Plixlife_YT_NonSkip_20260401_630317194_07",
        "DE_Plixlife_YT_NonSkip_20260401_630317194",
        "FR_Zürich_DISP_20260401_630317194",
        "UK_Cokefifa_DISP_Banner_20260401_630317194_99",
        "UK_Cokefifa_DISP_20260401_630317194_99",
    ] {
        assert_eq!(compiled().check(&subject(name, None)), [], "{name}");
        assert_eq!(suggested(name), [], "{name}");
    }
}

#[test]
fn each_issue_is_said_once_where_it_is() {
    expect![[r#"
        [
            "\"Deutschland\" is none of the 3 values of market",
            "\"01.04.2026\" is no date written as YYYYMMDD, as start is",
        ]
    "#]]
    .assert_debug_eq(&said("Deutschland_Plixlife_CTV_01.04.2026_630317194"));
    expect![[r#"
        [
            "brand is missing",
        ]
    "#]]
    .assert_debug_eq(&said("DE_CTV_20260401_630317194"));
    expect![[r#"
        [
            "\"final\" belongs to no field",
        ]
    "#]]
    .assert_debug_eq(&said("DE_Plixlife_CTV_20260401_630317194_final_07"));
    expect![[r#"
        [
            "advertiser says \"123\" and the advertiser id is \"630317194\"",
        ]
    "#]]
    .assert_debug_eq(&said("DE_Plixlife_CTV_20260401_123"));
}

#[test]
fn rules_between_fields_and_with_the_entity_are_checked() {
    expect![[r#"
        [
            "with format NonSkip, Bumper, channel is one of YT, CTV",
        ]
    "#]]
    .assert_debug_eq(&said("DE_Plixlife_DISP_Bumper_20260401_630317194"));
    expect![[r#"
        [
            "with channel YT, format is needed",
        ]
    "#]]
    .assert_debug_eq(&said("DE_Plixlife_YT_20260401_630317194"));
    expect![[r#"
        [
            "start agrees with the first flight day, 2026-04-01",
        ]
    "#]]
    .assert_debug_eq(&said("DE_Plixlife_CTV_20260402_630317194"));
    let parent = Parent {
        name: "FR_Plixlife",
        values: vec![("market", "FR".into())],
    };
    let name = "DE_Plixlife_CTV_20260401_630317194";
    let issues = compiled().check(&subject(name, Some(&parent)));
    assert_eq!(codes(&issues), [(Code::RuleBroken, "market")]);
    assert_eq!(
        issues[0].message,
        r#"market says what the parent says, "FR""#
    );
}

#[test]
fn what_is_hostile_is_an_issue_and_no_more() {
    let long = "x".repeat(100_000);
    let many = "_".repeat(10_000);
    for (name, code) in [
        ("", Code::Empty),
        ("   ", Code::Empty),
        (long.as_str(), Code::TooLong),
        (many.as_str(), Code::TooManyParts),
        ("DE_Plix\nlife", Code::ControlCharacter),
        ("DE_Plix\u{202e}life", Code::ControlCharacter),
    ] {
        let issues = compiled().check(&subject(name, None));
        assert!(issues.iter().any(|issue| issue.code == code), "{code:?}");
        let most = issues.iter().map(|issue| issue.message.len()).max();
        assert!(most < Some(400), "an issue does not repeat the name");
        assert_eq!(suggested(name), []);
    }
}

#[test]
fn suggestions_put_right_what_has_one_meaning() {
    let right = "DE_Plixlife_CTV_NonSkip_20260401_630317194_07";
    for (wrong, confidence) in [
        (
            "de_Plixlife_CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            "GER_Plixlife_CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            "Germany_Plixlife_CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            "DE_Plixlive_CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            "DE-Plixlife-CTV-NonSkip-20260401-630317194-07",
            Confidence::High,
        ),
        (
            "DE__Plixlife_CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            " DE_Plixlife _CTV_NonSkip_20260401_630317194_07",
            Confidence::High,
        ),
        (
            "DE_Plixlife_CTV_NonSkip_1stApr2026_630317194_07",
            Confidence::High,
        ),
        (
            "DE_Plixlife_CTV_NonSkip_20260401_630317194_7",
            Confidence::High,
        ),
        (
            "DE_PlixlifeCTV_NonSkip_20260401_630317194_07",
            Confidence::Medium,
        ),
        (
            "DE_Plixlife_CTV_Non_Skip_20260401_630317194_07",
            Confidence::Medium,
        ),
        (
            "DE_CTV_Plixlife_NonSkip_20260401_630317194_07",
            Confidence::Medium,
        ),
        ("DE_Plixlife_CTV_NonSkip_20260401_07", Confidence::Medium),
        (
            "DE_Plixlife_CTV_NonSkip_20260401_630317194_07_final",
            Confidence::Low,
        ),
    ] {
        let found = suggested(wrong);
        let first = found
            .first()
            .unwrap_or_else(|| panic!("nothing for {wrong}"));
        assert_eq!(first.name, right, "{wrong}");
        assert_eq!(first.confidence, confidence, "{wrong} {:?}", first.changes);
        assert!(!first.changes.is_empty() || first.name != wrong);
    }
}

#[test]
fn a_day_and_a_month_that_only_a_guess_tells_apart_are_not_sure() {
    let mut convention = convention();
    convention.rules.clear();
    let compiled = Compiled::new(convention).unwrap();
    let name = "DE_Plixlife_CTV_04052026_630317194";
    let found = compiled.suggest(&subject(name, None));
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(found.iter().all(|one| one.confidence == Confidence::Low));
}

#[test]
fn what_cannot_be_told_is_not_suggested() {
    for name in [
        "Summer sale",
        "DE_Plixlife",
        "x_y_z_1_2_3_4",
        "DE_Qqqqqqq_CTV_20260401_630317194",
    ] {
        assert_eq!(suggested(name), [], "{name}");
    }
}

#[test]
fn the_builder_makes_only_names_that_keep_to_the_convention() {
    let value = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    let mut values = BTreeMap::from([
        value("market", "DE"),
        value("brand", "Plixlife"),
        value("channel", "CTV"),
        value("variant", "07"),
    ]);
    let compiled = compiled();
    let built = compiled.build(&values, &subject("", None));
    assert_eq!(built.unwrap(), "DE_Plixlife_CTV_20260401_630317194_07");
    values.insert("brand".into(), vec!["Plix_life".into()]);
    let issues = compiled.build(&values, &subject("", None)).unwrap_err();
    assert_eq!(issues[0].message, "a value has the delimiter in it");
    values.insert("brand".into(), vec!["Nobody".into()]);
    let issues = compiled.build(&values, &subject("", None)).unwrap_err();
    assert_eq!(codes(&issues), [(Code::NotInList, "brand")]);
    values.remove("brand");
    values.insert("colour".into(), vec!["red".into()]);
    let issues = compiled.build(&values, &subject("", None)).unwrap_err();
    let expected = [(Code::ExtraPart, "colour"), (Code::MissingField, "brand")];
    assert_eq!(codes(&issues), expected);
}

#[test]
fn a_delimiter_inside_a_value_is_escaped_and_read_again() {
    let mut convention = convention();
    convention.escape = Some('\\');
    convention.rules.clear();
    if let Kind::Picklist { values } = &mut convention.fields[1].kind {
        values[0].code = "Plix_life".to_owned();
    }
    let compiled = Compiled::new(convention).unwrap();
    let name = r"DE_Plix\_life_CTV_20260401_630317194";
    let subject = subject(name, None);
    assert_eq!(compiled.check(&subject), []);
    let read = compiled.read(&subject);
    assert_eq!(read[1].1, "Plix_life");
    let values = read
        .iter()
        .map(|(field, value)| ((*field).to_owned(), vec![value.to_string()]));
    assert_eq!(compiled.build(&values.collect(), &subject).unwrap(), name);
}

#[test]
fn what_is_wrong_with_a_convention_is_said_with_its_place() {
    let mut document = document();
    document["delimiter"] = json!("_7");
    document["max_bytes"] = json!(241);
    document["fields"][0]["kind"]["values"][1]["code"] = json!("DE");
    document["fields"][0]["kind"]["values"][2]["aliases"] = json!(["GER"]);
    document["fields"][3]["name"] = json!("market");
    document["fields"][4]["kind"]["format"] = json!("MMDD");
    document["fields"][6]["kind"] = json!({"type": "pattern", "pattern": "(a{1000}){1000}"});
    document["rules"][0]["codes"] = json!(["Nonskip"]);
    document["rules"][2]["attribute"] = json!("currency");
    let found = examine(&serde_json::from_value(document).unwrap());
    let said: Vec<String> = found
        .into_iter()
        .map(|one| format!("{}: {}", one.path, one.message))
        .collect();
    expect![[r#"
        [
            "/delimiter: a delimiter is one to three characters, none of them a letter or a digit",
            "/max_bytes: a name has 1 to 240 bytes",
            "/fields/0/kind/values/1/code: DE is there more than once",
            "/fields/0/kind/values/2/aliases/0: GER already means DE",
            "/fields/3/name: there is another field market",
            "/fields/4/kind/format: a date format says the year once",
            "/fields/6/kind/pattern: the pattern is too large",
            "/rules/0/field: there is no field format",
            "/rules/1/then_field: there is no field format",
            "/rules/2/attribute: a currency cannot be compared with this field",
        ]
    "#]]
    .assert_debug_eq(&said);
}

#[test]
fn a_pattern_cannot_get_out_of_its_anchors() {
    let mut convention = convention();
    convention.fields[1].kind = Kind::Pattern {
        pattern: "a)|(?:.*".to_owned(),
    };
    assert!(Compiled::new(convention.clone()).is_err());
    convention.fields[1].kind = Kind::Pattern {
        pattern: "a|b".to_owned(),
    };
    let compiled = Compiled::new(convention).unwrap();
    let issues = compiled.check(&subject("DE_ax_CTV_20260401_630317194", None));
    assert_eq!(codes(&issues), [(Code::PatternMismatch, "brand")]);
}

/// Names as an agency really has them: sixteen parts, one of which a part of the names leave out.
#[test]
fn a_convention_is_learned_from_names_in_use() {
    let mut names = Vec::new();
    for number in 0..400 {
        let market = ["IN", "DE", "FR"][number % 3];
        let city = ["BLR", "DEL", "MUM", "PUN"][number % 4];
        let audience = ["18-44", "25-54"][number % 2];
        let day = format!("202604{:02}", number % 28 + 1);
        let income = if number % 6 == 0 { "" } else { "_Top20HHI" };
        let format = if number == 7 {
            "tvc"
        } else {
            ["TVC", "Bumper"][number % 2]
        };
        names.push(format!(
            "{market}_DV360_{day}_{city}_{audience}{income}_{format}_LI{number:05}"
        ));
    }
    names.push("something else".to_owned());
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let proposal = learn(&texts, Level::LineItem).unwrap();
    let shown: Vec<String> = proposal
        .convention
        .fields
        .iter()
        .zip(&proposal.fields)
        .map(|(field, support)| {
            let kind = match &field.kind {
                Kind::Picklist { values } => format!("{} values", values.len()),
                other => format!("{other:?}"),
            };
            let optional = field.presence == Presence::Optional;
            format!(
                "{} {kind} optional {optional} left out {}",
                field.name, support.left_out
            )
        })
        .collect();
    expect![[r#"
        [
            "market 3 values optional false left out 0",
            "field_2 1 values optional false left out 0",
            "date Date { format: \"YYYYMMDD\" } optional false left out 0",
            "field_4 4 values optional false left out 0",
            "field_5 2 values optional false left out 0",
            "field_6 1 values optional true left out 67",
            "field_7 2 values optional false left out 0",
            "field_8 Pattern { pattern: \"[A-Z]{2}[0-9]{5}\" } optional false left out 0",
        ]
    "#]]
    .assert_debug_eq(&shown);
    assert_eq!((proposal.names, proposal.keep), (401, 399));
    assert_eq!(proposal.exceptions, [names[7].as_str(), "something else"]);
    assert!(
        examine(&proposal.convention)
            .iter()
            .all(|one| !one.message.is_empty())
    );
}

#[test]
fn nothing_is_learned_from_names_without_a_habit() {
    let names: Vec<String> = (0..50).map(|number| format!("Sale{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(learn(&names, Level::Campaign), None);
    assert_eq!(learn(&names[..3], Level::Campaign), None);
    assert_eq!(learn(&[], Level::Campaign), None);
}

proptest! {
    /// Whatever a name is, its suggestions keep to the convention, and nothing panics.
    #[test]
    fn suggestions_always_keep_to_the_convention(name in "[DEFRUKgb_ -]{0,6}[PlixfeZü_]{0,12}[_A-Z0-9a-z.-]{0,30}") {
        let compiled = compiled();
        for one in compiled.suggest(&subject(&name, None)) {
            prop_assert_eq!(compiled.check(&subject(&one.name, None)), vec![]);
        }
    }

    #[test]
    fn any_text_is_checked_without_panic(name in "\\PC{0,60}") {
        compiled().check(&subject(&name, None));
    }

    #[test]
    fn any_names_are_learned_from_without_panic(names in proptest::collection::vec("[ab_|é -]{0,12}", 10..40)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        learn(&names, Level::Creative);
    }
}
