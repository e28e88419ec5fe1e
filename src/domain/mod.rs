//! Pure decisions: no async, no SQL, no clock, no globals. Everything a rule needs is an argument.

pub mod address;
pub mod audit;
pub mod bulletin;
pub mod calendar;
pub mod case;
pub mod escalation;
pub mod gazetteer;
pub mod geo;
pub mod looks;
pub mod notice;
pub mod open311;
pub mod paper;
pub mod phone;
pub mod readiness;
pub mod roster;
pub mod scene;
pub mod shapes;
pub mod voice;
