//! Building a world from a few sizes, for tests and loads.
//!
//! `World::builder(7).advertiser(AdvertiserSpec { line_items: 50, days: 90, ..Default::default() })`

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::entities::{Advertiser, Partner, Status, User};
use super::restatement::Restatement;
use super::{World, fill, mix};

#[derive(Debug, Clone)]
pub struct PartnerSpec {
    pub name: String,
    pub time_zone: Tz,
    pub currency: String,
    /// E-mails of the people who see this partner.
    pub users: Vec<String>,
}

impl Default for PartnerSpec {
    fn default() -> Self {
        PartnerSpec {
            name: "Meridian Collective".to_owned(),
            time_zone: Tz::America__New_York,
            currency: "USD".to_owned(),
            users: vec![DEFAULT_USER.to_owned()],
        }
    }
}

/// Who sees a partner that was built without saying so.
pub const DEFAULT_USER: &str = "ana.lima@meridian.example";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Flights of every kind around the current quarter: running, over, still to come.
    Realistic,
    /// Every line item delivers on every day, so a report has `line_items × days` rows.
    AlwaysOn,
}

#[derive(Debug, Clone)]
pub struct AdvertiserSpec {
    pub name: String,
    pub time_zone: Tz,
    pub currency: String,
    pub line_items: u32,
    /// How many days of delivery lie before the day the world is built on.
    pub days: u32,
    pub shape: Shape,
    pub status: Status,
}

impl Default for AdvertiserSpec {
    fn default() -> Self {
        AdvertiserSpec {
            name: "Harbor & Vine Coffee".to_owned(),
            time_zone: Tz::America__New_York,
            currency: "USD".to_owned(),
            line_items: 20,
            days: 90,
            shape: Shape::AlwaysOn,
            status: Status::Active,
        }
    }
}

#[derive(Debug)]
pub struct WorldBuilder {
    seed: u64,
    built_on: NaiveDate,
    partners: Vec<(PartnerSpec, Vec<AdvertiserSpec>)>,
    /// How many partners and advertisers came before this world's.
    before: (u64, u64),
    outsiders: Vec<String>,
}

impl WorldBuilder {
    pub(crate) fn new(seed: u64) -> Self {
        let built_on = Utc::now().date_naive();
        Self {
            seed,
            built_on,
            partners: Vec::new(),
            before: (0, 0),
            outsiders: Vec::new(),
        }
    }

    /// The first partner and the first advertiser have these numbers, from which all of theirs follows.
    pub(super) fn numbered_from(mut self, partner: u64, advertiser: u64) -> Self {
        self.before = (partner, advertiser);
        self
    }

    /// The day the flights are laid around; the current one unless said.
    pub fn built_on(mut self, date: NaiveDate) -> Self {
        self.built_on = date;
        self
    }

    /// Opens a partner; the advertisers named after it belong to it.
    pub fn partner(mut self, spec: PartnerSpec) -> Self {
        self.partners.push((spec, Vec::new()));
        self
    }

    /// Adds an advertiser to the last partner, opening a default one if there is none yet.
    pub fn advertiser(mut self, spec: AdvertiserSpec) -> Self {
        if self.partners.is_empty() {
            self.partners.push((PartnerSpec::default(), Vec::new()));
        }
        if let Some((_, advertisers)) = self.partners.last_mut() {
            advertisers.push(spec);
        }
        self
    }

    /// A person with a Google account who is no Display & Video 360 user.
    pub fn outsider(mut self, email: &str) -> Self {
        self.outsiders.push(email.to_owned());
        self
    }

    pub fn build(self) -> World {
        let mut partners = Vec::new();
        let mut advertisers: Vec<Advertiser> = Vec::new();
        let mut users: Vec<User> = Vec::new();
        for (number, (spec, wanted)) in self.partners.iter().enumerate() {
            let number = self.before.0 + number as u64;
            let id = 1_995_500 + 7 * number + mix::pair(self.seed, 1) % 1_000_000;
            for email in &spec.users {
                join(&mut users, email, Some(id));
            }
            partners.push(Partner {
                id,
                name: spec.name.clone(),
                time_zone: spec.time_zone,
                currency: spec.currency.clone(),
                updated_at: fill::updated_at(self.built_on, mix::pair(self.seed, id)),
            });
            for advertiser in wanted {
                let number = self.before.1 + advertisers.len() as u64;
                let made = advertiser_of(self.seed, self.built_on, (id, number), advertiser);
                advertisers.push(made);
            }
        }
        for email in &self.outsiders {
            join(&mut users, email, None);
        }
        let advertisers = advertisers.into_iter().map(Arc::new).collect();
        World::assemble(World {
            seed: self.seed,
            built_on: self.built_on,
            restatement: Restatement::default(),
            users,
            partners,
            advertisers,
            positions: HashMap::new(),
        })
    }
}

/// The advertiser with this number in a world, under a partner.
pub(crate) fn advertiser_of(
    seed: u64,
    built_on: NaiveDate,
    (partner_id, number): (u64, u64),
    spec: &AdvertiserSpec,
) -> Advertiser {
    let id = 630_000_000 + number * 104_729 + mix::pair(seed, 2) % 90_000_000;
    let seed = mix::pair(seed, id);
    let host: String = spec
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let days = TimeDelta::days(i64::from(spec.days));
    let mut advertiser = Advertiser {
        id,
        partner_id,
        name: spec.name.clone(),
        status: spec.status,
        time_zone: spec.time_zone,
        currency: spec.currency.clone(),
        domain: format!("https://www.{}.example", host.to_lowercase()),
        integration_code: (!mix::number(seed).is_multiple_of(3))
            .then(|| format!("CRM-{:05}", seed % 100_000)),
        history_start: fill::history_anchor(spec.shape, built_on) - days,
        updated_at: fill::updated_at(built_on, seed),
        deleted: false,
        campaigns: Vec::new(),
        insertion_orders: Vec::new(),
        line_items: Vec::new(),
    };
    fill::entities(&mut advertiser, seed, built_on, spec);
    advertiser
}

fn join(users: &mut Vec<User>, email: &str, partner: Option<u64>) {
    if !users.iter().any(|user| user.email == email) {
        let name = fill::person_name(email);
        users.push(User {
            email: email.to_owned(),
            name,
            partners: Vec::new(),
            hidden_advertisers: Vec::new(),
        });
    }
    if let Some(user) = users.iter_mut().find(|user| user.email == email) {
        user.partners.extend(partner);
    }
}
