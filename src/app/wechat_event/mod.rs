//! What WeChat tells us: stored before it is answered, acted upon by a job.

pub mod handle;
mod left;
pub mod receive;
pub mod wecom;
