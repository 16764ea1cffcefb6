//! Entities with history: edits under way are kept, what vanishes is marked, and bronze tells it all.

use axum::http::Method;
use cell::ingestion::rebuild_entities;
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::source::{Slice, world};

/// Everything that history says, byte for byte.
const HISTORY: &str = "
    select md5(string_agg(v::text, '|' order by kind, entity_id, valid_from))
      from tenant.entity_versions v";

async fn again(slice: &Slice, connection: &Value) -> Value {
    let body = json!({ "connection_id": connection });
    let sync = slice.write(Method::POST, "/api/syncs", body).await;
    let sync = slice.end_of(&sync.json()).await;
    assert_eq!(sync["state"], "done", "{sync}");
    sync
}

async fn versions(slice: &Slice, id: u64, kind: &str) -> Vec<Value> {
    let path = format!("/api/entities/dv360/{id}/versions?kind={kind}");
    let list = slice.json(&path).await;
    list["items"].as_array().unwrap().clone()
}

async fn text(admin: &mut PgConnection, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(admin).await.unwrap()
}

/// As if the last time everything was read were long ago, or as it was again.
async fn age_loads(admin: &mut PgConnection, days: i32, up_to: i64) {
    sqlx::raw_sql("set app.capture = 'off'")
        .execute(&mut *admin)
        .await
        .unwrap();
    sqlx::query(
        "update tenant.entity_loads set observed_at = observed_at - $1 * interval '1 day'
          where position <= $2",
    )
    .bind(days)
    .bind(up_to)
    .execute(admin)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_budget_edited_under_way_is_kept_and_told() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let world = world();
    let orders = &world.advertisers[0].insertion_orders;
    let order = orders.iter().find(|one| !one.segments.is_empty()).unwrap();
    let was = order.segments[0].amount_micros;
    let edit = json!({"budget": {"insertion_order_id": order.id.to_string(), "segment": 0,
        "amount_micros": was + 7_000_000}});
    slice.edit(edit).await;
    again(&slice, connection).await;

    let told = versions(&slice, order.id, "insertion_order").await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0]["valid_from"], told[1]["valid_to"]);
    assert_eq!(told[1]["ended"], "replaced");
    assert!(told[0]["valid_to"].is_null());
    let amount = |one: &Value| one["attributes"]["segments"][0]["budget_micros"].as_u64();
    assert_eq!(
        (amount(&told[1]), amount(&told[0])),
        (Some(was), Some(was + 7_000_000))
    );
    let change = &told[0]["changes"][0];
    assert_eq!(
        change["path"],
        "/budget/budgetSegments/0/budgetAmountMicros"
    );
    assert_eq!(change["before"], was.to_string());

    let mut admin = slice.cell.superuser().await;
    let now = "select budget_micros::text from tenant.budget_segments s
                where position = 0 and exists (select from tenant.entity_versions v
                    where v.entity_id = s.insertion_order_id and v.ended = 'replaced')";
    assert_eq!(text(&mut admin, now).await, (was + 7_000_000).to_string());
    // The second time only what had changed was asked for.
    let loads = "select string_agg(entities::text, ' ' order by position) from tenant.entity_loads";
    let loads = text(&mut admin, loads).await;
    let (all, changed) = loads.split_once(' ').unwrap();
    let (all, changed): (i64, i64) = (all.parse().unwrap(), changed.parse().unwrap());
    assert!(all > 20 && changed <= 10, "{loads}");

    let before = text(&mut admin, HISTORY).await;
    let ingestion = &slice.cell.app.ingestion;
    rebuild_entities(ingestion, &slice.org.scope, "dv360")
        .await
        .unwrap();
    assert_eq!(
        text(&mut admin, HISTORY).await,
        before,
        "bronze gives the same history"
    );
}

#[tokio::test]
async fn what_is_archived_or_vanishes_is_marked_and_not_lost() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let world = world();
    let items = &world.advertisers[0].line_items;
    let (archived, deleted) = (items[0].id, items[1].id);
    for status in ["archived", "active"] {
        let edit = json!({"status": {"id": archived.to_string(), "status": status}});
        slice.edit(edit).await;
        again(&slice, connection).await;
    }
    let told = versions(&slice, archived, "line_item").await;
    let states: Vec<_> = told.iter().rev().map(|one| &one["entity_status"]).collect();
    assert_eq!(
        states[states.len() - 2..],
        ["archived", "active"],
        "{told:?}"
    );

    slice
        .edit(json!({"delete": {"id": deleted.to_string()}}))
        .await;
    again(&slice, connection).await;
    let told = versions(&slice, deleted, "line_item").await;
    assert!(
        told[0]["ended"].is_null(),
        "changes do not tell what is gone"
    );
    let mut admin = slice.cell.superuser().await;
    let loads = slice.count("entity_loads").await;
    age_loads(&mut admin, 8, loads).await;
    again(&slice, connection).await;
    let told = versions(&slice, deleted, "line_item").await;
    assert_eq!(told[0]["ended"], "vanished", "{told:?}");
    let marked = "select string_agg(line_item_id, ' ') from tenant.line_items
                   where vanished_at is not null";
    assert_eq!(text(&mut admin, marked).await, deleted.to_string());

    age_loads(&mut admin, -8, loads).await;
    let before = text(&mut admin, HISTORY).await;
    let ingestion = &slice.cell.app.ingestion;
    rebuild_entities(ingestion, &slice.org.scope, "dv360")
        .await
        .unwrap();
    assert_eq!(text(&mut admin, HISTORY).await, before);
}

#[tokio::test]
async fn every_kind_of_entity_is_there() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    let mut admin = slice.cell.superuser().await;
    let kinds = "select string_agg(distinct kind, ' ' order by kind) from tenant.entity_versions";
    assert_eq!(
        text(&mut admin, kinds).await,
        "advertiser campaign creative insertion_order line_item partner"
    );
    let unread = "select count(*)::text from tenant.entity_versions where problem is not null";
    assert_eq!(text(&mut admin, unread).await, "0");
    for (table, kind) in [
        ("campaigns", "campaign"),
        ("insertion_orders", "insertion_order"),
        ("line_items", "line_item"),
        ("creatives", "creative"),
        ("partners", "partner"),
    ] {
        let sql = format!("select count(*) from tenant.entity_versions where kind = '{kind}'");
        let known: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut admin)
            .await
            .unwrap();
        assert_eq!(slice.count(table).await, known, "{kind}");
    }
}

/// What stands now, in history and in the typed tables.
const NOW: &str = "
    select md5(concat_ws('|',
        (select string_agg(concat_ws(' ', kind, entity_id, source), '|' order by kind, entity_id)
           from tenant.entity_versions where valid_to is null),
        (select string_agg(concat_ws(' ', campaign_id, name, entity_status, vanished_at), '|'
                           order by campaign_id) from tenant.campaigns),
        (select string_agg(concat_ws(' ', insertion_order_id, name, entity_status, vanished_at), '|'
                           order by insertion_order_id) from tenant.insertion_orders),
        (select string_agg(s::text, '|' order by insertion_order_id, position)
           from tenant.budget_segments s),
        (select string_agg(concat_ws(' ', line_item_id, name, entity_status, vanished_at), '|'
                           order by line_item_id) from tenant.line_items),
        (select string_agg(concat_ws(' ', advertiser_id, name), '|' order by advertiser_id)
           from tenant.advertisers)))";

/// Two connections may see one advertiser, and the slower one's file comes last.
#[tokio::test]
async fn a_file_from_before_takes_nothing_back_when_it_comes_late() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let mut admin = slice.cell.superuser().await;
    let loads = slice.count("entity_loads").await;
    age_loads(&mut admin, 8, loads).await;
    let world = world();
    let advertiser = &world.advertisers[0];
    let orders = &advertiser.insertion_orders;
    let order = orders.iter().find(|one| !one.segments.is_empty()).unwrap();
    let (renamed, deleted) = (advertiser.line_items[0].id, advertiser.line_items[1].id);
    for edit in [
        json!({"rename": {"id": renamed.to_string(), "name": "A new name"}}),
        json!({"rename": {"id": advertiser.id.to_string(), "name": "Renamed, too"}}),
        json!({"delete": {"id": deleted.to_string()}}),
        json!({"budget": {"insertion_order_id": order.id.to_string(), "segment": 0,
            "amount_micros": 7_000_000}}),
    ] {
        slice.edit(edit).await;
    }
    again(&slice, connection).await;
    let now = text(&mut admin, NOW).await;
    let gone = "select string_agg(line_item_id, ' ') from tenant.line_items
                 where vanished_at is not null";
    assert_eq!(text(&mut admin, gone).await, deleted.to_string());

    // Everything from the beginning, with the first file taken in last.
    for sql in [
        "set app.capture = 'off'; update tenant.entity_loads set position = position + 100
          where observed_at = (select min(observed_at) from tenant.entity_loads)",
        "delete from tenant.line_items",
        "delete from tenant.budget_segments",
        "update tenant.advertisers set name = 'from before'",
    ] {
        sqlx::raw_sql(sql).execute(&mut admin).await.unwrap();
    }
    let ingestion = &slice.cell.app.ingestion;
    rebuild_entities(ingestion, &slice.org.scope, "dv360")
        .await
        .unwrap();
    assert_eq!(text(&mut admin, NOW).await, now);
    let told = versions(&slice, deleted, "line_item").await;
    assert_eq!(told[0]["ended"], "vanished", "{told:?}");
    let told = versions(&slice, renamed, "line_item").await;
    assert_eq!((told.len(), &told[0]["name"]), (1, &json!("A new name")));
}
