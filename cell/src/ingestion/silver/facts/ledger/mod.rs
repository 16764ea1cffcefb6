//! Which files are loaded, and how far each advertiser's data reaches with them.

pub(super) mod store;
