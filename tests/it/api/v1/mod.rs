//! Version 1.
mod auth;
mod staff;
