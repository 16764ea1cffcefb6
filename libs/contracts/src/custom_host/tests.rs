//! Which names an org may bring.

use super::CustomHost;

#[test]
fn only_names_in_their_one_spelling_are_hosts() {
    let long = format!("{}.{}", "a.".repeat(126), "ab");
    for good in [
        "ads.agency.example",
        "a.b",
        "xn--mnchen-3ya.example",
        "1.2.3.4.example",
    ] {
        assert!(good.parse::<CustomHost>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "agency",
        "Ads.agency.example",
        "ads.agency.example.",
        ".example",
        "a..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "münchen.example",
        "1.2.3.4",
        "a.example:80",
        &long,
    ] {
        assert!(bad.parse::<CustomHost>().is_err(), "{bad}");
    }
}

#[test]
fn a_bad_name_does_not_pass_as_json() {
    let host: CustomHost = serde_json::from_str("\"ads.agency.example\"").unwrap();
    assert_eq!(
        serde_json::to_string(&host).unwrap(),
        "\"ads.agency.example\""
    );
    assert!(serde_json::from_str::<CustomHost>("\"agency\"").is_err());
}
