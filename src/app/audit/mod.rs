//! Figures for auditors and street command, computed from the ledger when they are asked for.

pub mod response_times;
