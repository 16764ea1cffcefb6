//! An edit changes what comes, never what was.

use chrono::{NaiveDate, TimeDelta};

use super::{Edit, Error};
use crate::clock::Now;
use crate::world::entities::Status;
use crate::world::facts::truth;
use crate::world::{AdvertiserSpec, Facts, World};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> Now {
    Now {
        instant: format!("{text}T12:00:00Z").parse().unwrap(),
        fixed: None,
    }
}

fn world() -> World {
    World::builder(3)
        .built_on(day("2026-07-20"))
        .advertiser(AdvertiserSpec::default())
        .build()
}

fn sum(world: &World, date: &str) -> Facts {
    let mut sum = Facts::default();
    let advertiser = &world.advertisers[0];
    for item in &advertiser.line_items {
        sum += truth(world, advertiser, item, day(date));
    }
    sum
}

#[test]
fn a_budget_edited_mid_flight_counts_from_that_day_on() {
    let before = world();
    let order = &before.advertisers[0].insertion_orders[0];
    let current = |one: &super::super::entities::Segment| {
        one.start <= day("2026-07-10") && day("2026-07-10") <= one.end
    };
    let segment = order.segments.iter().position(current).unwrap();
    let amount = order.segments[segment].amount_micros;
    let edit = |micros| Edit::Budget {
        insertion_order_id: order.id.to_string(),
        segment,
        amount_micros: micros,
    };
    let doubled = before
        .edited(&edit(amount * 2), noon("2026-07-10"))
        .unwrap();
    let again = doubled
        .edited(&edit(amount * 3), noon("2026-07-12"))
        .unwrap();
    assert_eq!(sum(&again, "2026-07-09"), sum(&before, "2026-07-09"));
    assert_eq!(sum(&again, "2026-07-11"), sum(&doubled, "2026-07-11"));
    let spent = |world, date| sum(world, date).revenue_micros;
    assert!(spent(&doubled, "2026-07-10") > spent(&before, "2026-07-10"));
    assert!(spent(&again, "2026-07-12") > spent(&doubled, "2026-07-12"));
    let edited = again.advertisers[0].find_insertion_order(order.id).unwrap();
    assert_eq!(edited.segments[segment].amount_micros, amount * 3);
    assert_eq!(edited.updated_at, noon("2026-07-12").instant);
}

#[test]
fn what_is_archived_stops_tomorrow_and_what_is_taken_back_goes_on() {
    let before = world();
    let id = before.advertisers[0].id.to_string();
    let edit = |status| Edit::Status {
        id: id.clone(),
        status,
    };
    let archived = before
        .edited(&edit(Status::Archived), noon("2026-07-10"))
        .unwrap();
    assert_eq!(sum(&archived, "2026-07-10"), sum(&before, "2026-07-10"));
    assert!(sum(&archived, "2026-07-11").nothing());
    let back = archived
        .edited(&edit(Status::Active), noon("2026-07-13"))
        .unwrap();
    assert!(sum(&back, "2026-07-13").nothing());
    assert_eq!(sum(&back, "2026-07-14"), sum(&before, "2026-07-14"));
    assert_eq!(back.advertisers[0].status, Status::Active);
}

#[test]
fn a_new_advertiser_delivers_from_its_first_day() {
    let before = world();
    let edit = Edit::Advertiser {
        partner_id: before.partners[0].id.to_string(),
        name: "Newcomer".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        currency: "JPY".to_owned(),
        line_items: 4,
    };
    let after = before.edited(&edit, noon("2026-07-10")).unwrap();
    let newcomer = &after.advertisers[1];
    assert!(after.find_advertiser(newcomer.id).is_some());
    let item = &newcomer.line_items[0];
    let first = day("2026-07-10");
    assert!(truth(&after, newcomer, item, first - TimeDelta::days(1)).nothing());
    assert!(!truth(&after, newcomer, item, first).nothing());
}

#[test]
fn names_may_hold_anything_but_more_than_240_bytes() {
    let before = world();
    let id = before.advertisers[0].line_items[0].id.to_string();
    let edit = |name: String| Edit::Rename {
        id: id.clone(),
        name,
    };
    let name = format!("a \"b\",\nc 🎧 {}", "x".repeat(220));
    let renamed = before
        .edited(&edit(name.clone()), noon("2026-07-10"))
        .unwrap();
    assert_eq!(renamed.advertisers[0].line_items[0].name, name);
    let long = before.edited(&edit("é".repeat(121)), noon("2026-07-10"));
    assert_eq!(long.unwrap_err(), Error::Size);
    let unknown = before.edited(
        &Edit::Delete {
            id: "12".to_owned(),
        },
        noon("2026-07-10"),
    );
    assert_eq!(unknown.unwrap_err(), Error::Unknown("12".to_owned()));
}

#[test]
fn access_is_given_and_taken_away() {
    let before = world();
    let user = before.users[0].email.clone();
    let partner = before.partners[0].id;
    let edit = |allowed| Edit::Access {
        user: user.clone(),
        partner_id: partner.to_string(),
        allowed,
    };
    let without = before.edited(&edit(false), noon("2026-07-10")).unwrap();
    assert!(!without.sees(&user, partner));
    let with = without.edited(&edit(true), noon("2026-07-10")).unwrap();
    assert!(with.sees(&user, partner));
}

#[test]
fn an_advertiser_of_a_partner_can_be_out_of_sight() {
    let before = world();
    let user = before.users[0].email.clone();
    let advertiser = &before.advertisers[0];
    let edit = |allowed| Edit::Sight {
        user: user.clone(),
        advertiser_id: advertiser.id.to_string(),
        allowed,
    };
    assert!(before.sees_advertiser(&user, advertiser));
    let without = before.edited(&edit(false), noon("2026-07-10")).unwrap();
    assert!(!without.sees_advertiser(&user, advertiser));
    assert!(without.sees(&user, advertiser.partner_id));
    let with = without.edited(&edit(true), noon("2026-07-10")).unwrap();
    assert!(with.sees_advertiser(&user, advertiser));
}
