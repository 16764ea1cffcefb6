//! Requests go where the table says, and nowhere when it says nothing.

use contracts::routes::{CellRoute, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Decision, MAX_BODY_BYTES, RequestParts, decide};
use crate::route_table::{EdgeKeys, RouteTable};

fn table() -> RouteTable {
    let cell = CellId::new();
    let org = |slug: &str, cell, epoch| {
        RouteEntry::Org(OrgRoute {
            org: OrgId::new(),
            slug: slug.parse().unwrap(),
            hosts: vec![format!("ads.{slug}.example").parse().unwrap()],
            cell,
            epoch: Epoch(epoch),
            held: false,
        })
    };
    let entries = [
        RouteEntry::Cell(CellRoute {
            cell,
            name: "a".to_owned(),
            addr: "127.0.0.1:4000".parse().unwrap(),
        }),
        org("acme", cell, 3),
        org("globex", CellId::new(), 1),
    ];
    RouteTable::build(7, &entries, &EdgeKeys::new([7; 32]))
}

fn said(decision: Decision) -> String {
    match decision {
        Decision::ToApp => "app".to_owned(),
        Decision::Redirect { location } => format!("redirect {location}"),
        Decision::Forward(forward) => {
            format!(
                "cell {} {} epoch {}",
                forward.cell.name, forward.cell.addr, forward.epoch
            )
        }
        Decision::Reject(reject) => format!("{} {}", reject.status(), reject.code()),
    }
}

fn ask(host: Option<&str>, path: &str, content_length: Option<u64>) -> String {
    said(decide(
        &table(),
        "localhost",
        RequestParts {
            host,
            path_and_query: path,
            content_length,
        },
    ))
}

fn check(host: &str, expected: Expect) {
    expected.assert_eq(&ask(Some(host), "/a?b=c", None));
}

#[test]
fn hosts_are_decided() {
    check(
        "acme.localhost:8080",
        expect!["cell a 127.0.0.1:4000 epoch 3"],
    );
    check("ACME.localhost.", expect!["cell a 127.0.0.1:4000 epoch 3"]);
    check("app.localhost", expect!["app"]);
    check(
        "localhost:8080",
        expect!["redirect //app.localhost:8080/a?b=c"],
    );
    check("localhost", expect!["redirect //app.localhost/a?b=c"]);
    check("nobody.localhost", expect!["404 org_not_found"]);
    check("acme.app.localhost", expect!["404 host_not_found"]);
    check("acmelocalhost", expect!["404 host_not_found"]);
    check("acme.example.com", expect!["404 host_not_found"]);
    check("127.0.0.1:8080", expect!["404 host_not_found"]);
    check("ads.acme.example", expect!["cell a 127.0.0.1:4000 epoch 3"]);
    check(
        "ADS.acme.example.:80",
        expect!["cell a 127.0.0.1:4000 epoch 3"],
    );
    check("acme", expect!["404 host_not_found"]);
    check("ads.acme.example.localhost", expect!["404 host_not_found"]);
    check("acme.example", expect!["404 host_not_found"]);
    check("[::1]", expect!["404 host_not_found"]);
    check("globex.localhost", expect!["503 cell_unknown"]);
    check("a b.localhost", expect!["400 bad_host"]);
}

#[test]
fn a_request_without_a_host_is_refused() {
    assert_eq!(ask(None, "/", None), "400 bad_host");
    assert_eq!(ask(Some(""), "/", None), "400 bad_host");
}

#[test]
fn a_redirect_never_leaves_the_app_host() {
    assert_eq!(
        ask(Some("localhost"), "*", None),
        "redirect //app.localhost/"
    );
    assert_eq!(
        ask(Some("localhost"), "//evil.example/", None),
        "redirect //app.localhost//evil.example/"
    );
}

#[test]
fn a_large_body_is_refused_where_it_would_be_accepted() {
    let large = Some(MAX_BODY_BYTES + 1);
    assert_eq!(
        ask(Some("acme.localhost"), "/", large),
        "413 body_too_large"
    );
    assert_eq!(ask(Some("app.localhost"), "/", large), "413 body_too_large");
    assert_eq!(
        ask(Some("acme.localhost"), "/", Some(MAX_BODY_BYTES)),
        "cell a 127.0.0.1:4000 epoch 3"
    );
}

proptest! {
    #[test]
    fn no_host_makes_it_panic_or_forwards_by_accident(host in any::<String>(), path in any::<String>()) {
        let decision = ask(Some(&host), &path, None);
        let known = host.to_ascii_lowercase().starts_with("acme.localhost");
        prop_assert!(known || !decision.starts_with("cell"), "{host:?} was {decision}");
    }

    #[test]
    fn an_unknown_slug_is_never_forwarded(label in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?") {
        prop_assume!(!["acme", "globex", "app"].contains(&label.as_str()));
        let decision = ask(Some(&format!("{label}.localhost")), "/", None);
        prop_assert_eq!(decision, "404 org_not_found");
    }

    #[test]
    fn spelling_changes_nothing(upper in proptest::collection::vec(any::<bool>(), 14), dot: bool, port in proptest::option::of(any::<u16>())) {
        let mut host: String = "acme.localhost"
            .chars()
            .zip(upper)
            .map(|(c, upper)| if upper { c.to_ascii_uppercase() } else { c })
            .collect();
        if dot {
            host.push('.');
        }
        if let Some(port) = port {
            host.push_str(&format!(":{port}"));
        }
        prop_assert_eq!(ask(Some(&host), "/", None), "cell a 127.0.0.1:4000 epoch 3");
    }
}
