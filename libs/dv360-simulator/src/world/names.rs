//! Names as agencies really write them: taxonomies with typos, commas, quotes and emoji.

use chrono::NaiveDate;

use super::calendar::quarter_name;
use super::mix::Draws;

const OBJECTIVES: [(&str, &str); 4] = [
    ("Awareness", "CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS"),
    ("Consideration", "CAMPAIGN_GOAL_TYPE_ONLINE_ACTION"),
    ("Conversion", "CAMPAIGN_GOAL_TYPE_ONLINE_ACTION"),
    ("StoreVisits", "CAMPAIGN_GOAL_TYPE_OFFLINE_ACTION"),
];
const THEMES: [&str; 8] = [
    "Always On",
    "Brand Launch",
    "Holiday Gifting",
    "Back in Stock",
    "Spring/Summer Range",
    "Loyalty & App",
    "Regional Openings",
    "Winter Sale",
];
const TACTICS: [&str; 8] = [
    "PROS",
    "RMKT",
    "LAL3",
    "InMarket",
    "CRM-Suppr",
    "Contextual",
    "PMP-Premium",
    "Geo-Top20HHI",
];
const ODD_ENDS: [&str; 6] = [
    ", retargeting \"7d\"",
    " 🎧",
    " – Größe L",
    " (copy), v2",
    " 'DEC 25'",
    " \"do not pause\" ⚠️",
];

pub(crate) const GEOS: [(&str, &str); 8] = [
    ("America/New_York", "US"),
    ("America/Chicago", "US"),
    ("Europe/London", "UK"),
    ("Europe/Berlin", "DE"),
    ("Australia/Sydney", "AU"),
    ("Asia/Kolkata", "IN"),
    ("America/Sao_Paulo", "BR"),
    ("Asia/Tokyo", "JP"),
];

pub(crate) struct CampaignName {
    pub(crate) name: String,
    pub(crate) objective: &'static str,
    pub(crate) goal: &'static str,
}

pub(crate) fn campaign(draws: &mut Draws, brand: &str, quarter: NaiveDate) -> CampaignName {
    let (objective, goal) = *draws.pick(&OBJECTIVES);
    let theme = draws.pick(&THEMES);
    let name = format!("{brand} | {theme} | {objective} {}", quarter_name(quarter));
    CampaignName {
        name,
        objective,
        goal,
    }
}

pub(crate) fn insertion_order(stem: &str, objective: &str, number: usize) -> String {
    format!("{stem}_{objective}_IO{number:02}")
}

pub(crate) fn line_item(
    draws: &mut Draws,
    stem: &str,
    format: &str,
    order: usize,
    number: usize,
) -> String {
    let tactic = draws.pick(&TACTICS);
    let age = draws.pick(&["18-34", "18-44", "25-54", "All"]);
    let odd = if draws.one_in(9) {
        *draws.pick(&ODD_ENDS)
    } else {
        ""
    };
    format!("{stem}_IO{order:02}_{tactic}_{age}_{format}_LI{number}{odd}")
}

/// `US_DV360_HarborVine_Q4`: what every name of an advertiser's quarter begins with.
pub(crate) fn stem(time_zone: &str, advertiser: &str, quarter: NaiveDate) -> String {
    let geo = GEOS
        .iter()
        .find(|(zone, _)| *zone == time_zone)
        .map_or("INT", |(_, geo)| geo);
    let brand: String = advertiser
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(12)
        .collect();
    format!("{geo}_DV360_{brand}_{}", quarter_name(quarter))
}
