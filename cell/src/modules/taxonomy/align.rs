//! Which part of a name is which field, when they are not simply one after the other: the cheapest
//! way to lay parts along fields, in order.

use super::convention::Presence;

/// The value of a field is not one of its.
pub(super) const WRONG: u32 = 20;
/// A field that has to be there is not.
pub(super) const MISSING: u32 = 30;
/// The same, where something else says what it would be.
pub(super) const MISSING_AND_KNOWN: u32 = 12;
/// A part belongs to no field.
pub(super) const EXTRA: u32 = 30;

/// A field as a place for parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) presence: Presence,
    /// What it costs to leave out a field that has to be there.
    pub(super) missing: u32,
}

impl From<Presence> for Slot {
    fn from(presence: Presence) -> Self {
        Self {
            presence,
            missing: MISSING,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// For each part its field.
    pub(super) places: Vec<Option<usize>>,
    pub(super) cost: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Take,
    /// The field goes on with the next part.
    TakeAndStay,
    Skip,
    Extra,
}

/// Among equals the one that fills earlier fields first. `cost` is asked once for each pair.
pub(super) fn align(
    parts: usize,
    slots: &[Slot],
    mut cost: impl FnMut(usize, usize) -> u32,
) -> Alignment {
    let fields = slots.len();
    let costs: Vec<u32> = (0..parts * fields)
        .map(|at| cost(at / fields, at % fields))
        .collect();
    let place = |part: usize, field: usize, taken: usize| (part * (fields + 1) + field) * 2 + taken;
    let mut cheapest = vec![(u32::MAX, Step::Extra); (parts + 1) * (fields + 1) * 2];
    for part in (0..=parts).rev() {
        for field in (0..=fields).rev() {
            for taken in 0..2 {
                let rest = |part, field, taken| cheapest[place(part, field, taken)].0;
                let mut best = (u32::MAX, Step::Extra);
                let mut offer = |cost: u32, step| {
                    if cost < best.0 {
                        best = (cost, step);
                    }
                };
                if part == parts && field == fields {
                    offer(0, Step::Skip);
                }
                if part < parts && field < fields {
                    let cost = costs[part * fields + field];
                    offer(cost + rest(part + 1, field + 1, 0), Step::Take);
                    if slots[field].presence == Presence::Repeated {
                        offer(cost + rest(part + 1, field, 1), Step::TakeAndStay);
                    }
                }
                if field < fields {
                    let free = taken == 1 || slots[field].presence == Presence::Optional;
                    let cost = if free { 0 } else { slots[field].missing };
                    offer(cost + rest(part, field + 1, 0), Step::Skip);
                }
                if part < parts {
                    offer(EXTRA + rest(part + 1, field, taken), Step::Extra);
                }
                cheapest[place(part, field, taken)] = best;
            }
        }
    }
    let (mut places, mut field, mut taken) = (Vec::with_capacity(parts), 0, 0);
    while places.len() < parts {
        match cheapest[place(places.len(), field, taken)].1 {
            Step::Take => {
                places.push(Some(field));
                (field, taken) = (field + 1, 0);
            }
            Step::TakeAndStay => {
                places.push(Some(field));
                taken = 1;
            }
            Step::Skip => (field, taken) = (field + 1, 0),
            Step::Extra => places.push(None),
        }
    }
    Alignment {
        places,
        cost: cheapest[place(0, 0, 0)].0,
    }
}

#[cfg(test)]
mod tests {
    //! Parts find their fields.

    use super::{Alignment, EXTRA, MISSING, Slot, WRONG, align};
    use crate::modules::taxonomy::convention::Presence::{self, Optional, Repeated, Required};

    /// A part fits the field of its own letter.
    fn lay(parts: &str, fields: &str, presences: &[Presence]) -> Alignment {
        let (parts, fields) = (parts.as_bytes(), fields.as_bytes());
        let slots: Vec<Slot> = presences.iter().copied().map(Slot::from).collect();
        align(parts.len(), &slots, |part, field| {
            if parts[part] == fields[field] {
                0
            } else {
                WRONG
            }
        })
    }

    #[test]
    fn parts_in_order_are_free() {
        let laid = lay("abc", "abc", &[Required; 3]);
        assert_eq!(laid.places, [Some(0), Some(1), Some(2)]);
        assert_eq!(laid.cost, 0);
    }

    #[test]
    fn an_optional_field_may_be_left_out() {
        let laid = lay("ac", "abc", &[Required, Optional, Required]);
        assert_eq!(laid.places, [Some(0), Some(2)]);
        assert_eq!(laid.cost, 0);
    }

    #[test]
    fn what_is_missing_or_too_much_is_found_where_it_is() {
        let laid = lay("ac", "abc", &[Required; 3]);
        assert_eq!((laid.places, laid.cost), (vec![Some(0), Some(2)], MISSING));
        let laid = lay("abxc", "abc", &[Required; 3]);
        let places = vec![Some(0), Some(1), None, Some(2)];
        assert_eq!((laid.places, laid.cost), (places, EXTRA));
    }

    #[test]
    fn one_wrong_value_does_not_move_the_others() {
        let laid = lay("axc", "abc", &[Required; 3]);
        assert_eq!(laid.places, [Some(0), Some(1), Some(2)]);
        assert_eq!(laid.cost, WRONG);
    }

    #[test]
    fn a_repeated_field_takes_all_its_parts_and_one_at_least() {
        let laid = lay("abbbc", "abc", &[Required, Repeated, Required]);
        assert_eq!(laid.places, [Some(0), Some(1), Some(1), Some(1), Some(2)]);
        assert_eq!(laid.cost, 0);
        assert_eq!(
            lay("ac", "abc", &[Required, Repeated, Required]).cost,
            MISSING
        );
    }

    #[test]
    fn nothing_at_all_is_everything_missing() {
        assert_eq!(
            lay("", "abc", &[Required, Optional, Required]).cost,
            2 * MISSING
        );
    }
}
