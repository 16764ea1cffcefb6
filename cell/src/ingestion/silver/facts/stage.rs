//! Rows as the bytes of a binary `COPY`, chunk by chunk, and what they add up to by day.
//!
//! Binary, because then no text of a source needs escaping on its way. The header and the end of a
//! `COPY` are not in the chunks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use contracts::Currency;
use tokio::sync::mpsc;

use super::{Day, DaySums, Doubts, Landed, Loaded, Scope};
use crate::ingestion::connector::{Fact, ReadSummary};
use crate::ingestion::reading::METRICS;

pub(super) const CHUNK_BYTES: usize = 1 << 16;
/// Text columns, the day, the metrics, extra and the line.
const FIELDS: i16 = 7 + 1 + METRICS.len() as i16 + 2;
/// Of 2000-01-01, where Postgres begins to count, in days of the common era.
const EPOCH_DAY: i32 = 730_120;
/// Advertisers times days that a file may have. A sum of each is kept in memory.
const MAX_DAYS: usize = 200_000;

/// Some rows, and what they say of all up to here.
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// The rows of each day came together, one key after the other.
    pub(super) in_order: bool,
    /// The days whose first row is in it.
    pub(super) days: Vec<(String, NaiveDate)>,
}

struct Known {
    loaded: Loaded,
    /// The last complete day is not known beforehand: it is the last one found.
    found: bool,
}

pub(super) struct Stage {
    range: Option<(NaiveDate, NaiveDate)>,
    open: bool,
    chosen: Option<BTreeMap<String, BTreeSet<NaiveDate>>>,
    known: Vec<Known>,
    by_id: HashMap<String, usize>,
    /// The advertiser and the day of the last row, since neighbours often share them.
    last: Option<usize>,
    last_day: Option<((usize, NaiveDate), usize)>,
    days: Vec<Day>,
    by_day: HashMap<(usize, NaiveDate), usize>,
    in_order: bool,
    /// The line item and the breakdown of the last row.
    last_key: (String, String),
    /// How many of the days earlier chunks have told of.
    told: usize,
    bytes: Vec<u8>,
    chunks: mpsc::Sender<Chunk>,
}

impl Stage {
    pub(super) fn new(scope: &Scope, chunks: mpsc::Sender<Chunk>) -> Self {
        let (range, advertisers) = match scope {
            Scope::Asked { range, advertisers } => (Some(*range), &advertisers[..]),
            Scope::Found => (None, &[][..]),
            Scope::Chosen { advertisers, .. } => (None, &advertisers[..]),
        };
        let chosen = match scope {
            Scope::Chosen { days, .. } => Some(days.clone()),
            Scope::Asked { .. } | Scope::Found => None,
        };
        let by_id = |(at, one): (usize, &Loaded)| (one.advertiser_id.clone(), at);
        let known = |one: &Loaded| Known {
            loaded: one.clone(),
            found: chosen.is_some(),
        };
        Self {
            range,
            open: !matches!(scope, Scope::Asked { .. }),
            known: advertisers.iter().map(known).collect(),
            by_id: advertisers.iter().enumerate().map(by_id).collect(),
            chosen,
            last: None,
            last_day: None,
            days: Vec::new(),
            by_day: HashMap::new(),
            in_order: true,
            last_key: Default::default(),
            told: 0,
            bytes: Vec::with_capacity(CHUNK_BYTES + 1024),
            chunks,
        }
    }

    /// Blocks while the database is behind.
    pub(super) fn push(&mut self, fact: &Fact<'_>) -> Result<(), String> {
        if let Some(chosen) = &self.chosen {
            let days = chosen.get(fact.advertiser_id);
            if !days.is_some_and(|days| days.contains(&fact.date)) {
                return Ok(());
            }
        }
        if self.range.is_some_and(|(first, _)| fact.date < first) {
            return Ok(());
        }
        let currency = fact.currency.ok_or("the row has no currency")?;
        let at = self.advertiser(fact, currency)?;
        let known = &mut self.known[at];
        if known.loaded.currency != currency {
            return Err(format!(
                "the row is in {currency}, advertiser {} is in {}",
                fact.advertiser_id, known.loaded.currency
            ));
        }
        if known.found {
            known.loaded.through = known.loaded.through.max(fact.date);
        } else if fact.date > known.loaded.through {
            return Ok(());
        }
        self.add(at, fact)?;
        self.encode(fact, currency);
        if self.bytes.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn advertiser(&mut self, fact: &Fact<'_>, currency: Currency) -> Result<usize, String> {
        let id = fact.advertiser_id;
        if let Some(at) = self.last
            && self.known[at].loaded.advertiser_id == id
        {
            return Ok(at);
        }
        let at = match self.by_id.get(id) {
            Some(at) => *at,
            None if self.open && !id.is_empty() => {
                self.by_id.insert(id.to_owned(), self.known.len());
                self.known.push(Known {
                    loaded: Loaded {
                        advertiser_id: id.to_owned(),
                        currency,
                        through: fact.date,
                    },
                    found: true,
                });
                self.known.len() - 1
            }
            None => return Err("the advertiser is not part of this load".to_owned()),
        };
        self.last = Some(at);
        Ok(at)
    }

    fn add(&mut self, advertiser: usize, fact: &Fact<'_>) -> Result<(), String> {
        let key = (advertiser, fact.date);
        let next = (fact.line_item_id, fact.breakdown);
        let at = match self.last_day {
            Some((last, at)) if last == key => {
                self.in_order &= next > (self.last_key.0.as_str(), self.last_key.1.as_str());
                at
            }
            _ => match self.by_day.get(&key) {
                Some(at) => {
                    self.in_order = false;
                    *at
                }
                None if self.days.len() == MAX_DAYS => {
                    return Err(format!("more than {MAX_DAYS} days of advertisers"));
                }
                None => {
                    self.by_day.insert(key, self.days.len());
                    self.days.push(Day {
                        advertiser_id: fact.advertiser_id.to_owned(),
                        date: fact.date,
                        sums: DaySums::default(),
                    });
                    self.days.len() - 1
                }
            },
        };
        self.last_day = Some((key, at));
        if self.in_order {
            next.0.clone_into(&mut self.last_key.0);
            next.1.clone_into(&mut self.last_key.1);
        }
        let added = self.days[at].sums.add(&fact.metrics);
        added.ok_or_else(|| format!("the sums of {} are too large", fact.date))
    }

    /// The columns of `store::CREATE_STAGE`, in their order.
    fn encode(&mut self, fact: &Fact<'_>, currency: Currency) {
        let bytes = &mut self.bytes;
        bytes.extend_from_slice(&FIELDS.to_be_bytes());
        text(bytes, fact.advertiser_id);
        let day = fact.date.num_days_from_ce() - EPOCH_DAY;
        bytes.extend_from_slice(&4_i32.to_be_bytes());
        bytes.extend_from_slice(&day.to_be_bytes());
        text(bytes, fact.line_item_id);
        text(bytes, fact.breakdown);
        text(bytes, fact.partner_id);
        text(bytes, fact.campaign_id);
        text(bytes, fact.insertion_order_id);
        text(bytes, currency.as_str());
        for metric in fact.metrics {
            match metric {
                Some(value) => number(bytes, value),
                None => null(bytes),
            }
        }
        if fact.extra.is_empty() {
            null(bytes);
        } else {
            // The first byte is the version of the format.
            let length = fact.extra.len() as i32 + 1;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.push(1);
            bytes.extend_from_slice(fact.extra.as_bytes());
        }
        number(bytes, fact.line.cast_signed());
    }

    fn flush(&mut self) -> Result<(), String> {
        let next = Vec::with_capacity(CHUNK_BYTES + 1024);
        let begun = self.days[self.told..].iter();
        let chunk = Chunk {
            bytes: std::mem::replace(&mut self.bytes, next),
            in_order: self.in_order,
            days: begun
                .map(|day| (day.advertiser_id.clone(), day.date))
                .collect(),
        };
        self.told = self.days.len();
        let sent = self.chunks.blocking_send(chunk);
        sent.map_err(|_| "the load was stopped".to_owned())
    }

    pub(super) fn finish(mut self, summary: ReadSummary) -> Result<Landed, String> {
        self.flush()?;
        let mut days = self.days;
        days.sort_unstable_by(|a, b| (&a.advertiser_id, a.date).cmp(&(&b.advertiser_id, b.date)));
        let dates = || days.iter().map(|day| day.date);
        let found = || Some((dates().min()?, dates().max()?));
        let range = self.range.or_else(found).unwrap_or_default();
        Ok(Landed {
            summary,
            advertisers: self.known.into_iter().map(|one| one.loaded).collect(),
            range,
            days,
            placed: BTreeSet::new(),
            newer: BTreeSet::new(),
            doubts: Doubts::default(),
        })
    }
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as i32).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

fn number(bytes: &mut Vec<u8>, value: i64) {
    bytes.extend_from_slice(&8_i32.to_be_bytes());
    bytes.extend_from_slice(&value.to_be_bytes());
}

fn null(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(-1_i32).to_be_bytes());
}
