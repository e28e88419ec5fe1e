//! The API as clients meet it; the tree mirrors the addresses.
mod v1;
