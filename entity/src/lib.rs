//! One sea-orm model per table, no behaviour; and the words they are made of.
pub mod kinds;
