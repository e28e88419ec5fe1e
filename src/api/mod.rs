//! HTTP only: handlers translate, they neither decide nor query.

pub mod audit;
pub mod extract;
pub mod problem;
