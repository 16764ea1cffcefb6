//! Taxonomy: does each name say what the agency agreed names shall say, and if not, what was meant.
//!
//! A convention is a document ([`convention`]); it is examined before it is kept ([`examine`]) and
//! compiled once ([`compiled`]). Names are then checked ([`check`]), put right as a suggestion that
//! nobody applies ([`suggest`]), learned from ([`learn`]) and made ([`build`]). All of that is pure:
//! text in, findings out. [`conventions`] keeps an org's documents, [`names`] holds its names to them.

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

pub mod picklist;

pub mod settings;

pub mod conventions;

pub mod names;

mod module;

pub mod http;

pub use module::Taxonomy;

#[cfg(test)]
mod tests;
