//! Integration tests: the tree mirrors `src`.
mod api;
mod audit;
mod engine;
mod gateway;
mod kit;
mod store;
