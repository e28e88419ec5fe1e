//! Comments that must be there, words that must not.

use proc_macro2::{TokenStream, TokenTree};

use crate::sizes::is_test_only;
use crate::tree::File;

/// From this length on a module says at its head what it owns.
const NEEDS_HEAD: usize = 30;

const DOCUMENTED: &[&str] = &["src/domain/", "src/app/", "src/engine/"];

/// Reports modules without a head, and public items of the core without a comment.
pub fn check_comments(file: &File) -> Vec<String> {
    if file.is_test() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if file.text.lines().count() > NEEDS_HEAD && !file.text.starts_with("//!") {
        found.push(format!("{}: no module head (`//! …`)", file.path));
    }
    if DOCUMENTED.iter().any(|folder| file.path.starts_with(folder)) {
        let tree = syn::parse_file(&file.text).unwrap_or_else(|why| panic!("{}: {why}", file.path));
        let bare = tree.items.iter().flat_map(undocumented);
        found.extend(
            bare.map(|(line, name)| format!("{}:{line}: `{name}` has no comment", file.path)),
        );
    }
    found
}

fn undocumented(item: &syn::Item) -> Vec<(usize, String)> {
    let (visibility, attributes, name) = match item {
        syn::Item::Fn(it) => (&it.vis, &it.attrs, &it.sig.ident),
        syn::Item::Struct(it) => (&it.vis, &it.attrs, &it.ident),
        syn::Item::Enum(it) => (&it.vis, &it.attrs, &it.ident),
        syn::Item::Trait(it) => (&it.vis, &it.attrs, &it.ident),
        syn::Item::Impl(it) if it.trait_.is_none() => return undocumented_methods(it),
        _ => return Vec::new(),
    };
    bare(visibility, attributes, name).into_iter().collect()
}

fn undocumented_methods(block: &syn::ItemImpl) -> Vec<(usize, String)> {
    let method = |item: &syn::ImplItem| match item {
        syn::ImplItem::Fn(it) => bare(&it.vis, &it.attrs, &it.sig.ident),
        _ => None,
    };
    block.items.iter().filter_map(method).collect()
}

fn bare(
    visibility: &syn::Visibility,
    attributes: &[syn::Attribute],
    name: &syn::Ident,
) -> Option<(usize, String)> {
    let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    let public = matches!(visibility, syn::Visibility::Public(_));
    (public && !documented && !is_test_only(attributes))
        .then(|| (name.span().start().line, name.to_string()))
}

/// Written in two halves, so that this file does not report itself.
const PROMISES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Reports promises without an issue number (`#123`) on the same line.
pub fn check_promises(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        let promises = words_of(line).any(|word| PROMISES.contains(&word));
        if promises && !names_an_issue(line) {
            found.push(format!("{}:{}: a promise without an issue number", file.path, at + 1));
        }
    }
    found
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn names_an_issue(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A second name for a thing that has one: (not this, but this).
const SECOND_NAMES: &[(&str, &str)] = &[
    ("work_order", "case"),
    ("workorder", "case"),
    ("grid_member", "grid_worker"),
    ("gridman", "grid_worker"),
    ("grid_man", "grid_worker"),
    ("ab_role", "primary, backup"),
    ("sub_grid", "small_grid"),
    ("micro_grid", "small_grid"),
    ("big_grid", "large_grid"),
    ("sign_off", "acknowledge"),
    ("community_cadre", "cadre"),
    ("duty_officer", "duty"),
];

/// Reports names that use a second word for a thing.
pub fn check_names(file: &File) -> Vec<String> {
    let stream: TokenStream =
        file.text.parse().unwrap_or_else(|why| panic!("{}: {why}", file.path));
    let mut found = Vec::new();
    for_each_name(stream, &mut |line, name| {
        let snake = snake_case(name);
        for (wrong, right) in SECOND_NAMES {
            if format!("_{snake}_").contains(&format!("_{wrong}_")) {
                found.push(format!("{}:{line}: `{name}`: say `{right}`", file.path));
            }
        }
    });
    found
}

fn for_each_name(stream: TokenStream, tell: &mut impl FnMut(usize, &str)) {
    for token in stream {
        match token {
            TokenTree::Ident(name) => tell(name.span().start().line, &name.to_string()),
            TokenTree::Group(group) => for_each_name(group.stream(), tell),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

const WAITS: &[&str] = &["time::sleep(", "thread::sleep(", "sleep_until("];

/// Reports tests that wait for time to pass, or that are not run. The kit may poll.
pub fn check_tests(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let may_wait = file.path.starts_with("tests/it/kit") || file.path.starts_with("src/");
    for (at, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("#[ignore") {
            found.push(format!("{}:{}: a test that is not run", file.path, at + 1));
        }
        if !may_wait && WAITS.iter().any(|wait| line.contains(wait)) {
            found.push(format!("{}:{}: move the clock or wait for a condition", file.path, at + 1));
        }
    }
    found
}

#[test]
fn a_missing_comment_is_reported() {
    let headless = File::made_up("src/a.rs", &"fn f() {}\n".repeat(31));
    assert_eq!(check_comments(&headless).len(), 1);
    let text = "pub struct A;\nimpl A { pub fn f() {} fn g() {} }\n/// Says so.\npub fn h() {}\n";
    assert_eq!(check_comments(&File::made_up("src/domain/a.rs", text)).len(), 2);
    assert!(check_comments(&File::made_up("src/api/a.rs", text)).is_empty());
}

#[test]
fn a_promise_needs_an_issue() {
    let promise = PROMISES[0];
    let bad = File::made_up("src/a.rs", &format!("// {promise}: later\n"));
    assert_eq!(check_promises(&bad).len(), 1);
    let good = File::made_up("src/a.rs", &format!("// {promise}(#12): later\n"));
    assert!(check_promises(&good).is_empty());
}

#[test]
fn a_second_word_for_one_thing_is_reported() {
    let bad =
        File::made_up("src/a.rs", "struct NewWorkOrder { grid_man: u8, german_grid_manager: u8 }");
    assert_eq!(check_names(&bad).len(), 2);
}

#[test]
fn a_sleeping_or_hidden_test_is_reported() {
    let text = "#[test]\n#[ignore]\nfn f() {\n    tokio::time::sleep(x).await;\n}\n";
    assert_eq!(check_tests(&File::made_up("tests/it/a.rs", text)).len(), 2);
    assert_eq!(check_tests(&File::made_up("tests/it/kit/clock.rs", text)).len(), 1);
}
