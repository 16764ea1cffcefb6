//! What an org may decide about pacing: the band of "on pace", how edits of a budget count, and the
//! days on which less or more is to run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, FULL, Special};
use super::figures::Band;

/// No day may weigh more; it keeps all sums within 128 bits.
const MOST_WEIGHT: i64 = 5 * FULL;
const MOST_CALENDARS: usize = 50;
const MOST_DAYS: usize = 400;
const MOST_NAME: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PacingSettings)]
pub struct Settings {
    /// Pacing from this many percent on is on pace.
    pub on_pace_from_percent: i64,
    /// Pacing up to this many percent is on pace.
    pub on_pace_to_percent: i64,
    pub budget_edits: BudgetEdits,
    /// The first that names the order, else the first that names its advertiser, else the first that
    /// names neither.
    pub calendars: Vec<CalendarSettings>,
}

/// What a budget that was edited while it ran is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PacingBudgetEdits)]
pub enum BudgetEdits {
    /// The plan that was in force each day.
    AsPlanned,
    /// As if the budget had always been what it is now, as Display & Video 360 counts.
    Restated,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PacingCalendar)]
pub struct CalendarSettings {
    pub name: String,
    #[serde(default)]
    pub advertiser_ids: Vec<String>,
    #[serde(default)]
    pub insertion_order_ids: Vec<String>,
    /// In percent of an ordinary day, by weekday: `{"saturday": 50, "sunday": 0}`.
    #[serde(default)]
    pub weekdays: BTreeMap<Weekday, i64>,
    /// Holidays, dark days, pushes. Where two overlap, the later in the list holds.
    #[serde(default)]
    pub days: Vec<SpecialDays>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = PacingWeekday)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PacingSpecialDays)]
pub struct SpecialDays {
    pub from: NaiveDate,
    /// Included; only the one day if it is left out.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Of an ordinary day: 0 is dark, 200 twice as much.
    pub percent: i64,
    #[serde(default)]
    pub note: String,
}

impl Default for Settings {
    fn default() -> Self {
        let band = Band::default();
        Self {
            on_pace_from_percent: band.from_percent,
            on_pace_to_percent: band.to_percent,
            budget_edits: BudgetEdits::AsPlanned,
            calendars: Vec::new(),
        }
    }
}

impl Settings {
    pub const fn band(&self) -> Band {
        Band {
            from_percent: self.on_pace_from_percent,
            to_percent: self.on_pace_to_percent,
        }
    }

    /// What keeps them from being used, with a JSON pointer to each place.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut say = |path: String, message: &str| found.push((path, message.to_owned()));
        if !(0..=100).contains(&self.on_pace_from_percent) {
            say("/on_pace_from_percent".into(), "must be from 0 to 100");
        }
        if !(100..=1000).contains(&self.on_pace_to_percent) {
            say("/on_pace_to_percent".into(), "must be from 100 to 1000");
        }
        if self.calendars.len() > MOST_CALENDARS {
            say("/calendars".into(), "there may be at most 50 calendars");
        }
        for (index, one) in self.calendars.iter().take(MOST_CALENDARS).enumerate() {
            let mut say =
                |path: &str, message: &str| say(format!("/calendars/{index}{path}"), message);
            if one.name.trim().is_empty() || one.name.chars().count() > MOST_NAME {
                say("/name", "must have 1 to 100 characters");
            }
            if self.calendars[..index]
                .iter()
                .any(|other| other.name == one.name)
            {
                say("/name", "another calendar has this name");
            }
            for (weekday, percent) in &one.weekdays {
                if !(0..=MOST_WEIGHT).contains(percent) {
                    let name = serde_json::to_value(weekday).unwrap_or_default();
                    let path = format!("/weekdays/{}", name.as_str().unwrap_or_default());
                    say(&path, "must be from 0 to 500");
                }
            }
            if one.days.len() > MOST_DAYS {
                say("/days", "there may be at most 400 entries");
            }
            for (at, days) in one.days.iter().take(MOST_DAYS).enumerate() {
                if !(0..=MOST_WEIGHT).contains(&days.percent) {
                    say(&format!("/days/{at}/percent"), "must be from 0 to 500");
                }
                if days.to.is_some_and(|to| to < days.from) {
                    say(&format!("/days/{at}/to"), "is before the first day");
                }
            }
        }
        found
    }

    /// Made once for many orders.
    pub fn calendars(&self) -> Calendars<'_> {
        let made = |one: &CalendarSettings| {
            let mut weekdays = [FULL; 7];
            for (weekday, percent) in &one.weekdays {
                weekdays[*weekday as usize] = *percent;
            }
            let special = one.days.iter().map(|days| Special {
                from: days.from,
                to: days.to.unwrap_or(days.from),
                weight: days.percent,
            });
            Calendar::new(weekdays, &special.collect::<Vec<_>>())
        };
        Calendars {
            named: &self.calendars,
            made: self.calendars.iter().map(made).collect(),
            plain: Calendar::default(),
        }
    }
}

#[derive(Debug)]
pub struct Calendars<'a> {
    named: &'a [CalendarSettings],
    made: Vec<Calendar>,
    plain: Calendar,
}

impl Calendars<'_> {
    /// The one that holds for an order, and its name if it has one.
    pub fn of(&self, advertiser_id: &str, insertion_order_id: &str) -> (&Calendar, Option<&str>) {
        let names = |ids: &[String], id: &str| ids.iter().any(|one| one == id);
        let find = |holds: &dyn Fn(&CalendarSettings) -> bool| self.named.iter().position(holds);
        let at = find(&|one| names(&one.insertion_order_ids, insertion_order_id))
            .or_else(|| find(&|one| names(&one.advertiser_ids, advertiser_id)))
            .or_else(|| {
                find(&|one| one.advertiser_ids.is_empty() && one.insertion_order_ids.is_empty())
            });
        at.map_or((&self.plain, None), |at| {
            (&self.made[at], Some(self.named[at].name.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    //! Which calendar holds, and what is refused.

    use serde_json::json;

    use super::Settings;

    fn settings(value: serde_json::Value) -> Settings {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_nearest_calendar_holds() {
        let ours = settings(json!({"calendars": [
            {"name": "all", "weekdays": {"sunday": 0}},
            {"name": "shop", "advertiser_ids": ["7"], "days": [{"from": "2026-12-24", "to": "2026-12-26", "percent": 0}]},
            {"name": "launch", "insertion_order_ids": ["70"], "days": [{"from": "2026-12-24", "percent": 300}]},
        ]}));
        assert_eq!(ours.problems(), []);
        let calendars = ours.calendars();
        let weight = |advertiser: &str, order: &str| {
            let (calendar, name) = calendars.of(advertiser, order);
            let (from, to) = ("2026-12-24".parse().unwrap(), "2026-12-27".parse().unwrap());
            (calendar.weight(from, to), name)
        };
        assert_eq!(
            weight("1", "10"),
            (300, Some("all")),
            "the 27th is a Sunday"
        );
        assert_eq!(weight("7", "71"), (100, Some("shop")));
        assert_eq!(weight("7", "70"), (600, Some("launch")));
        let none = Settings::default();
        assert_eq!(none.calendars().of("1", "1").1, None);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_place() {
        let wrong = settings(json!({
            "on_pace_from_percent": 120, "on_pace_to_percent": 90,
            "calendars": [
                {"name": "a", "weekdays": {"monday": -1}},
                {"name": "a", "days": [{"from": "2026-02-02", "to": "2026-02-01", "percent": 501}]},
            ],
        }));
        let paths: Vec<String> = wrong.problems().into_iter().map(|(path, _)| path).collect();
        expect_test::expect![[r#"
            /on_pace_from_percent
            /on_pace_to_percent
            /calendars/0/weekdays/monday
            /calendars/1/name
            /calendars/1/days/0/percent
            /calendars/1/days/0/to"#]]
        .assert_eq(&paths.join("\n"));
        let unknown = serde_json::from_value::<Settings>(json!({"calendar": []}));
        assert!(unknown.unwrap_err().to_string().contains("unknown field"));
    }
}
