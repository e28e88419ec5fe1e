//! What can be wrong with a delivered folder, said so that a clerk can find the cell.
//!
//! A fault names file, line (1 = header), column and a reason in Chinese. The code never changes
//! its meaning: scripts and `docs/IMPORT.md` rely on it.

use std::collections::BTreeMap;

use serde::Serialize;

macro_rules! codes {
    ($($name:ident = $word:literal;)+) => {
        /// The stable name of a kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum FaultCode {
            $(#[serde(rename = $word)] $name,)+
        }

        impl FaultCode {
            /// Every code, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the word printed in reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

codes! {
    MissingFile = "missing_file";
    MissingColumn = "missing_column";
    NotUtf8 = "not_utf8";
    BadCsv = "bad_csv";
    EmptyValue = "empty_value";
    BadNumber = "bad_number";
    BadCode = "bad_code";
    BadDate = "bad_date";
    UnknownWord = "unknown_word";
    UnknownCommunity = "unknown_community";
    UnknownGrid = "unknown_grid";
    UnknownRoad = "unknown_road";
    UnknownCompound = "unknown_compound";
    UnknownBuilding = "unknown_building";
    UnknownVillageGroup = "unknown_village_group";
    UnknownStaff = "unknown_staff";
    DuplicateId = "duplicate_id";
    DuplicateNumber = "duplicate_number";
    BadRange = "bad_range";
    OverlappingRange = "overlapping_range";
    BadGeojson = "bad_geojson";
    MissingPolygon = "missing_polygon";
    OpenPolygon = "open_polygon";
    CrossedPolygon = "crossed_polygon";
    OverlappingPolygons = "overlapping_polygons";
    Uncovered = "uncovered";
    OutsideGrid = "outside_grid";
    OutsideStreet = "outside_street";
    GridMismatch = "grid_mismatch";
    StrayAddress = "stray_address";
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub file: String,
    /// Counted from 1, the header; 0 where the whole file is meant.
    pub line: u32,
    pub column: String,
    pub code: FaultCode,
    /// A sentence in Chinese.
    pub reason: String,
}

impl Fault {
    /// Makes a fault of one cell.
    pub fn at(file: &str, line: u32, column: &str, code: FaultCode, reason: String) -> Self {
        Self { file: file.to_owned(), line, column: column.to_owned(), code, reason }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}:{} [{}] {}",
            self.file,
            self.line,
            self.column,
            self.code.word(),
            self.reason
        )
    }
}

/// An address that households of several grids share: a text with it alone cannot be routed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedAddress {
    pub address: String,
    pub grids: Vec<String>,
}

/// What the check of a folder found. Nothing may be written while `errors` is not empty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub errors: Vec<Fault>,
    pub warnings: Vec<Fault>,
    pub shared_addresses: Vec<SharedAddress>,
    /// Rows per file.
    pub counts: BTreeMap<String, usize>,
}

impl Report {
    /// Says whether the folder may be written.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }
}
