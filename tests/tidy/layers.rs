//! Who may know whom: `main → {api, engine} → app → {domain, store, gateway}`.

use crate::tokens;
use crate::tree::File;

/// What a layer must not mention, with the reason a reader gets.
struct Layer {
    folder: &'static str,
    never: &'static [&'static str],
    why: &'static str,
}

const LAYERS: &[Layer] = &[
    Layer {
        folder: "api",
        never: &[
            "crate::store",
            "crate::gateway",
            "crate::engine",
            "crate::sandbox",
            "sea_orm",
            "entity",
        ],
        why: "api translates HTTP and asks app",
    },
    Layer {
        folder: "app",
        never: &["crate::api", "crate::engine", "crate::sandbox", "actix_web", "actix_multipart"],
        why: "a use case is the same from HTTP, a job and the command line",
    },
    Layer {
        folder: "store",
        never: &[
            "crate::gateway",
            "crate::api",
            "crate::app",
            "crate::engine",
            "crate::sandbox",
            "actix_web",
            "reqwest",
        ],
        why: "store is SQL only",
    },
    Layer {
        folder: "engine",
        never: &["crate::api", "crate::sandbox", "actix_web"],
        why: "a job asks app or store",
    },
    Layer {
        folder: "gateway",
        never: &[
            "crate::store",
            "crate::app",
            "crate::api",
            "crate::engine",
            "crate::sandbox",
            "sea_orm",
            "entity",
        ],
        why: "gateway never sees a connection",
    },
    Layer {
        folder: "sandbox",
        never: &["crate::store", "crate::app", "crate::api", "crate::engine", "sea_orm", "entity"],
        why: "a stand-in that knew us would prove nothing",
    },
];

/// The only crates that a pure decision may use; `entity` is restricted to `kinds` elsewhere.
const PURE: &[&str] = &[
    "serde",
    "thiserror",
    "aho_corasick",
    "jiff",
    "geo",
    "entity",
    "sha2",
    "hex",
    "data_encoding",
    "serde_json",
    "serde_json_canonicalizer",
];

/// Parts of std by which a decision could read a clock, a disk, a network or a secret.
const IMPURE_STD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::time::SystemTime",
    "std::time::Instant",
];

/// The stand-in is started by these and reached over HTTP by everybody else.
const STARTS_SANDBOX: &[&str] =
    &["src/sandbox/", "src/cli/", "src/demo/", "src/demo.rs", "src/main.rs"];

/// Reads the names of the dependencies as they appear in code.
pub fn crate_names(cargo_toml: &str) -> Vec<String> {
    let table: toml::Table = cargo_toml.parse().expect("Cargo.toml is TOML");
    ["dependencies", "dev-dependencies"]
        .iter()
        .filter_map(|section| table.get(*section)?.as_table())
        .flat_map(|section| section.keys().map(|name| name.replace('-', "_")))
        .collect()
}

/// Reports every mention of something a file's layer must not know.
pub fn check(file: &File, crates: &[String]) -> Vec<String> {
    if file.is_test() {
        return Vec::new();
    }
    let mentions = tokens::read(&file.path, &file.text);
    let finding = |(line, path): &(usize, String)| {
        let why = reason_against(&file.path, path, crates)?;
        Some(format!("{}:{line}: `{path}`: {why}", file.path))
    };
    mentions.paths.iter().filter_map(finding).collect()
}

fn reason_against(file: &str, path: &str, crates: &[String]) -> Option<&'static str> {
    if in_folder(file, "domain") {
        return reason_against_in_domain(path, crates);
    }
    if within(path, "crate::sandbox") && !STARTS_SANDBOX.iter().any(|home| file.starts_with(home)) {
        return Some("sandbox is reached over HTTP only");
    }
    let layer = LAYERS.iter().find(|layer| in_folder(file, layer.folder))?;
    let forbidden =
        layer.never.iter().any(|never| within(path, never)) && !within(path, "entity::kinds");
    forbidden.then_some(layer.why)
}

fn reason_against_in_domain(path: &str, crates: &[String]) -> Option<&'static str> {
    let first = path.split("::").next().unwrap_or_default();
    // A bare word may be a local name; a crate is followed by something.
    let is_crate = path.contains("::") && crates.iter().any(|name| name == first);
    if first == "crate" && !within(path, "crate::domain") {
        return Some("domain knows nothing of the program around it");
    }
    if first == "entity" && path.contains("::") && !within(path, "entity::kinds") {
        return Some("domain may use entity::kinds only");
    }
    if is_crate && !PURE.contains(&first) {
        return Some("domain decides: it neither waits nor queries nor draws lots");
    }
    let impure = IMPURE_STD.iter().any(|part| within(path, part));
    impure.then_some("time, files and settings are arguments of a decision")
}

fn in_folder(file: &str, folder: &str) -> bool {
    let rest = file.strip_prefix("src/").and_then(|rest| rest.strip_prefix(folder));
    rest.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

const OPENS: &[&str] = &[
    "begin",
    "begin_with_config",
    "begin_with_options",
    "transaction",
    "transaction_with_config",
    "transaction_async",
    "transaction_async_with_config",
];

/// Reports transactions opened outside the writer, and changes of rows that may only be added.
pub fn check_writes(file: &File) -> Vec<String> {
    if file.is_test() {
        return Vec::new();
    }
    let mentions = tokens::read(&file.path, &file.text);
    let writer = file.path == "src/store/writer.rs" || file.path.starts_with("src/store/writer/");
    let mut found = Vec::new();
    for (line, call) in
        mentions.calls.iter().filter(|(_, call)| !writer && OPENS.contains(&call.as_str()))
    {
        found.push(format!(
            "{}:{line}: `.{call}(`: only store::writer opens transactions",
            file.path
        ));
    }
    for (line, path) in &mentions.paths {
        let of_ledger = path.contains("case_event::Entity::");
        if of_ledger && (path.contains("::update") || path.contains("::delete")) {
            found.push(format!("{}:{line}: `{path}`: the ledger only grows", file.path));
        }
    }
    for (line, literal) in &mentions.literals {
        let sql = literal.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let plain = sql.replace(['"', '\\'], "");
        // Payloads are no part of the chain: the law may ask for their deletion.
        let kept = plain.replace("DELETE FROM CASE_EVENT_PAYLOAD", "");
        if kept.contains("UPDATE CASE_EVENT") || kept.contains("DELETE FROM CASE_EVENT") {
            found.push(format!("{}:{line}: the ledger only grows", file.path));
        }
        if !writer && plain.contains("BEGIN IMMEDIATE") {
            found.push(format!("{}:{line}: only store::writer opens transactions", file.path));
        }
    }
    found
}

#[cfg(test)]
fn findings(path: &str, text: &str) -> usize {
    let crates: Vec<String> =
        ["tokio", "sea_orm", "rand", "serde", "entity", "actix_web"].map(str::to_owned).into();
    check(&File::made_up(path, text), &crates).len()
}

#[test]
fn a_mention_across_layers_is_reported() {
    for (path, text) in [
        ("src/api/cases.rs", "use crate::store::case;"),
        ("src/api/cases.rs", "use entity::{kinds::CaseId, cases};"),
        ("src/api/cases.rs", "fn f() { super::super::gateway::http::send(); }"),
        ("src/app/case/report.rs", "fn f() -> actix_web::HttpResponse { todo() }"),
        ("src/app/case/report.rs", "use crate::{domain, engine::wake};"),
        ("src/domain/case/mod.rs", "use tokio::time::sleep;"),
        ("src/domain/case/mod.rs", "fn f() { let x = rand::random(); }"),
        ("src/domain/case/mod.rs", "use crate::clock::Clock;"),
        ("src/domain/case/mod.rs", "use entity::cases::Model;"),
        ("src/domain/calendar.rs", "fn f() { std::time::SystemTime::now(); }"),
        ("src/store/job.rs", "use crate::app::Error;"),
        ("src/engine/jobs/send.rs", "use crate::api::problem;"),
        ("src/gateway/wechat/mod.rs", "use sea_orm::DatabaseConnection;"),
        ("src/gateway/wechat/mod.rs", "tokio::select! { x = crate::store::f() => x }"),
        ("src/services.rs", "use crate::sandbox::Server;"),
        ("src/sandbox/mod.rs", "use crate::store;"),
    ] {
        assert_eq!(findings(path, text), 1, "{path}: {text}");
    }
}

#[test]
fn a_mention_of_a_lower_layer_is_fine() {
    for (path, text) in [
        ("src/api/cases.rs", "use crate::app::case::report; use entity::kinds::CaseId;"),
        (
            "src/domain/case/mod.rs",
            "use std::time::Duration; use super::geo; use entity::kinds::CaseId;",
        ),
        ("src/domain/case/mod.rs", "#[cfg(test)] mod tests { use rand::Rng; }"),
        ("src/domain/case/tests.rs", "use rand::Rng;"),
        ("src/cli/sandbox.rs", "use crate::sandbox::Server;"),
        ("src/store/job.rs", "use sea_orm::ConnectionTrait; // not crate::api"),
    ] {
        assert_eq!(findings(path, text), 0, "{path}: {text}");
    }
}

#[test]
fn a_transaction_elsewhere_and_a_changed_ledger_are_reported() {
    for text in [
        "async fn f(db: &Db) { db.begin().await; }",
        "async fn f(db: &Db) { db.transaction::<_, (), E>(|tx| x).await; }",
        "const SQL: &str = \"update  \\\"case_event\\\" set kind = 1\";",
        "const SQL: &str = r#\"delete from case_event\"#;",
        "const SQL: &str = \"DELETE FROM case_event_remains WHERE event_id = 1\";",
        "const SQL: &str = \"UPDATE case_event_payload SET salt = $1\";",
        "const SQL: &str = \"BEGIN IMMEDIATE\";",
        "fn f() { entity::case_event::Entity::update_many(); }",
        "fn f() { case_event::Entity::delete_by_id(1); }",
    ] {
        assert_eq!(check_writes(&File::made_up("src/store/case.rs", text)).len(), 1, "{text}");
    }
    let told = "/// Never `BEGIN IMMEDIATE` here.\nfn f() {}";
    assert!(check_writes(&File::made_up("src/store/case.rs", told)).is_empty());
    let erases = "const SQL: &str = \"DELETE FROM case_event_payload WHERE event_id = 1\";";
    assert!(check_writes(&File::made_up("src/store/erase.rs", erases)).is_empty());
    let opens = "async fn f(db: &Db) { db.begin().await; }";
    assert!(check_writes(&File::made_up("src/store/writer.rs", opens)).is_empty());
}
