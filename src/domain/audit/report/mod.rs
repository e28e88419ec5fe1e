//! The daily, weekly and monthly report as the street writes it: figures of a period beside those of
//! the period before, what presses, and what has to be known to read them.
//!
//! Nothing here counts: every number is one of [`Figure`](super::survey::Figure), printed with the
//! id of its definition.

mod gather;
mod notes;
mod press;
mod span;
mod summary;
mod units;
mod value;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use entity::kinds::Timestamp;

use super::survey::{Figure, Group};
use crate::domain::calendar::local_minute;
use crate::domain::paper::{Block, Matrix};

pub use gather::{Gather, Late, Pressing};
pub use span::{Bounds, Kind, Span};

/// The figures that a report shows, in the order of documents.
pub const SHOWN: &[&str] = &["M4", "M7", "R2", "R3", "R5", "R6", "R8", "R9", "R10", "R11", "R12"];
/// The figures that are shown for every day: what came in, and what was closed.
pub const DAILY: &[&str] = &["M4", "R12"];

/// Figures in one division, with the names of its groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Division {
    pub figures: Vec<Figure>,
    pub names: BTreeMap<String, String>,
}

impl Division {
    /// Finds a figure.
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.id == id)
    }

    fn total(&self, id: &str) -> Option<&Group> {
        self.figure(id).map(|figure| &figure.total)
    }

    fn name(&self, key: &str) -> String {
        self.names.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }
}

/// What the ledger was at an instant, to be compared with what it is: words, and a code of them.
///
/// Whoever keeps such checkpoints hands one in with the report of its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Printed beside the code, each as a line of its own.
    pub lines: Vec<String>,
    /// The squares of a QR code without its margin.
    pub matrix: Matrix,
}

/// Which printing of a month the figures are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printing {
    pub revision: i32,
    pub reason: Option<String>,
}

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct Material {
    pub street: String,
    pub span: Span,
    /// Later events are not counted.
    pub as_of: Timestamp,
    /// The period is over.
    pub complete: bool,
    /// Of a month that is printed for good.
    pub printing: Option<Printing>,
    pub whole: Division,
    /// The period before.
    pub before: Division,
    pub by_category: Division,
    pub by_community: Division,
    pub by_grid: Division,
    /// What is below each day, and its figures [`DAILY`].
    pub days: Vec<(String, Vec<Figure>)>,
    pub pressing: Pressing,
}

/// Writes the report. `proof` is printed below the signatures.
pub fn write(material: &Material, proof: Option<&Proof>) -> Vec<Block> {
    let mut blocks = head(material);
    blocks.extend(summary::write(material));
    blocks.extend(units::categories(material));
    blocks.extend(units::places(material));
    blocks.extend(press::write(material));
    blocks.extend(notes::write(material));
    let names = [&format!("编报：{}", material.street), "审核：", "签发："];
    blocks.push(Block::Signatures(names.map(str::to_owned).into()));
    if let Some(Proof { lines, matrix }) = proof {
        blocks.push(Block::Code { lines: lines.clone(), matrix: matrix.clone() });
    }
    number(&mut blocks);
    blocks.push(notes::definitions(material));
    blocks
}

/// Numbers the tables as they come: which there are depends on the cases.
fn number(blocks: &mut [Block]) {
    let tables = blocks.iter_mut().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for (at, table) in (1_u8..).zip(tables) {
        table.caption = format!("表{at}　{}", table.caption);
    }
}

/// What the report is called: 南城街道诉求办理日报.
pub fn title(street: &str, kind: Kind) -> String {
    format!("{street}诉求办理{}", kind.zh())
}

fn head(material: &Material) -> Vec<Block> {
    let which = match &material.printing {
        Some(Printing { revision: 0, .. }) => "　　月度固化数据（首次）".to_owned(),
        Some(Printing { revision, .. }) => format!("　　月度固化数据（第{revision}次修订）"),
        None if material.complete => String::new(),
        None => "　　本期尚未结束".to_owned(),
    };
    let under = format!("{}　　统计时点 {}{which}", material.span, local_minute(material.as_of));
    let title = title(&material.street, material.span.kind);
    vec![Block::Title(title), Block::Under(under)]
}
