//! Version 1.

mod auth;
mod cases;
mod limits;
mod photos;
mod staff;
