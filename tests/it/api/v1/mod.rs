//! Version 1.

mod address;
mod aliases;
mod auth;
mod building_codes;
mod cases;
mod chains;
mod channels;
mod drills;
mod grids;
mod homes;
mod inbox;
mod limits;
mod live;
mod photos;
mod reach;
mod roster;
mod staff;
