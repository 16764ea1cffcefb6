//! Pacing.
mod exact;
mod figures;
