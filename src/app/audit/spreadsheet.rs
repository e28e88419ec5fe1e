//! Rows as an Excel workbook. Every cell is text: nothing in it is computed when it is opened.

use entity::kinds::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::domain::audit::sheet::Row;
use crate::domain::audit::table::harmless;
use crate::error::{Error, Result};

/// Writes a workbook of one sheet, the same of the same rows. Fails when there are more rows than a
/// sheet has.
pub fn write(rows: &[Row], made_at: Timestamp) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(made_at.0.div_euclid(1_000_000));
    let made_at = made_at.map_err(Error::internal)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    let sheet = book.add_worksheet();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            // Whoever saves it as CSV takes the mark along.
            sheet.write_string(row, column, harmless(cell)).map_err(Error::internal)?;
        }
    }
    book.save_to_buffer().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn a_workbook_holds_its_words_as_words_and_computes_nothing() {
        let cells = ["=HYPERLINK(\"x\")", "+1", "双井社区"].map(str::to_owned);
        let rows = [cells.into(), vec!["-5".to_owned()]];
        let at = Timestamp(1_795_482_000_000_000);
        let book = write(&rows, at).unwrap();
        assert_eq!(write(&rows, at).unwrap(), book, "who makes it again makes the same");
        assert_ne!(write(&rows, Timestamp(0)).unwrap(), book);
        let mut files = zip::ZipArchive::new(Cursor::new(book)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            files.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (words, sheet) = (read("xl/sharedStrings.xml"), read("xl/worksheets/sheet1.xml"));
        for word in ["'=HYPERLINK(", "'+1", "双井社区", "'-5"] {
            assert!(words.contains(word), "{words}");
        }
        assert!(sheet.contains("r=\"C1\"") && sheet.contains("r=\"A2\""), "{sheet}");
        assert!(!sheet.contains("<f>"), "{sheet}");
    }
}
