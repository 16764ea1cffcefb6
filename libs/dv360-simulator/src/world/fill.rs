//! Filling an advertiser with campaigns, insertion orders and line items.
//!
//! Everything is laid around the start of the quarter, never around today, so that ids, flights
//! and delivery stay the same from one start of the simulator to the next.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::builder::{AdvertiserSpec, Shape};
use super::calendar::{month_end, month_start, months_after, quarter_start};
use super::entities::{
    Advertiser, Allocation, Campaign, InsertionOrder, LineItem, Pace, Segment, Status, Unit,
};
use super::mix::Draws;
use super::{demo, names};

const LINE_ITEMS_PER_ORDER: u32 = 5;
const ORDERS_PER_CAMPAIGN: usize = 3;
/// Ids leave room for 10,000 insertion orders an advertiser, five line items each.
const FIRST_ORDER_ID: u64 = 1_000_000_000;

/// Kind, short name, media CPM in US dollars (low, high), clicks per million impressions.
const KINDS: [(&str, &str, u64, u64, u64); 5] = [
    ("LINE_ITEM_TYPE_DISPLAY_DEFAULT", "Display", 2, 5, 1_400),
    ("LINE_ITEM_TYPE_VIDEO_DEFAULT", "Video", 7, 14, 2_600),
    ("LINE_ITEM_TYPE_DISPLAY_DEFAULT", "Native", 3, 6, 2_900),
    ("LINE_ITEM_TYPE_VIDEO_OVER_THE_TOP", "CTV", 18, 32, 90),
    ("LINE_ITEM_TYPE_AUDIO_DEFAULT", "Audio", 6, 11, 350),
];

const KPIS: [&str; 3] = ["KPI_TYPE_CPM", "KPI_TYPE_CPC", "KPI_TYPE_CPA"];

pub(crate) fn history_anchor(shape: Shape, built_on: NaiveDate) -> NaiveDate {
    match shape {
        Shape::Realistic => quarter_start(built_on),
        Shape::AlwaysOn => built_on,
    }
}

pub(crate) fn updated_at(built_on: NaiveDate, seed: u64) -> DateTime<Utc> {
    let mut draws = Draws::new(seed ^ 0x5eed);
    let days = TimeDelta::days(i64::try_from(draws.between(1, 120)).unwrap_or(1));
    let into_day = TimeDelta::milliseconds(i64::try_from(draws.below(86_400_000)).unwrap_or(0));
    (quarter_start(built_on) - days)
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        + into_day
}

/// `ana.lima@agency.example` is Ana Lima.
pub(crate) fn person_name(email: &str) -> String {
    let local = email.split('@').next().unwrap_or(email);
    let words = local.split(['.', '-', '_']).filter(|word| !word.is_empty());
    let capitalised = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    capitalised.collect::<Vec<_>>().join(" ")
}

pub(crate) fn entities(
    advertiser: &mut Advertiser,
    seed: u64,
    built_on: NaiveDate,
    spec: &AdvertiserSpec,
) {
    let mut draws = Draws::new(seed);
    let quarter = quarter_start(built_on);
    let stem = names::stem(spec.time_zone.name(), &spec.name, quarter);
    let orders = spec.line_items.div_ceil(LINE_ITEMS_PER_ORDER);
    let mut left = spec.line_items;
    let mut objective = "";
    for number in 0..orders as usize {
        if number % ORDERS_PER_CAMPAIGN == 0 {
            let name = names::campaign(&mut draws, &spec.name, quarter);
            objective = name.objective;
            let id = 50_000_000 + advertiser.id % 1_000_000 * 10_000 + number as u64;
            advertiser.campaigns.push(Campaign {
                id,
                name: name.name,
                status: Status::Active,
                start: quarter,
                end: month_end(months_after(quarter, 2)),
                planned_spend_micros: 0,
                goal: name.goal,
                updated_at: updated_at(built_on, seed ^ id),
                deleted: false,
            });
        }
        let segments = match spec.shape {
            Shape::AlwaysOn => monthly(advertiser.history_start, built_on + TimeDelta::days(45)),
            Shape::Realistic => realistic_segments(&mut draws, quarter),
        };
        let name = names::insertion_order(&stem, objective, number + 1);
        let order = insertion_order(
            &mut draws, advertiser, number, name, segments, spec, quarter,
        );
        let count = left.min(LINE_ITEMS_PER_ORDER);
        left -= count;
        line_items(&mut draws, advertiser, &order, number, count, &stem, spec);
        extend_campaign(advertiser, &order);
        advertiser.insertion_orders.push(order);
    }
}

/// A campaign's planned dates and spend cover those of its insertion orders.
fn extend_campaign(advertiser: &mut Advertiser, order: &InsertionOrder) {
    let Some(campaign) = advertiser.campaigns.last_mut() else {
        return;
    };
    for segment in &order.segments {
        campaign.start = campaign.start.min(segment.start);
        campaign.end = campaign.end.max(segment.end);
        if order.unit == Unit::Currency {
            campaign.planned_spend_micros += segment.amount_micros;
        }
    }
}

fn monthly(from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut months = Vec::new();
    let mut start = month_start(from);
    while start <= to {
        months.push((start, month_end(start)));
        start = months_after(start, 1);
    }
    months
}

/// One of the ways a plan is bought. Most run now; some are over, some are still to come.
fn realistic_segments(draws: &mut Draws, quarter: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let quarter_end = month_end(months_after(quarter, 2));
    match draws.below(12) {
        0..=3 => monthly(quarter, quarter_end),
        4..=5 => vec![(quarter, quarter_end)],
        6..=7 => monthly(months_after(quarter, -3), months_after(quarter, 5)),
        8..=9 => {
            let start = quarter + TimeDelta::days(i64::try_from(draws.below(56)).unwrap_or(0));
            vec![(
                start,
                start + TimeDelta::days(i64::try_from(draws.between(20, 44)).unwrap_or(20)),
            )]
        }
        10 => vec![(
            months_after(quarter, -3),
            quarter.pred_opt().unwrap_or(quarter),
        )],
        _ => vec![(
            months_after(quarter, 3),
            month_end(months_after(quarter, 5)),
        )],
    }
}

fn insertion_order(
    draws: &mut Draws,
    advertiser: &Advertiser,
    number: usize,
    name: String,
    spans: Vec<(NaiveDate, NaiveDate)>,
    spec: &AdvertiserSpec,
    quarter: NaiveDate,
) -> InsertionOrder {
    let realistic = spec.shape == Shape::Realistic;
    let unit = if draws.one_in(8) {
        Unit::Impressions
    } else {
        Unit::Currency
    };
    let per_day = match unit {
        Unit::Currency => draws.between(150, 1_900) * demo::per_dollar(&spec.currency) / 1000,
        Unit::Impressions => draws.between(40_000, 260_000),
    };
    let purchase = draws.between(4_000, 9_999);
    let segment = |(start, end): (NaiveDate, NaiveDate)| {
        let days = u64::try_from((end - start).num_days() + 1).unwrap_or(1);
        let amount = (per_day * days).next_multiple_of(100);
        let description = format!("PO-{purchase} {}", start.format("%B"));
        Segment {
            start,
            end,
            amount_micros: amount * 1_000_000,
            description,
        }
    };
    let mut segments: Vec<Segment> = spans.into_iter().map(segment).collect();
    let over = segments.last().is_some_and(|last| last.end < quarter);
    let status = match draws.below(14) {
        _ if !realistic => Status::Active,
        0 => Status::Paused,
        1 if !over => Status::Draft,
        _ if over && draws.one_in(2) => Status::Archived,
        _ => Status::Active,
    };
    if realistic && draws.one_in(16) {
        segments.clear();
    }
    let paused_after = TimeDelta::days(i64::try_from(draws.between(5, 40)).unwrap_or(5));
    let id = FIRST_ORDER_ID + advertiser.id % 1_000_000 * 10_000 + number as u64;
    let daily = draws.one_in(5);
    InsertionOrder {
        id,
        campaign_id: advertiser
            .campaigns
            .last()
            .map_or(0, |campaign| campaign.id),
        name,
        status,
        unit,
        segments,
        earlier_plans: Vec::new(),
        off: Vec::new(),
        pacing_period: if daily {
            "PACING_PERIOD_DAILY"
        } else {
            "PACING_PERIOD_FLIGHT"
        },
        pacing_type: match draws.below(6) {
            0 => "PACING_TYPE_AHEAD",
            1 if daily => "PACING_TYPE_ASAP",
            _ => "PACING_TYPE_EVEN",
        },
        automatic_budget: draws.one_in(4),
        kpi_type: KPIS[draws.index(KPIS.len())],
        kpi_amount_micros: draws.between(2, 30) * 500_000 * demo::per_dollar(&spec.currency) / 1000,
        integration_code: (!draws.one_in(5)).then(|| format!("PO-{purchase}")),
        pace: pace(draws),
        delivers_until: (status == Status::Paused).then_some(quarter + paused_after),
        updated_at: updated_at(quarter, id),
        deleted: false,
    }
}

/// A paused line item stopped some days into its first segment.
fn history_end(order: &InsertionOrder, advertiser: &Advertiser) -> NaiveDate {
    order
        .segments
        .first()
        .map_or(advertiser.history_start, |first| first.start)
}

fn pace(draws: &mut Draws) -> Pace {
    match draws.below(20) {
        0..=8 => Pace::On,
        9..=11 => Pace::Behind,
        12..=16 => Pace::Ahead,
        17 => Pace::LateStart,
        18 => Pace::Stalled,
        _ => Pace::EndRush,
    }
}

fn line_items(
    draws: &mut Draws,
    advertiser: &mut Advertiser,
    order: &InsertionOrder,
    position: usize,
    count: u32,
    stem: &str,
    spec: &AdvertiserSpec,
) {
    let realistic = spec.shape == Shape::Realistic;
    let weights: Vec<u64> = (0..count).map(|_| draws.between(2, 9)).collect();
    let whole: u64 = weights.iter().sum();
    let markup_millis = draws.between(80, 260) * 100;
    let mut shared = 0;
    for (number, weight) in weights.iter().enumerate() {
        let last = number + 1 == weights.len();
        let share_permille = if last {
            1000 - shared
        } else {
            weight * 1000 / whole
        };
        shared += share_permille;
        let (kind, format, low, high, clicks_per_million) = *draws.pick(&KINDS);
        let cents = draws.between(low * 100, high * 100);
        let id = 20_000_000_000 + (order.id - FIRST_ORDER_ID) * 10 + number as u64;
        let draft = realistic && order.status == Status::Draft;
        let amount = order
            .segments
            .first()
            .map_or(0, |first| first.amount_micros);
        let own_flight = realistic && draws.one_in(7);
        let unlimited = draws.one_in(10);
        let status = match draws.below(24) {
            _ if draft => Status::Draft,
            _ if order.status == Status::Archived => Status::Archived,
            0 if realistic => Status::Paused,
            _ => Status::Active,
        };
        let paused_after = TimeDelta::days(i64::try_from(draws.between(5, 40)).unwrap_or(5));
        advertiser.line_items.push(LineItem {
            id,
            campaign_id: order.campaign_id,
            insertion_order_id: order.id,
            order: position,
            name: names::line_item(draws, stem, format, position + 1, number + 1),
            status,
            delivers_until: (status == Status::Paused)
                .then(|| history_end(order, advertiser) + paused_after),
            kind,
            off: Vec::new(),
            flight: order.segments.first().filter(|_| own_flight).map(|first| {
                let last = order
                    .segments
                    .last()
                    .map_or(first.end, |segment| segment.end);
                (first.start, last)
            }),
            allocation: match (order.automatic_budget, unlimited) {
                (true, _) => Allocation::Automatic,
                (false, true) => Allocation::Unlimited,
                (false, false) => Allocation::Fixed,
            },
            max_amount: amount / 1000 * share_permille,
            share_permille,
            media_cpm_micros: cents * 10_000 * demo::per_dollar(&spec.currency) / 1000,
            fee_millis: draws.between(60, 140) * 100,
            markup_millis,
            clicks_per_million,
            creative_ids: (0..draws.below(4))
                .map(|nth| id % 100_000_000 * 10 + nth)
                .collect(),
            unlimited_frequency: draws.one_in(3),
            updated_at: updated_at(advertiser.updated_at.date_naive(), id),
            deleted: false,
        });
    }
}
