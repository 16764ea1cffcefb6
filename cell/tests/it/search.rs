//! Things are found by a part of their name and by their id, and nothing typed is a pattern.

use crate::source::Slice;

#[tokio::test]
async fn things_are_found_by_name_and_by_id() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    let mut admin = slice.cell.superuser().await;
    let (id, name, order): (String, String, String) = sqlx::query_as(
        "select line_item_id, name, insertion_order_id from tenant.line_items
          where vanished_at is null order by line_item_id limit 1",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    let by_id = slice.json(&format!("/api/search?q={id}")).await;
    let found = &by_id["items"][0];
    assert_eq!(
        (&found["kind"], &found["id"]),
        (&"line_item".into(), &id.into()),
        "{by_id}"
    );
    assert_eq!(found["insertion_order_id"], order.as_str());

    let part: String = name.chars().take(6).collect::<String>().to_uppercase();
    let by_part = slice.json(&format!("/api/search?q={part}")).await;
    let kinds: Vec<_> = by_part["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert!(kinds.contains(&&"line_item".into()), "{by_part}");
    assert!(kinds.len() <= 18, "a few of each kind: {}", kinds.len());

    for nothing in ["%25%25", "_____%25", "no%20such%20name"] {
        let none = slice.json(&format!("/api/search?q={nothing}")).await;
        assert_eq!(
            none["items"].as_array().unwrap().len(),
            0,
            "{nothing}: {none}"
        );
    }
    for wrong in ["q=", "q=%20", "", "q=%00"] {
        let answer = slice.get(&format!("/api/search?{wrong}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "invalid_query".into()),
            "{wrong}"
        );
    }
}
