//! A naming convention learned from the org's own names, kept, held against them, and taken back.

use axum::http::Method;
use serde_json::{Value, json};

use crate::modules::write;
use crate::source::Slice;
use crate::support::{Answer, SOON};

const CONVENTIONS: &str = "/api/taxonomy/conventions";

async fn post(slice: &Slice, path: &str, body: Value) -> Answer {
    let on = (&slice.cell, &slice.org, slice.cookie.as_str());
    write(on, (Method::POST, path), None, body).await
}

async fn put(slice: &Slice, id: &str, etag: &str, body: Value) -> Answer {
    let on = (&slice.cell, &slice.org, slice.cookie.as_str());
    let path = format!("{CONVENTIONS}/{id}");
    write(on, (Method::PUT, &path), Some(etag), body).await
}

/// What the run that is under way comes to.
async fn wait_for(slice: &Slice, done: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        let found = slice.json("/api/taxonomy/compliance").await;
        if done(&found) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{found}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_convention_is_learned_kept_and_held_against_all_names() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0, 1]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let none = wait_for(&slice, |found| found["total"]["names"] != 0).await;
    assert_eq!(none["total"]["checked"], 0, "nothing to check against");

    let learned = slice.json("/api/taxonomy/proposal?level=line_item").await;
    let proposal = &learned["proposal"];
    assert!(learned["names"].as_u64().unwrap() >= 30, "{learned}");
    assert_eq!(proposal["convention"]["delimiter"], "_", "{learned}");
    let mut document = proposal["convention"].clone();
    document["title"] = json!("Line items");
    document["unique"] = json!("in_advertiser");

    let tried = post(
        &slice,
        &format!("{CONVENTIONS}/preview"),
        json!({"document": document}),
    )
    .await;
    let tried = tried.json();
    assert_eq!(tried["valid"], true, "{tried}");
    let names = tried["preview"]["names"].as_u64().unwrap();
    let right = tried["preview"]["compliant"].as_u64().unwrap();
    assert!(names >= 30 && right > 0, "{tried}");
    assert_eq!(tried["preview"]["compliant_now"], 0);

    let kept = post(
        &slice,
        CONVENTIONS,
        json!({"document": document, "comment": "ours"}),
    )
    .await;
    assert_eq!(kept.status, 201, "{kept:?}");
    let id = kept.json()["convention_id"].as_str().unwrap().to_owned();
    let found = wait_for(&slice, |found| found["total"]["checked"] == names).await;
    assert_eq!(found["total"]["compliant"], right, "as the trial said");
    assert_eq!(found["levels"].as_array().unwrap().len(), 4, "{found}");
    // The day before the last: advertisers further west have not begun the last one yet.
    let days = found["days"].as_array().unwrap();
    let day = &days[days.len() - 2];
    assert_eq!(
        (&day["checked"], &day["compliant"]),
        (&json!(names), &json!(right))
    );
    stricter(&slice, &id, document, names).await;
    away_and_back(&slice, &id, right).await;
}

/// Only now a name is wrong: one field has other values.
async fn stricter(slice: &Slice, id: &str, mut document: Value, names: u64) {
    document["fields"][0]["kind"] = json!({"type": "picklist", "values": [{"code": "Nobody"}]});
    let changed = json!({"document": document, "comment": "stricter"});
    let refused = put(slice, id, "\"7\"", changed.clone()).await;
    assert_eq!(refused.code(), "version_conflict");
    let changed = put(slice, id, "\"1\"", changed).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let found = wait_for(slice, |found| found["total"]["compliant"] == 0).await;
    assert!(found["broken"][0]["names"].as_u64().unwrap() > 0);
    let field = &document["fields"][0]["name"];
    let page = format!(
        "/api/taxonomy/names?compliant=false&field={}&limit=10",
        field.as_str().unwrap()
    );
    let page_one = slice.json(&page).await;
    let items = page_one["items"].as_array().unwrap();
    assert_eq!(items.len(), 10);
    assert_eq!(items[0]["issues"][0]["field"], *field);
    let cursor = page_one["next_cursor"].as_str().unwrap();
    let page_two = slice.json(&format!("{page}&cursor={cursor}")).await;
    assert_ne!(page_two["items"][0]["entity_id"], items[9]["entity_id"]);
    let wrong = slice.get("/api/taxonomy/names?cursor=nonsense").await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.code()),
        (400, "invalid_cursor".into())
    );

    let file = slice
        .get("/api/taxonomy/names/export?compliant=false")
        .await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines = csv_rows(&file.text);
    assert_eq!(
        lines,
        usize::try_from(names).unwrap() + 1,
        "a header and every wrong name"
    );
}

/// Taken away, what it was stays; and put back.
async fn away_and_back(slice: &Slice, id: &str, right: u64) {
    let gone = put(
        slice,
        id,
        "\"2\"",
        json!({"document": null, "comment": "wrong"}),
    )
    .await;
    assert!(gone.json()["document"].is_null());
    wait_for(slice, |found| found["total"]["checked"] == 0).await;
    let versions = slice.json(&format!("{CONVENTIONS}/{id}/versions")).await;
    assert_eq!(versions["items"].as_array().unwrap().len(), 3);
    assert_eq!(slice.json(CONVENTIONS).await["items"], json!([]));
    let back = json!({"document": versions["items"][2]["document"], "comment": "back"});
    assert_eq!(put(slice, id, "\"3\"", back).await.status, 200);
    wait_for(slice, |found| found["total"]["compliant"] == right).await;
}

/// As a reader counts them: a quoted line break is none.
fn csv_rows(text: &str) -> usize {
    let mut quoted = false;
    let ends = text.chars().filter(|one| {
        quoted ^= *one == '"';
        *one == '\n' && !quoted
    });
    ends.count()
}

#[tokio::test]
async fn what_is_wrong_with_a_convention_is_said_where_it_is() {
    let slice = Slice::start_idle(dv360_simulator::SimulatorConfig::for_tests()).await;
    let good = json!({"title": "Orders", "level": "insertion_order", "delimiter": "_", "fields": [
        {"name": "market", "kind": {"type": "picklist", "values": [{"code": "DE"}]}},
        {"name": "rest", "kind": {"type": "text"}}]});
    let mut cases = Vec::new();
    for (path, value, place) in [
        ("/delimiter", json!("abcd"), "/delimiter"),
        ("/level", json!("planet"), "/level"),
        ("/surprise", json!(1), "/surprise"),
        (
            "/fields/1/kind",
            json!({"type": "pattern", "pattern": "(a{1000}){1000}"}),
            "/fields/1/kind/pattern",
        ),
        (
            "/fields/0/kind/values",
            json!([{"code": "A_B"}]),
            "/fields/0/kind/values/0/code",
        ),
        (
            "/rules",
            json!([{"rule": "needs", "field": "none", "codes": ["x"], "then_field": "rest"}]),
            "/rules/0/field",
        ),
    ] {
        let mut bad = good.clone();
        match bad.pointer_mut(path) {
            Some(part) => *part = value,
            None => bad[&path[1..]] = value,
        }
        cases.push((bad, place));
    }
    for (bad, place) in cases {
        let tried = post(
            &slice,
            &format!("{CONVENTIONS}/preview"),
            json!({"document": bad}),
        )
        .await;
        let tried = tried.json();
        assert_eq!(tried["valid"], false, "{tried}");
        let paths: Vec<&str> = tried["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        assert!(paths.contains(&place), "{place}: {paths:?}");
        let refused = post(&slice, CONVENTIONS, json!({"document": bad})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code()),
            (422, "invalid_convention".into())
        );
    }
    let kept = post(&slice, CONVENTIONS, json!({"document": good})).await;
    assert_eq!(kept.status, 201, "{kept:?}");
    let again = post(&slice, CONVENTIONS, json!({"document": good})).await;
    assert!(
        again.text.contains("/scope"),
        "one for the same entities: {again:?}"
    );
    names_are_built(&slice, &kept).await;
}

async fn names_are_built(slice: &Slice, kept: &Answer) {
    let id = kept.json()["convention_id"].as_str().unwrap().to_owned();
    let build = format!("{CONVENTIONS}/{id}/build");
    let built = post(slice, &build, json!({"values": {"rest": ["spring"]}}))
        .await
        .json();
    assert_eq!(
        built["name"], "DE_spring",
        "it can be nothing else: {built}"
    );
    let built = post(slice, &build, json!({"values": {"rest": ["a_b"]}}))
        .await
        .json();
    assert!(built["name"].is_null() && !built["issues"].as_array().unwrap().is_empty());
    let list = json!({"text": "Unique ID\tName\n1\tPets\n"});
    let read = post(slice, "/api/taxonomy/picklists/read", list)
        .await
        .json();
    assert_eq!(read["values"][0]["label"], "Pets");
    let nothing = post(slice, "/api/taxonomy/picklists/read", json!({"text": ""})).await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.code()),
        (422, "invalid_picklist".into())
    );
}
