//! Checks what a compiler cannot: who may know whom, how long things are, which words are used,
//! and that the documents name only what exists.
//!
//! Every rule is a function from text to findings. It is run twice: over the tree, where it must
//! find nothing, and over a small piece of bad code, which it must report.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a rule that breaks is a failed test"
)]

#[path = "tidy/codes.rs"]
mod codes;
#[path = "tidy/docs.rs"]
mod docs;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/tokens.rs"]
mod tokens;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;

use tree::File;

/// Fails with one line per finding.
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// Runs a rule over every Rust file below the folders and collects what it finds.
fn over(folders: &[&str], rule: impl Fn(&File) -> Vec<String>) -> Vec<String> {
    tree::rust_files(folders).iter().flat_map(rule).collect()
}

#[test]
fn the_tree_is_really_read() {
    let paths: Vec<_> =
        tree::rust_files(&["src", "entity", "tests"]).into_iter().map(|f| f.path).collect();
    for known in ["src/lib.rs", "src/domain/gazetteer.rs", "entity/src/kinds.rs", "tests/tidy.rs"] {
        assert!(paths.iter().any(|path| path == known), "{known} was not read");
    }
}

#[test]
fn every_layer_knows_only_the_layers_below_it() {
    let crates = layers::crate_names(&tree::read("Cargo.toml"));
    assert_none(&over(&["src"], |file| layers::check(file, &crates)));
}

#[test]
fn only_the_writer_opens_transactions_and_the_ledger_only_grows() {
    assert_none(&over(&["src"], layers::check_writes));
}

#[test]
fn files_are_short() {
    let files = tree::rust_files(&["src", "entity", "migration"]);
    assert_none(&sizes::check_files(&files));
    assert_none(&over(&["tests", "benches"], |file| sizes::check_length(file, 600)));
}

#[test]
fn functions_are_short_and_flat() {
    let files = tree::rust_files(&["src", "entity", "migration"]);
    assert_none(&sizes::check_functions(&files));
}

#[test]
fn modules_and_public_items_say_what_they_are() {
    assert_none(&over(&["src"], words::check_comments));
}

#[test]
fn no_promise_stands_without_an_issue_number() {
    let files = tree::text_files(&[
        "src",
        "entity",
        "migration",
        "tests",
        "tools",
        "docs",
        "deploy",
        "demo",
    ]);
    assert_none(&files.iter().flat_map(words::check_promises).collect::<Vec<_>>());
}

#[test]
fn one_word_has_one_meaning() {
    assert_none(&over(&["src", "entity", "migration", "tests/it"], words::check_names));
}

#[test]
fn tests_neither_sleep_nor_hide() {
    assert_none(&over(&["src", "tests/it"], words::check_tests));
}

#[test]
fn documents_name_only_paths_that_exist() {
    let files = docs::documents();
    assert_none(&files.iter().flat_map(|file| docs::check(file, tree::exists)).collect::<Vec<_>>());
}

#[test]
fn every_error_code_is_explained() {
    let grown = tree::rust_files(&["src/api"]).len() > 1;
    assert_none(&codes::check(grown, tree::try_read(codes::TABLE), tree::try_read(codes::MANUAL)));
}
