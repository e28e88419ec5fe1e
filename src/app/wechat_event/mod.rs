//! What WeChat tells us: stored before it is answered, acted upon by a job.

pub mod authorization;
pub mod follow;
pub mod handle;
mod happened;
mod left;
pub mod receive;
mod reports;
pub mod wecom;
mod withdrawn;
