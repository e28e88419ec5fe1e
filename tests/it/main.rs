//! Integration tests: the tree mirrors `src`.
mod engine;
mod gateway;
mod kit;
