//! Zhinan 智南. Modules in reading order.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod error;
pub mod lifecycle;
pub mod config;
pub mod domain;
pub mod engine;
pub mod gateway;
pub mod sandbox;
pub mod store;
