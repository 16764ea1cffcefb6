//! Which cell an org should live in. Pure and deterministic: no I/O, no clock, no randomness.
//!
//! A consistent-hash ring gives each org a stable order of cells (`fleet`); state, room, load and
//! spread decide within that order (`choose`). The answer carries its reasons.

mod fleet;

mod choose;

pub use choose::{Choice, Considered, Policy, Refusal, Verdict, Why, choose_cell};
pub use fleet::{Cell, Fleet};
