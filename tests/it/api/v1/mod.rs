//! Version 1.

mod auth;
mod building_codes;
mod cases;
mod grids;
mod limits;
mod photos;
mod staff;
