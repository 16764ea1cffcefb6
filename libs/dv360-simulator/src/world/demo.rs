//! The built-in agency world: two holding partners, eleven advertisers, seven currencies.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::builder::{AdvertiserSpec, DEFAULT_USER, PartnerSpec, Shape, WorldBuilder};
use super::entities::Status;
use super::{DemoSize, World};

/// Delivery reaches this far behind the start of the quarter.
const HISTORY_DAYS: u32 = 200;

/// Currency, and how many thousandths of it a US dollar buys. Fixed, so reports never drift.
const CURRENCIES: [(&str, u64); 8] = [
    ("USD", 1_000),
    ("EUR", 920),
    ("GBP", 790),
    ("AUD", 1_530),
    ("INR", 83_000),
    ("BRL", 5_400),
    ("JPY", 151_000),
    ("CAD", 1_370),
];

/// Name, zone, currency, line items.
type Sketch = (&'static str, Tz, &'static str, u32);

const MERIDIAN: [Sketch; 7] = [
    ("Harbor & Vine Coffee", Tz::America__New_York, "USD", 48),
    ("Lumen Athletics", Tz::Europe__London, "GBP", 36),
    (
        "Müller \"Frische\" Märkte, Süd",
        Tz::Europe__Berlin,
        "EUR",
        30,
    ),
    ("Kestrel Airlines ✈️", Tz::Australia__Sydney, "AUD", 42),
    ("Saffron & Sons", Tz::Asia__Kolkata, "INR", 27),
    ("Norte Móvil", Tz::America__Sao_Paulo, "BRL", 24),
    ("Aoyama Audio", Tz::Asia__Tokyo, "JPY", 18),
];

const NORTHLIGHT: [Sketch; 4] = [
    ("Fjord Outdoor", Tz::Europe__Berlin, "EUR", 33),
    ("O'Malley's Ale House, Ltd.", Tz::Europe__London, "GBP", 21),
    ("Prairie Mutual Insurance", Tz::America__Chicago, "USD", 54),
    ("Maple & Pine Home", Tz::America__New_York, "CAD", 15),
];

/// Thousandths of the currency per US dollar; an unknown one counts like the dollar.
pub(crate) fn per_dollar(currency: &str) -> u64 {
    CURRENCIES
        .iter()
        .find(|(code, _)| *code == currency)
        .map_or(1_000, |(_, rate)| *rate)
}

pub(crate) fn build(seed: u64, built_on: NaiveDate, size: DemoSize) -> World {
    let both = PartnerSpec {
        users: vec![
            DEFAULT_USER.to_owned(),
            "priya.shah@meridian.example".to_owned(),
        ],
        ..PartnerSpec::default()
    };
    let second = PartnerSpec {
        name: "Northlight Media, EMEA".to_owned(),
        time_zone: Tz::Europe__London,
        currency: "GBP".to_owned(),
        users: vec![
            DEFAULT_USER.to_owned(),
            "ben.okafor@northlight.example".to_owned(),
        ],
    };
    let builder = World::builder(seed).built_on(built_on);
    let builder = sketch(builder.partner(both), &MERIDIAN, size);
    let builder = sketch(builder.partner(second), &NORTHLIGHT, size);
    builder.outsider("new.hire@meridian.example").build()
}

fn sketch(mut builder: WorldBuilder, sketches: &[Sketch], size: DemoSize) -> WorldBuilder {
    let wanted = size
        .advertisers
        .map_or(sketches.len(), |count| count as usize);
    for number in 0..wanted {
        let (name, time_zone, currency, line_items) = sketches[number % sketches.len()];
        let round = number / sketches.len();
        builder = builder.advertiser(AdvertiserSpec {
            name: if round == 0 {
                name.to_owned()
            } else {
                format!("{name} {}", round + 1)
            },
            time_zone,
            currency: currency.to_owned(),
            line_items: size.line_items.unwrap_or(line_items),
            days: HISTORY_DAYS,
            shape: Shape::Realistic,
            status: if name == "Aoyama Audio" {
                Status::Paused
            } else {
                Status::Active
            },
        });
    }
    builder
}
