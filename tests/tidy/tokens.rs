//! Paths, method calls and texts of a Rust file, read from its tokens.
//!
//! Tokens, and not the syntax tree, because what stands inside a macro call is never parsed but
//! can reach across a layer just as well. Comments are no tokens and so cannot be mistaken for
//! code. Items under `#[cfg(test)]` are left out.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What a file mentions, with the line.
#[derive(Default)]
pub struct Mentions {
    /// Full paths: `crate::…` where the file is in this crate, else as written.
    pub paths: Vec<(usize, String)>,
    /// Names of called methods.
    pub calls: Vec<(usize, String)>,
    /// Literals as written.
    pub literals: Vec<(usize, String)>,
}

/// Reads a file; `path` is where it lies, so that `super::` can be resolved.
pub fn read(path: &str, text: &str) -> Mentions {
    let stream: TokenStream = text.parse().unwrap_or_else(|why| panic!("{path}: {why}"));
    let mut reader = Reader { found: Mentions::default(), module: module_of(path) };
    reader.stream(stream);
    reader.found
}

/// `src/api/cases.rs` is `crate::api::cases`; `mod.rs` is its folder.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<_> =
        std::iter::once("crate").chain(inner.split('/')).map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

struct Reader {
    found: Mentions,
    module: Vec<String>,
}

impl Reader {
    fn stream(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.step(&tokens, at);
        }
    }

    /// Reads what begins at `at` and returns where the next thing begins.
    fn step(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        if is_test_attribute(&tokens[at..]) {
            return end_of_item(tokens, at + 2);
        }
        match &tokens[at] {
            TokenTree::Ident(name) if name == "mod" && self.inner_module(&tokens[at..]) => at + 3,
            TokenTree::Ident(_) if after_dot(tokens, at) => self.method(tokens, at),
            TokenTree::Ident(_) => self.path(tokens, at, &[]),
            TokenTree::Group(group) => {
                if !is_comment(group) {
                    self.stream(group.stream());
                }
                at + 1
            }
            TokenTree::Literal(literal) => {
                self.found.literals.push((literal.span().start().line, literal.to_string()));
                at + 1
            }
            TokenTree::Punct(_) => at + 1,
        }
    }

    /// Reads `mod name { … }`, where `super` means one step less.
    fn inner_module(&mut self, tokens: &[TokenTree]) -> bool {
        let [_, TokenTree::Ident(name), TokenTree::Group(body), ..] = tokens else { return false };
        self.module.push(name.to_string());
        self.stream(body.stream());
        self.module.pop();
        true
    }

    fn method(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let called = match tokens.get(at + 1) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            // `.transaction::<_, _, DbErr>(…)`
            Some(TokenTree::Punct(_)) => is_path_sign(tokens, at + 1),
            _ => false,
        };
        if called {
            self.found.calls.push((tokens[at].span().start().line, tokens[at].to_string()));
        }
        at + 1
    }

    /// Reads `a::b::c` and, in an import, everything `a::{b::c, d}` opens into.
    fn path(&mut self, tokens: &[TokenTree], at: usize, before: &[String]) -> usize {
        let mut parts = before.to_vec();
        let line = tokens[at].span().start().line;
        let mut at = at;
        while let Some(TokenTree::Ident(name)) = tokens.get(at) {
            parts.push(name.to_string());
            at += 1;
            if !is_path_sign(tokens, at) {
                break;
            }
            at += 2;
        }
        if is_path_sign(tokens, at.wrapping_sub(2))
            && let Some(TokenTree::Group(group)) = tokens.get(at)
        {
            self.branches(group, &parts);
            return at + 1;
        }
        self.found.paths.push((line, self.absolute(&parts)));
        at
    }

    fn branches(&mut self, group: &Group, before: &[String]) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Ident(_) => self.path(&tokens, at, before),
                TokenTree::Punct(sign) if sign.as_char() == '*' => {
                    let line = sign.span().start().line;
                    self.found.paths.push((line, self.absolute(before)));
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    fn absolute(&self, parts: &[String]) -> String {
        let mut module = self.module.clone();
        let mut rest = parts;
        let relative = matches!(rest.first().map(String::as_str), Some("self" | "super"));
        while let [first, tail @ ..] = rest {
            match first.as_str() {
                "super" => drop(module.pop()),
                "self" => {}
                _ => break,
            }
            rest = tail;
        }
        if relative {
            return [module.as_slice(), rest].concat().join("::");
        }
        if parts.first().is_some_and(|first| first == "zhinan") {
            return format!("crate::{}", parts[1..].join("::"));
        }
        parts.join("::")
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_path_sign(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

fn after_dot(tokens: &[TokenTree], at: usize) -> bool {
    // `..name` is a range, not a call.
    at > 0 && is_punct(tokens.get(at - 1), '.') && !(at > 1 && is_punct(tokens.get(at - 2), '.'))
}

fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(body), ..] = tokens else { return false };
    let body = body.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && (body == "cfg(test)" || body.starts_with("cfg(all(test,"))
}

/// A doc comment reaches us as `#[doc = "…"]`.
fn is_comment(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter();
    let named = tokens.next().is_some_and(|name| name.to_string() == "doc");
    named && group.delimiter() == Delimiter::Bracket && is_punct(tokens.next().as_ref(), '=')
}

/// An item ends with its first braces or semicolon.
fn end_of_item(tokens: &[TokenTree], from: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(Some(token), ';'),
    };
    tokens[from..].iter().position(ends).map_or(tokens.len(), |past| from + past + 1)
}

#[test]
fn reads_imports_inline_paths_macros_and_relative_paths() {
    let text = "use crate::{api::cases, store::{self, job::*}};\n\
                fn f() { tokio::select! { _ = super::super::gateway::send() => {} } }\n\
                mod inner { use super::super::store; }\n\
                #[cfg(test)] mod tests { use proptest::prelude::*; }\n\
                // actix_web::Nothing\n";
    let found = read("src/app/case/report.rs", text);
    let paths: Vec<_> = found.paths.into_iter().map(|(_, path)| path).collect();
    for expected in [
        "crate::api::cases",
        "crate::store::self",
        "crate::store::job",
        "tokio::select",
        "crate::app::case::store",
    ] {
        assert!(paths.iter().any(|path| path == expected), "{expected} not in {paths:?}");
    }
    assert!(paths.iter().any(|path| path == "crate::app::gateway::send"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.contains("proptest") || path.contains("actix")));
}
