//! Cells that follow the rules never take more than the provider allows, whatever becomes of the
//! messages between them and the book; and shares follow the weights once everybody has heard.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use contracts::quota::{QuotaReport, SetPool, Settled, Share};
use contracts::{CellId, LeaseId};
use proptest::prelude::*;

use super::{Book, Line, Whose};

const PER_DAY: u32 = 2_000;
const HEADROOM: u32 = 20;
const PER_SECOND_MILLI: u32 = 4_000;

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + Days::new(number)
}

/// What a cell keeps of a lease.
#[derive(Debug, Clone)]
struct Held {
    id: LeaseId,
    day: u64,
    calls: u32,
    taken: u32,
    settled: bool,
}

/// A cell as its rules are.
#[derive(Debug, Clone)]
struct Cell {
    id: CellId,
    orgs: u32,
    /// Its clock, beside ours: -1, 0 or 1 days.
    skew: i64,
    version: i64,
    share: u32,
    milli: u32,
    standing: BTreeMap<u64, u32>,
    taken: BTreeMap<u64, u32>,
    leases: Vec<Held>,
    next_lease: LeaseId,
}

impl Cell {
    fn new() -> Self {
        Self {
            id: CellId::new(),
            orgs: 1,
            skew: 0,
            version: 0,
            share: 0,
            milli: 0,
            standing: BTreeMap::new(),
            taken: BTreeMap::new(),
            leases: Vec::new(),
            next_lease: LeaseId::new(),
        }
    }

    fn today(&self, ours: u64) -> u64 {
        ours.saturating_add_signed(self.skew)
    }

    fn limit(&self, day: u64) -> u32 {
        self.standing.get(&day).copied().unwrap_or(self.share)
    }

    fn took(&self, day: u64) -> u32 {
        self.taken.get(&day).copied().unwrap_or(0)
    }

    /// The most it has taken or may yet take on that day, as far as it knows.
    fn most(&self, day: u64) -> u32 {
        let leased = self.leases.iter().filter(|one| one.day == day);
        let leased: u32 = leased
            .map(|one| if one.settled { one.taken } else { one.calls })
            .sum();
        self.limit(day).max(self.took(day)) + leased
    }

    fn report(&mut self, ours: u64, wanted: u32) -> QuotaReport {
        let today = self.today(ours);
        let standing = self.limit(today);
        self.standing.insert(today, standing);
        QuotaReport {
            pool: "google/default/bid_manager".parse().unwrap(),
            share_version: self.version,
            day: day(today),
            standing,
            taken: self.took(today),
            wanted,
            lease_id: self.next_lease,
            settled: self
                .leases
                .iter()
                .filter(|one| one.settled)
                .map(|one| Settled {
                    lease_id: one.id,
                    taken: one.taken,
                })
                .collect(),
            exhausted: false,
        }
    }

    fn take(&mut self, ours: u64, calls: u32) {
        let today = self.today(ours);
        let limit = self.limit(today);
        self.standing.insert(today, limit);
        let taken = self.taken.entry(today).or_default();
        *taken += calls.min(limit.saturating_sub(*taken));
        for lease in &mut self.leases {
            if lease.day == today && !lease.settled {
                lease.taken += (calls / 2).min(lease.calls - lease.taken);
            }
        }
    }

    fn hear(&mut self, ours: u64, answer: &Answer) {
        if let Some((id, lent_on, calls)) = answer.lease
            && !self.leases.iter().any(|one| one.id == id)
        {
            self.leases.push(Held {
                id,
                day: lent_on,
                calls,
                taken: 0,
                settled: false,
            });
            if self.next_lease == id {
                self.next_lease = LeaseId::new();
            }
        }
        if answer.share.version <= self.version {
            return;
        }
        let (old, new) = (self.share, answer.share.calls_per_day);
        self.version = answer.share.version;
        self.share = new;
        self.milli = answer.share.per_second_milli;
        if new < old {
            // Also of a day that a clock going fast has opened already.
            let today = self.today(ours);
            self.standing.entry(today).or_insert(old);
            for (day, limit) in self.standing.range_mut(today..) {
                let taken = self.taken.get(day).copied().unwrap_or(0);
                *limit = (*limit).min(new.max(taken));
            }
        } else {
            let limit = self.standing.get(&answer.day).copied().unwrap_or(old);
            self.standing.insert(answer.day, limit.max(answer.standing));
        }
    }
}

#[derive(Debug, Clone)]
struct Answer {
    day: u64,
    share: Share,
    standing: u32,
    lease: Option<(LeaseId, u64, u32)>,
}

/// The rows, as the store keeps them.
struct Global {
    today: u64,
    lines: BTreeMap<CellId, Line>,
    days: BTreeMap<(CellId, u64), u32>,
    leases: BTreeMap<LeaseId, (CellId, u64, u32, bool)>,
}

impl Global {
    fn book(&self) -> Book {
        let lent = self.leases.values().filter(|one| one.1 == self.today);
        let mut lines: Vec<Line> = self.lines.values().copied().collect();
        for line in &mut lines {
            line.today = self.days.get(&(line.cell, self.today)).copied();
            line.tomorrow = self.days.get(&(line.cell, self.today + 1)).copied();
        }
        Book {
            pool: SetPool {
                pool: "google/default/bid_manager".parse().unwrap(),
                calls_per_day: PER_DAY,
                per_second_milli: PER_SECOND_MILLI,
                headroom: HEADROOM,
                reserve: 600,
            },
            lines,
            gone_today: 0,
            lent_today: lent.map(|one| one.2).sum(),
        }
    }

    fn answer(&mut self, cell: CellId, orgs: u32, report: &QuotaReport) -> Option<Answer> {
        let whose = match (report.day - day(self.today)).num_days() {
            -1 => Whose::Yesterday,
            0 => Whose::Today,
            1 => Whose::Tomorrow,
            _ => return None,
        };
        for settled in &report.settled {
            let lease = self.leases.get_mut(&settled.lease_id);
            if let Some(lease) = lease.filter(|one| !one.3) {
                lease.2 = lease.2.min(settled.taken);
                lease.3 = true;
            }
        }
        let fresh = Line {
            cell,
            orgs,
            version: 0,
            assured_calls: 0,
            assured_milli: 0,
            offered_calls: 0,
            offered_milli: 0,
            today: None,
            tomorrow: None,
        };
        self.lines.entry(cell).or_insert(fresh).orgs = orgs;
        let mut book = self.book();
        let at = book
            .lines
            .iter()
            .position(|line| line.cell == cell)
            .unwrap();
        book.hear(at, report, whose);
        book.offer(at);
        let known = self.leases.get(&report.lease_id);
        let mut lease = known.map(|one| (report.lease_id, one.1, one.2));
        if lease.is_none() && whose == Whose::Today {
            let calls = book.lend(report.wanted);
            if calls > 0 {
                let row = (cell, self.today, calls, false);
                self.leases.insert(report.lease_id, row);
                lease = Some((report.lease_id, self.today, calls));
            }
        }
        let line = book.lines[at];
        self.lines.insert(cell, line);
        for (date, standing) in [(self.today, line.today), (self.today + 1, line.tomorrow)] {
            if let Some(standing) = standing {
                self.days.insert((cell, date), standing);
            }
        }
        Some(Answer {
            day: self.today,
            share: line.share(),
            standing: line.today.unwrap(),
            lease,
        })
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// A cell reports; the message is under way.
    Report(usize, u32),
    /// One of the messages under way arrives, perhaps not for the last time.
    Arrive(usize, bool),
    Take(usize, u32),
    /// A cell gives back what it does not need today.
    GiveBack(usize, u32),
    Settle(usize),
    Orgs(usize, u32),
    Clock(usize, i64),
    NextDay,
}

#[derive(Debug, Clone)]
enum Message {
    ToGlobal(usize, QuotaReport),
    ToCell(usize, Answer),
}

fn step() -> impl Strategy<Value = Step> {
    let cell = 0..4_usize;
    prop_oneof![
        6 => (cell.clone(), prop_oneof![Just(0_u32), 1..300_u32]).prop_map(|(c, n)| Step::Report(c, n)),
        12 => (0..8_usize, any::<bool>()).prop_map(|(at, again)| Step::Arrive(at, again)),
        4 => (cell.clone(), 1..900_u32).prop_map(|(c, n)| Step::Take(c, n)),
        1 => (cell.clone(), 0..600_u32).prop_map(|(c, n)| Step::GiveBack(c, n)),
        1 => cell.clone().prop_map(Step::Settle),
        2 => (cell.clone(), 0..200_u32).prop_map(|(c, n)| Step::Orgs(c, n)),
        1 => (cell, -1..=1_i64).prop_map(|(c, n)| Step::Clock(c, n)),
        1 => Just(Step::NextDay),
    ]
}

/// A global-control, its cells and what is between them.
struct Fleet {
    global: Global,
    cells: Vec<Cell>,
    wire: Vec<Message>,
}

impl Fleet {
    fn new(cells: usize) -> Self {
        Self {
            global: Global {
                today: 10,
                lines: BTreeMap::new(),
                days: BTreeMap::new(),
                leases: BTreeMap::new(),
            },
            cells: (0..cells).map(|_| Cell::new()).collect(),
            wire: Vec::new(),
        }
    }

    fn apply(&mut self, step: Step) {
        let today = self.global.today;
        match step {
            Step::Report(at, wanted) => {
                let report = self.cells[at].report(today, wanted);
                self.wire.push(Message::ToGlobal(at, report));
            }
            Step::Arrive(at, again) if !self.wire.is_empty() => {
                let at = at % self.wire.len();
                let message = if again {
                    self.wire[at].clone()
                } else {
                    self.wire.remove(at)
                };
                self.arrive(message);
            }
            Step::Arrive(..) => {}
            Step::Take(at, calls) => self.cells[at].take(today, calls),
            Step::GiveBack(at, keep) => {
                let cell = &mut self.cells[at];
                let day = cell.today(today);
                let limit = cell.limit(day);
                let kept = cell.took(day).max(keep).min(limit);
                cell.standing.insert(day, kept);
            }
            Step::Settle(at) => {
                for lease in &mut self.cells[at].leases {
                    lease.settled = true;
                }
            }
            Step::Orgs(at, orgs) => self.cells[at].orgs = orgs,
            // A clock is put right by no more than it was wrong, and never back over a day's end.
            Step::Clock(at, skew) => self.cells[at].skew = self.cells[at].skew.max(skew),
            Step::NextDay => {
                self.global.today += 1;
                for cell in &mut self.cells {
                    cell.skew = (cell.skew - 1).max(-1);
                }
            }
        }
    }

    fn arrive(&mut self, message: Message) {
        match message {
            Message::ToGlobal(at, report) => {
                let (id, orgs) = (self.cells[at].id, self.cells[at].orgs);
                if let Some(answer) = self.global.answer(id, orgs, &report) {
                    self.wire.push(Message::ToCell(at, answer));
                }
            }
            Message::ToCell(at, answer) => self.cells[at].hear(self.global.today, &answer),
        }
        // The oldest are lost.
        while self.wire.len() > 12 {
            self.wire.remove(0);
        }
    }

    fn check(&self) {
        let today = self.global.today;
        for date in [today, today + 1] {
            let most: u32 = self.cells.iter().map(|cell| cell.most(date)).sum();
            assert!(
                most <= PER_DAY - HEADROOM,
                "day {date}: {most} calls may be taken"
            );
        }
        let milli: u32 = self.cells.iter().map(|cell| cell.milli).sum();
        assert!(
            milli <= PER_SECOND_MILLI,
            "{milli} thousandths of a call a second"
        );
    }

    /// Everybody reports and hears, several times over.
    fn settle_down(&mut self) {
        self.wire.clear();
        for cell in &mut self.cells {
            cell.skew = 0;
        }
        for _ in 0..4 {
            for at in 0..self.cells.len() {
                let report = self.cells[at].report(self.global.today, 0);
                let (id, orgs) = (self.cells[at].id, self.cells[at].orgs);
                let answer = self.global.answer(id, orgs, &report).unwrap();
                self.cells[at].hear(self.global.today, &answer);
                self.check();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nobody_ever_takes_more_than_there_is(steps in prop::collection::vec(step(), 1..250)) {
        let mut fleet = Fleet::new(4);
        for step in steps {
            fleet.apply(step);
            fleet.check();
        }
    }

    #[test]
    fn shares_follow_the_weights_once_everybody_has_heard(
        steps in prop::collection::vec(step(), 1..120),
        orgs in prop::collection::vec(0..300_u32, 4),
    ) {
        let mut fleet = Fleet::new(4);
        for step in steps {
            // Settling down is about messages; a clock that is turned back is another matter.
            if !matches!(step, Step::Clock(..)) {
                fleet.apply(step);
            }
        }
        for (cell, orgs) in fleet.cells.iter_mut().zip(&orgs) {
            cell.orgs = *orgs;
        }
        fleet.settle_down();
        let weights: u32 = orgs.iter().map(|n| (*n).max(1)).sum();
        for (cell, orgs) in fleet.cells.iter().zip(&orgs) {
            let part = (PER_DAY - HEADROOM - 600) * (*orgs).max(1) / weights;
            prop_assert_eq!(cell.share, part);
        }
    }
}

#[test]
fn the_first_cell_gets_all_of_it_and_makes_room_for_the_second() {
    let mut fleet = Fleet::new(2);
    let turn = |fleet: &mut Fleet, at: usize| {
        let report = fleet.cells[at].report(fleet.global.today, 0);
        let (id, orgs) = (fleet.cells[at].id, fleet.cells[at].orgs);
        let answer = fleet.global.answer(id, orgs, &report).unwrap();
        fleet.cells[at].hear(fleet.global.today, &answer);
        (
            fleet.cells[at].share,
            fleet.cells[at].limit(fleet.global.today),
        )
    };
    assert_eq!(turn(&mut fleet, 0), (1_380, 1_380));
    fleet.cells[0].take(fleet.global.today, 500);
    assert_eq!(
        turn(&mut fleet, 1),
        (0, 0),
        "nothing is free before the first lets go"
    );
    assert_eq!(turn(&mut fleet, 0), (690, 690));
    assert_eq!(turn(&mut fleet, 1), (0, 0), "the first has not said so yet");
    assert_eq!(turn(&mut fleet, 0), (690, 690));
    assert_eq!(turn(&mut fleet, 1), (690, 690));
}

#[test]
fn a_lease_takes_a_part_of_the_reserve() {
    let mut fleet = Fleet::new(1);
    let report = fleet.cells[0].report(fleet.global.today, 10_000);
    let (id, orgs) = (fleet.cells[0].id, fleet.cells[0].orgs);
    let first = fleet.global.answer(id, orgs, &report).unwrap();
    assert_eq!(first.lease.map(|one| one.2), Some(150));
    let again = fleet.global.answer(id, orgs, &report).unwrap();
    assert_eq!(again.lease, first.lease, "the same lease is answered again");
    let mut lent = 150;
    for _ in 0..10 {
        let mut report = report.clone();
        report.lease_id = LeaseId::new();
        let answer = fleet.global.answer(id, orgs, &report).unwrap();
        lent += answer.lease.map_or(0, |one| one.2);
    }
    assert_eq!(lent, 600, "the whole reserve and no more");
}
