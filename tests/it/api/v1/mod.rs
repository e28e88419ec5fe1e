//! Version 1.

mod auth;
mod cases;
mod photos;
mod staff;
