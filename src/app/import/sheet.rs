//! One CSV file as rows whose cells know where they stand.
//!
//! A cell that does not parse becomes a fault and `None`; the reader goes on, so that one run
//! shows every fault of the folder.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::fault::{Fault, FaultCode};

/// Name and columns of a file of the format. Columns beyond these are ignored.
#[derive(Debug)]
pub struct Spec {
    pub file: &'static str,
    pub columns: &'static [&'static str],
}

/// Columns that a file may lack; their cells are empty then.
const OPTIONAL: &[(&str, &str)] = &[("staff.csv", "wecom_userid")];
/// The place of a column that is not there.
const NOWHERE: usize = usize::MAX;

/// Says that a cell was wrong and its fault is noted; an empty cell is no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faulty;

/// One data row.
#[derive(Debug)]
pub struct Row {
    spec: &'static Spec,
    pub line: u32,
    values: Vec<String>,
}

/// Reads a file as text. A missing or non-UTF-8 file is a fault and `None`.
pub fn text(dir: &Path, file: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let Ok(bytes) = std::fs::read(dir.join(file)) else {
        let reason = format!("缺少文件 {file}，或文件无法读取");
        faults.push(Fault::at(file, 0, "", FaultCode::MissingFile, reason));
        return None;
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.trim_start_matches('\u{feff}').to_owned()),
        Err(broken) => {
            let (line, column) = broken_place(broken.as_bytes(), broken.utf8_error().valid_up_to());
            let reason = "不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”".to_owned();
            faults.push(Fault::at(file, line, &column, FaultCode::NotUtf8, reason));
            None
        }
    }
}

/// Finds line and column name of a byte. The header of a file in another encoding may itself be
/// broken, so the name is read leniently.
fn broken_place(bytes: &[u8], at: usize) -> (u32, String) {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.split(|b| *b == b'\n').count();
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |nl| nl + 1);
    let column = before.get(start..).unwrap_or_default().split(|b| *b == b',').count();
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let name = header.split(|b| *b == b',').nth(column - 1).unwrap_or_default();
    let name = String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned();
    (u32::try_from(line).unwrap_or(u32::MAX), name)
}

/// Reads every row of a required file; faults of the file leave no rows.
pub fn rows(dir: &Path, spec: &'static Spec, faults: &mut Vec<Fault>) -> Vec<Row> {
    let Some(text) = text(dir, spec.file, faults) else { return Vec::new() };
    parse(&text, spec, faults)
}

/// Splits the text of a file into rows; a row with too few or too many cells is a fault.
pub fn parse(text: &str, spec: &'static Spec, faults: &mut Vec<Fault>) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let Some(places) = columns(&header, spec, faults) else { return Vec::new() };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(broken) => {
                let line = broken.position().map_or(0, line_of);
                faults.push(Fault::at(
                    spec.file,
                    line,
                    "",
                    FaultCode::BadCsv,
                    format!("无法解析：{broken}"),
                ));
                continue;
            }
        };
        let line = record.position().map_or(0, line_of);
        if record.len() != header.len() {
            let reason = format!("这一行有 {} 列，表头有 {} 列", record.len(), header.len());
            faults.push(Fault::at(spec.file, line, "", FaultCode::BadCsv, reason));
            continue;
        }
        let values =
            places.iter().map(|at| record.get(*at).unwrap_or_default().trim().to_owned()).collect();
        rows.push(Row { spec, line, values });
    }
    rows
}

fn line_of(position: &csv::Position) -> u32 {
    u32::try_from(position.line()).unwrap_or(u32::MAX)
}

/// Finds each wanted column in the header; `None` when one is missing.
fn columns(
    header: &csv::StringRecord,
    spec: &'static Spec,
    faults: &mut Vec<Fault>,
) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for wanted in spec.columns {
        match header.iter().position(|name| name.trim() == *wanted) {
            Some(at) => places.push(at),
            None if OPTIONAL.contains(&(spec.file, wanted)) => places.push(NOWHERE),
            None => faults.push(Fault::at(
                spec.file,
                1,
                wanted,
                FaultCode::MissingColumn,
                format!("缺少列 {wanted}"),
            )),
        }
    }
    (places.len() == spec.columns.len()).then_some(places)
}

impl Row {
    /// Returns the trimmed cell; empty for a column the file does not have.
    pub fn text(&self, column: &str) -> &str {
        let at = self.spec.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    /// Makes a fault of one cell of this row.
    pub fn fault(&self, column: &str, code: FaultCode, reason: String) -> Fault {
        Fault::at(self.spec.file, self.line, column, code, reason)
    }

    /// Returns the cell; a fault when it is empty.
    pub fn required(&self, column: &str, faults: &mut Vec<Fault>) -> Option<String> {
        let value = self.text(column);
        if value.is_empty() {
            faults.push(self.fault(column, FaultCode::EmptyValue, format!("{column} 不能为空")));
            return None;
        }
        Some(value.to_owned())
    }

    /// Parses a whole number from 0 to 1,000,000; a fault otherwise.
    pub fn number(&self, column: &str, faults: &mut Vec<Fault>) -> Option<u32> {
        let raw = self.text(column);
        let number = raw.parse().ok().filter(|n| *n <= 1_000_000);
        if number.is_none() {
            faults.push(self.fault(column, FaultCode::BadNumber, format!("“{raw}”不是有效的整数")));
        }
        number
    }

    /// Parses a whole number or nothing.
    pub fn maybe_number(
        &self,
        column: &str,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<u32>, Faulty> {
        if self.text(column).is_empty() {
            return Ok(None);
        }
        self.number(column, faults).map(Some).ok_or(Faulty)
    }

    /// Parses a degree within `limit`; a fault otherwise.
    pub fn degree(&self, column: &str, limit: f64, faults: &mut Vec<Fault>) -> Option<f64> {
        let raw = self.text(column);
        let degree = raw.parse::<f64>().ok().filter(|d| d.is_finite() && d.abs() <= limit);
        if degree.is_none() {
            faults.push(self.fault(column, FaultCode::BadNumber, format!("“{raw}”不是有效的坐标")));
        }
        degree
    }

    /// Looks the cell up among known keys; a fault with `code` when it is not there.
    pub fn known<T: Copy>(
        &self,
        column: &str,
        known: &HashMap<String, T>,
        code: FaultCode,
        faults: &mut Vec<Fault>,
    ) -> Option<T> {
        let raw = self.text(column);
        let found = known.get(raw).copied();
        if found.is_none() {
            faults.push(self.fault(column, code, format!("“{raw}”不在对应的表中")));
        }
        found
    }

    /// Returns the cell when it is one of the known keys; a fault with `code` otherwise.
    pub fn listed(
        &self,
        column: &str,
        known: &HashSet<String>,
        code: FaultCode,
        faults: &mut Vec<Fault>,
    ) -> Option<String> {
        let raw = self.text(column);
        if known.contains(raw) {
            return Some(raw.to_owned());
        }
        faults.push(self.fault(column, code, format!("“{raw}”不在对应的表中")));
        None
    }

    /// Splits a list cell at `|`; empty parts are dropped.
    pub fn list(&self, column: &str) -> Vec<String> {
        self.text(column)
            .split('|')
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
