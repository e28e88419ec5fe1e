//! `zhinan address resolve`: questions of a file become predictions of a file.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use super::gauge::Figures;
use crate::app::batch::{self, Prediction};
use crate::cli::CommandError;
use crate::domain::address::Index;
use crate::domain::gazetteer::Gazetteer;

/// What to answer, and from which places.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder as `zhinan import` takes it (docs/IMPORT.md).
    #[arg(long, value_name = "DIR")]
    gazetteer: PathBuf,
    /// Also read the further streets of `extra_compounds.csv` and `extra_buildings.csv`.
    #[arg(long)]
    city: bool,
    /// Learn names from these corrections first.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// Questions, one JSON object per line.
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// Where the predictions go, in the order of the questions.
    #[arg(long = "out", value_name = "FILE")]
    output: PathBuf,
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

/// Answers, writes, and prints the figures to standard error. Fails when a file cannot be read or
/// written.
pub fn run(args: &Args) -> Result<(), CommandError> {
    let questions = batch::read_questions(&super::text_of(&args.input)?)?;
    let corrections = match &args.corrections {
        Some(file) => batch::read_corrections(&super::text_of(file)?)?,
        None => Vec::new(),
    };
    let mut places = super::gazetteer(&args.gazetteer, args.city)?;
    learn(&mut places, &corrections);
    let began = Instant::now();
    let index = Index::build(&places);
    let build = began.elapsed();
    let answers = batch::resolve::run(&index, &questions, args.threads);
    let mut lines = String::new();
    for (question, answer) in questions.iter().zip(&answers) {
        let prediction = Prediction::new(&places, &question.id, &answer.said);
        writeln!(lines, "{}", serde_json::to_string(&prediction)?)?;
    }
    super::write(&args.output, &lines)?;
    let times = answers.iter().map(|answer| answer.took).collect();
    let figures = Figures::new(times, build, index.bytes(), args.threads);
    eprintln!("{}", serde_json::to_string(&figures)?);
    Ok(())
}

/// Adds the names that the corrections teach.
fn learn(places: &mut Gazetteer, corrections: &[batch::Correction]) {
    let learned = batch::aliases_from(places, corrections);
    places.aliases.extend(learned);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{SEED, folder, street};

    #[test]
    fn a_folder_and_questions_become_predictions_without_reading_any_dwelling() {
        let dir = tempfile::tempdir().expect("a folder");
        let street = street::generate(SEED);
        folder::write_folder(&street, dir.path()).expect("the demo street");
        std::fs::remove_file(dir.path().join("households.csv")).expect("no dwellings");
        let home = &street.households[7];
        let question = serde_json::json!({"id": "q1", "text": home.address, "gps": null});
        let (input, output) = (dir.path().join("in.jsonl"), dir.path().join("out.jsonl"));
        std::fs::write(&input, format!("{question}\n")).expect("a question");
        let args = Args {
            gazetteer: dir.path().to_owned(),
            city: false,
            corrections: None,
            input,
            output: output.clone(),
            threads: 2,
        };
        run(&args).expect("predictions");
        let said = std::fs::read_to_string(output).expect("a file");
        let said: serde_json::Value = serde_json::from_str(said.trim()).expect("one line");
        let grid = &street.gazetteer.grids[usize::from(home.grid.0)];
        assert_eq!((&said["id"], &said["action"]), (&"q1".into(), &"route".into()));
        assert_eq!(said["grid"], grid.external_id);
        assert_eq!(said["candidates"][0]["grid"], grid.external_id);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_writes_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let input = dir.path().join("in.jsonl");
        std::fs::write(&input, "").expect("no question");
        let output = dir.path().join("out.jsonl");
        let args = Args {
            gazetteer: dir.path().join("nowhere"),
            city: false,
            corrections: None,
            input,
            output: output.clone(),
            threads: 1,
        };
        assert!(run(&args).is_err());
        assert!(!output.exists());
    }
}
