//! The error codes: one table in the program, each code explained in the manual.

use proc_macro2::{TokenStream, TokenTree};

pub const TABLE: &str = "src/error.rs";
pub const MANUAL: &str = "docs/API.md";

/// Reports codes that the manual does not name, and a table or manual that is not there.
///
/// A program whose api has not `grown` yet has nobody to explain errors to.
pub fn check(grown: bool, table: Option<String>, manual: Option<String>) -> Vec<String> {
    let Some(table) = table else {
        return if grown { vec![format!("{TABLE} is missing")] } else { Vec::new() };
    };
    let codes = codes_in(table.parse().unwrap_or_else(|why| panic!("{TABLE}: {why}")));
    if codes.is_empty() {
        return vec![format!("{TABLE}: no `codes! {{ Name = \"word\", … }}` was found")];
    }
    let Some(manual) = manual else {
        return if grown { vec![format!("{MANUAL} is missing")] } else { Vec::new() };
    };
    let unnamed = |code: &String| !manual.contains(&format!("`{code}`"));
    codes.into_iter().filter(unnamed).map(|code| format!("{MANUAL}: `{code}` is missing")).collect()
}

/// Finds `codes! { … }` at any depth and returns the words after the equals signs.
fn codes_in(stream: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let called =
            at >= 2 && tokens[at - 2].to_string() == "codes" && tokens[at - 1].to_string() == "!";
        found.extend(if called {
            words_after_equals(group.stream())
        } else {
            codes_in(group.stream())
        });
    }
    found
}

fn words_after_equals(stream: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let word = |pair: &[TokenTree]| match pair {
        [TokenTree::Punct(sign), TokenTree::Literal(word)] if sign.as_char() == '=' => {
            Some(word.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    };
    tokens.windows(2).filter_map(word).collect()
}

#[test]
fn a_code_without_an_explanation_is_reported() {
    let table = "macro_rules! codes { ($x:ident) => {} }\n\
                 codes! { NotFound = \"not_found\", 404, Debug, \"没有\"; Late = \"late\", 409, Info, \"晚了\"; }";
    let found = check(true, Some(table.to_owned()), Some("`not_found` and late".to_owned()));
    assert_eq!(found, ["docs/API.md: `late` is missing"]);
}

#[test]
fn a_missing_table_or_manual_is_reported() {
    assert_eq!(check(true, None, None).len(), 1);
    assert_eq!(check(true, Some("codes! { A = \"a\", 404; }".to_owned()), None).len(), 1);
    assert_eq!(check(true, Some("enum Code {}".to_owned()), Some(String::new())).len(), 1);
    assert!(check(false, None, None).is_empty());
}
