//! Everything that leaves the house. Nothing in here sees a database connection or retries on its
//! own account: a caller gets an answer, a classified failure, or "doubtful", and decides.
pub mod heartbeat;
pub mod http;
pub mod redis;
pub mod sms;
pub mod storage;
pub mod wechat;
pub mod wecom;
