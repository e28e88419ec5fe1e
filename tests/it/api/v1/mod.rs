//! Version 1.

mod address;
mod auth;
mod cases;
mod grids;
mod limits;
mod photos;
mod staff;
