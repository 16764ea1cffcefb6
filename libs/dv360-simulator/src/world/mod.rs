//! The simulated agency world: who sees which partner, and every advertiser's entity tree.
//!
//! A world is built from a seed; an edit makes another world of it (`edits`). What was delivered on
//! a day is not stored but computed (`facts`), so the truth about any line item and date can always
//! be asked for.

pub mod entities;

pub mod facts;

pub mod restatement;

pub mod edits;

pub mod builder;

pub(crate) mod calendar;
mod currency;
mod demo;
mod fill;
mod histories;
pub(crate) mod mix;
mod names;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

pub use builder::{AdvertiserSpec, PartnerSpec, Shape, WorldBuilder};
pub use edits::Edit;
pub use entities::{Advertiser, Campaign, InsertionOrder, LineItem, Partner, User};
pub use facts::Facts;
pub use restatement::Restatement;

#[derive(Debug, Clone)]
pub struct World {
    pub seed: u64,
    /// The date the flights are laid around. Only its quarter shapes a realistic world, so a
    /// restart within the quarter builds the same one.
    pub built_on: NaiveDate,
    pub users: Vec<User>,
    pub partners: Vec<Partner>,
    pub advertisers: Vec<Arc<Advertiser>>,
    pub restatement: Restatement,
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

    /// Many small agencies, each a partner with a person of its own and three advertisers in
    /// different time zones and currencies that deliver every day.
    pub fn histories(seed: u64, built_on: NaiveDate, numbers: Range<u32>) -> World {
        histories::build(seed, built_on, numbers)
    }

    /// The same world with figures that change like this after their day.
    pub fn restated(self, restatement: Restatement) -> World {
        World {
            restatement,
            ..self
        }
    }

    pub(crate) fn assemble(world: World) -> World {
        let numbered = world.advertisers.iter().enumerate();
        let positions = numbered.map(|(at, one)| (one.id, at)).collect();
        World { positions, ..world }
    }

    pub fn find_user(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email == email)
    }

    pub fn find_partner(&self, id: u64) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    pub fn find_advertiser(&self, id: u64) -> Option<&Arc<Advertiser>> {
        self.positions.get(&id).map(|at| &self.advertisers[*at])
    }

    /// Whether this person may see the partner.
    pub(crate) fn sees(&self, email: &str, partner_id: u64) -> bool {
        self.find_user(email)
            .is_some_and(|user| user.partners.contains(&partner_id))
    }

    /// Whether this person may see the advertiser.
    pub(crate) fn sees_advertiser(&self, email: &str, advertiser: &Advertiser) -> bool {
        let user = self.find_user(email);
        let hidden = user.is_some_and(|one| one.hidden_advertisers.contains(&advertiser.id));
        self.sees(email, advertiser.partner_id) && !hidden
    }
}
