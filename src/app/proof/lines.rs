//! Reads files of lines one after another. A line that is no record is a finding, and the next one is
//! read.

use std::io::BufRead;

use crate::domain::case::ledger::proof::Finding;
use crate::domain::case::ledger::unread::Unread;

use super::export::FORMAT;

/// How many lines that cannot be read are named.
const NAMED: usize = 100;

/// A file of which nothing can be verified.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("读取文件时出错")]
    Read(#[source] std::io::Error),
    #[error("事件文件的第一行不是导出说明，或格式版本不是 {FORMAT}")]
    Header,
}

pub(super) type Readable<T> = std::result::Result<T, Unreadable>;

/// A line that is no record.
#[derive(Debug)]
pub(super) struct Fault {
    line: usize,
    /// The file ends in it.
    cut: bool,
    shown: Unread,
}

impl Fault {
    /// Whether the file ends in it.
    pub const fn is_cut(&self) -> bool {
        self.cut
    }
}

/// A line without the mark that some editors write before a text; `None` where nothing stands in it.
pub(super) fn bare(text: &[u8]) -> Option<&[u8]> {
    let one = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    (!one.iter().all(u8::is_ascii_whitespace)).then_some(one)
}

/// Reads each line by `parse`; empty ones are passed over.
pub(super) fn each<T>(
    mut from: impl BufRead,
    parse: impl Fn(&[u8]) -> std::result::Result<T, serde_json::Error>,
) -> impl Iterator<Item = Readable<std::result::Result<T, Fault>>> {
    let (mut text, mut line) = (Vec::new(), 0_usize);
    std::iter::from_fn(move || {
        loop {
            text.clear();
            match from.read_until(b'\n', &mut text) {
                Ok(0) => return None,
                Ok(_) => line = line.saturating_add(1),
                Err(why) => return Some(Err(Unreadable::Read(why))),
            }
            let Some(one) = bare(&text) else { continue };
            let cut = !text.ends_with(b"\n");
            let fault = |why| Fault { line, cut, shown: Unread::of(one, &why) };
            return Some(Ok(parse(one).map_err(fault)));
        }
    })
}

/// The lines of a file that are no records.
pub(super) struct Faults {
    /// Its Chinese name.
    file: &'static str,
    findings: Vec<Finding>,
    /// More of them, which nobody names.
    more: usize,
}

impl Faults {
    /// None of a file.
    pub const fn of(file: &'static str) -> Self {
        Self { file, findings: Vec::new(), more: 0 }
    }

    /// Names one, while they are not too many.
    pub fn add(&mut self, fault: Fault) {
        if self.findings.len() >= NAMED {
            self.more = self.more.saturating_add(1);
            return;
        }
        let (file, Fault { line, cut, shown }) = (self.file, fault);
        let Unread { case, seq, figure } = shown;
        let why = match figure {
            _ if cut => format!("{file}最后一行（第 {line} 行）不完整：文件被截断"),
            Some(figure) => format!("{file}第 {line} 行：{figure}"),
            None => format!("{file}第 {line} 行不是有效的记录：被改动"),
        };
        self.findings.push(Finding { case, seq, field: None, why });
    }

    /// Lists them, and says how many more there are.
    pub fn finish(mut self) -> Vec<Finding> {
        if self.more > 0 {
            let why = format!("{}还有 {} 行不是有效的记录", self.file, self.more);
            self.findings.push(Finding::said(why));
        }
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> (Vec<u32>, Vec<String>) {
        let (mut numbers, mut faults) = (Vec::new(), Faults::of("事件文件"));
        for one in each(text, |one| serde_json::from_slice(one)) {
            match one.unwrap() {
                Ok(number) => numbers.push(number),
                Err(fault) => faults.add(fault),
            }
        }
        (numbers, faults.finish().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn marks_line_ends_and_empty_lines_of_editors_are_no_fault() {
        for text in [
            "1\n2\n",
            "1\n2",
            "\u{feff}1\r\n2\r\n",
            "\n1\n \n2\n\n\r\n",
            "1\r\n\r\n2",
            "1\n\u{feff}2\n\u{feff}\n",
        ] {
            assert_eq!(read(text.as_bytes()), (vec![1, 2], vec![]), "{text:?}");
        }
    }

    #[test]
    fn each_line_that_is_no_record_is_named_and_the_others_are_read() {
        let bad = "事件文件第 2 行不是有效的记录：被改动";
        let cut = "事件文件最后一行（第 4 行）不完整：文件被截断";
        assert_eq!(read(b"1\nx\n2\n{\"a"), (vec![1, 2], vec![bad.to_owned(), cut.to_owned()]));
        assert_eq!(read(b"1\n\xff\xfe\n2\n"), (vec![1, 2], vec![bad.to_owned()]));
        let (_, said) = read("x\n".repeat(NAMED + 7).as_bytes());
        assert_eq!(said.len(), NAMED + 1);
        assert_eq!(said[NAMED], "事件文件还有 7 行不是有效的记录");
    }
}
