//! Extractors: a handler that names one cannot run without what it promises.

mod body;
mod client_ip;
mod idempotency;
mod instant;
mod posted;
mod who;

pub use body::{Sent, Valid, faults};
pub use client_ip::{ClientIp, TrustedProxies};
pub use idempotency::{IdempotencyKey, OnceKey};
pub use instant::{instant, is_instant};
pub use posted::Posted;
pub use who::Who;
