//! Integration tests: the tree mirrors `src`.
mod gateway;
mod kit;
