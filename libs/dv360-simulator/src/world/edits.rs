//! What people change in their accounts while time goes on. An edit makes a new world of the old
//! one; days before it keep the plan they were delivered by.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::World;
use super::builder::{self, AdvertiserSpec, Shape};
use super::entities::{Advertiser, Off, Status};
use crate::clock::Now;

/// Ids travel as strings, as they do in the APIs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// A new amount for a budget segment, in micros, from today on.
    Budget {
        insertion_order_id: String,
        #[serde(default)]
        segment: usize,
        amount_micros: u64,
    },
    /// Of an advertiser, campaign, insertion order or line item.
    Rename { id: String, name: String },
    /// Of the same. What is paused or archived delivers until the end of today.
    Status { id: String, status: Status },
    /// Of the same. Reports still show what it delivered.
    Delete { id: String },
    /// A new advertiser, delivering from today on for some weeks.
    Advertiser {
        partner_id: String,
        name: String,
        time_zone: String,
        currency: String,
        line_items: u32,
    },
    /// Gives a person access to a partner, or takes it away.
    Access {
        user: String,
        partner_id: String,
        allowed: bool,
    },
    /// Takes an advertiser of such a partner out of a person's sight, or shows it again.
    Sight {
        user: String,
        advertiser_id: String,
        allowed: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("nothing has the id {0}")]
    Unknown(String),
    #[error("insertion order {0} has no such segment")]
    NoSegment(String),
    #[error("names are of 1 to 240 bytes, an advertiser has 1 to 1,000 line items")]
    Size,
    #[error("{0} is no time zone")]
    Zone(String),
}

impl World {
    pub(crate) fn edited(&self, edit: &Edit, now: Now) -> Result<World, Error> {
        let mut world = self.clone();
        match edit {
            Edit::Budget {
                insertion_order_id,
                segment,
                amount_micros,
            } => world.set_budget(insertion_order_id, *segment, *amount_micros, now)?,
            Edit::Rename { id, name } => {
                check_name(name)?;
                world.touch(id, now, |one| name.clone_into(one.name))?;
            }
            Edit::Status { id, status } => world.touch(id, now, |one| {
                one.switch(*status, now);
                *one.status = *status;
            })?,
            Edit::Delete { id } => world.touch(id, now, |one| {
                one.switch(Status::Archived, now);
                *one.deleted = true;
            })?,
            Edit::Advertiser {
                partner_id,
                name,
                time_zone,
                currency,
                line_items,
            } => {
                check_name(name)?;
                if !(1..=1_000).contains(line_items) {
                    return Err(Error::Size);
                }
                let zone = time_zone.parse::<Tz>();
                let zone = zone.map_err(|_| Error::Zone(time_zone.clone()))?;
                let spec = AdvertiserSpec {
                    name: name.clone(),
                    time_zone: zone,
                    currency: currency.clone(),
                    line_items: *line_items,
                    days: 0,
                    shape: Shape::AlwaysOn,
                    status: Status::Active,
                };
                world.add_advertiser(partner_id, &spec, now)?;
            }
            Edit::Access {
                user,
                partner_id,
                allowed,
            } => world.set_access(user, partner_id, *allowed)?,
            Edit::Sight {
                user,
                advertiser_id,
                allowed,
            } => world.set_sight(user, advertiser_id, *allowed)?,
        }
        Ok(world)
    }

    fn set_budget(&mut self, id: &str, segment: usize, micros: u64, now: Now) -> Result<(), Error> {
        let unknown = || Error::Unknown(id.to_owned());
        let wanted: u64 = id.parse().map_err(|_| unknown())?;
        let holds = |one: &&mut Arc<Advertiser>| one.find_insertion_order(wanted).is_some();
        let advertiser = self
            .advertisers
            .iter_mut()
            .find(holds)
            .ok_or_else(unknown)?;
        let today = now.today(advertiser.time_zone);
        let orders = &mut Arc::make_mut(advertiser).insertion_orders;
        let order = orders.iter_mut().find(|one| one.id == wanted);
        let order = order.ok_or_else(unknown)?;
        let plan = order.segments.clone();
        let changed = order.segments.get_mut(segment);
        changed
            .ok_or_else(|| Error::NoSegment(id.to_owned()))?
            .amount_micros = micros;
        let before = today.pred_opt().unwrap_or(today);
        if order
            .earlier_plans
            .last()
            .is_none_or(|(last, _)| *last < before)
        {
            order.earlier_plans.push((before, plan));
        }
        order.updated_at = now.shown();
        Ok(())
    }

    /// Changes whatever has the id, and notes that it was changed.
    fn touch(
        &mut self,
        id: &str,
        now: Now,
        change: impl FnOnce(&mut Touched<'_>),
    ) -> Result<(), Error> {
        let unknown = || Error::Unknown(id.to_owned());
        let wanted: u64 = id.parse().map_err(|_| unknown())?;
        let has = |one: &&mut Arc<Advertiser>| {
            one.id == wanted
                || one.find_campaign(wanted).is_some()
                || one.find_insertion_order(wanted).is_some()
                || one.find_line_item(wanted).is_some()
        };
        let advertiser = self.advertisers.iter_mut().find(has).ok_or_else(unknown)?;
        let zone = advertiser.time_zone;
        let advertiser = Arc::make_mut(advertiser);
        let mut touched = touched(advertiser, wanted, zone).ok_or_else(unknown)?;
        change(&mut touched);
        *touched.updated_at = now.shown();
        Ok(())
    }

    fn add_advertiser(
        &mut self,
        partner_id: &str,
        spec: &AdvertiserSpec,
        now: Now,
    ) -> Result<(), Error> {
        let unknown = || Error::Unknown(partner_id.to_owned());
        let partner = partner_id.parse().map_err(|_| unknown())?;
        let partner = self.find_partner(partner).ok_or_else(unknown)?.id;
        let number = self.advertisers.len() as u64;
        let today = now.today(spec.time_zone);
        let mut made = builder::advertiser_of(self.seed, today, (partner, number), spec);
        made.updated_at = now.shown();
        self.advertisers.push(Arc::new(made));
        *self = World::assemble(self.clone());
        Ok(())
    }

    fn set_access(&mut self, email: &str, partner_id: &str, allowed: bool) -> Result<(), Error> {
        let unknown = |what: &str| Error::Unknown(what.to_owned());
        let partner = partner_id.parse().map_err(|_| unknown(partner_id))?;
        self.find_partner(partner)
            .ok_or_else(|| unknown(partner_id))?;
        let user = self.users.iter_mut().find(|user| user.email == email);
        let user = user.ok_or_else(|| unknown(email))?;
        user.partners.retain(|one| *one != partner);
        user.partners.extend(allowed.then_some(partner));
        Ok(())
    }

    fn set_sight(&mut self, email: &str, advertiser: &str, allowed: bool) -> Result<(), Error> {
        let unknown = |what: &str| Error::Unknown(what.to_owned());
        let id = advertiser.parse().map_err(|_| unknown(advertiser))?;
        self.find_advertiser(id)
            .ok_or_else(|| unknown(advertiser))?;
        let user = self.users.iter_mut().find(|user| user.email == email);
        let user = user.ok_or_else(|| unknown(email))?;
        user.hidden_advertisers.retain(|one| *one != id);
        user.hidden_advertisers.extend((!allowed).then_some(id));
        Ok(())
    }
}

/// The parts that any kind of entity has, and the days off of those that deliver.
struct Touched<'a> {
    name: &'a mut String,
    status: &'a mut Status,
    updated_at: &'a mut DateTime<Utc>,
    deleted: &'a mut bool,
    off: Vec<&'a mut Vec<Off>>,
    zone: Tz,
}

impl Touched<'_> {
    fn switch(&mut self, status: Status, now: Now) {
        let today = now.today(self.zone);
        let from = today.succ_opt().unwrap_or(today);
        for off in &mut self.off {
            match (status, off.last_mut()) {
                (Status::Active, Some(span)) => end(span, today),
                (Status::Active, None) => {}
                (_, Some(span)) if span.until.is_none() => {}
                (_, _) => off.push(Off { from, until: None }),
            }
        }
    }
}

/// What is switched on again delivers from tomorrow; a span that never began holds no day.
fn end(span: &mut Off, today: NaiveDate) {
    span.until = span.until.or(Some(today));
}

fn touched(advertiser: &mut Advertiser, id: u64, zone: Tz) -> Option<Touched<'_>> {
    if advertiser.id == id {
        let orders = advertiser.insertion_orders.iter_mut();
        return Some(Touched {
            name: &mut advertiser.name,
            status: &mut advertiser.status,
            updated_at: &mut advertiser.updated_at,
            deleted: &mut advertiser.deleted,
            off: orders.map(|one| &mut one.off).collect(),
            zone,
        });
    }
    if let Some(one) = advertiser.campaigns.iter_mut().find(|one| one.id == id) {
        let orders = advertiser.insertion_orders.iter_mut();
        let below = orders.filter(|order| order.campaign_id == id);
        return Some(Touched {
            name: &mut one.name,
            status: &mut one.status,
            updated_at: &mut one.updated_at,
            deleted: &mut one.deleted,
            off: below.map(|order| &mut order.off).collect(),
            zone,
        });
    }
    let mut orders = advertiser.insertion_orders.iter_mut();
    if let Some(one) = orders.find(|one| one.id == id) {
        return Some(Touched {
            name: &mut one.name,
            status: &mut one.status,
            updated_at: &mut one.updated_at,
            deleted: &mut one.deleted,
            off: vec![&mut one.off],
            zone,
        });
    }
    let one = advertiser.line_items.iter_mut().find(|one| one.id == id)?;
    Some(Touched {
        name: &mut one.name,
        status: &mut one.status,
        updated_at: &mut one.updated_at,
        deleted: &mut one.deleted,
        off: vec![&mut one.off],
        zone,
    })
}

fn check_name(name: &str) -> Result<(), Error> {
    let sized = (1..=240).contains(&name.len());
    sized.then_some(()).ok_or(Error::Size)
}

#[cfg(test)]
mod tests;
