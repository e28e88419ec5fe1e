//! A document as blocks of words and numbers, and how they lie on A4: pure, so that what is printed
//! can be read, and tried, without a font.
//!
//! All lengths are points, 1/72 inch, from the upper left corner.

mod chart;
mod flow;
mod table;
mod words;

use std::fmt::Write as _;

pub use flow::lay_out;
pub use words::wrap;

/// A4.
pub const PAGE: (f32, f32) = (595.28, 841.89);

/// What a mark is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Black,
    Grey,
    /// Lines of tables.
    Line,
    /// The ground of headings of tables.
    Pale,
    White,
    Red,
    Blue,
    Orange,
}

/// One thing on a page; all of them are vectors.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line of text that begins at `at` on its base line.
    Text { at: (f32, f32), size: f32, ink: Ink, bold: bool, text: String },
    /// A line through points.
    Line { points: Vec<(f32, f32)>, width: f32, ink: Ink },
    /// A filled rectangle.
    Area { at: (f32, f32), size: (f32, f32), ink: Ink },
}

/// The marks of a page, in the order in which they are drawn.
pub type Page = Vec<Mark>;

/// How wide a character is, in ems.
pub type Em<'a> = &'a dyn Fn(char) -> f32;

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// In the middle, large and red, as a street's papers begin.
    Title(String),
    /// What and when, in the middle between red lines.
    Under(String),
    Heading(String),
    /// Its first line is indented by two characters.
    Paragraph(String),
    /// Small and grey.
    Note(String),
    Table(Table),
    Bars(Bars),
    Curves(Curves),
    /// Words beside a square code.
    Code {
        lines: Vec<String>,
        matrix: Matrix,
    },
    /// A row of names to be signed.
    Signatures(Vec<String>),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub title: String,
    /// Its part of the width, compared with those of the other columns.
    pub part: u16,
    /// Numbers stand at the right.
    pub number: bool,
}

/// A table whose heading is repeated on every page.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Begins a table: `(title, part)` for words, `(title, -part)` for numbers.
    pub fn new(caption: impl Into<String>, columns: &[(&str, i16)]) -> Self {
        let column = |(title, part): &(&str, i16)| Column {
            title: (*title).to_owned(),
            part: part.unsigned_abs(),
            number: *part < 0,
        };
        let columns = columns.iter().map(column).collect();
        Self { caption: caption.into(), columns, rows: Vec::new() }
    }
}

/// Horizontal bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    pub caption: String,
    pub rows: Vec<(String, u64)>,
}

/// Lines over the same steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curves {
    pub caption: String,
    /// What stands below each step.
    pub steps: Vec<String>,
    /// At most three, each with its name.
    pub series: Vec<(String, Vec<u64>)>,
}

/// The dark and light squares of a code, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix(pub Vec<Vec<bool>>);

/// Counts as lengths; beyond 65,535 there is no paper.
fn span(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// Writes what a reader finds in the blocks, without their places.
pub fn plain(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        // Writing into a text never fails.
        let _written = match block {
            Block::Title(words) => writeln!(text, "# {words}"),
            Block::Under(words) | Block::Paragraph(words) | Block::Note(words) => {
                writeln!(text, "{words}")
            }
            Block::Heading(words) => writeln!(text, "## {words}"),
            Block::Table(table) => writeln!(text, "{}", plain_table(table)),
            Block::Bars(bars) => {
                let rows = bars.rows.iter().map(|(name, n)| format!("{name} {n}"));
                writeln!(text, "[{}] {}", bars.caption, rows.collect::<Vec<_>>().join("，"))
            }
            Block::Curves(curves) => writeln!(text, "{}", plain_curves(curves)),
            Block::Code { lines, matrix } => {
                writeln!(text, "[code of {}] {}", matrix.0.len(), lines.join(" "))
            }
            Block::Signatures(names) => writeln!(text, "{}", names.join("　")),
        };
    }
    text
}

fn plain_table(table: &Table) -> String {
    let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
    let rows = table.rows.iter().map(|row| row.join(" | "));
    let lines = std::iter::once(titles.join(" | ")).chain(rows).collect::<Vec<_>>().join("\n");
    format!("{}\n{lines}", table.caption)
}

fn plain_curves(curves: &Curves) -> String {
    let of = |(name, values): &(String, Vec<u64>)| {
        let values = values.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        format!("{name} {values}")
    };
    let series = curves.series.iter().map(of).collect::<Vec<_>>().join("；");
    format!("[{}] {}：{series}", curves.caption, curves.steps.join(" "))
}
