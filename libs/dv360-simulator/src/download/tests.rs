//! Signed links.

use super::{Error, Links, find_ids};

const PATH: &str = "/download/b/t_20260711_141405_12_34.csv";

fn signed(now: i64) -> (Links, String, String) {
    let links = Links::new(1, 60);
    let link = links.sign("http://h", PATH, now);
    let query: Vec<(String, String)> =
        serde_urlencoded::from_str(link.split_once('?').unwrap().1).unwrap();
    let of = |name: &str| query.iter().find(|(key, _)| key == name).unwrap().1.clone();
    (links, of("Expires"), of("Signature"))
}

#[test]
fn a_link_works_until_it_expires() {
    let (links, expires, signature) = signed(1_000);
    assert_eq!(
        links.check(PATH, Some(&expires), Some(&signature), 1_059),
        Ok(())
    );
    let late = links.check(PATH, Some(&expires), Some(&signature), 1_060);
    assert_eq!(late, Err(Error::ExpiredToken));
}

#[test]
fn a_changed_path_or_expiry_breaks_the_signature() {
    let (links, expires, signature) = signed(1_000);
    let elsewhere = links.check(
        "/download/b/other_1_2.csv",
        Some(&expires),
        Some(&signature),
        1_000,
    );
    assert_eq!(elsewhere, Err(Error::SignatureDoesNotMatch));
    let longer = links.check(PATH, Some("9999999999"), Some(&signature), 1_000);
    assert_eq!(longer, Err(Error::SignatureDoesNotMatch));
    assert_eq!(
        links.check(PATH, None, None, 1_000),
        Err(Error::AccessDenied)
    );
}

#[test]
fn a_file_name_leads_back_to_its_report() {
    assert_eq!(
        find_ids("my_title_20260711_141405_12_34.csv"),
        Some((12, 34))
    );
    assert_eq!(find_ids("nonsense.csv"), None);
}
