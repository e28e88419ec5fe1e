//! Integration tests: the tree mirrors `src`.
mod api;
mod audit;
mod crash;
mod engine;
mod faults;
mod gateway;
mod grown;
mod kit;
mod store;
