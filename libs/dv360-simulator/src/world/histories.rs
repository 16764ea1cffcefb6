//! A world of many small agencies, to follow each of their histories through time.

use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::World;
use super::builder::{AdvertiserSpec, PartnerSpec};
use super::mix::{self, Draws};

const ADVERTISERS: u64 = 3;
const LINE_ITEMS: u32 = 7;
const DAYS: u32 = 45;

/// Zones on both sides of the date line, with and without changing clocks.
const PLACES: [(Tz, &str); 10] = [
    (Tz::America__New_York, "USD"),
    (Tz::Europe__Berlin, "EUR"),
    (Tz::Asia__Kolkata, "INR"),
    (Tz::Australia__Sydney, "AUD"),
    (Tz::America__Los_Angeles, "USD"),
    (Tz::Europe__London, "GBP"),
    (Tz::Asia__Tokyo, "JPY"),
    (Tz::America__Sao_Paulo, "BRL"),
    (Tz::Pacific__Kiritimati, "AUD"),
    (Tz::America__Chicago, "CAD"),
];

/// Each history follows from the seed and its own number, whichever others there are.
pub(super) fn build(seed: u64, built_on: NaiveDate, numbers: Range<u32>) -> World {
    let mut builder = World::builder(seed).built_on(built_on);
    builder = builder.numbered_from(numbers.start.into(), u64::from(numbers.start) * ADVERTISERS);
    for number in numbers {
        let mut draws = Draws::new(mix::pair(seed, number.into()));
        let mut place = draws.index(PLACES.len());
        builder = builder.partner(PartnerSpec {
            name: format!("Agency {number}"),
            time_zone: PLACES[place].0,
            currency: PLACES[place].1.to_owned(),
            users: vec![format!("history.{number}@agency.example")],
        });
        for nth in 0..ADVERTISERS {
            // Three different ones: the steps never come round to where they began.
            place = (place + 1 + draws.index(3)) % PLACES.len();
            let (time_zone, currency) = PLACES[place];
            builder = builder.advertiser(AdvertiserSpec {
                name: format!("Brand {number}.{nth}, \"{currency}\""),
                time_zone,
                currency: currency.to_owned(),
                line_items: LINE_ITEMS,
                days: DAYS,
                ..AdvertiserSpec::default()
            });
        }
    }
    builder.build()
}
