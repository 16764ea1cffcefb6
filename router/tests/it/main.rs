//! The real router as a child process, between small upstreams and a feed that the tests play.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of a test stop it when they cannot go on"
)]

mod feed;
mod hold;

mod process;
mod routing;
mod streams;
mod updates;
mod world;
