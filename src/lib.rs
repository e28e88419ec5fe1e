//! Zhinan 智南. Modules in reading order.

pub mod clock;
pub mod domain;
pub mod store;
pub mod app;
pub mod api;
pub mod engine;
pub mod gateway;
pub mod sandbox;
pub mod config;
pub mod cli;
