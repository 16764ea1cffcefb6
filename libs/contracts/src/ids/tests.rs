//! Ids print and parse one way only.

use super::{CellId, OrgId};

#[test]
fn an_id_prints_with_its_prefix_and_parses_back() {
    let id = OrgId::new();
    let text = id.to_string();
    assert!(text.starts_with("org_") && text.len() == 36, "{text}");
    assert_eq!(text.parse(), Ok(id));
}

#[test]
fn another_kind_or_spelling_is_refused() {
    let digits = "0192f3a4b5c67d8e9fa0b1c2d3e4f506";
    for text in [
        format!("cell_{digits}"),
        digits.to_owned(),
        format!("org_{}", digits.to_uppercase()),
        format!("org_{}", &digits[1..]),
        format!("org_{digits}0"),
        format!(" org_{digits}"),
        "org_0192f3a4-b5c6-7d8e-9fa0-b1c2d3e4f506".to_owned(),
    ] {
        assert!(text.parse::<OrgId>().is_err(), "{text}");
    }
    assert!(format!("cell_{digits}").parse::<CellId>().is_ok());
}

#[test]
fn later_ids_sort_later() {
    let ids: Vec<OrgId> = (0..100).map(|_| OrgId::new()).collect();
    assert!(ids.is_sorted());
}
