//! Nothing passes that the router did not sign for exactly this request.

use contracts::edge::{EdgeContext, EdgeOrg, EdgeRequest};
use contracts::{Epoch, OrgId, RequestId};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{EdgeError, signed_headers, verify};

const KEY: [u8; 32] = [5; 32];
const REQUEST: EdgeRequest<'static> = EdgeRequest {
    method: "POST",
    host: "acme.localhost:8080",
    path_and_query: "/api/x?y=1",
};

fn context(org: bool) -> EdgeContext {
    EdgeContext {
        org: org.then(|| EdgeOrg {
            org: OrgId::new(),
            epoch: Epoch(3),
        }),
        client: "::1".parse().unwrap(),
        request_id: RequestId::new(),
        timestamp: 1_000,
    }
}

fn headers(context: &EdgeContext) -> HeaderMap {
    signed_headers(&KEY, context, REQUEST)
        .into_iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(&value).unwrap(),
            )
        })
        .collect()
}

#[test]
fn what_was_signed_is_read_back() {
    for org in [true, false] {
        let context = context(org);
        assert_eq!(
            verify(&KEY, &headers(&context), REQUEST, 1_010),
            Ok(context)
        );
    }
}

#[test]
fn every_change_is_noticed() {
    let context = context(true);
    let good = headers(&context);
    let other = |request| verify(&KEY, &good, request, 1_000);
    let refused = Err(EdgeError::Signature);
    assert_eq!(
        other(EdgeRequest {
            method: "GET",
            ..REQUEST
        }),
        refused
    );
    assert_eq!(
        other(EdgeRequest {
            host: "evil.localhost:8080",
            ..REQUEST
        }),
        refused
    );
    assert_eq!(
        other(EdgeRequest {
            path_and_query: "/api/z",
            ..REQUEST
        }),
        refused
    );
    assert_eq!(verify(&[6; 32], &good, REQUEST, 1_000), refused);
    assert_eq!(verify(&KEY, &good, REQUEST, 1_031), Err(EdgeError::Skew));
    let mut epoch = good.clone();
    epoch.insert("x-cellplane-epoch", HeaderValue::from_static("4"));
    assert_eq!(verify(&KEY, &epoch, REQUEST, 1_000), refused);
    let mut without_org = good.clone();
    without_org.remove("x-cellplane-org");
    assert_eq!(verify(&KEY, &without_org, REQUEST, 1_000), refused);
    let mut twice = good;
    twice.append("x-cellplane-client", HeaderValue::from_static("10.0.0.1"));
    assert_eq!(
        verify(&KEY, &twice, REQUEST, 1_000),
        Err(EdgeError::Header("x-cellplane-client"))
    );
    assert!(verify(&KEY, &HeaderMap::new(), REQUEST, 1_000).is_err());
}
