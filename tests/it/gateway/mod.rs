//! The gateway against the sandbox, over HTTP.
mod callbacks;
mod calls;
mod kit;
mod stand_in;
mod tokens;
