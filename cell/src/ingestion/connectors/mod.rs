//! One folder per connector; nothing of a source outside its folder.
pub mod dv360;
