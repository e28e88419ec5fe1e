//! Integration tests: the tree mirrors `src`.
mod api;
mod audit;
mod crash;
mod engine;
mod faults;
mod gateway;
mod kit;
mod store;
