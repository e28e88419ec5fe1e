//! `zhinan address parse`: the numbers of address lines, cut without any gazetteer.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use crate::cli::CommandError;
use crate::domain::address::{NumberKind, cut};

/// Which lines.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Addresses, one per line.
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// Where the spans go, one JSON object per line.
    #[arg(long = "out", value_name = "FILE")]
    output: PathBuf,
}

/// The numbers of one line: half-open, in Unicode scalar values.
#[derive(Debug, Serialize)]
struct Line {
    /// Counted from 1.
    line: usize,
    spans: Vec<(usize, usize, NumberKind)>,
}

/// Cuts every line. Fails when a file cannot be read or written.
pub fn run(args: &Args) -> Result<(), CommandError> {
    let mut lines = String::new();
    for (at, text) in super::text_of(&args.input)?.lines().enumerate() {
        let spans = cut(text).into_iter().map(|number| (number.start, number.end, number.kind));
        let line = Line { line: at + 1, spans: spans.collect() };
        writeln!(lines, "{}", serde_json::to_string(&line)?)?;
    }
    super::write(&args.output, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_answer_also_one_without_numbers() {
        let dir = tempfile::tempdir().expect("a folder");
        let (input, output) = (dir.path().join("lines.txt"), dir.path().join("spans.jsonl"));
        std::fs::write(&input, "🙏文一西路969号3幢\n\n没有地址\r\n5层\n").expect("lines");
        run(&Args { input, output: output.clone() }).expect("spans");
        assert_eq!(
            std::fs::read_to_string(output).expect("a file"),
            "{\"line\":1,\"spans\":[[5,9,\"roadno\"],[9,11,\"houseno\"]]}\n\
             {\"line\":2,\"spans\":[]}\n{\"line\":3,\"spans\":[]}\n\
             {\"line\":4,\"spans\":[[0,2,\"floorno\"]]}\n"
        );
    }
}
