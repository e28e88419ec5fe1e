//! Zhinan 智南. Modules in reading order.

pub mod clock;
pub mod error;
pub mod vault;
pub mod auth;
pub mod domain;
pub mod store;
pub mod app;
pub mod api;
pub mod engine;
pub mod gateway;
pub mod services;
pub mod lifecycle;
pub mod gather;
pub mod transaction;
pub mod crash;
pub mod telemetry;
pub mod metrics;
pub mod config;
pub mod boot;
pub mod sandbox;
pub mod demo;
pub mod cli;

/// Requests and answers are many small texts: the system's own allocator took an eighth of the
/// processor while cases were reported.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
