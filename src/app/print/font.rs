//! Finds a font that can write the names on a sheet: the configured file, or what the system has.
//!
//! Nothing is embedded in the program: a font for Chinese is larger than the program itself.

use std::path::{Path, PathBuf};

use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

use crate::error::{Code, Error, Result};
use crate::services::Codes;

/// Beginnings of the names of files that hold Chinese, the better ones first.
const KNOWN: [&str; 9] = [
    "NotoSansCJK-Regular",
    "NotoSansCJKsc-Regular",
    "NotoSansSC-Regular",
    "SourceHanSansSC-Regular",
    "SourceHanSans-Regular",
    "wqy-microhei",
    "wqy-zenhei",
    "DroidSansFallback",
    "NotoSerifCJK-Regular",
];
const DEEPEST: usize = 5;

/// A file of fonts, and which of its fonts to use.
#[derive(Clone)]
pub struct Face {
    pub bytes: Vec<u8>,
    pub index: u32,
}

/// Reads a font that has a sign for every character of `words`. Fails with `font_missing`, whose
/// sentence says what to install or to configure.
pub fn find(codes: &Codes, words: &str) -> Result<Face> {
    let file = match &codes.font {
        Some(file) => file.clone(),
        None => search(&codes.font_folders).ok_or_else(|| {
            missing("服务器上没有中文字体：请安装 fonts-noto-cjk（或 fonts-wqy-microhei），或在配置 codes.font 中写明字体文件的路径".to_owned())
        })?,
    };
    let shown = file.display();
    let bytes = std::fs::read(&file).map_err(|why| {
        missing(format!("字体文件 {shown} 无法读取：请修改配置 codes.font")).caused_by(why)
    })?;
    let index = choose(&bytes).ok_or_else(|| {
        missing(format!("{shown} 不是字体文件（TTF、OTF 或 TTC）：请修改配置 codes.font"))
    })?;
    let face = Face { bytes, index };
    let lacks = lacking(&face, words);
    if lacks.is_empty() {
        return Ok(face);
    }
    Err(missing(format!("字体 {shown} 中没有这些字：{lacks}。请在配置 codes.font 中换用中文字体")))
}

fn missing(detail: String) -> Error {
    Error::new(Code::FontMissing, detail)
}

/// Opens the font of a face.
pub fn open(face: &Face) -> Option<FontRef<'_>> {
    FontRef::from_index(&face.bytes, face.index).ok()
}

/// Picks the font for simplified Chinese out of a collection, or the first.
fn choose(bytes: &[u8]) -> Option<u32> {
    let fonts: Vec<FontRef<'_>> = FileRef::new(bytes).ok()?.fonts().collect::<Result2<_>>().ok()?;
    let simplified = |font: &FontRef<'_>| {
        let names = font.localized_strings(StringId::FAMILY_NAME);
        names.into_iter().any(|name| name.chars().collect::<String>().ends_with(" SC"))
    };
    let first = (0_u32..).zip(&fonts).map(|(at, _)| at).next();
    (0..).zip(&fonts).find(|(_, font)| simplified(font)).map(|(at, _)| at).or(first)
}

type Result2<T> = std::result::Result<T, skrifa::raw::ReadError>;

/// Collects the characters that would be printed as empty boxes, each once.
fn lacking(face: &Face, words: &str) -> String {
    let Some(font) = open(face) else { return words.to_owned() };
    let signs = font.charmap();
    let mut lacks = String::new();
    for c in words.chars() {
        let drawn = signs.map(c).is_some_and(|glyph| glyph.to_u32() != 0);
        if !drawn && !lacks.contains(c) {
            lacks.push(c);
        }
    }
    lacks
}

/// Looks through folders for the best known file.
fn search(folders: &[PathBuf]) -> Option<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        walk(folder, DEEPEST, &mut found);
    }
    found.sort();
    found.into_iter().next().map(|(_, file)| file)
}

/// Collects known files with their rank; folders that cannot be read hold none.
fn walk(folder: &Path, deep: usize, found: &mut Vec<(usize, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if deep > 0 {
                walk(&path, deep - 1, found);
            }
            continue;
        }
        let name = name.to_string_lossy();
        found.extend(KNOWN.iter().position(|known| name.starts_with(known)).map(|at| (at, path)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(font: Option<PathBuf>, folder: &Path) -> Codes {
        let font_folders = vec![folder.to_owned()];
        Codes { font, font_folders, page: String::new(), env_version: String::new() }
    }

    #[test]
    fn the_best_known_font_is_found_however_deep_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("truetype/wqy");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(dir.path().join("DejaVuSans.ttf"), "").unwrap();
        let folders = [PathBuf::from("/nowhere"), dir.path().to_owned()];
        assert_eq!(search(&folders), None);
        std::fs::write(deep.join("wqy-zenhei.ttc"), "").unwrap();
        assert_eq!(search(&folders), Some(deep.join("wqy-zenhei.ttc")));
        std::fs::write(dir.path().join("NotoSansCJK-Regular.ttc"), "").unwrap();
        assert_eq!(search(&folders), Some(dir.path().join("NotoSansCJK-Regular.ttc")));
    }

    #[test]
    fn without_a_font_the_sentence_says_what_to_install_and_what_to_configure() {
        let dir = tempfile::tempdir().unwrap();
        let error = find(&codes(None, dir.path()), "一号楼").err().unwrap();
        assert_eq!(error.code, Code::FontMissing);
        assert!(error.detail.contains("fonts-noto-cjk") && error.detail.contains("codes.font"));
    }

    #[test]
    fn a_file_that_is_gone_or_no_font_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.ttf");
        for text in [None, Some("no font")] {
            if let Some(text) = text {
                std::fs::write(&file, text).unwrap();
            }
            let error = find(&codes(Some(file.clone()), dir.path()), "一").err().unwrap();
            assert_eq!(error.code, Code::FontMissing);
            assert!(error.detail.contains("a.ttf") && error.detail.contains("codes.font"));
        }
    }
}
