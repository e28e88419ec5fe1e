//! Version 1.

mod address;
mod aliases;
mod auth;
mod building_codes;
mod cases;
mod grids;
mod homes;
mod limits;
mod photos;
mod staff;
