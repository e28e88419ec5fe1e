//! Use cases that bring one notice to its reader, or see that somebody else is told.
//!
//! A notice leaves the house only after `sending` was committed; a try that finds it there is in
//! doubt and follows the table of [`crate::domain::notice::after_doubt`]. No call to WeChat is made
//! inside a unit of writes.

pub mod card;
pub mod check_content;
pub mod consent;
pub mod ending;
pub mod hold;
pub mod letter;
pub mod pace;
pub mod owed;
pub mod quota;
pub mod reports;
pub mod robot;
pub mod send;
pub mod stamp;
pub mod together;
pub mod verdict;
pub mod ways;
