//! The demo street and its people: invented, and the same for the same seed, byte for byte.
//!
//! Only the names and codes of the fourteen communities are real. The generator writes the very
//! format that a town delivers, so the demo goes through the same import as everybody.

mod chance;
mod compounds;
pub mod folder;
mod homes;
pub mod house;
mod lattice;
mod roads;
pub mod staff;
pub mod story;
pub mod street;
mod trades;
mod villages;

#[cfg(test)]
mod tests;

pub use street::{SEED, Street};
