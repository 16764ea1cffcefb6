//! Who may take the next call of what the cell has left today. Pure.
//!
//! Every org has a guaranteed minimum that nobody else can take. Up to its fair part by weight an org
//! takes what is not somebody's minimum; beyond it, only what the others do not need any more, which
//! is more and more as the day goes by. So small orgs are served first, and nothing is left over for
//! the sake of it.

/// What each org is guaranteed, where there is enough for everybody: one daily report with a retry.
pub(super) const MINIMUM: u32 = 6;

/// An org that wants something these days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taker {
    pub(super) weight: u32,
    pub(super) taken: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Granted,
    /// The cell has nothing left at all.
    NothingLeft,
    /// What is left is kept for others.
    KeptForOthers,
}

/// `left`: what the cell may still take today. `rest`: the part of the day to come, from 0 to 1.
pub(super) fn decide(me: Taker, others: &[Taker], left: u32, calls: u32, rest: f64) -> Decision {
    if calls > left {
        return Decision::NothingLeft;
    }
    let all = |of: &dyn Fn(&Taker) -> u64| others.iter().map(of).sum::<u64>() + of(&me);
    let orgs = others.len() as u64 + 1;
    let whole = u64::from(left) + all(&|one| u64::from(one.taken));
    let minimum = u64::from(MINIMUM).min(whole / orgs);
    let after = u64::from(me.taken) + u64::from(calls);
    if after <= minimum {
        return Decision::Granted;
    }
    let weights = all(&|one| u64::from(one.weight)).max(1);
    let fair = |one: &Taker| whole * u64::from(one.weight) / weights;
    let beyond = after > fair(&me).max(minimum);
    let kept = |one: &Taker| {
        let taken = u64::from(one.taken);
        let guaranteed = minimum.saturating_sub(taken);
        let part = fair(one).saturating_sub(taken.max(minimum));
        guaranteed + if beyond { share_of(part, rest) } else { 0 }
    };
    let kept: u64 = others.iter().map(kept).sum();
    if kept + u64::from(calls) <= u64::from(left) {
        Decision::Granted
    } else {
        Decision::KeptForOthers
    }
}

/// In thousandths, so that it is the same everywhere.
fn share_of(calls: u64, rest: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let milli = (rest.clamp(0.0, 1.0) * 1_000.0) as u64;
    calls * milli / 1_000
}

#[cfg(test)]
mod tests {
    //! The minimum is never somebody else's, nothing is denied that nobody needs, and a crowd of
    //! small orgs is served although a large one never stops asking.

    use proptest::prelude::*;

    use super::{Decision, MINIMUM, Taker, decide};

    fn run(orgs: &mut [Taker], at: usize, left: &mut u32, rest: f64) -> Decision {
        let others: Vec<Taker> = orgs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, one)| *one)
            .collect();
        let decision = decide(orgs[at], &others, *left, 1, rest);
        if decision == Decision::Granted {
            orgs[at].taken += 1;
            *left -= 1;
        }
        decision
    }

    proptest! {
        #[test]
        fn whoever_has_less_than_the_minimum_is_always_served(
            weights in prop::collection::vec(1..100_u32, 1..40),
            asks in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0_f64), 0..800),
            whole in 0..1_200_u32,
        ) {
            let mut orgs: Vec<Taker> =
                weights.iter().map(|weight| Taker { weight: *weight, taken: 0 }).collect();
            let mut left = whole;
            for (who, rest) in asks {
                run(&mut orgs, who.index(weights.len()), &mut left, rest);
            }
            let minimum = MINIMUM.min(whole / weights.len() as u32);
            for at in 0..orgs.len() {
                while orgs[at].taken < minimum {
                    prop_assert_eq!(run(&mut orgs, at, &mut left, 0.0), Decision::Granted);
                }
            }
            let taken: u32 = orgs.iter().map(|one| one.taken).sum();
            prop_assert_eq!(taken + left, whole);
        }

        #[test]
        fn one_alone_may_take_everything(whole in 0..500_u32, rest in 0.0..1.0_f64) {
            let mut orgs = [Taker { weight: 3, taken: 0 }];
            let mut left = whole;
            for _ in 0..whole {
                prop_assert_eq!(run(&mut orgs, 0, &mut left, rest), Decision::Granted);
            }
            prop_assert_eq!(run(&mut orgs, 0, &mut left, rest), Decision::NothingLeft);
        }
    }

    #[test]
    fn a_large_org_leaves_a_thousand_small_ones_their_report() {
        let mut orgs = vec![
            Taker {
                weight: 1,
                taken: 0
            };
            1_000
        ];
        orgs[0].weight = 100;
        let mut left = 2_000;
        let greedy = (0..2_000).filter(|_| run(&mut orgs, 0, &mut left, 1.0) == Decision::Granted);
        let greedy = greedy.count();
        assert_eq!(greedy, 2, "each of a thousand orgs has its two calls kept");
        for at in 1..1_000 {
            for _ in 0..2 {
                assert_eq!(run(&mut orgs, at, &mut left, 0.5), Decision::Granted);
            }
        }
        assert_eq!(left, 0);
    }

    #[test]
    fn weight_counts_and_the_end_of_the_day_sets_the_rest_free() {
        let mut orgs = vec![
            Taker {
                weight: 1,
                taken: 0
            };
            10
        ];
        orgs[0].weight = 11;
        let mut left = 1_000;
        let mut take = |orgs: &mut Vec<Taker>, rest: f64| {
            (0..1_000)
                .filter(|_| run(orgs, 0, &mut left, rest) == Decision::Granted)
                .count()
        };
        assert_eq!(take(&mut orgs, 1.0), 550, "its part by weight");
        let later = take(&mut orgs, 0.5);
        assert!((150..250).contains(&later), "{later}");
        assert_eq!(
            orgs[0].taken + take(&mut orgs, 0.0) as u32,
            1_000 - 9 * MINIMUM
        );
    }
}
