//! The document of the API: complete, and changed only on purpose.
//!
//! Complete means: every handler that the sources register under a method and a path is described
//! under the same method and path. The sources are read as tokens, so a route that nobody thought
//! of here is noticed too.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::scope::documented;
use crate::kit::snap::matches_snapshot;

type Routes = BTreeSet<(String, String)>;

/// Registered and not described: WeChat's doors answer in its words and are no client's business,
/// and the document does not describe itself.
const NOT_FOR_CLIENTS: [(&str, &str); 8] = [
    ("get", "/wechat/mp"),
    ("post", "/wechat/mp"),
    ("get", "/wechat/oa"),
    ("post", "/wechat/oa"),
    ("get", "/wecom"),
    ("post", "/wecom"),
    ("get", "/api/v1/openapi.json"),
    ("get", "/api/v1/docs"),
];

#[test]
fn the_document_changes_only_on_purpose() {
    matches_snapshot!("openapi", zhinan::api::openapi::document());
}

#[test]
fn no_two_operations_have_one_name() {
    let document = serde_json::to_value(zhinan::api::openapi::document()).unwrap();
    let mut seen = BTreeSet::new();
    let paths = document["paths"].as_object().unwrap();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(!name.is_empty(), "{method} {path} has no name");
            assert!(seen.insert(name.to_owned()), "{method} {path} is called {name} like another");
        }
    }
    assert!(seen.len() > 90, "{} operations: the document was not read", seen.len());
}

#[test]
fn every_registered_route_is_in_the_document() {
    let mut registered = registered(&sources());
    for (method, path) in NOT_FOR_CLIENTS {
        let known = registered.remove(&(method.to_owned(), path.to_owned()));
        assert!(known, "{method} {path} is excused and not registered");
    }
    let documented = documented();
    let undocumented: Vec<_> = registered.difference(&documented).collect();
    let unregistered: Vec<_> = documented.difference(&registered).collect();
    assert!(undocumented.is_empty(), "not in the document: {undocumented:?}");
    assert!(unregistered.is_empty(), "in the document and nowhere else: {unregistered:?}");
}

#[test]
fn a_route_is_found_however_it_is_written() {
    let text = r#"
        cfg.service(web::resource("/a/{id}").route(web::get().to(one)).route(web::post().to(two)));
        let b = resource("/b").route(delete().to(three)).default_service(to(none));
        scope("/s").service(web::resource("").route(web::get().to(four))).route("/{id}/x", web::post().to(five));
        cfg.route("/c", web::put().to(module::six));"#;
    let expected = [
        ("delete", "/b"),
        ("get", "/a/{id}"),
        ("get", "/s"),
        ("post", "/a/{id}"),
        ("post", "/s/{id}/x"),
        ("put", "/c"),
    ];
    let expected: Routes =
        expected.into_iter().map(|(method, path)| (method.into(), path.into())).collect();
    assert_eq!(registered(text), expected);
}

/// All of `src/api` as one text.
fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let mut text = String::new();
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
        text.push_str(&std::fs::read_to_string(file).unwrap());
    }
    text
}

/// Stands for a path that is an argument.
const NAMED_BY_ITS_CALLER: &str = "(argument)";

/// Reads (method, path) of every registered handler.
fn registered(text: &str) -> Routes {
    let mut tokens = Vec::new();
    flatten(text.parse().unwrap(), &mut tokens);
    let mut scopes = BTreeSet::new();
    let (mut path, mut found) = (String::new(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(at + n).map_or("", String::as_str);
        match token.as_str() {
            "scope" if literal(next(2)) => {
                scopes.insert(unquoted(next(2)));
            }
            "resource" | "route" if next(1) == "(" && literal(next(2)) => path = unquoted(next(2)),
            // The platforms' doors are alike: one function gives each of them both methods.
            "door" if next(1) == "(" && literal(next(2)) => {
                for method in ["get", "post"] {
                    found.push((method.to_owned(), unquoted(next(2))));
                }
            }
            "resource" if next(1) == "(" => NAMED_BY_ITS_CALLER.clone_into(&mut path),
            "to" if next(1) == "(" && at > 3 && tokens[at - 1] == "." => {
                // `get ( ) . to ( handler )`
                let method = tokens[at - 4].clone();
                let known = ["get", "post", "put", "patch", "delete", "head"];
                assert!(known.contains(&method.as_str()), "{path}: {method} cannot be read");
                found.push((method, path.clone()));
            }
            _ => {}
        }
    }
    // A path below a scope is written relative to it; with two scopes nobody could tell to which.
    assert!(scopes.len() <= 1, "more than one scope: {scopes:?}");
    let scope = scopes.into_iter().next().unwrap_or_default();
    let relative = |path: &str| path.is_empty() || path.starts_with("/{");
    let whole = |path: String| if relative(&path) { format!("{scope}{path}") } else { path };
    found.retain(|(_, path)| path != NAMED_BY_ITS_CALLER);
    found.into_iter().map(|(method, path)| (method, whole(path))).collect()
}

fn literal(token: &str) -> bool {
    token.starts_with('"')
}

fn unquoted(token: &str) -> String {
    token.trim_matches('"').to_owned()
}

/// Writes every token as text, with the brackets of its groups, without doc comments.
fn flatten(stream: TokenStream, into: &mut Vec<String>) {
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let brackets = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    _ => ("[", "]"),
                };
                into.push(brackets.0.to_owned());
                // An attribute is no registration, whatever its text says.
                if brackets.0 != "[" {
                    flatten(group.stream(), into);
                }
                into.push(brackets.1.to_owned());
            }
            other => into.push(other.to_string()),
        }
    }
}
