//! What people change while a connector watches.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{ANA, Answer, Api, daily, text};

impl Api {
    async fn edit(&self, edit: Value) -> Answer {
        let answer = self.post("/sim/edits", edit).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        answer
    }

    async fn add_advertiser(&self, partner: &str) {
        self.edit(json!({"advertiser": {
            "partner_id": partner, "name": "Newcomer", "time_zone": "Asia/Tokyo",
            "currency": "JPY", "line_items": 3,
        }}))
        .await;
    }
}

fn count(body: &Value, list: &str) -> usize {
    body[list].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn an_advertiser_added_after_the_query_is_silently_missing() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let mut query = daily(&partner, &advertiser);
    query["params"]["groupBys"] = json!(["FILTER_ADVERTISER", "FILTER_ADVERTISER_CURRENCY"]);
    query["params"]["filters"] = json!([{"type": "FILTER_PARTNER", "value": partner}]);
    query["metadata"]["dataRange"] = json!({"range": "CURRENT_DAY"});
    let old = api.create_query(query.clone()).await;
    api.add_advertiser(&partner).await;
    let rows = async |id: &str| {
        let done = api.wait_for(&api.run(id).await, "DONE").await;
        let link = text(&done["metadata"]["googleCloudStoragePath"]);
        let file = api.plain(&link).await.unwrap().text().await.unwrap();
        file.lines().take_while(|line| !line.is_empty()).count() - 2
    };
    assert_eq!(rows(&old).await, 2);
    let new = api.create_query(query).await;
    assert_eq!(rows(&new).await, 3);
}

#[tokio::test]
async fn what_is_archived_leaves_the_list_and_comes_back() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let path = format!("/v4/advertisers/{advertiser}/lineItems");
    let before = api.get(&path).await.body;
    let id = text(&before["lineItems"][0]["lineItemId"]);
    let total = count(&before, "lineItems");
    let status = async |status: &str| {
        api.edit(json!({"status": {"id": id, "status": status}}))
            .await
    };
    status("archived").await;
    assert_eq!(count(&api.get(&path).await.body, "lineItems"), total - 1);
    let archived = format!("{path}?filter=entityStatus=%22ENTITY_STATUS_ARCHIVED%22");
    assert_eq!(
        text(&api.get(&archived).await.body["lineItems"][0]["lineItemId"]),
        id
    );
    status("active").await;
    assert_eq!(count(&api.get(&path).await.body, "lineItems"), total);
    api.edit(json!({"delete": {"id": id}})).await;
    assert_eq!(count(&api.get(&path).await.body, "lineItems"), total - 1);
    let gone = api.get(&format!("{path}/{id}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_edited_budget_is_found_by_its_update_time() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let path = format!("/v4/advertisers/{advertiser}/insertionOrders");
    let id = text(&api.get(&path).await.body["insertionOrders"][0]["insertionOrderId"]);
    let since = format!("{path}?filter=updateTime%3E=%222026-07-20T00:00:00Z%22");
    assert_eq!(count(&api.get(&since).await.body, "insertionOrders"), 0);
    api.edit(json!({"budget": {"insertion_order_id": id, "amount_micros": 77_000_000}}))
        .await;
    let changed = api.get(&since).await.body;
    let segment = &changed["insertionOrders"][0]["budget"]["budgetSegments"][0];
    assert_eq!(segment["budgetAmountMicros"], "77000000");
}

#[tokio::test]
async fn creatives_are_listed_filtered_and_not_ordered_by_update_time() {
    let api = Api::start().await;
    let advertiser = api.advertisers().await[0].1.clone();
    let path = format!("/v4/advertisers/{advertiser}/creatives");
    let all = api.get(&path).await.body;
    let one = &all["creatives"][0];
    assert!(!one["lineItemIds"].as_array().unwrap().is_empty());
    let fetched = api
        .get(&format!("{path}/{}", text(&one["creativeId"])))
        .await;
    assert_eq!(&fetched.body, one);
    let filtered = format!("{path}?filter=updateTime%3E=%222001-01-01T00:00:00Z%22");
    assert_eq!(
        count(&api.get(&filtered).await.body, "creatives"),
        count(&all, "creatives")
    );
    let ordered = api.get(&format!("{path}?orderBy=updateTime")).await;
    assert_eq!(ordered.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_token_can_end_with_a_change_of_the_roster() {
    let api = Api::start().await;
    let partner = api.advertisers().await[0].0.clone();
    let path = format!("/v4/advertisers?partnerId={partner}&pageSize=1");
    let next = async || text(&api.get(&path).await.body["nextPageToken"]);
    let token = next().await;
    api.add_advertiser(&partner).await;
    let second = api.get(&format!("{path}&pageToken={token}")).await;
    assert_eq!(second.status, StatusCode::OK);
    api.configure(json!({"tokens_die_with_roster": true})).await;
    let token = next().await;
    api.add_advertiser(&partner).await;
    let second = api.get(&format!("{path}&pageToken={token}")).await;
    assert_eq!(second.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_person_can_lose_a_partner() {
    let api = Api::start().await;
    let (partner, advertiser) = api.advertisers().await[0].clone();
    let query = api.create_query(daily(&partner, &advertiser)).await;
    let access = json!({"access": {"user": ANA, "partner_id": partner, "allowed": false}});
    api.edit(access).await;
    let refused = api.get(&format!("/v4/advertisers/{advertiser}")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unknown = api.post("/sim/edits", json!({"delete": {"id": "7"}})).await;
    assert_eq!(unknown.error(), "400 INVALID_ARGUMENT nothing has the id 7");
    drop(query);
}
