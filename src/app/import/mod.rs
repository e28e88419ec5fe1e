//! Import of a street's folder: read, check, write; all or nothing.
//!
//! `prepare` touches no database and `write` checks nothing, so a folder with one error can never
//! change a row. The caller opens the transaction around `write`.

mod check;
mod check_shapes;
pub mod fault;
mod prove;
pub mod read;
pub mod read_city;
mod read_lines;
mod read_places;
pub mod run;
mod sheet;
mod when;
mod write;
mod write_people;
mod write_rows;

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod tests_faults;

use std::path::Path;

pub use fault::{Fault, FaultCode, Report, SharedAddress};
pub use prove::run as prove;
pub use read::{DutyRow, Files, StaffRow};
pub use write::{Counts, write};

/// Reads and checks a folder. Fails with the report when anything forbids the import.
pub fn prepare(dir: &Path) -> Result<(Files, Report), Box<Report>> {
    let files = match read::folder(dir) {
        Ok(files) => files,
        Err(errors) => return Err(Box::new(Report { errors, ..Report::default() })),
    };
    let report = check::run(&files);
    if report.is_clean() { Ok((files, report)) } else { Err(Box::new(report)) }
}
