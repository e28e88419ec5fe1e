//! Puts paper together: a font that has the words, and a pen that draws with it.

pub mod font;
pub mod pen;
pub mod press;
