//! Integration tests: the tree mirrors `src`.
mod api;
mod engine;
mod gateway;
mod kit;
