//! Display & Video 360.
mod footer;
mod numbers;
mod report;
