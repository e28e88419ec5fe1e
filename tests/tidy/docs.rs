//! Paths that the documents name: a reader who follows one must arrive.

use crate::tree::{self, File};

/// First parts of a path of this repository, also of folders that are not there yet.
const TOPS: &[&str] = &[
    "src",
    "entity",
    "migration",
    "tests",
    "tools",
    "docs",
    "deploy",
    "demo",
    "console",
    "miniprogram",
    "benches",
    ".ci",
    ".config",
];

/// Reads the documents whose paths are checked. The history may name what is gone.
pub fn documents() -> Vec<File> {
    tree::markdown_files().into_iter().filter(|file| file.path != "CHANGELOG.md").collect()
}

/// Reports paths in backticks, and targets of links, that do not exist.
pub fn check(file: &File, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (line, text) in prose(&file.text) {
        let spans = text.split('`').skip(1).step_by(2).filter_map(repository_path);
        let links = link_targets(text).filter_map(|target| beside(&file.path, target));
        for path in spans.map(str::to_owned).chain(links) {
            if !exists(&path) {
                found.push(format!("{}:{line}: `{path}` does not exist", file.path));
            }
        }
    }
    found
}

/// Lines outside fenced blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((at + 1, line))
    })
}

/// Takes `src/a.rs:12` and `docs/` for paths; leaves patterns, commands and addresses alone.
fn repository_path(span: &str) -> Option<&str> {
    let path = span.split([':', '#']).next()?.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let top = span.split('/').next()?;
    let named = span.contains('/') && TOPS.contains(&top) && path.chars().all(plain);
    (named && !path.contains("NNNN") && !path.contains("..")).then_some(path)
}

fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

/// Resolves a link against the folder of its document.
fn beside(document: &str, target: &str) -> Option<String> {
    let target = target.split('#').next()?;
    if target.is_empty() || target.contains(':') || target.starts_with('/') {
        return None;
    }
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn a_path_that_is_gone_is_reported() {
    let text = "See `src/gone.rs:12`, [the guide](guide.md#top) and ![a](../pictures/a.png).";
    let file = File::made_up("docs/API.md", text);
    assert_eq!(check(&file, |_| false).len(), 3);
    let known = ["src/gone.rs", "docs/guide.md", "pictures/a.png"];
    assert!(check(&file, |path| known.contains(&path)).is_empty());
}

#[test]
fn what_is_no_path_is_left_alone() {
    let text = "Run `cargo test src/x`, ask `/api/v1/cases`, `src/*.rs`, `a/b`, [w](https://x.org/y).\n\
                ```\n`src/gone.rs`\n```\n";
    assert!(check(&File::made_up("README.md", text), |_| false).is_empty());
}
