//! People who are responsible, and how they come into the system.

pub mod demo;
