//! The simulated agency world: who sees which partner, and every advertiser's entity tree.
//!
//! A world is built once from a seed and never changes. What was delivered on a day is not stored
//! but computed (`facts`), so the truth about any line item and date can always be asked for.

pub mod entities;

pub mod facts;

pub mod builder;

pub(crate) mod calendar;
mod currency;
mod demo;
mod fill;
pub(crate) mod mix;
mod names;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;

pub use builder::{AdvertiserSpec, PartnerSpec, Shape, WorldBuilder};
pub use entities::{Advertiser, Campaign, InsertionOrder, LineItem, Partner, User};
pub use facts::Facts;

#[derive(Debug)]
pub struct World {
    pub seed: u64,
    /// The date the flights are laid around. Only its quarter shapes a realistic world, so a
    /// restart within the quarter builds the same one.
    pub built_on: NaiveDate,
    pub users: Vec<User>,
    pub partners: Vec<Partner>,
    pub advertisers: Vec<Advertiser>,
    positions: HashMap<u64, usize>,
}

/// How large the built-in world is; `None` keeps the demonstration's own sizes.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoSize {
    pub advertisers: Option<u32>,
    pub line_items: Option<u32>,
}

impl World {
    pub fn builder(seed: u64) -> WorldBuilder {
        WorldBuilder::new(seed)
    }

    /// The world of `dv360-simulator serve` when nothing else is asked for.
    pub fn demo(seed: u64, built_on: NaiveDate, size: DemoSize) -> World {
        demo::build(seed, built_on, size)
    }

    pub(crate) fn assemble(
        seed: u64,
        built_on: NaiveDate,
        users: Vec<User>,
        partners: Vec<Partner>,
        advertisers: Vec<Advertiser>,
    ) -> World {
        let positions = advertisers
            .iter()
            .enumerate()
            .map(|(at, one)| (one.id, at))
            .collect();
        World {
            seed,
            built_on,
            users,
            partners,
            advertisers,
            positions,
        }
    }

    pub fn find_user(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email == email)
    }

    pub fn find_partner(&self, id: u64) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    pub fn find_advertiser(&self, id: u64) -> Option<&Advertiser> {
        self.positions.get(&id).map(|at| &self.advertisers[*at])
    }

    /// Whether this person may see the partner.
    pub(crate) fn sees(&self, email: &str, partner_id: u64) -> bool {
        self.find_user(email)
            .is_some_and(|user| user.partners.contains(&partner_id))
    }
}
