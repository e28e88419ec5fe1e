//! Version 1.

mod cases;
