//! Followers of the official account: joined with logins one by one, or all that came before.

pub mod code;
pub mod fill;
