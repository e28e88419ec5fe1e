//! Reads a delivered folder (CSV and GeoJSON) into plain data, or says every cell that hinders it.
//!
//! References are resolved while reading, so in a [`Files`] every `GridRef`, road, compound and
//! building exists. Duplicates and geometry are the business of `check`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use entity::kinds::{DutyRole, GridId, GridKind, Timestamp};

use super::fault::{Fault, FaultCode};
use super::sheet::{self, Row, Spec};
use super::{read_lines, read_places, when};
use crate::domain::gazetteer::{Community, CommunityRef, Gazetteer, GridRef, Household, SmallGrid};
use crate::domain::notice::is_userid;

/// A person of `staff.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    pub staff_no: String,
    pub name: String,
    pub office_phone: String,
    /// In lower case; None where the cell is empty: then it stays as it is.
    pub wecom_userid: Option<String>,
}

/// A responsibility of `duties.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// Small grid id, community code or street code.
    pub grid_id: String,
    pub role: DutyRole,
    pub staff_no: String,
    /// None: from the import on.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub shift: String,
}

/// Everything a folder holds, with the line of every row.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub gazetteer: Gazetteer,
    pub households: Vec<Household>,
    /// None when the folder has no `staff.csv`; then staff stays as it is.
    pub staff: Option<Vec<StaffRow>>,
    /// None when the folder has no `duties.csv`; then responsibilities stay as they are.
    pub duties: Option<Vec<DutyRow>>,
    pub lines: Lines,
}

/// Line of the n-th row of each file.
#[derive(Clone, Debug, Default)]
pub struct Lines(HashMap<&'static str, Vec<u32>>);

impl Lines {
    /// Returns the line of the n-th row; 0 when unknown.
    pub fn at(&self, file: &str, row: usize) -> u32 {
        self.0.get(file).and_then(|lines| lines.get(row)).copied().unwrap_or(0)
    }

    /// Notes the line of the next row of a file.
    pub fn push(&mut self, file: &'static str, line: u32) {
        self.0.entry(file).or_default().push(line);
    }
}

/// What the parsers of the single files share.
#[derive(Debug, Default)]
pub struct Reader {
    pub files: Files,
    pub faults: Vec<Fault>,
    pub communities: HashMap<String, CommunityRef>,
    pub grids: HashMap<String, GridRef>,
    pub roads: HashSet<String>,
    pub compounds: HashSet<String>,
    pub buildings: HashSet<String>,
    pub village_groups: HashSet<String>,
    pub staff: HashSet<String>,
}

impl Reader {
    /// Resolves a `grid_id` cell.
    pub fn grid(&mut self, row: &Row, column: &str) -> Option<GridRef> {
        row.known(column, &self.grids, FaultCode::UnknownGrid, &mut self.faults)
    }

    /// Resolves a cell that names a road.
    pub fn road(&mut self, row: &Row) -> Option<String> {
        row.listed("road", &self.roads, FaultCode::UnknownRoad, &mut self.faults)
    }

    /// Reads one file row by row; rows with a fault are left out.
    pub fn each<T>(
        &mut self,
        dir: &Path,
        spec: &'static Spec,
        mut parse: impl FnMut(&mut Self, &Row) -> Option<T>,
    ) -> Vec<T> {
        let mut kept = Vec::new();
        for row in sheet::rows(dir, spec, &mut self.faults) {
            if let Some(value) = parse(self, &row) {
                self.files.lines.push(spec.file, row.line);
                kept.push(value);
            }
        }
        kept
    }
}

static COMMUNITIES: Spec =
    Spec { file: "communities.csv", columns: &["code", "name", "street_code", "street"] };
static GRIDS: Spec = Spec { file: "grids.csv", columns: &["grid_id", "name", "community_code"] };
static STAFF: Spec =
    Spec { file: "staff.csv", columns: &["staff_id", "name", "office_phone", "wecom_userid"] };
static DUTIES: Spec =
    Spec { file: "duties.csv", columns: &["grid_id", "role", "staff_id", "from", "to", "shift"] };

/// Reads the folder. Fails with every fault found; checks of meaning come later.
pub fn folder(dir: &Path) -> Result<Files, Vec<Fault>> {
    let mut reader = Reader::default();
    places(&mut reader, dir);
    read_places::homes(&mut reader, dir);
    people(&mut reader, dir);
    if reader.faults.is_empty() { Ok(reader.files) } else { Err(reader.faults) }
}

/// Reads only what addresses name: no dwellings, no people. Fails with every fault found.
pub fn gazetteer(dir: &Path) -> Result<Gazetteer, Vec<Fault>> {
    let mut reader = Reader::default();
    places(&mut reader, dir);
    if reader.faults.is_empty() { Ok(reader.files.gazetteer) } else { Err(reader.faults) }
}

fn places(reader: &mut Reader, dir: &Path) {
    communities(reader, dir);
    grids(reader, dir);
    read_lines::shapes(reader, dir);
    read_lines::roads(reader, dir);
    read_places::named(reader, dir);
}

fn communities(reader: &mut Reader, dir: &Path) {
    let rows = reader.each(dir, &COMMUNITIES, |r, row| {
        let code = digits(row, "code", 12, &mut r.faults);
        let street_code = digits(row, "street_code", 9, &mut r.faults);
        let name = row.required("name", &mut r.faults);
        let street = row.required("street", &mut r.faults);
        let (code, street_code) = (code?, street_code?);
        if !code.starts_with(&street_code) {
            let reason = format!("社区代码 {code} 不属于街道 {street_code}");
            r.faults.push(row.fault("code", FaultCode::BadCode, reason));
            return None;
        }
        same_street(r, row, &street_code, &street?)?;
        Some(Community { id: GridId(0), code, name: name?, polygon: Vec::new() })
    });
    for (at, community) in (0u16..).zip(&rows) {
        reader.communities.insert(community.code.clone(), CommunityRef(at));
    }
    reader.files.gazetteer.communities = rows;
}

/// A folder is one street: the first row decides, another street is a fault.
fn same_street(reader: &mut Reader, row: &Row, code: &str, name: &str) -> Option<()> {
    let gazetteer = &mut reader.files.gazetteer;
    if gazetteer.street_code.is_empty() {
        code.clone_into(&mut gazetteer.street_code);
        name.clone_into(&mut gazetteer.street);
    }
    if gazetteer.street_code == code {
        return Some(());
    }
    let reason = format!("一个文件夹只能有一个街道，前面是 {}", gazetteer.street_code);
    reader.faults.push(row.fault("street_code", FaultCode::BadCode, reason));
    None
}

fn digits(row: &Row, column: &str, length: usize, faults: &mut Vec<Fault>) -> Option<String> {
    let value = row.required(column, faults)?;
    if value.len() == length && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value);
    }
    faults.push(row.fault(column, FaultCode::BadCode, format!("“{value}”应为 {length} 位数字")));
    None
}

fn grids(reader: &mut Reader, dir: &Path) {
    let rows = reader.each(dir, &GRIDS, |r, row| {
        let external_id = row.required("grid_id", &mut r.faults);
        let name = row.required("name", &mut r.faults);
        let community =
            row.known("community_code", &r.communities, FaultCode::UnknownCommunity, &mut r.faults);
        let (id, kind) = (GridId(0), GridKind::Small);
        Some(SmallGrid {
            id,
            external_id: external_id?,
            kind,
            name: name?,
            community: community?,
            polygon: Vec::new(),
        })
    });
    for (at, grid) in (0u16..).zip(&rows) {
        reader.grids.insert(grid.external_id.clone(), GridRef(at));
    }
    reader.files.gazetteer.grids = rows;
}

/// Staff and duties are optional, but a file that is there must be right.
fn people(reader: &mut Reader, dir: &Path) {
    if dir.join(STAFF.file).exists() {
        let mut members = HashSet::new();
        let staff = reader.each(dir, &STAFF, |r, row| {
            let wecom_userid = member(r, row, &mut members);
            let staff_no = row.required("staff_id", &mut r.faults);
            let name = row.required("name", &mut r.faults);
            Some(StaffRow {
                staff_no: staff_no?,
                name: name?,
                office_phone: row.text("office_phone").to_owned(),
                wecom_userid,
            })
        });
        reader.staff = staff.iter().map(|s| s.staff_no.clone()).collect();
        reader.files.staff = Some(staff);
    }
    if dir.join(DUTIES.file).exists() {
        reader.files.duties = Some(reader.each(dir, &DUTIES, duty));
    }
}

/// Reads a name at WeCom, of which there is one for each person.
fn member(reader: &mut Reader, row: &Row, seen: &mut HashSet<String>) -> Option<String> {
    let raw = row.text("wecom_userid");
    if raw.is_empty() {
        return None;
    }
    let userid = raw.to_lowercase();
    if !is_userid(&userid) {
        let reason = format!("“{raw}”不是有效的企业微信账号");
        reader.faults.push(row.fault("wecom_userid", FaultCode::UnknownWord, reason));
    } else if !seen.insert(userid.clone()) {
        let reason = format!("企业微信账号“{raw}”出现了两次");
        reader.faults.push(row.fault("wecom_userid", FaultCode::DuplicateId, reason));
    }
    Some(userid)
}

fn duty(reader: &mut Reader, row: &Row) -> Option<DutyRow> {
    let grid_id = duty_grid(reader, row);
    let role = DutyRole::from_word(row.text("role"));
    if role.is_none() {
        let words: Vec<_> = DutyRole::ALL.iter().map(|r| r.word()).collect();
        let reason = format!("“{}”不是职责，应为 {} 之一", row.text("role"), words.join("、"));
        reader.faults.push(row.fault("role", FaultCode::UnknownWord, reason));
    }
    let staff_no =
        row.listed("staff_id", &reader.staff, FaultCode::UnknownStaff, &mut reader.faults);
    let from = when::cell(row, "from", &mut reader.faults);
    let to = when::cell(row, "to", &mut reader.faults);
    let shift = if row.text("shift").is_empty() { "all" } else { row.text("shift") };
    let (from, to) = (from.ok()?, to.ok()?);
    if to.zip(from).is_some_and(|(to, from)| to < from) {
        let reason = "结束时间早于开始时间".to_owned();
        reader.faults.push(row.fault("to", FaultCode::BadDate, reason));
        return None;
    }
    Some(DutyRow {
        grid_id: grid_id?,
        role: role?,
        staff_no: staff_no?,
        from,
        to,
        shift: shift.to_owned(),
    })
}

fn duty_grid(reader: &mut Reader, row: &Row) -> Option<String> {
    let raw = row.text("grid_id");
    let known = reader.grids.contains_key(raw)
        || reader.communities.contains_key(raw)
        || reader.files.gazetteer.street_code == raw;
    if !known {
        let reason = format!("“{raw}”既不是小网格，也不是社区或街道代码");
        reader.faults.push(row.fault("grid_id", FaultCode::UnknownGrid, reason));
    }
    known.then(|| raw.to_owned())
}
