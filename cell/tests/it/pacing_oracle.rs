//! Ten thousand made-up segments, worked out by Python's standard library and by us.

use std::io::Write;
use std::process::{Command, Stdio};

use cell::modules::pacing::calendar::{Calendar, Special};
use cell::modules::pacing::figures::{Band, Figures, Known, Spent, compute};
use cell::modules::pacing::plan::{Edit, Grain, PacingType, Plan};
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

const SEGMENTS: usize = 10_500;
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// SplitMix64: the same segments on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn amount(&mut self, limit: i64) -> i64 {
        i64::try_from(self.below(limit.unsigned_abs())).unwrap()
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

struct Given {
    edits: Vec<Edit>,
    kind: PacingType,
    impressions: bool,
    through: NaiveDate,
    days: Vec<(NaiveDate, i64)>,
    weekdays: [i64; 7],
    special: Vec<Special>,
    daily: bool,
    daily_max: Option<i64>,
    ceiling: Option<i64>,
    band: Band,
}

/// From how it began to how it is: budgets and last days.
fn edits(dice: &mut Dice, start: NaiveDate, unit: i64) -> Vec<Edit> {
    let long = if dice.one_in(50) { 400 } else { 45 };
    let mut end = start + Days::new(dice.below(long));
    let budget = |dice: &mut Dice| match dice.below(40) {
        0 => 0,
        1 => dice.amount(100) * unit,
        _ => dice.amount(5_000_000_000_000 / unit) * unit,
    };
    let mut edits = vec![Edit {
        from: start,
        end,
        budget: budget(dice),
    }];
    let mut from = start;
    while dice.one_in(4) {
        from = from + Days::new(1 + dice.below(12));
        end = from.max(end + Days::new(dice.below(20))) - Days::new(dice.below(5));
        end = end.max(from);
        edits.push(Edit {
            from,
            end,
            budget: budget(dice),
        });
    }
    if dice.one_in(60) {
        edits.push(Edit {
            from: end + Days::new(3),
            end,
            budget: budget(dice),
        });
    }
    edits
}

fn given(dice: &mut Dice) -> Given {
    let start = "2026-01-01".parse::<NaiveDate>().unwrap() + Days::new(dice.below(300));
    let impressions = dice.one_in(4);
    let unit = if impressions { 1_000_000 } else { 1 };
    let edits = edits(dice, start, unit);
    let now = edits[edits.len() - 1];
    let total = (now.end - start).num_days().unsigned_abs() + 1;
    let through = start - Days::new(2) + Days::new(dice.below(total + 6));
    let share = now.budget / i64::try_from(total).unwrap() / unit * 2 + 2;
    let mut days = Vec::new();
    for day in start.iter_days().take_while(|day| *day <= now.end) {
        if !dice.one_in(9) {
            days.push((day, dice.amount(share) * unit));
        }
    }
    let mut weekdays = [100; 7];
    let mut special = Vec::new();
    if dice.one_in(3) {
        for weight in &mut weekdays {
            if dice.one_in(3) {
                *weight = dice.amount(250);
            }
        }
        for _ in 0..dice.below(4) {
            let from = start + Days::new(dice.below(total));
            special.push(Special {
                from,
                to: from + Days::new(dice.below(6)),
                weight: if dice.one_in(2) { 0 } else { dice.amount(500) },
            });
        }
    }
    Given {
        edits,
        kind: [PacingType::Even, PacingType::Ahead, PacingType::Asap]
            [usize::try_from(dice.below(3)).unwrap()],
        impressions,
        through,
        days,
        weekdays,
        special,
        daily: dice.one_in(4),
        daily_max: dice.one_in(3).then(|| dice.amount(share * 2) * unit),
        ceiling: dice
            .one_in(5)
            .then(|| dice.amount(now.budget / unit + 1) * unit),
        band: Band {
            from_percent: 80 + dice.amount(20),
            to_percent: 100 + dice.amount(50),
        },
    }
}

impl Given {
    fn line(&self) -> Value {
        let edit = |one: &Edit| json!({"from": one.from, "end": one.end, "budget": one.budget});
        let special =
            |one: &Special| json!({"from": one.from, "to": one.to, "percent": one.weight});
        let weekdays: Map<String, Value> = (WEEKDAYS.iter().zip(self.weekdays))
            .map(|(name, weight)| ((*name).to_owned(), weight.into()))
            .collect();
        let days: Map<String, Value> = (self.days.iter())
            .map(|(day, value)| (day.to_string(), (*value).into()))
            .collect();
        json!({
            "start": self.edits[0].from,
            "edits": self.edits.iter().map(edit).collect::<Vec<_>>(),
            "kind": match self.kind {
                PacingType::Even => "even",
                PacingType::Ahead => "ahead",
                PacingType::Asap => "asap",
            },
            "impressions": self.impressions,
            "through": self.through,
            "days": days,
            "calendar": {
                "weekdays": weekdays,
                "days": self.special.iter().map(special).collect::<Vec<_>>(),
            },
            "daily": self.daily,
            "daily_max": self.daily_max,
            "ceiling": self.ceiling,
            "band": [self.band.from_percent, self.band.to_percent],
        })
    }

    fn ours(&self) -> Value {
        let calendar = Calendar::new(self.weekdays, &self.special);
        let grain = if self.impressions {
            Grain::Whole
        } else {
            Grain::Micro
        };
        let start = self.edits[0].from;
        let plan = Plan::new(start, &self.edits, self.kind, grain, &calendar);
        let last = self.through.min(plan.end);
        let sum = |from: NaiveDate| {
            let counted = self.days.iter();
            let counted = counted.filter(|(day, _)| from <= *day && *day <= last);
            counted.map(|(_, value)| value).sum()
        };
        let known = Known {
            through: Some(self.through),
            spent: Spent {
                to_date: sum(start),
                yesterday: sum(last),
                last_week: sum(last - Days::new(6)),
            },
            daily: self.daily,
            daily_max: self.daily_max,
            ceiling: self.ceiling,
            supposed_per_day: None,
        };
        shown(&compute(&plan, &known, self.band))
    }
}

fn shown(figures: &Figures) -> Value {
    json!({
        "days_total": figures.days_total,
        "days_elapsed": figures.days_elapsed,
        "expected": figures.expected,
        "pacing_percent": figures.pacing_percent,
        "percent_ahead": figures.percent_ahead,
        "days_ahead": figures.days_ahead,
        "ahead": figures.ahead,
        "remaining": figures.remaining,
        "needed_per_day": figures.needed_per_day,
        "target_next_day": figures.target_next_day,
        "average_per_day": figures.average_per_day,
        "projected_end": figures.projected_end,
        "projected_low": figures.projected_low,
        "projected_high": figures.projected_high,
        "used_up_on": figures.used_up_on,
        "underspend_at_risk": figures.underspend_at_risk,
        "at_risk_percent": figures.at_risk_percent,
        "status": figures.status,
    })
}

/// Isolated: nothing installed for this machine can come in.
fn worked_out(lines: &str) -> Vec<Value> {
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/pacing.py");
    let mut python = Command::new("python3")
        .args(["-I", "-S", reader])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines = lines.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn figures_equal_pythons() {
    let mut dice = Dice(2026);
    let all: Vec<Given> = (0..SEGMENTS).map(|_| given(&mut dice)).collect();
    let lines: Vec<String> = all
        .iter()
        .map(|one| one.line().to_string() + "\n")
        .collect();
    let theirs = worked_out(&lines.concat());
    assert_eq!(theirs.len(), SEGMENTS);
    let (mut paced, mut edited) = (0, 0);
    for ((given, line), theirs) in all.iter().zip(&lines).zip(theirs) {
        assert_eq!(given.ours(), theirs, "{line}");
        paced += usize::from(!theirs["pacing_percent"].is_null());
        edited += usize::from(given.edits.len() > 1 && !theirs["pacing_percent"].is_null());
    }
    assert!(paced > SEGMENTS / 2, "only {paced} segments had a pacing");
    assert!(edited > SEGMENTS / 10, "only {edited} of them were edited");
}

/// A formula that is a little off does not pass: the check can fail.
#[test]
fn a_day_that_is_left_out_is_found() {
    let mut dice = Dice(7);
    let mut given = loop {
        let one = given(&mut dice);
        let spent = one
            .days
            .iter()
            .any(|(day, value)| *value > 0 && *day <= one.through);
        if spent {
            break one;
        }
    };
    let line = given.line().to_string();
    let theirs = worked_out(&line);
    assert_eq!(theirs, [given.ours()]);
    let at = given.days.iter().position(|(_, value)| *value > 0).unwrap();
    given.days.remove(at);
    assert_ne!(theirs, [given.ours()]);
}
