//! What stands in the way of a budget, beside the budget itself: the lowest of all caps binds.
//!
//! Line items may have budgets that add up to more than their order's; then the order's binds. They
//! may add up to less, or be held to so much a day that the budget cannot be reached any more.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::days;
use super::plan::saturate;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = PacingCapKind)]
pub enum CapKind {
    /// Its own budget: nothing else is in the way.
    Budget,
    /// The most of a day, over the days left.
    DailyMax,
    /// What its active line items may still deliver together.
    LineItems,
    /// What is left of its order's budget.
    OrderBudget,
    /// The most of its order's day, over the days left.
    OrderDailyMax,
}

impl CapKind {
    pub const ALL: [Self; 5] = [
        Self::Budget,
        Self::DailyMax,
        Self::LineItems,
        Self::OrderBudget,
        Self::OrderDailyMax,
    ];
}

/// So much may still be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub kind: CapKind,
    pub left: i64,
}

impl Cap {
    pub fn new(kind: CapKind, left: i64) -> Self {
        let left = left.max(0);
        Self { kind, left }
    }
}

/// Days, and how much of what may be delivered on them.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The first day that is not complete.
    pub next: NaiveDate,
    pub end: NaiveDate,
    pub remaining: Option<i64>,
    pub daily_max: Option<i64>,
}

impl Room {
    /// What all the days left may bring, if there is a most of a day.
    pub fn by_day(&self) -> Option<i64> {
        let days = i128::from(days(self.next, self.end));
        let most = self.daily_max.filter(|most| *most > 0)?;
        Some(saturate(i128::from(most) * days))
    }

    /// The lower of what is left and what the days may bring; nothing if neither is limited.
    pub fn least(&self) -> Option<i64> {
        let remaining = self.remaining.map(|left| left.max(0));
        let amounts = [remaining, self.by_day()];
        amounts.into_iter().flatten().min()
    }
}

/// The lowest; the earlier of equals, so that a budget that can just be reached is what binds.
pub fn binding(caps: &[Cap]) -> Option<Cap> {
    caps.iter().min_by_key(|cap| (cap.left, cap.kind)).copied()
}

/// The lowest of those that are not the budget itself.
pub fn ceiling(caps: &[Cap]) -> Option<i64> {
    let others = caps.iter().filter(|cap| cap.kind != CapKind::Budget);
    others.map(|cap| cap.left).min()
}

#[cfg(test)]
mod tests {
    //! The lowest binds, and what has no limit is no cap.

    use super::{Cap, CapKind, Room, binding, ceiling};

    fn room(remaining: Option<i64>, daily_max: Option<i64>) -> Room {
        Room {
            next: "2026-07-11".parse().unwrap(),
            end: "2026-07-20".parse().unwrap(),
            remaining,
            daily_max,
        }
    }

    #[test]
    fn days_left_bring_no_more_than_their_most() {
        assert_eq!(room(Some(500), Some(40)).least(), Some(400));
        assert_eq!(room(Some(300), Some(40)).least(), Some(300));
        assert_eq!(room(Some(-5), None).least(), Some(0));
        assert_eq!(room(None, None).least(), None);
        assert_eq!(room(None, Some(0)).by_day(), None, "none is not zero");
    }

    #[test]
    fn the_lowest_binds() {
        let caps = [
            Cap::new(CapKind::Budget, 500),
            Cap::new(CapKind::DailyMax, 400),
            Cap::new(CapKind::LineItems, 450),
        ];
        assert_eq!(binding(&caps), Some(caps[1]));
        assert_eq!(ceiling(&caps), Some(400));
        assert_eq!(ceiling(&caps[..1]), None);
        let equal = [
            Cap::new(CapKind::DailyMax, 500),
            Cap::new(CapKind::Budget, 500),
        ];
        assert_eq!(binding(&equal).map(|cap| cap.kind), Some(CapKind::Budget));
    }
}
