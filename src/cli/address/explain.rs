//! `zhinan address explain`: how one text is read, for people.

use std::path::PathBuf;

use entity::kinds::Datum;

use crate::cli::CommandError;
use crate::domain::address::{Index, Position, Query};

/// Which text, and from which places.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder as `zhinan import` takes it (docs/IMPORT.md).
    #[arg(long, value_name = "DIR")]
    gazetteer: PathBuf,
    /// Where the phone is: longitude, latitude (GCJ-02), radius in metres.
    #[arg(long, value_name = "LON,LAT,M", value_parser = position)]
    position: Option<Position>,
    /// What the resident wrote.
    text: String,
}

fn position(raw: &str) -> Result<Position, String> {
    let numbers: Vec<f64> = raw
        .split(',')
        .map(|part| part.trim().parse().map_err(|why| format!("“{part}”不是数字：{why}")))
        .collect::<Result<_, _>>()?;
    let [lon, lat, accuracy_m] = *numbers.as_slice() else {
        return Err("请写经度,纬度,精度（米），例如 115.4741,35.2478,30".to_owned());
    };
    Ok(Position { lon, lat, accuracy_m, datum: Datum::Gcj02 })
}

/// Prints the reading. Fails when the folder cannot be read.
pub fn run(args: &Args) -> Result<(), CommandError> {
    let places = super::gazetteer(&args.gazetteer, false)?;
    let index = Index::build(&places);
    let query = Query { text: &args.text, position: args.position, ..Query::default() };
    let explained = index.explain(&query);
    println!("{}", explained.trim_end());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_three_numbers_or_the_message_says_so() {
        let at = position("115.4741, 35.2478,30").expect("a position");
        assert_eq!((at.lon, at.lat, at.accuracy_m), (115.4741, 35.2478, 30.0));
        assert!(position("115,35").expect_err("two numbers").contains("例如"));
        assert!(position("a,b,c").expect_err("words").starts_with("“a”不是数字"));
    }
}
