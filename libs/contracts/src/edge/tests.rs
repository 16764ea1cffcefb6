//! The signed text is pinned: a change of it needs both sides to change.

use expect_test::expect;

use super::{EdgeContext, EdgeOrg, EdgeRequest, canonical};
use crate::Epoch;

#[test]
fn the_canonical_text_is_pinned() {
    let context = EdgeContext {
        org: Some(EdgeOrg {
            org: "org_0192f3a4b5c67d8e9fa0b1c2d3e4f506".parse().unwrap(),
            epoch: Epoch(7),
        }),
        client: "203.0.113.9".parse().unwrap(),
        request_id: "request_0192f3a4b5c67d8e9fa0b1c2d3e4f507".parse().unwrap(),
        timestamp: 1_760_000_000,
    };
    let request = EdgeRequest {
        method: "GET",
        host: "acme.example.com",
        path_and_query: "/api/session?x=1",
    };
    expect![[r#"
        cellplane-edge-v1
        org_0192f3a4b5c67d8e9fa0b1c2d3e4f506
        7
        203.0.113.9
        request_0192f3a4b5c67d8e9fa0b1c2d3e4f507
        1760000000
        GET
        acme.example.com
        /api/session?x=1"#]]
    .assert_eq(&canonical(&context, request));
}
