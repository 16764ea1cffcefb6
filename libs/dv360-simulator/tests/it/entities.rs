//! The v4 lists and resources.

use reqwest::StatusCode;
use serde_json::Value;

use crate::client::{ANA, Api, config, day, text};
use dv360_simulator::world::{AdvertiserSpec, PartnerSpec, Shape, World};

const INVALID: &str = "400 INVALID_ARGUMENT Request contains an invalid argument.";
const MISSING: &str = "404 NOT_FOUND Requested entity was not found.";

fn ids(body: &Value, list: &str, id: &str) -> Vec<String> {
    body[list]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| text(&one[id]))
        .collect()
}

#[tokio::test]
async fn a_person_sees_only_their_own_partners_and_advertisers() {
    let api = Api::start().await;
    let all = api.advertisers().await;
    let (own, foreign) = (&all[0], &all[2]);
    let partners = ids(&api.get("/v4/partners").await.body, "partners", "partnerId");
    assert_eq!(partners, std::slice::from_ref(&own.0));
    let children = api
        .get(&format!("/v4/advertisers?partnerId={}", own.0))
        .await
        .body;
    assert_eq!(ids(&children, "advertisers", "advertiserId").len(), 2);
    for path in [
        format!("/v4/partners/{}", foreign.0),
        format!("/v4/advertisers?partnerId={}", foreign.0),
        format!("/v4/advertisers/{}", foreign.1),
        format!("/v4/advertisers/{}/lineItems", foreign.1),
        format!("/v4/advertisers/{}/insertionOrders/1", own.1),
    ] {
        assert_eq!(api.get(&path).await.error(), MISSING, "{path}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let base = format!("/v4/advertisers/{advertiser}/lineItems?pageSize=4");
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{base}&pageToken={token}")).await.body;
        found.extend(ids(&page, "lineItems", "lineItemId"));
        token = text(&page["nextPageToken"]);
        if token.is_empty() {
            break;
        }
    }
    let mut unique = found.clone();
    unique.sort();
    unique.dedup();
    assert_eq!((found.len(), unique.len()), (6, 6));
}

#[tokio::test]
async fn a_page_token_fits_only_the_list_it_came_from() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let base = format!("/v4/advertisers/{advertiser}/lineItems");
    let token = text(&api.get(&format!("{base}?pageSize=1")).await.body["nextPageToken"]);
    assert_eq!(
        api.get(&format!("{base}?pageSize=2&pageToken={token}"))
            .await
            .status,
        StatusCode::OK
    );
    let reordered = format!("{base}?pageSize=1&orderBy=updateTime&pageToken={token}");
    assert_eq!(api.get(&reordered).await.error(), INVALID);
    assert_eq!(
        api.get(&format!("{base}?pageToken=zzz")).await.error(),
        INVALID
    );
}

#[tokio::test]
async fn sizes_filters_orders_and_parameters_that_google_refuses_are_refused() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let base = format!("/v4/advertisers/{advertiser}");
    for path in [
        "/v4/partners?pageSize=201".to_owned(),
        "/v4/partners?pageSize=-1".to_owned(),
        format!("{base}/insertionOrders?pageSize=101"),
        format!("{base}/lineItems?pageSize=201"),
        format!("{base}/lineItems?orderBy=lineItemId"),
        format!("{base}/lineItems?filter=flavour%3D%22x%22"),
        "/v4/advertisers".to_owned(),
        format!("/v4/advertisers?partnerId={partner}&partnerId={partner}"),
    ] {
        assert_eq!(api.get(&path).await.error(), INVALID, "{path}");
    }
    let two = api
        .get(&format!("/v4/advertisers?partnerId={partner},{partner}"))
        .await;
    assert_eq!(two.status, StatusCode::BAD_REQUEST);
    let unknown = api.get("/v4/partners?pagesize=5").await.error();
    assert!(unknown.contains("Unknown name \"pagesize\""), "{unknown}");
    let writing = api.post("/v4/partners", Value::Null).await;
    assert_eq!(writing.status, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn archived_entities_are_left_out_unless_their_status_is_asked_for() {
    let partner = PartnerSpec {
        users: vec![ANA.to_owned()],
        ..PartnerSpec::default()
    };
    let spec = AdvertiserSpec {
        line_items: 300,
        shape: Shape::Realistic,
        ..AdvertiserSpec::default()
    };
    let world = World::builder(5)
        .built_on(day("2026-07-20"))
        .partner(partner)
        .advertiser(spec)
        .build();
    let api = Api::start_with(config(), world).await;
    let advertiser = api.advertisers().await[0].1.clone();
    let base = format!("/v4/advertisers/{advertiser}/insertionOrders");
    let plain = api.get(&base).await.body;
    let filter = "?filter=entityStatus%3D%22ENTITY_STATUS_ARCHIVED%22";
    let archived = api.get(&format!("{base}{filter}")).await.body;
    let archived = ids(&archived, "insertionOrders", "insertionOrderId");
    assert!(!archived.is_empty());
    let plain = ids(&plain, "insertionOrders", "insertionOrderId");
    assert!(plain.len() + archived.len() == 60 && !plain.contains(&archived[0]));
}
