//! A faithful stand-in for Google's DV360 and Bid Manager APIs, with a seeded world behind them.
//!
//! Read in this order: `world` (what is true), `bid_manager` and `display_video` (how Google shows
//! it), `oauth` and `download` (how one gets at it), `faults` and `quota` (what goes wrong),
//! `control` (the simulator's own knobs and page), `journal` (what outlives the process), `app` and
//! `server` (how it is put together).

pub mod world;

mod bid_manager;
mod display_video;

mod download;
mod oauth;

pub mod faults;
pub mod quota;

pub mod control;

mod clock;
mod error;
mod journal;
mod page;
mod params;
mod request_log;
mod worlds;

pub mod config;

mod app;
mod server;

pub use config::SimulatorConfig;
pub use server::{Running, Simulator};
pub use world::World;
