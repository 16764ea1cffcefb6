//! The table follows the feed, survives its loss, and starts from disk.

use std::fs;

use contracts::OrgId;

use crate::world::{World, eventually, org};

#[tokio::test]
async fn an_org_changes_cells_while_the_router_runs() {
    let world = World::start().await;
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
    let seq = world.feed.publish(org(world.acme, "acme", world.b.cell, 2));
    world.wait_served_by("acme.localhost", "cell-b").await;
    let told = world.told("acme.localhost", "/").await;
    assert_eq!(told["said"]["epoch"], 2);
    eventually("the update is acknowledged", async || {
        (world.feed.acked() == seq).then_some(())
    })
    .await;
    world.wait_stored(seq).await;
}

#[tokio::test]
async fn no_request_fails_or_goes_astray_while_an_org_changes_cells() {
    let world = World::start().await;
    let asking = async {
        for _ in 0..400 {
            let told = world.told("acme.localhost", "/").await;
            // Cell and epoch always come from the same table: odd ones are cell a's.
            let epoch = told["said"]["epoch"].as_i64().unwrap();
            let expected = if epoch % 2 == 1 { "cell-a" } else { "cell-b" };
            assert_eq!(told["name"], expected, "{told}");
        }
    };
    let changing = async {
        for epoch in 2..100 {
            let cell = if epoch % 2 == 1 { &world.a } else { &world.b };
            let seq = world
                .feed
                .publish(org(world.acme, "acme", cell.cell, epoch));
            eventually("the change is acknowledged", async || {
                (world.feed.acked() >= seq).then_some(())
            })
            .await;
        }
    };
    tokio::join!(asking, changing);
    assert_eq!(world.told("acme.localhost", "/").await["said"]["epoch"], 99);
}

#[tokio::test]
async fn a_new_org_is_served_and_a_removed_one_is_not() {
    let world = World::start().await;
    let initech = OrgId::new();
    world.feed.publish(org(initech, "initech", world.a.cell, 1));
    world.wait_served_by("initech.localhost", "cell-a").await;
    world
        .feed
        .publish(contracts::routes::RouteEntry::OrgRemoved { org: initech });
    world.wait_served_by("initech.localhost", "404").await;
}

#[tokio::test]
async fn a_missing_update_is_noticed_and_caught_up_with() {
    let world = World::start().await;
    let before = world.feed.snapshots_served();
    world
        .feed
        .publish_silently(org(world.acme, "acme", world.b.cell, 2));
    world.wait_served_by("acme.localhost", "cell-b").await;
    assert!(world.feed.snapshots_served() > before);
    // And the stream goes on from there.
    world.feed.publish(org(world.acme, "acme", world.a.cell, 3));
    world.wait_served_by("acme.localhost", "cell-a").await;
}

#[tokio::test]
async fn a_router_that_was_away_too_long_takes_the_whole_snapshot() {
    let mut world = World::start().await;
    world.feed.die();
    for epoch in 2..6 {
        world
            .feed
            .publish_silently(org(world.acme, "acme", world.b.cell, epoch));
    }
    world.feed.forget_log();
    world.feed.resume().await;
    world.wait_served_by("acme.localhost", "cell-b").await;
}

#[tokio::test]
async fn a_feed_that_has_fallen_silent_is_left_for_a_new_connection() {
    let world = World::start().await;
    world.feed.fall_silent();
    world.feed.publish(org(world.acme, "acme", world.b.cell, 2));
    world.wait_served_by("acme.localhost", "cell-b").await;
    world.feed.speak_again();
}

#[tokio::test]
async fn a_router_starts_and_serves_with_the_feed_dead() {
    let mut world = World::start().await;
    let seq = world.feed.publish(org(world.acme, "acme", world.b.cell, 2));
    world.wait_stored(seq).await;
    world.feed.die();
    world.restart_router().await;
    world.ready().await;
    assert_eq!(world.served_by("acme.localhost").await, "cell-b");
    assert_eq!(world.served_by("globex.localhost").await, "cell-b");

    // When the feed is back it is followed again.
    world.feed.resume().await;
    world.feed.publish(org(world.acme, "acme", world.a.cell, 3));
    world.wait_served_by("acme.localhost", "cell-a").await;
}

#[tokio::test]
async fn a_torn_file_is_refused_and_the_one_before_used() {
    let mut world = World::start().await;
    world.wait_stored(4).await;
    let seq = world.feed.publish(org(world.acme, "acme", world.b.cell, 2));
    world.wait_stored(seq).await;
    world.feed.die();
    world.router = None;
    let whole = fs::read(world.snapshot_path()).unwrap();
    fs::write(world.snapshot_path(), &whole[..whole.len() / 2]).unwrap();
    world.start_router().await;
    let line = world
        .router()
        .logged("refused the route snapshot on disk")
        .await;
    assert!(
        line["error"].as_str().unwrap().contains("checksum"),
        "{line}"
    );
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
}

#[tokio::test]
async fn a_forged_file_is_refused_and_nothing_served_from_it() {
    let mut world = World::without_router().await;
    let forger = crate::feed::Feed::start([66; 32], [4; 32]);
    forger.publish(world.b.route());
    forger.publish(org(world.acme, "acme", world.b.cell, 9));
    fs::write(world.snapshot_path(), forger.snapshot_bytes()).unwrap();
    world.feed.die();
    world.start_router().await;
    let line = world
        .router()
        .logged("refused the route snapshot on disk")
        .await;
    assert!(
        line["error"].as_str().unwrap().contains("signature"),
        "{line}"
    );
    assert_eq!(world.served_by("acme.localhost").await, "404");
    let ready = world.admin("/readyz").await;
    assert_eq!(ready.status(), 503);
    assert!(ready.text().await.unwrap().contains("route_table"));

    // Ready as soon as there is something to go by.
    world.feed.resume().await;
    world.ready().await;
    assert_eq!(world.served_by("acme.localhost").await, "cell-a");
}

#[tokio::test]
async fn the_feed_is_measured() {
    let world = World::start().await;
    let metrics = eventually("the feed is heard", async || {
        let text = world.admin("/metrics").await.text().await.unwrap();
        text.contains("router_route_table_seq 4").then_some(text)
    })
    .await;
    for line in [
        "router_orgs 2",
        "router_cells 2",
        "router_route_feed_lag_seconds ",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
}
