//! Determinism, plausibility and restatement of the world.

use std::collections::HashSet;

use chrono::{NaiveDate, Utc};
use expect_test::expect;

use super::entities::{Status, Unit};
use super::facts::{served, truth};
use super::{AdvertiserSpec, DemoSize, Facts, World};
use crate::clock::Now;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn demo() -> World {
    World::demo(11, day("2026-07-20"), DemoSize::default())
}

fn at(today: &str) -> Now {
    Now {
        instant: Utc::now(),
        fixed: Some(day(today)),
    }
}

#[test]
fn the_same_seed_builds_the_same_world_all_quarter_long() {
    let july = format!(
        "{:?}",
        World::demo(7, day("2026-07-02"), DemoSize::default()).advertisers
    );
    let september = format!(
        "{:?}",
        World::demo(7, day("2026-09-29"), DemoSize::default()).advertisers
    );
    assert_eq!(july, september);
    let other_seed = format!(
        "{:?}",
        World::demo(8, day("2026-07-02"), DemoSize::default()).advertisers
    );
    assert_ne!(july, other_seed);
}

#[test]
fn facts_depend_only_on_seed_line_item_and_date() {
    let world = World::builder(7)
        .built_on(day("2026-07-20"))
        .advertiser(AdvertiserSpec::default())
        .build();
    let advertiser = &world.advertisers[0];
    let facts = truth(
        &world,
        advertiser,
        &advertiser.line_items[3],
        day("2026-07-10"),
    );
    expect![[r#"
        Facts {
            impressions: 22515,
            viewable_impressions: 13509,
            video_completions: 0,
            clicks: 23,
            post_click_conversions: 0,
            post_view_conversions: 0,
            media_cost_micros: 73996898,
            total_media_cost_micros: 83024519,
            billable_cost_micros: 83024519,
            revenue_micros: 93817706,
        }
    "#]]
    .assert_debug_eq(&facts);
    assert_eq!(
        facts,
        truth(
            &world,
            advertiser,
            &advertiser.line_items[3],
            day("2026-07-10")
        )
    );
}

#[test]
fn every_id_is_unique_in_the_world() {
    let world = demo();
    let mut seen = HashSet::new();
    for advertiser in &world.advertisers {
        let orders = advertiser
            .insertion_orders
            .iter()
            .map(|one| ("order", one.id));
        let campaigns = advertiser.campaigns.iter().map(|one| ("campaign", one.id));
        let items = advertiser
            .line_items
            .iter()
            .map(|one| ("line item", one.id));
        for id in orders
            .chain(campaigns)
            .chain(items)
            .chain([("advertiser", advertiser.id)])
        {
            assert!(seen.insert(id), "{id:?} is there twice");
        }
    }
}

#[test]
fn names_hold_commas_quotes_and_emoji_and_stay_within_240_bytes() {
    let world = demo();
    let names: Vec<&String> = world
        .advertisers
        .iter()
        .flat_map(|one| one.line_items.iter().map(|item| &item.name))
        .collect();
    for wanted in [",", "\"", "🎧", "ß"] {
        assert!(
            names.iter().any(|name| name.contains(wanted)),
            "no name with {wanted}"
        );
    }
    assert!(names.iter().all(|name| name.len() <= 240));
}

#[test]
fn the_shares_of_an_insertion_order_add_up_to_the_whole() {
    for advertiser in &demo().advertisers {
        for position in 0..advertiser.insertion_orders.len() {
            let items = advertiser
                .line_items
                .iter()
                .filter(|one| one.order == position);
            assert_eq!(items.map(|one| one.share_permille).sum::<u64>(), 1000);
        }
    }
}

/// Spend against an even plan, in percent, of every running money segment on a day.
fn pacing(world: &World, today: NaiveDate) -> Vec<u64> {
    let mut found = Vec::new();
    for advertiser in &world.advertisers {
        for (position, order) in advertiser.insertion_orders.iter().enumerate() {
            let running = order
                .segments
                .iter()
                .find(|one| one.start <= today && today <= one.end);
            let Some(segment) = running else { continue };
            if order.unit == Unit::Impressions || order.status != Status::Active {
                continue;
            }
            let mut total = Facts::default();
            let days = segment.start.iter_days().take_while(|date| *date <= today);
            for date in days.clone() {
                for item in advertiser
                    .line_items
                    .iter()
                    .filter(|one| one.order == position)
                {
                    total += truth(world, advertiser, item, date);
                }
            }
            let expected = segment.amount_micros / segment.days() * days.count() as u64;
            found.push(total.revenue_micros * 100 / expected.max(1));
        }
    }
    found
}

#[test]
fn some_insertion_orders_are_behind_some_ahead_and_many_on_pace() {
    let found = pacing(&demo(), day("2026-08-20"));
    let share = |low, high| {
        found
            .iter()
            .filter(|one| (low..high).contains(*one))
            .count()
    };
    assert!(found.len() > 20, "only {} running", found.len());
    assert!(share(0, 85) >= 4, "{found:?}");
    assert!(share(92, 106) >= 8, "{found:?}");
    assert!(share(106, 150) >= 2, "{found:?}");
    assert_eq!(share(165, u64::MAX), 0, "{found:?}");
}

#[test]
fn a_day_is_restated_until_it_reaches_the_truth() {
    let world = World::builder(7)
        .built_on(day("2026-07-20"))
        .advertiser(AdvertiserSpec::default())
        .build();
    let advertiser = &world.advertisers[0];
    let item = &advertiser.line_items[0];
    let date = day("2026-07-10");
    let whole = truth(&world, advertiser, item, date).revenue_micros;
    let shown = |today| served(&world, advertiser, item, date, at(today)).revenue_micros;
    assert_eq!(shown("2026-07-09"), 0);
    assert_eq!(shown("2026-07-10"), whole * 460 / 1000);
    assert_eq!(shown("2026-07-11"), whole * 920 / 1000);
    assert_eq!(shown("2026-07-12"), whole * 980 / 1000);
    assert_eq!(shown("2026-07-13"), whole * 980 / 1000);
    assert_eq!(shown("2026-07-14"), whole);
}

#[test]
fn a_built_advertiser_delivers_with_every_line_item_on_every_day() {
    let spec = AdvertiserSpec {
        line_items: 50,
        days: 90,
        ..AdvertiserSpec::default()
    };
    let world = World::builder(3)
        .built_on(day("2026-07-20"))
        .advertiser(spec)
        .build();
    let advertiser = &world.advertisers[0];
    assert_eq!(advertiser.line_items.len(), 50);
    for date in advertiser.history_start.iter_days().take(90) {
        for item in &advertiser.line_items {
            assert!(
                !truth(&world, advertiser, item, date).nothing(),
                "{} {date}",
                item.name
            );
        }
    }
}

#[test]
fn a_day_of_23_hours_delivers_that_much_less_and_one_of_25_more() {
    let day_of = |zone: &str, date: &str| {
        let spec = AdvertiserSpec {
            time_zone: zone.parse().unwrap(),
            days: 400,
            ..AdvertiserSpec::default()
        };
        let world = World::builder(3)
            .built_on(day("2026-12-01"))
            .advertiser(spec)
            .build();
        let mut sum = Facts::default();
        for item in &world.advertisers[0].line_items {
            sum += truth(&world, &world.advertisers[0], item, day(date));
        }
        sum.impressions
    };
    // Jamaica never changes its clocks; everything else is drawn alike.
    for (date, hours) in [("2026-03-08", 23), ("2026-03-09", 24), ("2026-11-01", 25)] {
        let (changing, steady) = (
            day_of("America/New_York", date),
            day_of("America/Jamaica", date),
        );
        let expected = steady * hours / 24;
        assert!(expected.abs_diff(changing) < 50, "{date}: {changing}");
    }
}

#[test]
fn every_history_has_a_person_three_zones_and_a_plan_from_its_first_day() {
    let world = World::histories(9, day("2026-03-20"), 0..30);
    assert_eq!((world.users.len(), world.advertisers.len()), (30, 90));
    for partner in &world.partners {
        let own: Vec<_> = world
            .advertisers
            .iter()
            .filter(|one| one.partner_id == partner.id)
            .collect();
        let zones: HashSet<_> = own.iter().map(|one| one.time_zone).collect();
        assert_eq!(zones.len(), 3);
        assert!(own.iter().map(|one| one.line_items.len()).sum::<usize>() >= 20);
        for one in own {
            assert!(!truth(&world, one, &one.line_items[0], one.history_start).nothing());
        }
    }
    // Whichever others there are.
    let some = World::histories(9, day("2026-03-20"), 20..25);
    let ids = |world: &World| format!("{:?}", world.advertisers);
    assert_eq!(
        ids(&some),
        format!("{:?}", &world.advertisers[60..75]),
        "a history follows from the seed and its number"
    );
    assert_eq!(some.partners[0].id, world.partners[20].id);
    assert_eq!(some.users[0].email, world.users[20].email);
}
