//! Claim: a core checks a million names a second against ten picklists of two hundred, and what was
//! meant by a wrong name comes first among its suggestions.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};
use cell::modules::taxonomy::compiled::Compiled;
use cell::modules::taxonomy::subject::Subject;
use cell::modules::taxonomy::suggest::Confidence;
use serde_json::{Value, json};

use self::seeded::{Agency, Dice, SLIPS, Slip};
use crate::core_time::core_time;
use crate::report::{Report, Row};

#[path = "../../../cell/tests/it/naming/seeded.rs"]
mod seeded;

const ROUNDS: usize = 5;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    tokio::task::spawn_blocking(move || measure(quick))
        .await
        .context("a measurement panicked")?
}

fn measure(quick: bool) -> Result<Report> {
    let names = if quick { 100_000 } else { 1_000_000 };
    let errors = if quick { 2_800 } else { 28_000 };
    let mut rows = vec![];
    let lists = Agency::new(1, false);
    let words = compile(lists.document())?;
    let named = lists.document();
    let patterns = compile(with_patterns(named))?;
    let texts = right_names(&lists, names);
    let mut by_list = Vec::new();
    let mut by_pattern = Vec::new();
    for _ in 0..ROUNDS {
        by_list.push(names_a_second(&words, &texts)? / 1e6);
        by_pattern.push(names_a_second(&patterns, &texts)? / 1e6);
    }
    rows.push(Row::at_least("ten picklists of 200", "M/s", &by_list, 1.0));
    rows.push(Row::shown(
        "five picklists, five patterns",
        "M/s",
        &by_pattern,
    ));
    suggestions(errors, &mut rows)?;
    Ok(Report::new("taxonomy", quick, rows))
}

fn compile(document: Value) -> Result<Compiled> {
    let convention = serde_json::from_value(document).context("read the convention")?;
    Compiled::new(convention).map_err(|found| anyhow!("the convention is refused: {found:?}"))
}

/// Every second list becomes a pattern that its words match.
fn with_patterns(mut document: Value) -> Value {
    for at in (1..seeded::FIELDS).step_by(2) {
        document["fields"][at]["kind"] = json!({"type": "pattern", "pattern": "[A-Z][a-z]{3,11}"});
    }
    document
}

fn right_names(agency: &Agency, count: usize) -> Vec<String> {
    let mut dice = Dice::new(3);
    (0..count)
        .map(|_| agency.parts(&mut dice).join("_"))
        .collect()
}

/// By this thread's own time on a core, which other work on the machine does not lengthen.
fn names_a_second(compiled: &Compiled, names: &[String]) -> Result<f64> {
    let mut checker = compiled.checker();
    let began = core_time()?;
    let mut wrong = 0;
    for name in names {
        wrong += black_box(checker.check(&Subject::named(black_box(name)))).len();
    }
    let took = core_time()? - began;
    ensure!(wrong == 0, "{wrong} right names were found wrong");
    Ok(names.len() as f64 / took.as_secs_f64())
}

#[derive(Default)]
struct Tally {
    wrong: usize,
    first: usize,
    none: usize,
}

fn suggestions(errors: usize, rows: &mut Vec<Row>) -> Result<()> {
    let agency = Agency::new(1, true);
    let compiled = compile(agency.document())?;
    let mut dice = Dice::new(5);
    let mut tallies: BTreeMap<Slip, Tally> = BTreeMap::new();
    let (mut high, mut high_and_wrong) = (0_u32, 0_u32);
    let mut took = Vec::new();
    for slip in SLIPS.iter().cycle().take(errors) {
        let (name, meant) = agency.spoilt(*slip, &mut dice);
        // A slip may end in the name of something else; nobody can see that.
        if compiled.check(&Subject::named(&name)).is_empty() {
            continue;
        }
        let began = Instant::now();
        let found = compiled.suggest(&Subject::named(&name));
        took.push(began.elapsed().as_secs_f64() * 1e6);
        let tally = tallies.entry(*slip).or_default();
        tally.wrong += 1;
        match found.first() {
            Some(best) => {
                tally.first += usize::from(best.name == meant);
                if best.confidence == Confidence::High {
                    high += 1;
                    high_and_wrong += u32::from(best.name != meant);
                }
            }
            None => tally.none += 1,
        }
    }
    let sum = |part: fn(&Tally) -> usize| tallies.values().map(part).sum::<usize>() as f64;
    let (wrong, first, none) = (
        sum(|one| one.wrong),
        sum(|one| one.first),
        sum(|one| one.none),
    );
    let unseen = errors as f64 - wrong;
    rows.push(Row::shown("seeded errors", "1", &[wrong]));
    rows.push(Row::shown("  that ended in a right name", "1", &[unseen]));
    let share = 100.0 * first / wrong;
    rows.push(Row::at_least("meant name is first", "%", &[share], 95.0));
    rows.push(Row::shown(
        "nothing suggested",
        "%",
        &[100.0 * none / wrong],
    ));
    rows.push(Row::shown(
        "at high confidence",
        "%",
        &[100.0 * f64::from(high) / wrong],
    ));
    let surely_wrong = f64::from(high_and_wrong);
    rows.push(Row::at_most("  of these wrong", "1", &[surely_wrong], 0.0));
    for (slip, tally) in &tallies {
        let share = 100.0 * tally.first as f64 / tally.wrong as f64;
        rows.push(Row::shown(format!("  {slip:?}"), "%", &[share]));
    }
    rows.push(Row::shown("one suggestion", "us", &took));
    Ok(())
}
