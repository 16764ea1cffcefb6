//! Fixed rates between the currencies of the world, so that no report ever drifts.

use super::{Advertiser, Facts, Partner, World, demo};

impl World {
    pub(crate) fn in_usd(&self, advertiser: &Advertiser, facts: Facts) -> Facts {
        money(facts, 1_000, demo::per_dollar(&advertiser.currency))
    }

    pub(crate) fn in_partner_currency(&self, partner: &Partner, usd: Facts) -> Facts {
        money(usd, demo::per_dollar(&partner.currency), 1_000)
    }
}

fn money(facts: Facts, times: u64, over: u64) -> Facts {
    let convert = |micros: u64| micros * times / over;
    Facts {
        media_cost_micros: convert(facts.media_cost_micros),
        total_media_cost_micros: convert(facts.total_media_cost_micros),
        billable_cost_micros: convert(facts.billable_cost_micros),
        revenue_micros: convert(facts.revenue_micros),
        ..facts
    }
}
