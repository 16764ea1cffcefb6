//! What a line item delivered on a day: a pure function of the seed, the line item and the date.
//!
//! `truth` is final. What a report shows of a recent day differs (`served`): see `restatement`.

use std::ops::AddAssign;

use chrono::{Datelike, NaiveDate};

use super::calendar::hours_of;
use super::entities::{Advertiser, InsertionOrder, LineItem, Pace, Segment, Status, Unit};
use super::{World, mix};
use crate::clock::Now;

/// Monday first; a week adds up to seven whole days.
const WEEKDAY_PERMILLE: [u64; 7] = [1040, 1060, 1050, 1030, 1000, 900, 920];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    pub impressions: u64,
    pub viewable_impressions: u64,
    pub video_completions: u64,
    pub clicks: u64,
    pub post_click_conversions: u64,
    pub post_view_conversions: u64,
    pub media_cost_micros: u64,
    pub total_media_cost_micros: u64,
    pub billable_cost_micros: u64,
    pub revenue_micros: u64,
}

impl Facts {
    pub fn nothing(&self) -> bool {
        *self == Facts::default()
    }

    pub(super) fn scaled(self, permille: u64) -> Facts {
        let part = |value: u64| value * permille / 1000;
        Facts {
            impressions: part(self.impressions),
            viewable_impressions: part(self.viewable_impressions),
            video_completions: part(self.video_completions),
            clicks: part(self.clicks),
            post_click_conversions: part(self.post_click_conversions),
            post_view_conversions: part(self.post_view_conversions),
            media_cost_micros: part(self.media_cost_micros),
            total_media_cost_micros: part(self.total_media_cost_micros),
            billable_cost_micros: part(self.billable_cost_micros),
            revenue_micros: part(self.revenue_micros),
        }
    }
}

impl Facts {
    pub(super) fn costs_scaled(self, permille: u64) -> Facts {
        let costs = self.scaled(permille);
        Facts {
            media_cost_micros: costs.media_cost_micros,
            total_media_cost_micros: costs.total_media_cost_micros,
            billable_cost_micros: costs.billable_cost_micros,
            revenue_micros: costs.revenue_micros,
            ..self
        }
    }

    /// The same figures split over parts that hold so many thousandths each; what rounding leaves
    /// over goes to the first, so that the parts always add up.
    pub(crate) fn split(self, permilles: &[u64]) -> Vec<Facts> {
        let mut parts: Vec<Facts> = permilles.iter().map(|one| self.scaled(*one)).collect();
        let mut sum = Facts::default();
        for part in &parts {
            sum += *part;
        }
        if let Some(first) = parts.first_mut() {
            *first += self.less(sum);
        }
        parts
    }

    fn less(self, other: Facts) -> Facts {
        Facts {
            impressions: self.impressions - other.impressions,
            viewable_impressions: self.viewable_impressions - other.viewable_impressions,
            video_completions: self.video_completions - other.video_completions,
            clicks: self.clicks - other.clicks,
            post_click_conversions: self.post_click_conversions - other.post_click_conversions,
            post_view_conversions: self.post_view_conversions - other.post_view_conversions,
            media_cost_micros: self.media_cost_micros - other.media_cost_micros,
            total_media_cost_micros: self.total_media_cost_micros - other.total_media_cost_micros,
            billable_cost_micros: self.billable_cost_micros - other.billable_cost_micros,
            revenue_micros: self.revenue_micros - other.revenue_micros,
        }
    }
}

impl AddAssign for Facts {
    fn add_assign(&mut self, other: Facts) {
        self.impressions += other.impressions;
        self.viewable_impressions += other.viewable_impressions;
        self.video_completions += other.video_completions;
        self.clicks += other.clicks;
        self.post_click_conversions += other.post_click_conversions;
        self.post_view_conversions += other.post_view_conversions;
        self.media_cost_micros += other.media_cost_micros;
        self.total_media_cost_micros += other.total_media_cost_micros;
        self.billable_cost_micros += other.billable_cost_micros;
        self.revenue_micros += other.revenue_micros;
    }
}

/// The figures a report made at `now` shows.
pub fn served(
    world: &World,
    advertiser: &Advertiser,
    line_item: &LineItem,
    date: NaiveDate,
    now: Now,
) -> Facts {
    let whole = delivered_on(world, advertiser, line_item, date);
    if whole.nothing() {
        return whole;
    }
    let chance = chance(world, line_item, date);
    let zone = advertiser.time_zone;
    world.restatement.shown(whole, chance, date, zone, now)
}

/// The final figures, for any date, also one that has not come yet.
pub fn truth(
    world: &World,
    advertiser: &Advertiser,
    line_item: &LineItem,
    date: NaiveDate,
) -> Facts {
    let whole = delivered_on(world, advertiser, line_item, date);
    world
        .restatement
        .settled(whole, chance(world, line_item, date))
}

fn chance(world: &World, line_item: &LineItem, date: NaiveDate) -> u64 {
    let day = u64::try_from(date.num_days_from_ce()).unwrap_or(0);
    mix::pair(mix::pair(world.seed, line_item.id), day)
}

/// What went out on the day, before anything is taken back.
fn delivered_on(
    world: &World,
    advertiser: &Advertiser,
    line_item: &LineItem,
    date: NaiveDate,
) -> Facts {
    let order = &advertiser.insertion_orders[line_item.order];
    if date < advertiser.history_start || !delivers(order, line_item, date) {
        return Facts::default();
    }
    let segment = order
        .segments_on(date)
        .iter()
        .find(|one| one.start <= date && date <= one.end);
    let Some(segment) = segment else {
        return Facts::default();
    };
    let noise = chance(world, line_item, date);
    let even = planned(order, segment, line_item, date, noise);
    let hours = hours_of(date, advertiser.time_zone);
    delivered(order.unit, line_item, even * hours / 24, noise)
}

fn delivers(order: &InsertionOrder, line_item: &LineItem, date: NaiveDate) -> bool {
    let draft = order.status == Status::Draft || line_item.status == Status::Draft;
    if order
        .off
        .iter()
        .chain(&line_item.off)
        .any(|span| span.holds(date))
    {
        return false;
    }
    let lasts = [order.delivers_until, line_item.delivers_until];
    let stopped = lasts.into_iter().flatten().any(|last| date > last);
    let in_flight = line_item
        .flight
        .is_none_or(|(start, end)| start <= date && date <= end);
    !draft && !stopped && in_flight
}

/// The day's amount in the unit of the budget, in micros.
fn planned(
    order: &InsertionOrder,
    segment: &Segment,
    line_item: &LineItem,
    date: NaiveDate,
    noise: u64,
) -> u64 {
    let elapsed = u64::try_from((date - segment.start).num_days()).unwrap_or(0);
    let progress_permille = (elapsed * 2 + 1) * 500 / segment.days();
    let even = segment.amount_micros / segment.days() / 1000 * line_item.share_permille;
    let weekday = WEEKDAY_PERMILLE[date.weekday().num_days_from_monday() as usize];
    let jitter = 850 + noise % 301;
    let permille = order.pace.permille(progress_permille) * weekday / 1000 * jitter / 1000;
    even / 1000 * permille
}

impl Pace {
    /// The speed at a point of a segment. No curve adds up to more than the budget.
    fn permille(self, progress_permille: u64) -> u64 {
        match self {
            Pace::On => 985,
            Pace::Behind => 720,
            Pace::Ahead => 1500 - progress_permille,
            Pace::LateStart if progress_permille < 400 => 520,
            Pace::LateStart => 1280,
            Pace::Stalled if progress_permille < 350 => 1000,
            Pace::Stalled => 60,
            Pace::EndRush if progress_permille < 850 => 420,
            Pace::EndRush => 1900,
        }
    }
}

fn delivered(unit: Unit, line_item: &LineItem, amount_micros: u64, noise: u64) -> Facts {
    let draw = |bits: u32, spread: u64| (noise >> bits) % spread;
    let with_fee = 100_000 + line_item.fee_millis;
    let with_markup = 100_000 + line_item.markup_millis;
    let revenue_cpm = line_item.media_cpm_micros * with_fee / 100_000 * with_markup / 100_000;
    let impressions = match unit {
        Unit::Currency => amount_micros * 1000 / revenue_cpm.max(1),
        Unit::Impressions => amount_micros / 1_000_000,
    };
    let cpm_today = line_item.media_cpm_micros * (950 + draw(8, 101)) / 1000;
    let media_cost_micros = impressions * cpm_today / 1000;
    let total_media_cost_micros = media_cost_micros * with_fee / 100_000;
    let clicks =
        impressions * (line_item.clicks_per_million * (700 + draw(16, 601)) / 1000) / 1_000_000;
    let video = line_item.kind.contains("VIDEO");
    Facts {
        impressions,
        viewable_impressions: impressions * (520 + draw(24, 201)) / 1000,
        video_completions: if video {
            impressions * (480 + draw(32, 301)) / 1000
        } else {
            0
        },
        clicks,
        post_click_conversions: clicks * (15 + draw(40, 30)) / 1000,
        post_view_conversions: impressions * draw(48, 40) / 1_000_000,
        media_cost_micros,
        total_media_cost_micros,
        billable_cost_micros: total_media_cost_micros,
        revenue_micros: total_media_cost_micros * with_markup / 100_000,
    }
}
