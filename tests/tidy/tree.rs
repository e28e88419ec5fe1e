//! The repository as texts: every path is relative to the root and uses `/`.

use std::fs;
use std::path::{Path, PathBuf};

/// One text of the repository.
pub struct File {
    pub path: String,
    pub text: String,
    /// The module is declared under `#[cfg(test)]`.
    test_module: bool,
}

impl File {
    /// Makes a text that exists only in a self-test.
    pub fn made_up(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), test_module: false }
    }

    /// Says whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        self.test_module
            || self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
    }
}

/// Returns the folder of Cargo.toml.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file that must be there.
pub fn read(path: &str) -> String {
    try_read(path).unwrap_or_else(|| panic!("{path} cannot be read"))
}

/// Reads a file that may be missing.
pub fn try_read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Says whether the path names a file or folder of the repository.
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Reads all Rust files below the folders, in the order of their paths.
pub fn rust_files(folders: &[&str]) -> Vec<File> {
    let mut found = files(folders, &["rs"]);
    let modules: Vec<String> = found.iter().flat_map(test_modules).collect();
    for file in &mut found {
        let inside = |module: &String| file.path.starts_with(&format!("{module}/"));
        let stem = file.path.trim_end_matches(".rs").to_owned();
        file.test_module = modules.contains(&stem) || modules.iter().any(inside);
    }
    found
}

/// Lists the modules that a file declares for tests only, as paths without `.rs`.
fn test_modules(file: &File) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
    let stem = file.path.trim_end_matches(".rs");
    let below = if ["mod.rs", "lib.rs", "main.rs"].contains(&name) { folder } else { stem };
    let (mut found, mut beside, mut in_tests) = (Vec::new(), None, false);
    for line in file.text.lines().map(str::trim) {
        let module = line.strip_suffix(';').and_then(|line| line.split("mod ").nth(1));
        if line == "#[cfg(test)]" {
            in_tests = true;
        } else if let Some(path) = line.strip_prefix("#[path = \"").filter(|_| in_tests) {
            beside = path.strip_suffix(".rs\"]").map(|path| format!("{folder}/{path}"));
        } else if let Some(module) = module.filter(|_| in_tests) {
            found.push(beside.take().unwrap_or_else(|| format!("{below}/{module}")));
            in_tests = false;
        } else if !line.starts_with("#[") {
            (beside, in_tests) = (None, false);
        }
    }
    found
}

/// Reads all files a person writes below the folders.
pub fn text_files(folders: &[&str]) -> Vec<File> {
    files(folders, &["rs", "sh", "md", "toml", "sql", "js", "ts", "html", "css", "service"])
}

/// Reads the Markdown files directly in the root and all below `docs`.
pub fn markdown_files() -> Vec<File> {
    let mut found = files(&["docs"], &["md"]);
    for entry in fs::read_dir(root()).expect("the root is a folder").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "md") {
            found.extend(load(&path));
        }
    }
    found
}

fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), endings, &mut found);
    }
    found.sort_by(|a: &File, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, endings: &[&str], found: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let ending = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            walk(&path, endings, found);
        } else if endings.contains(&ending) {
            found.extend(load(&path));
        }
    }
}

fn load(path: &Path) -> Option<File> {
    let text = fs::read_to_string(path).ok()?;
    let short = path.strip_prefix(root()).ok()?;
    Some(File { path: short.to_string_lossy().replace('\\', "/"), text, test_module: false })
}

#[test]
fn modules_for_tests_only_are_known() {
    let text = "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\n#[path = \"x/c_tests.rs\"]\nmod tests;\n\
                #[cfg(test)]\nfn f() {}\nmod d;\n";
    let listed = |path| test_modules(&File::made_up(path, text));
    assert_eq!(
        listed("src/domain/case/mod.rs"),
        ["src/domain/case/b", "src/domain/case/x/c_tests"]
    );
    assert_eq!(listed("src/domain/geo.rs"), ["src/domain/geo/b", "src/domain/x/c_tests"]);
}
