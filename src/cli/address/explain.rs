//! `zhinan address explain`: how one text is read, for people.

use std::path::PathBuf;

use crate::cli::CommandError;
use crate::domain::address::{Action, Index, Query, Rejection, Resolution};
use crate::domain::gazetteer::{Gazetteer, GridRef};

/// Which text, and from which places.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder as `zhinan import` takes it (docs/IMPORT.md).
    #[arg(long, value_name = "DIR")]
    gazetteer: PathBuf,
    /// What the resident wrote.
    text: String,
}

/// Prints the reading. Fails when the folder cannot be read.
pub fn run(args: &Args) -> Result<(), CommandError> {
    let places = super::gazetteer(&args.gazetteer, false)?;
    let index = Index::build(&places);
    let said = index.resolve(&Query { text: &args.text, ..Query::default() });
    print!("{}", describe(&places, &args.text, &said));
    Ok(())
}

/// Says in lines what was read and decided.
fn describe(places: &Gazetteer, text: &str, said: &Resolution) -> String {
    let name = |grid: GridRef| {
        let grid = places.grids.get(usize::from(grid.0));
        grid.map_or_else(String::new, |grid| format!("{} {}", grid.external_id, grid.name))
    };
    let mut lines = vec![format!("原文：{text}")];
    let letters: Vec<char> = text.chars().collect();
    for span in &said.spans {
        let part: String = letters.get(span.start..span.end).unwrap_or_default().iter().collect();
        lines.push(format!("读到：{part} [{}, {}) {:?}", span.start, span.end, span.kind));
    }
    let decision = match said.action {
        Action::Route => "派给小网格",
        Action::RouteLarge => "派给大网格",
        Action::Ask => "询问居民",
        Action::Reject(Rejection::OutOfArea) => "不在辖区",
        Action::Reject(Rejection::NoAddress) => "没有地址",
    };
    let to = said.grid.map(name).unwrap_or_default();
    lines.push(format!("决定：{decision} {to}").trim_end().to_owned());
    lines.push(format!("把握：{:.3}", said.confidence));
    lines.push(format!("理由：{}", said.reason));
    for candidate in &said.candidates {
        lines.push(format!("候选：{} {:.3}", name(candidate.grid), candidate.p));
    }
    if let Some(question) = &said.question {
        let answers: Vec<_> = question.answers.iter().map(|a| a.label.as_str()).collect();
        lines.push(format!("提问：{} {}", question.text, answers.join(" / ")));
    }
    lines.push(String::new());
    lines.join("\n")
}
