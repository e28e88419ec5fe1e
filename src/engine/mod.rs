//! The part that acts without being asked: claims jobs, sends notices, escalates.

pub mod wake;
