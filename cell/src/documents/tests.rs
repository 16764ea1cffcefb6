//! What every document is held to.

use expect_test::expect;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Findings, diff, is_name, limits, read, schema};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema and its reading are looked at")]
struct Example {
    #[schema(minimum = 1, maximum = 100)]
    percent: u32,
    #[schema(max_length = 5)]
    word: Option<String>,
    kind: Kind,
    #[schema(max_items = 2)]
    days: Vec<chrono::NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    One,
    Other,
}

fn wrong(value: &Value) -> Vec<String> {
    let mut found = Findings::default();
    let schema = schema::schema_of::<Example>("/example", "Example");
    limits::check(&schema, value, &mut found);
    let found = found.into_vec().into_iter();
    found
        .map(|one| format!("{}: {}", one.path, one.message))
        .collect()
}

#[test]
fn every_part_beyond_its_limits_is_named_where_it_is() {
    let right = json!({"percent": 100, "word": "short", "kind": "one", "days": ["2026-12-24"]});
    assert_eq!(wrong(&right), Vec::<String>::new());
    assert!(read::<Example>(&right, 1_000).is_ok());
    let bare = json!({"percent": 1, "word": null, "kind": "other", "days": []});
    assert_eq!(wrong(&bare), Vec::<String>::new());
    expect![[r#"
        [
            "/days/0: this is no day, such as 2026-12-24",
            "/days/1: this is integer, not string",
            "/kind: this is none of \"one\", \"other\"",
            "/percent: 101 is more than 100",
            "/surprise: there is no surprise",
            "/word: this has more than 5 characters",
        ]
    "#]]
    .assert_debug_eq(&wrong(&json!({
        "percent": 101, "word": "longer", "kind": "third", "days": ["2026-02-30", 7], "surprise": 1,
    })));
    expect![[r#"
        [
            "/percent: this is number, not integer",
            "/kind: this is missing",
            "/days: this is missing",
        ]
    "#]]
    .assert_debug_eq(&wrong(&json!({"percent": 1.5})));
    assert_eq!(wrong(&json!([])), [": this is array, not object"]);
}

#[test]
fn a_part_that_cannot_be_read_is_named() {
    let value = json!({"percent": 1, "kind": "one", "days": ["x"]});
    assert_eq!(read::<Example>(&value, 1_000).unwrap_err().path, "/days/0");
    let long = read::<Example>(&value, 10).unwrap_err();
    assert_eq!(long.path, "");
    assert!(long.message.contains("at most"));
}

#[test]
fn named_things_of_a_list_are_compared_one_by_one() {
    let before = json!({"columns": [{"name": "a", "to": "x"}, {"name": "b/c", "to": "y"}]});
    let after = json!({"columns": [{"name": "b/c", "to": "z"}, {"name": "a", "to": "x"}]});
    let changes = diff(&before, &after);
    let paths: Vec<&str> = changes.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/columns/b~1c/to"]);
    let twice = json!({"columns": [{"name": "a"}, {"name": "a"}]});
    assert_eq!(diff(&before, &twice)[0].path, "/columns");
}

#[test]
fn names_are_what_they_should_be() {
    for name in ["a", "ttd_days2", &"x".repeat(63)] {
        assert!(is_name(name), "{name}");
    }
    for name in ["", "A", "1a", "_a", "a-b", "ä", &"x".repeat(64)] {
        assert!(!is_name(name), "{name}");
    }
}
