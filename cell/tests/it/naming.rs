//! Names with seeded errors are found, and put right as they were meant.

use cell::modules::taxonomy::compiled::Compiled;
use cell::modules::taxonomy::subject::Subject;
use cell::modules::taxonomy::suggest::Confidence;

use self::seeded::{Agency, Dice, SLIPS};

mod seeded;

const NAMES: usize = 280;

#[test]
fn right_names_are_right_and_seeded_errors_are_put_right() {
    let agency = Agency::new(7, true);
    let convention = serde_json::from_value(agency.document()).unwrap();
    let compiled = Compiled::new(convention).unwrap();
    let mut dice = Dice::new(11);
    let (mut wrong, mut first, mut surely_wrong) = (0, 0, Vec::new());
    for slip in SLIPS.iter().cycle().take(NAMES) {
        let (name, meant) = agency.spoilt(*slip, &mut dice);
        assert_eq!(compiled.check(&Subject::named(&meant)), [], "{meant}");
        // A slip may end in another value, or in the same letters.
        if compiled.check(&Subject::named(&name)).is_empty() {
            continue;
        }
        wrong += 1;
        let found = compiled.suggest(&Subject::named(&name));
        let best = found.first();
        first += usize::from(best.is_some_and(|best| best.name == meant));
        if let Some(best) = best
            && best.confidence == Confidence::High
            && best.name != meant
        {
            surely_wrong.push((*slip, name, best.name.clone(), meant));
        }
    }
    assert_eq!(surely_wrong, []);
    assert!(wrong > NAMES * 9 / 10, "{wrong}");
    assert!(first * 100 >= wrong * 95, "{first} of {wrong}");
}
