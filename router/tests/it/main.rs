//! The real router as a child process, between small upstreams and a feed that the tests play.

mod feed;
mod process;
mod routing;
mod streams;
mod updates;
mod world;
