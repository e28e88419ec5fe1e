//! HTTP only: bodies, paths and answers. Handlers translate; they do not decide and do not query.

pub mod address;
pub mod aliases;
pub mod audit;
pub mod auth;
pub mod buildings;
pub mod callbacks;
pub mod cases;
pub mod chains;
pub mod case_bodies;
pub mod case_verbs;
pub mod channels;
pub mod cursor;
pub mod drills;
pub mod extract;
pub mod grids;
pub mod health;
pub mod inbox;
pub mod live;
pub mod openapi;
pub mod photos;
pub mod problem;
pub mod reach;
pub mod roster;
pub mod routes;
pub mod staff;
