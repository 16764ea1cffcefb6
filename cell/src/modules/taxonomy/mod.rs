//! Taxonomy: does each name say what the agency agreed names shall say, and if not, what was meant.
//!
//! A convention is a document ([`convention`]); it is examined before it is kept ([`examine`]) and
//! compiled once ([`compiled`]). Names are then checked ([`check`]), put right as a suggestion that
//! nobody applies ([`suggest`]), learned from ([`learn`]) and made ([`build`]). All of it is pure:
//! text in, findings out.

pub mod convention;

pub mod date_format;

pub mod examine;

pub mod compiled;

pub mod subject;

mod align;

mod rules;

pub mod check;

mod repair;

pub mod suggest;

pub mod learn;

pub mod build;

#[cfg(test)]
mod tests;
