//! Rounding at the borders, printing at every size.

use super::{amount, round, two_digits};

#[test]
fn halves_go_to_the_even_neighbour() {
    let halves: Vec<i128> = [-5, -3, -1, 1, 3, 5].map(|number| round(number, 2)).into();
    assert_eq!(halves, [-2, -2, 0, 0, 2, 2]);
    assert_eq!((round(7, 3), round(8, 3), round(-7, 3)), (2, 3, -2));
}

#[test]
fn decimals_have_two_digits() {
    assert_eq!(two_digits(95, 1), "95.00");
    assert_eq!(two_digits(-1, 200), "0.00");
    assert_eq!(two_digits(-3, 200), "-0.02");
    assert_eq!(two_digits(2, 3), "0.67");
}

#[test]
fn amounts_are_printed_in_full() {
    assert_eq!(amount(30_000_000_000), "30,000.00");
    assert_eq!(amount(9_677_419_355), "9,677.419355");
    assert_eq!(amount(-1_500_000), "-1.50");
    assert_eq!(amount(0), "0.00");
    assert_eq!(amount(i64::MIN), "-9,223,372,036,854.775808");
}
