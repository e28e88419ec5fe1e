//! How long files and functions may be, and how deep a function may nest.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::tree::File;

const FILE_LIMIT: usize = 500;
const FILE_USUAL: usize = 300;
const FILE_MEDIAN: usize = 120;
const FUNCTION_LIMIT: usize = 60;
const FUNCTION_MEDIAN: usize = 12;
const NESTING_LIMIT: usize = 3;

/// A few files say nothing about a median.
const ENOUGH: usize = 10;

/// Reports a file that is longer than the limit.
pub fn check_length(file: &File, limit: usize) -> Vec<String> {
    let lines = file.text.lines().count();
    if lines <= limit {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines, at most {limit}", file.path)]
}

/// Reports files that are too long each, or too long taken together.
pub fn check_files(files: &[File]) -> Vec<String> {
    let mut found: Vec<_> = files.iter().flat_map(|file| check_length(file, FILE_LIMIT)).collect();
    let mut lengths: Vec<_> = files.iter().map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    if lengths.len() < ENOUGH {
        return found;
    }
    let (median, ninth) = (lengths[lengths.len() / 2], lengths[lengths.len() * 9 / 10]);
    if median > FILE_MEDIAN {
        found.push(format!("half of the files have {median} lines or more, at most {FILE_MEDIAN}"));
    }
    if ninth > FILE_USUAL {
        found
            .push(format!("a tenth of the files have {ninth} lines or more, at most {FILE_USUAL}"));
    }
    found
}

/// One function of the program, not of its tests.
struct Function {
    place: String,
    lines: usize,
    depth: usize,
}

/// Reports functions that are too long or too deep each, or too long taken together.
pub fn check_functions(files: &[File]) -> Vec<String> {
    let functions: Vec<_> = files.iter().flat_map(functions_of).collect();
    let mut found = Vec::new();
    for function in &functions {
        if function.lines > FUNCTION_LIMIT {
            found.push(format!(
                "{}: {} lines, at most {FUNCTION_LIMIT}",
                function.place, function.lines
            ));
        }
        if function.depth > NESTING_LIMIT {
            found.push(format!(
                "{}: nests {} deep, at most {NESTING_LIMIT}",
                function.place, function.depth
            ));
        }
    }
    let mut lengths: Vec<_> = functions.iter().map(|function| function.lines).collect();
    lengths.sort_unstable();
    if let Some(median) = lengths.get(lengths.len() / 2).filter(|_| lengths.len() >= ENOUGH)
        && *median > FUNCTION_MEDIAN
    {
        found.push(format!(
            "half of the functions have {median} lines or more, at most {FUNCTION_MEDIAN}"
        ));
    }
    found
}

fn functions_of(file: &File) -> Vec<Function> {
    if file.is_test() {
        return Vec::new();
    }
    let tree = syn::parse_file(&file.text).unwrap_or_else(|why| panic!("{}: {why}", file.path));
    let lines = file.text.lines().collect();
    let mut finder = Finder { path: &file.path, lines, found: Vec::new() };
    finder.visit_file(&tree);
    finder.found
}

struct Finder<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    found: Vec<Function>,
}

impl Finder<'_> {
    fn add(&mut self, name: &syn::Ident, block: &syn::Block) {
        let (first, last) = (block.span().start().line, block.span().end().line);
        // As clippy counts: between the braces, without comments and blank lines.
        let inside = self.lines.get(first..last.saturating_sub(1)).unwrap_or_default();
        let lines = inside.iter().filter(|line| is_code(line)).count();
        let mut depth = Depth::default();
        depth.visit_block(block);
        self.found.push(Function {
            place: format!("{}:{}: {name}", self.path, name.span().start().line),
            lines,
            depth: depth.deepest,
        });
    }
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test_only(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test_only(&item.attrs) {
            self.add(&item.sig.ident, &item.block);
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig.ident, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

/// Says whether an item exists in test builds only.
pub fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        let is_cfg = attribute.path().is_ident("cfg")
            && list.is_ok_and(|list| {
                list.tokens.to_string().split([' ', ',', '(']).any(|t| t == "test")
            });
        is_cfg || attribute.path().segments.last().is_some_and(|last| last.ident == "test")
    })
}

/// Counts decisions inside decisions. An `else if` goes on, it does not go deeper.
#[derive(Default)]
struct Depth {
    now: usize,
    deepest: usize,
}

impl Depth {
    fn deeper(&mut self, inside: impl FnOnce(&mut Self)) {
        self.now += 1;
        self.deepest = self.deepest.max(self.now);
        inside(self);
        self.now -= 1;
    }
}

impl<'ast> Visit<'ast> for Depth {
    fn visit_expr_if(&mut self, expr: &'ast syn::ExprIf) {
        self.deeper(|depth| {
            depth.visit_expr(&expr.cond);
            depth.visit_block(&expr.then_branch);
        });
        if let Some((_, otherwise)) = &expr.else_branch {
            match otherwise.as_ref() {
                syn::Expr::If(next) => self.visit_expr_if(next),
                other => self.deeper(|depth| depth.visit_expr(other)),
            }
        }
    }

    fn visit_expr_match(&mut self, expr: &'ast syn::ExprMatch) {
        self.deeper(|depth| visit::visit_expr_match(depth, expr));
    }

    fn visit_expr_for_loop(&mut self, expr: &'ast syn::ExprForLoop) {
        self.deeper(|depth| visit::visit_expr_for_loop(depth, expr));
    }

    fn visit_expr_while(&mut self, expr: &'ast syn::ExprWhile) {
        self.deeper(|depth| visit::visit_expr_while(depth, expr));
    }

    fn visit_expr_loop(&mut self, expr: &'ast syn::ExprLoop) {
        self.deeper(|depth| visit::visit_expr_loop(depth, expr));
    }

    /// A function inside a function is counted for itself.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[test]
fn long_files_are_reported_one_by_one_and_together() {
    let long = File::made_up("src/a.rs", &"// x\n".repeat(501));
    assert_eq!(check_length(&long, FILE_LIMIT).len(), 1);
    let many: Vec<_> =
        (0..20).map(|n| File::made_up(&format!("src/{n}.rs"), &"// x\n".repeat(301))).collect();
    assert_eq!(check_files(&many).len(), 2);
    assert!(check_files(&many[..5]).is_empty());
}

#[test]
fn long_and_deep_functions_are_reported() {
    let long = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(61));
    assert_eq!(check_functions(&[File::made_up("src/a.rs", &long)]).len(), 1);
    let commented = format!("fn f() {{\n{}}}\n", "    // why\n\n".repeat(61));
    assert!(check_functions(&[File::made_up("src/a.rs", &commented)]).is_empty());
    let deep = "impl A { fn f() { if a { for b in c { match d { _ => while e {} } } } } }";
    assert_eq!(check_functions(&[File::made_up("src/a.rs", deep)]).len(), 1);
    let flat =
        "fn f() { if a {} else if b {} else if c {} else if d {} else if e { for x in y {} } }";
    assert!(check_functions(&[File::made_up("src/a.rs", flat)]).is_empty());
}

#[test]
fn functions_that_are_all_long_are_reported_together() {
    let function = |n| format!("fn f{n}() {{\n{}}}\n", "    g();\n".repeat(13));
    let text: String = (0..12).map(function).collect();
    assert_eq!(check_functions(&[File::made_up("src/a.rs", &text)]).len(), 1);
    let in_tests = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
    assert!(check_functions(&[File::made_up("src/a.rs", &in_tests)]).is_empty());
}
